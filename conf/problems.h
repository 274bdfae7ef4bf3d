#pragma once
// Mistakes in a configuration, gathered so that the admin sees all of them at once.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conf/load.h"

namespace postroom {

// Where something stands in the configuration; counts from 1, 0: nowhere.
struct Position {
  int line = 0, column = 0;
};

// Where each setting stands: "channels[2].queue", "queues.support", "rules[0].then.queue".
using Places = std::map<std::string, Position>;

class Problems {
 public:
  explicit Problems(std::string file) : file_{std::move(file)} {}

  void add(Position place, std::string text);
  void add_elsewhere(std::string file, std::string text, Position place = {});  // in a file of its own

  // Of the configuration in order of lines, then those of other files in the order they were added.
  std::vector<Problem> sorted() const;

 private:
  std::string file_;
  std::vector<Problem> here_, elsewhere_;
};

// "; did you mean 'support'?" for the nearest of the names, empty if none is near. Typing mistakes are
// counted in characters (Levenshtein), so that Cyrillic names are treated as Latin ones are.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

}  // namespace postroom
