#include "rules/flowed.h"

#include <algorithm>

namespace postroom {
namespace {

std::size_t quote_depth(std::string_view line) { return std::min(line.find_first_not_of('>'), line.size()); }

// Section 4.4: a blank is stuffed before lines that begin with a blank, ">" or "From ".
std::string_view unstuffed(std::string_view line) { return line.starts_with(' ') ? line.substr(1) : line; }

}  // namespace

std::string unflow(std::string_view text, bool delete_space) {
  std::string flat;
  flat.reserve(text.size());
  bool open = false;  // the line before ended in a soft break
  std::size_t open_depth = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t depth = quote_depth(line);
    std::string_view content = unstuffed(line.substr(depth));
    const bool signature = content == "-- ";  // section 4.3: fixed, although it ends in a blank

    const bool joins = open && depth == open_depth && !signature;
    if (open && !joins) flat += '\n';
    if (!joins) {
      flat.append(depth, '>');
      if (depth > 0) flat += ' ';
    }
    open = content.ends_with(' ') && !signature;
    open_depth = depth;
    if (open && delete_space) content.remove_suffix(1);
    flat += content;
    if (!open) flat += '\n';
  }
  return flat;
}

}  // namespace postroom
