#pragma once
// Digests and their printable forms. OpenSSL inside. Pure, thread-safe.

#include <optional>
#include <string>
#include <string_view>

namespace postroom {

// SHA-256 (FIPS 180-4), 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

// HMAC-SHA-256 (RFC 2104), the 32 bytes themselves.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// Lower-case hex, two digits a byte.
std::string hex(std::string_view bytes);

// RFC 4648, section 4, with padding and without line breaks.
std::string base64(std::string_view bytes);

// The bytes; nullopt for anything that base64() does not write. White space is not skipped.
std::optional<std::string> from_base64(std::string_view text);

// RFC 4648, section 6, in lower case and without padding: a-z and 2-7.
std::string base32(std::string_view bytes);

// Comparison whose time does not tell how much of a MAC was right.
bool same_mac(std::string_view one, std::string_view other);

}  // namespace postroom
