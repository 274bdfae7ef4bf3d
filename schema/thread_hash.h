#pragma once
// Keys of threads as the database holds them: short, so that a million of them stay cheap.

#include <cstdint>
#include <string_view>

namespace postroom {

// The first 8 bytes of SHA-256 over "kind\ntext", big endian, as a signed number. What it leads to is always
// checked against something else (who takes part), so that a collision does no harm. In SQL:
// thread_hash(kind, text).
std::int64_t thread_hash(std::string_view kind, std::string_view text);

}  // namespace postroom
