#pragma once
// RFC 2047 encoded words, and the broken forms that real mail holds: raw bytes or blanks inside a word, words
// inside quoted strings, padding left out, a character split between two words. Pure, linear.

#include <string>
#include <string_view>

namespace postroom {

// The text with its encoded words decoded; valid UTF-8. `value` is unfolded and may hold any bytes.
std::string decode_words(std::string_view value);

// The same text in UTF-8, but with every run of encoded words as one well-formed word again: so that a
// comma or bracket inside stays inside when addresses are parsed.
std::string normal_words(std::string_view value);

// Base64 that skips foreign characters and does without padding (RFC 2045, 6.8).
std::string decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);

}  // namespace postroom
