#pragma once
// HTML as the parser may have it. Pure, linear.

#include <string>
#include <string_view>

namespace postroom {

// Without comments, scripts and styles, which hold no text, and with at most 200 attributes in a tag: libxml2
// compares each with all before it. What the parser does not see it cannot read in another way than we do.
std::string clean_html(std::string_view html);

}  // namespace postroom
