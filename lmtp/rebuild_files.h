#pragma once
// Reads the desk's files for a rebuild: which are ours, and what each says of itself.

#include <functional>
#include <string>
#include <vector>

#include "conf/settings.h"
#include "rules/keys.h"
#include "schema/rebuild.h"

namespace postroom {

struct FilesFound {
  std::int64_t files = 0;             // of the desk
  std::int64_t without_identity = 0;  // others', left alone
  std::int64_t forged = 0, without_record = 0;
  std::vector<std::string> copies;    // paths of second files of a message: not read
  std::vector<std::string> vanished;  // paths of files that were there and then were not
};

// Calls `file` for each file of the desk, one of each message, in order of the time in the records; what is
// in a ticket that was split off comes behind the note that says so. Memory: about 150 bytes a file. Throws
// std::system_error if the tree cannot be read.
FilesFound read_desk_files(const Settings& settings, const Keys& keys,
                           const std::function<void(const RebuiltFile& file)>& file);

}  // namespace postroom
