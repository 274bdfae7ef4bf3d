// libFuzzer: any bytes are a message, in both ways of reading.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/automatic.h"
#include "rules/charset.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  for (const auto reading : {postroom::Reading::whole, postroom::Reading::headers}) {
    const postroom::Message message = postroom::read_message(bytes, postroom::MessageLimits{}, reading);
    const postroom::Automatic automatic = postroom::find_automatic(message, std::nullopt);
    const bool valid = postroom::is_valid_utf8(message.subject) && postroom::is_valid_utf8(message.text) &&
                       postroom::is_valid_utf8(message.new_text) && postroom::is_valid_utf8(automatic.reason);
    if (!valid) __builtin_trap();
  }
  return 0;
}
