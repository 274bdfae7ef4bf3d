#pragma once
// What stands under the text of a mail: signatures, closing words, what telephones and lists add. Pure.

#include "rules/quotes.h"

namespace postroom {

// How many of the lines, which hold no quoted history, are the text above the signature. All of them if
// there is none, or if nothing would be left. When unsure, lines are text. Linear in their length.
std::size_t lines_above_signature(const Lines& lines);

}  // namespace postroom
