#pragma once
// The configuration a running daemon works with: replaced as a whole by a reload, or kept if the new one is
// broken. Thread-safe.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "conf/load.h"
#include "conf/settings.h"
#include "rules/classify.h"
#include "rules/keys.h"

namespace postroom {

// Immutable; a message that began with one keeps it to its end.
struct Running {
  Settings settings;
  Rulebook rulebook;  // holds the desk
  Keys keys;
};

class Live {
 public:
  // Throws ConfigError with all problems if the configuration is not good.
  explicit Live(const std::string& path);

  std::shared_ptr<const Running> current() const;

  // Loads the file again. Problems: nothing has changed. Sockets, paths and limits of the process itself
  // stay as they were at the start; the returned list then is empty and the caller logs "reloaded".
  std::vector<Problem> reload();

 private:
  std::string path_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Running> running_;
};

}  // namespace postroom
