#pragma once
// Configurations in a temporary directory.

#include <string>
#include <vector>

#include "conf/load.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {

// The least that is good.
inline const std::string good_yaml =
    "channels:\n"
    "  - {address: support@desk.test, queue: support}\n"
    "queues:\n"
    "  support: {group: firstline}\n"
    "operators:\n"
    "  - {login: ivan, groups: [firstline]}\n";

// Problems as "line:column: text", or "file: text" for those of other files.
inline std::vector<std::string> problems_of(const TempDir& dir, const std::string& yaml) {
  const std::string path = dir / "postroom.yaml";
  write_file(path, yaml);
  std::vector<std::string> lines;
  for (const Problem& problem : load_settings(path).problems) {
    const std::string line = problem.str(), own = path + ":", near = dir.path() + "/";
    lines.push_back(line.substr(line.starts_with(own)    ? own.size()
                                : line.starts_with(near) ? near.size()
                                                         : 0));
  }
  return lines;
}

inline std::vector<std::string> problems_of(const std::string& yaml) { return problems_of(TempDir{}, yaml); }

inline Settings good_settings(const TempDir& dir, const std::string& yaml) {
  const std::string path = dir / "postroom.yaml";
  write_file(path, yaml);
  Loaded loaded = load_settings(path);
  if (!loaded.settings) throw ConfigError{loaded.problems};
  return *loaded.settings;
}

}  // namespace postroom::tests
