// libFuzzer: mail made of the headers and the prose that robots and people write; the whole decision about
// it.

#include <fuzzer/FuzzedDataProvider.h>

#include <fmt/format.h>

#include "rules/explain.h"
#include "rules/tags.h"
#include "tests/fuzz/require.h"
#include "tests/rules/desk_for_tests.h"

using namespace postroom;
using fuzz::require;
using fuzz::require_utf8;

namespace {

constexpr std::string_view headers[] = {
    "From",       "To",           "Cc",          "Subject",         "Reply-To",
    "Date",       "Message-ID",   "In-Reply-To", "References",      "Auto-Submitted",
    "Precedence", "List-Id",      "Return-Path", "X-Autoreply",     "X-Failed-Recipients",
    "X-Loop",     "Content-Type", "Feedback-ID", "Delivered-To",    "X-Auto-Response-Suppress",
    "Sender",     "X-Mailer",     "Received",    "List-Unsubscribe"};
constexpr std::string_view report_fields[] = {
    "Reporting-MTA",   "Final-Recipient", "Original-Recipient", "Action",           "Status",
    "Diagnostic-Code", "Remote-MTA",      "Feedback-Type",      "Original-Rcpt-To", "Disposition"};
constexpr std::string_view types[] = {"message/delivery-status",
                                      "message/feedback-report",
                                      "message/disposition-notification",
                                      "message/rfc822",
                                      "text/rfc822-headers",
                                      "text/plain",
                                      "text/html"};

template <std::size_t size>
std::string field(FuzzedDataProvider& data, const std::string_view (&names)[size]) {
  return fmt::format("{}: {}\n", data.PickValueInArray(names), data.ConsumeRandomLengthString(200));
}

// Headers from the table, then prose, or a report of a few parts.
std::string mail(FuzzedDataProvider& data) {
  std::string text;
  const int count = data.ConsumeIntegralInRange(1, 12);
  for (int i = 0; i < count; ++i) text += field(data, headers);
  const int parts = data.ConsumeIntegralInRange(0, 4);
  if (parts == 0) return text + "\n" + data.ConsumeRemainingBytesAsString();
  text += "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n";
  for (int i = 0; i < parts; ++i) {
    text += fmt::format("--b\nContent-Type: {}\n\n", data.PickValueInArray(types));
    const int fields = data.ConsumeIntegralInRange(0, 8);
    for (int j = 0; j < fields; ++j) text += field(data, report_fields);
    text += data.ConsumeRandomLengthString(400) + "\n";
  }
  return text + "--b--\n";
}

const Rulebook& rulebook() {
  static const Rulebook book{tests::small_desk()};
  return book;
}

void check(const Automatic& automatic) {
  require(automatic.reason.empty() == (automatic.kind == Automatic::Kind::none));
  require_utf8({automatic.reason, automatic.original_message_id.value_or("")});
  require(automatic.failed.size() <= 50);
  for (const Failed& one : automatic.failed) {
    require_utf8({one.recipient, one.status, one.action});
    require(one.action == "failed" || one.action == "delayed");
  }
}

void check(const Explained& explained, const Envelope& envelope) {
  const Decision& decision = explained.decision;
  check(decision.automatic);
  require(!explained.acknowledge.reason.empty());
  const bool robot = decision.automatic.kind != Automatic::Kind::none;
  require(!explained.acknowledge.send || !(robot || envelope.sender == "" || decision.verdict.spam));
  require_utf8({explain_line(explained), explain_text(explained)});

  // What one daemon writes on top of the mail, another reads as it was meant.
  const Binding binding = binding_of(explained.message, Keys{"secret"}, rulebook().version());
  const auto read = read_tags(write_tags(decision, binding), binding);
  require(read && read->verdict == decision.verdict && read->customer == decision.customer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  FuzzedDataProvider data{bytes, size};
  Envelope envelope = tests::to({"support@desk.test"});
  if (data.ConsumeBool()) envelope.sender = data.ConsumeRandomLengthString(60);
  const std::string text = mail(data);

  Explained explained;
  explained.message = read_message(text, MessageLimits{});
  explained.decision = decide(rulebook(), explained.message, envelope);
  explained.acknowledge = may_acknowledge(rulebook(), explained.message, envelope, explained.decision);
  check(explained, envelope);
  fuzz::require_linear(text, [&](std::string_view repeated) {
    const std::string longer = "Subject: x\n\n" + std::string{repeated};
    find_automatic(read_message(longer, MessageLimits{}), std::string{});
  });
  return 0;
}
