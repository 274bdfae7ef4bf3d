#pragma once
// What a tag of HTML does to the text in it. Only rules/html*.{h,cc} include it. Pure.

#include <string_view>

namespace postroom {

enum class Effect { none, line, paragraph, item, cell, hidden, preformatted, quote, link, image };

// `name` in lower case.
Effect effect_of(std::string_view name);

}  // namespace postroom
