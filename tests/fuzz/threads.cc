// libFuzzer: headers, subjects and texts of anybody, as far as they say where a mail belongs.

#include <fuzzer/FuzzedDataProvider.h>

#include <fmt/format.h>

#include <algorithm>

#include "rules/classify.h"
#include "rules/content.h"
#include "rules/reference.h"
#include "rules/subject.h"
#include "tests/fuzz/require.h"

using namespace postroom;
using fuzz::require;
using fuzz::require_utf8;

namespace {

const Keys keys{"secret", {"older"}};
const Keys strangers{"guessed"};

constexpr std::string_view headers[] = {
    "From",    "To",     "Cc",         "Reply-To",   "Subject",         "In-Reply-To", "References",
    "List-Id", "Sender", "Message-ID", "Precedence", "X-Original-From", "Content-Type"};

std::string mail(FuzzedDataProvider& data) {
  std::string text;
  const int count = data.ConsumeIntegralInRange(0, 8);
  for (int i = 0; i < count; ++i) {
    text += fmt::format("{}: {}\n", data.PickValueInArray(headers), data.ConsumeRandomLengthString(300));
  }
  return text + "\n" + data.ConsumeRandomLengthString(600);
}

void check_subject(std::string_view subject) {
  const std::string base = base_subject(subject);
  require_utf8({base});
  require(base_subject(base) == base);
  require(ticket_tags_in(base).empty());
  require(ticket_tags_in(subject).size() <= 5);
  is_reply_subject(subject);
}

// What we write is read again in any case; what others write with another key is not.
void check_own(FuzzedDataProvider& data) {
  const TicketNumber ticket = data.ConsumeIntegralInRange<TicketNumber>(1, 1'000'000'000'000);
  const char delimiter = data.PickValueInArray({'+', '-', '.', '='});
  const std::string address = reply_address("support@desk.test", ticket, delimiter, keys);
  require(ticket_of_address(address, delimiter, keys) == ticket);
  require(
      !ticket_of_address(reply_address("support@desk.test", ticket, delimiter, strangers), delimiter, keys));
  std::string id = signed_message_id({ticket, 7}, "r4nd0m", "desk.test", keys);
  require(read_message_id(id, keys).has_value());
  const std::size_t at = data.ConsumeIntegralInRange<std::size_t>(0, id.find('@') - 1);
  const char wrong = data.ConsumeIntegral<char>();
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (lower(wrong) == id[at]) return;
  id[at] = wrong;
  require(!read_message_id(id, keys));
}

// No bytes lead to a ticket without the key.
void check_forged(const Message& message, const Envelope& envelope) {
  const Automatic automatic = find_automatic(message, envelope.sender);
  const References references = references_of(message, envelope, automatic, '+', keys);
  require(references.addressed.empty() && references.signed_ids.empty());
  require(references.ids.size() <= 20 && references.tagged.size() <= 5);
  require(automatic.original_ids.size() <= 10);
  for (const std::string& id : references.ids) {
    require_utf8({id});
    require(std::count(references.ids.begin(), references.ids.end(), id) == 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  FuzzedDataProvider data{bytes, size};
  check_own(data);
  const std::string address = data.ConsumeRandomLengthString(120);
  require(!ticket_of_address(address, '+', keys));
  const std::string text = mail(data);
  check_subject(text);
  const Message message = read_message(text, MessageLimits{});
  check_subject(message.subject);
  check_forged(message, Envelope{data.ConsumeRandomLengthString(20), {address}});
  const std::string digest = content_digest(message);
  require(digest.empty() || digest.size() == 32 || digest.size() == 48);
  require(!is_thanks(message) || !message.new_text.empty());
  fuzz::require_linear(text, [](std::string_view repeated) {
    base_subject(repeated);
    Message longer;
    longer.subject = longer.text = longer.new_text = repeated;
    longer.headers = {{"List-Id", "x"}};
    content_digest(longer);
    is_thanks(longer);
    references_of(read_message("References: " + std::string{repeated}, MessageLimits{}), Envelope{}, {}, '+',
                  keys);
  });
  return 0;
}
