#pragma once
// Any text as the value of a header line. Pure.

#include <string>
#include <string_view>

namespace postroom {

// The text without control characters: each, and each run of white space, becomes one space. Bounded to
// `bytes`, cut at a character.
std::string one_line(std::string_view text, std::size_t bytes);

// Printable ASCII, folded with "\n " before column 78 where there is a space; RFC 2047 words if the text is
// not plain ASCII. No other line break, whatever the text holds.
std::string header_value(std::string_view text);

// "Name" <address> as the value of a header line; the name is encoded where needed (RFC 2047, 5 (3)), and the
// address is written as it is (RFC 6532). `address`: one that is_deliverable().
std::string header_address(std::string_view name, std::string_view address);

}  // namespace postroom
