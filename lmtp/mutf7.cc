#include <cstdint>

#include "lmtp/maildir.h"

namespace postroom {
namespace {

// Takes one code point off the front; U+FFFD for what is no UTF-8 (RFC 3629).
std::uint32_t take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  static constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  std::uint32_t code = length < 2 ? first : first & (0x7FU >> length);
  bool good = length > 0 && length <= text.size() && first < 0xF5;
  for (std::size_t at = 1; good && at < length; ++at) {
    good = (byte(at) & 0xC0U) == 0x80;
    code = (code << 6U) | (byte(at) & 0x3FU);
  }
  good = good && code >= smallest[length] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  text.remove_prefix(good ? length : 1);
  return good ? code : 0xFFFD;
}

void add_utf16(std::string& bytes, std::uint32_t code) {
  const auto unit = [&](std::uint32_t value) {
    bytes += static_cast<char>(value >> 8U);
    bytes += static_cast<char>(value & 0xFFU);
  };
  if (code < 0x10000) return unit(code);
  unit(0xD800 + ((code - 0x10000) >> 10U));
  unit(0xDC00 + ((code - 0x10000) & 0x3FFU));
}

// "&...-": base64 of UTF-16BE with ',' for '/' and without padding.
std::string shifted(const std::string& utf16) {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
  std::string out = "&";
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : utf16) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) out += alphabet[(bits >> (count - 6)) & 0x3FU];
  }
  if (count > 0) out += alphabet[(bits << (6 - count)) & 0x3FU];
  return out + "-";
}

}  // namespace

std::string to_mutf7(std::string_view utf8) {
  std::string out, utf16;
  const auto end_shift = [&] {
    if (!utf16.empty()) out += shifted(utf16);
    utf16.clear();
  };
  while (!utf8.empty()) {
    const std::uint32_t code = take_code_point(utf8);
    if (code < 0x20 || code > 0x7E) {
      add_utf16(utf16, code);
      continue;
    }
    end_shift();
    out += static_cast<char>(code);
    if (code == '&') out += '-';
  }
  end_shift();
  return out;
}

}  // namespace postroom
