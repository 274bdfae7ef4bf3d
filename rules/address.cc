#include "rules/address.h"

#include <algorithm>

namespace postroom {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7f || c == '<' || c == '>';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string normal_address(std::string_view address) {
  address = trimmed(address);
  if (!address.empty() && address.front() == '<') address.remove_prefix(1);
  if (!address.empty() && address.back() == '>') address.remove_suffix(1);
  std::string normal{trimmed(address)};
  for (char& c : normal) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return normal;
}

std::string without_extension(std::string_view address, char delimiter) {
  const std::size_t at = address.rfind('@');
  if (delimiter == '\0' || at == std::string_view::npos) return std::string{address};
  // A local part that begins with the delimiter has no base to fall back to.
  const std::size_t mark = address.find(delimiter);
  if (mark == std::string_view::npos || mark == 0 || mark > at) return std::string{address};
  return std::string{address.substr(0, mark)} + std::string{address.substr(at)};
}

std::string domain_of(std::string_view address) {
  const std::string normal = normal_address(address);
  const std::size_t at = normal.rfind('@');
  return at == std::string::npos ? std::string{} : normal.substr(at + 1);
}

bool is_deliverable(std::string_view address) {
  if (address.size() > 320) return false;  // RFC 5321, 4.5.3.1: 64 + '@' + 255
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == address.size()) return false;
  if (address.find('@', at + 1) != std::string_view::npos) return false;
  return std::none_of(address.begin(), address.end(), is_forbidden);
}

bool contains_address(const std::vector<Address>& list, std::string_view address) {
  const std::string wanted = normal_address(address);
  return std::any_of(list.begin(), list.end(),
                     [&](const Address& one) { return normal_address(one.address) == wanted; });
}

}  // namespace postroom
