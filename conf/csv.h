#pragma once
// Tables as spreadsheets write them (RFC 4180): UTF-8, fields between commas or semicolons, quotes around
// those that hold one. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace postroom {

struct CsvRow {
  int line = 0;                     // counts from 1
  std::vector<std::string> fields;  // without the space around them
  std::string wrong;                // a sentence if the line cannot be read; fields are empty then
};

// Of commas and semicolons the first one in a row, outside quotes, separates. Empty lines and lines that
// begin with # are no rows; a quoted field ends in its line.
std::vector<CsvRow> read_csv(std::string_view text);

}  // namespace postroom
