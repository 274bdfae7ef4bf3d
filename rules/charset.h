#pragma once
// Bytes of any charset, named, unnamed or misnamed, to UTF-8. Pure.

#include <string>
#include <string_view>

namespace postroom {

// The bytes as valid UTF-8. `charset` as a mail names it, any case; it may be empty, unknown or wrong: then
// the charset is guessed from the bytes. NUL is dropped.
std::string to_utf8(std::string_view bytes, std::string_view charset);

// The same for bytes that nobody named: UTF-8 if they are well-formed, else the likeliest charset.
std::string guess_utf8(std::string_view bytes);

// Neither bytes above 127 nor escape sequences (ISO 2022): readable as it is in any charset of mail.
bool is_plain_ascii(std::string_view bytes);

bool is_valid_utf8(std::string_view bytes);

}  // namespace postroom
