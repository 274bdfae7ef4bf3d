#include "rules/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <limits>
#include <stdexcept>

namespace postroom {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* room_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// OpenSSL counts in int.
int length_of(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max() / 2)) {
    throw std::length_error("text too long for a digest");
  }
  return static_cast<int>(text.size());
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), room_of(digest), &length, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  digest.resize(length);
  return hex(digest);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  if (!HMAC(EVP_sha256(), key.data(), length_of(key), bytes_of(bytes), bytes.size(), room_of(mac), &length)) {
    throw std::runtime_error("HMAC-SHA-256 failed");
  }
  mac.resize(length);
  return mac;
}

std::string hex(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock() writes a final NUL
  const int written = EVP_EncodeBlock(room_of(text), bytes_of(bytes), length_of(bytes));
  text.resize(static_cast<std::size_t>(written));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty()) return std::string{};
  if (text.size() % 4 != 0) return std::nullopt;

  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(room_of(bytes), bytes_of(text), length_of(text)) < 0) return std::nullopt;

  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(bytes.size() - padding);
  if (base64(bytes) != text) return std::nullopt;  // EVP_DecodeBlock() also takes white space and stray '='
  return bytes;
}

std::string base32(std::string_view bytes) {
  static constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  text.reserve(bytes.size() * 8 / 5 + 1);
  unsigned held = 0, bits = 0;  // what is read and not written yet
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) text += digits[held >> (bits - 5) & 31];
    held &= 31;
  }
  if (bits > 0) text += digits[held << (5 - bits) & 31];
  return text;
}

bool same_mac(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace postroom
