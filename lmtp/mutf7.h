#pragma once
// Modified UTF-7 of IMAP folder names (RFC 3501, 5.1.3), read. maildir.h has the writing.

#include <optional>
#include <string>
#include <string_view>

namespace postroom {

// UTF-8; nullopt for anything that to_mutf7() does not write.
std::optional<std::string> from_mutf7(std::string_view name);

}  // namespace postroom
