#pragma once
// The desk's keys. The first one signs, all of them verify, so that a key can be replaced while mail signed
// with the old one is still on its way. Immutable.

#include <string>
#include <string_view>
#include <vector>

namespace postroom {

class Keys {
 public:
  Keys() = default;  // none: nothing fits, and mac() throws std::logic_error

  // None is empty. `old`: keys that signed before.
  Keys(std::string signing, std::vector<std::string> old = {});  // NOLINT(google-explicit-constructor)

  const std::vector<std::string>& all() const { return keys_; }  // the signing key first

  // HMAC-SHA-256 (RFC 2104) with the signing key: 64 lower-case hex digits.
  std::string mac(std::string_view bytes) const;

  // Is this the MAC, with any of the keys? A MAC may be cut to its first `digits`.
  bool fits(std::string_view mac, std::string_view bytes, std::size_t digits = 64) const;

  // The first characters of the same HMAC in base32 (rules/digest.h), for what mail systems may write in
  // other case.
  std::string token(std::string_view bytes, std::size_t characters) const;
  bool fits_token(std::string_view token, std::string_view bytes, std::size_t characters) const;

 private:
  std::vector<std::string> keys_;
};

}  // namespace postroom
