#pragma once
// Text that a mail program has wrapped, made into paragraphs again (RFC 3676). Pure, linear.

#include <string>
#include <string_view>

namespace postroom {

// `text` with LF line ends. `delete_space`: parameter DelSp=yes, the blank before a soft break is no text.
std::string unflow(std::string_view text, bool delete_space);

}  // namespace postroom
