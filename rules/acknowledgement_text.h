#pragma once
// The words of an acknowledgement: the admin's mustache text filled with what is known. Pure.
// Variables: name, ticket ("[SUP#1042]"), number, queue, subject, expected, from. One without a value is
// false for a section, so {{#expected}}...{{/expected}} is left out if no time is promised.

#include <string>
#include <string_view>

#include "rules/compose.h"

namespace postroom {

struct RenderedText {
  std::string subject;  // one line
  std::string body;     // LF line ends
};

// Values are data: mustache in them is not interpreted, control characters become spaces.
RenderedText render_text(const Acknowledgement& acknowledgement);

// What a customer wrote, as one line of at most `bytes` that no reader takes for an RFC 2047 word: it would
// be decoded once more by the customer's program.
std::string harmless(std::string_view value, std::size_t bytes);

}  // namespace postroom
