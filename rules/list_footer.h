#pragma once
// What mailing lists write below each mail. Pure, linear time.

#include <string_view>

namespace postroom {

// The text above the footer of a list: a ruler ("____", "-- "), below it a few lines that speak of the list
// and name an address. All of the text if there is none. A mail may have passed several lists.
std::string_view without_list_footer(std::string_view text);

}  // namespace postroom
