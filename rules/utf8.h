#pragma once
// Characters of UTF-8 that fold() wrote. Reads no byte outside the text, whatever it holds.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace postroom {

struct Character {
  std::int32_t code = -1;  // -1: there is none
  std::size_t length = 0;
};

inline Character character_at(std::string_view text, std::size_t start) {
  if (start >= text.size()) return {};
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? std::int32_t{static_cast<unsigned char>(text[i])} : 0;
  };
  const std::int32_t first = byte(start);
  const auto tail = [&](std::size_t i) { return byte(start + i) & 0x3F; };
  if (first < 0xC0) return {first, 1};
  if (first < 0xE0) return {(first & 0x1F) << 6 | tail(1), 2};
  if (first < 0xF0) return {(first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3};
  return {(first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
}

// The character that ends before `end`.
inline Character character_before(std::string_view text, std::size_t end) {
  if (end == 0 || end > text.size()) return {};
  std::size_t start = end - 1;
  while (start > 0 && end - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  return character_at(text.substr(0, end), start);
}

}  // namespace postroom
