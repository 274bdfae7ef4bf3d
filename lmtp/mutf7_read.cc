#include <algorithm>
#include <cstdint>

#include "lmtp/maildir.h"
#include "lmtp/mutf7.h"

namespace postroom {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

void add_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

// The text between '&' and '-'. What is ill-formed comes out somehow, and is refused by the comparison.
std::string unshifted(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0, high = 0;
  unsigned count = 0;
  for (const char c : text) {
    bits = (bits << 6U) | static_cast<std::uint32_t>(std::min(alphabet.find(c), alphabet.size() - 1));
    count += 6;
    if (count < 16) continue;
    count -= 16;
    const std::uint32_t unit = (bits >> count) & 0xFFFFU;
    const bool is_high = unit >= 0xD800 && unit < 0xDC00, is_low = unit >= 0xDC00 && unit < 0xE000;
    if (is_high) high = unit;
    if (is_low && high != 0) add_utf8(out, 0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00));
    if (!is_high && !is_low) add_utf8(out, unit);
    if (!is_high) high = 0;
  }
  return out;
}

}  // namespace

std::optional<std::string> from_mutf7(std::string_view name) {
  std::string out;
  for (std::string_view rest = name; !rest.empty();) {
    const std::string_view plain = rest.substr(0, rest.find('&'));
    out += plain;
    rest.remove_prefix(plain.size());
    if (rest.empty()) break;
    const auto end = rest.find('-');
    if (end == rest.npos) return std::nullopt;
    out += end == 1 ? "&" : unshifted(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
  }
  if (to_mutf7(out) != name) return std::nullopt;
  return out;
}

}  // namespace postroom
