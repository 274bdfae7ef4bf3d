#pragma once
// What a style attribute of HTML hides from a reader: the pre-headers of newsletters, and traps. Pure,
// linear.

#include <string_view>

namespace postroom {

enum class FontSize { unsaid, none, readable };  // none: nobody can read it

struct Style {
  bool hidden = false;  // the element and all in it
  FontSize font = FontSize::unsaid;
};

// `declarations` as in style="..."; reads their first 4000 bytes.
Style read_style(std::string_view declarations);

}  // namespace postroom
