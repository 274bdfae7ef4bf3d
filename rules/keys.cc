#include "rules/keys.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "rules/digest.h"

namespace postroom {
namespace {

const std::string& signing_key(const std::vector<std::string>& keys) {
  if (keys.empty()) throw std::logic_error{"there is no key to sign with"};
  return keys.front();
}

std::string token_of(const std::string& key, std::string_view bytes, std::size_t characters) {
  return base32(hmac_sha256(key, bytes)).substr(0, characters);
}

}  // namespace

Keys::Keys(std::string signing, std::vector<std::string> old) {
  keys_.push_back(std::move(signing));
  std::move(old.begin(), old.end(), std::back_inserter(keys_));
}

std::string Keys::mac(std::string_view bytes) const { return hex(hmac_sha256(signing_key(keys_), bytes)); }

bool Keys::fits(std::string_view mac, std::string_view bytes, std::size_t digits) const {
  return std::ranges::any_of(keys_, [&](const std::string& key) {
    return same_mac(mac, std::string_view{hex(hmac_sha256(key, bytes))}.substr(0, digits));
  });
}

std::string Keys::token(std::string_view bytes, std::size_t characters) const {
  return token_of(signing_key(keys_), bytes, characters);
}

bool Keys::fits_token(std::string_view token, std::string_view bytes, std::size_t characters) const {
  if (token.size() != characters) return false;
  std::string lower{token};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return std::ranges::any_of(
      keys_, [&](const std::string& key) { return same_mac(lower, token_of(key, bytes, characters)); });
}

}  // namespace postroom
