#pragma once
// postroom.yaml -> Settings, or every mistake in it at once.

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "conf/settings.h"
#include "rules/keys.h"

namespace postroom {

// line and column count from 1; 0 when the mistake has no place (a missing file).
struct Problem {
  std::string file;
  int line = 0, column = 0;
  std::string text;  // a sentence: what is wrong and what to do

  std::string str() const;  // "postroom.yaml:12:9: queue 'suport' is not defined; did you mean 'support'?"
};

struct Loaded {
  std::optional<Settings> settings;  // only if there are no problems
  std::vector<Problem> problems;     // in order of the file
};

// A configuration that cannot be used; what() holds all problems, one a line.
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(const std::vector<Problem>& problems);
};

// Reads the file and the texts it names. Does not throw for any content.
Loaded load_settings(const std::string& path);

// The desk's key: reads the file (32 bytes or more); creates it (0600, 32 random bytes) if it does not exist.
// Throws std::runtime_error with the path and what to do.
std::string load_secret(const std::string& path);

// paths.secret, and behind it paths.old_secrets, which must exist. Throws as load_secret() does.
Keys load_keys(const Settings& settings);

}  // namespace postroom
