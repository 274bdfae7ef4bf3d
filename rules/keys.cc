#include "rules/keys.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "rules/digest.h"

namespace postroom {

Keys::Keys(std::string signing, std::vector<std::string> old) {
  keys_.push_back(std::move(signing));
  std::move(old.begin(), old.end(), std::back_inserter(keys_));
}

std::string Keys::mac(std::string_view bytes) const {
  if (keys_.empty()) throw std::logic_error{"there is no key to sign with"};
  return hex(hmac_sha256(keys_.front(), bytes));
}

bool Keys::fits(std::string_view mac, std::string_view bytes, std::size_t digits) const {
  return std::ranges::any_of(keys_, [&](const std::string& key) {
    return same_mac(mac, std::string_view{hex(hmac_sha256(key, bytes))}.substr(0, digits));
  });
}

}  // namespace postroom
