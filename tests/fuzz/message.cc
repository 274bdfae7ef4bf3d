// libFuzzer: any bytes are a message, in both ways of reading and within any limits.

#include <cstdint>

#include "rules/message.h"
#include "tests/fuzz/require.h"

using namespace postroom;
using fuzz::require;
using fuzz::require_utf8;

namespace {

constexpr MessageLimits narrow{
    .bytes = 4096, .text = 200, .header_bytes = 1000, .headers = 10, .parts = 5, .depth = 3};

void check_addresses(const Message& message) {
  for (const auto* list : {&message.from, &message.to, &message.cc, &message.reply_to}) {
    for (const Address& one : *list) require_utf8({one.name, one.address});
  }
}

void check_parts(const Message& message, const MessageLimits& limits) {
  require(message.attachments.size() <= limits.parts);
  for (const Attachment& one : message.attachments) {
    require_utf8({one.name, one.type});
    require(one.size <= 3 * limits.bytes && one.md5.size() == 32);
  }
  require(message.reports.size() <= limits.parts);
  for (const ReportPart& one : message.reports) require(one.text.size() <= (64U << 10));
}

void check(const Message& message, const MessageLimits& limits) {
  require_utf8({message.subject, message.text, message.new_text, message.language});
  require(message.text.size() <= limits.text + 100 && message.new_text.size() <= message.text.size() + 1);
  require(message.headers.size() <= limits.headers);
  for (const Header& one : message.headers) require_utf8({one.name, one.value});
  if (message.date) require(message.date->size() == 20 && message.date->back() == 'Z');
  if (message.forwarded) require_utf8({message.forwarded->subject, message.forwarded->text});
  check_addresses(message);
  check_parts(message, limits);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  for (const auto reading : {Reading::whole, Reading::headers}) {
    check(read_message(bytes, MessageLimits{}, reading), MessageLimits{});
    check(read_message(bytes, narrow, reading), narrow);
  }
  require(read_message(bytes, narrow).problems.size() <= 20);
  fuzz::require_linear(bytes, [](std::string_view repeated) { read_message(repeated, MessageLimits{}); });
  return 0;
}
