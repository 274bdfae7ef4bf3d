#pragma once
// Tells the running daemons to read their configuration again.

#include <string>
#include <string_view>

namespace postroom {

struct Told {
  bool runs = false;
  std::string text;  // "postroom-lmtp (1234) reads its configuration again"
};

// SIGUSR1 to the owner of DIR/PROGRAM.pid. The file's lock, not its being there, says whether it runs: a
// process number left by a killed daemon may be anybody's by now.
Told tell_reload(const std::string& directory, std::string_view program);

}  // namespace postroom
