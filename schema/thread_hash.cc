#include "schema/thread_hash.h"

#include <charconv>
#include <string>

#include "rules/digest.h"

namespace postroom {

std::int64_t thread_hash(std::string_view kind, std::string_view text) {
  const std::string digest = sha256_hex(std::string{kind}.append("\n").append(text));
  std::uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + 16, number, 16);
  return static_cast<std::int64_t>(number);
}

}  // namespace postroom
