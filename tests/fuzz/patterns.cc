// libFuzzer: whatever an admin writes as words of rules, over whatever customers write.

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>

#include "rules/match.h"
#include "rules/text.h"
#include "tests/fuzz/require.h"
#include "tests/rules/desk_for_tests.h"

using namespace postroom;
using fuzz::require;
using fuzz::require_utf8;

namespace {

constexpr Field fields[] = {Field::subject,    Field::body, Field::text,     Field::mentions,
                            Field::attachment, Field::from, Field::to,       Field::header,
                            Field::form,       Field::size, Field::language, Field::hour};
// How the syntax of words decorates them.
constexpr std::pair<std::string_view, std::string_view> shapes[] = {
    {"", ""},       {"\"", "\""},   {"", "*"},      {"/", "/"},
    {"/(?i)", "/"}, {"", " ... x"}, {"x ... ", ""}, {"\"", "*"}};

std::string word(FuzzedDataProvider& data) {
  const auto& [before, after] = data.PickValueInArray(shapes);
  return std::string{before} + valid_utf8(data.ConsumeRandomLengthString(30)) + std::string{after};
}

Condition condition(FuzzedDataProvider& data) {
  Condition made = tests::words(data.PickValueInArray(fields), {}, "X-Any");
  const int count = data.ConsumeIntegralInRange(1, 4);
  for (int i = 0; i < count; ++i) made.words.push_back(word(data));
  return made;
}

Rule rule(FuzzedDataProvider& data, std::string name) {
  Rule made;
  made.name = std::move(name);
  for (auto* list : {&made.all, &made.any, &made.none}) {
    if (data.ConsumeBool()) list->push_back(condition(data));
  }
  if (data.ConsumeBool()) made.weight = data.ConsumeFloatingPointInRange(-10.0, 10.0);
  if (data.ConsumeBool()) made.queue = "billing";
  return made;
}

// Letters only: the same whatever is folded and stemmed.
std::string letters(FuzzedDataProvider& data) {
  std::string text = "b";
  for (const char c : data.ConsumeRandomLengthString(12)) {
    text += static_cast<char>('a' + static_cast<unsigned char>(c) % 26);
  }
  return text;
}

Message mail(const std::string& text) {
  Message message = tests::mail_from("anna@home.test", std::string{cut_utf8(text, 100)}, text);
  message.headers.push_back({"X-Any", std::string{cut_utf8(text, 50)}});
  message.attachments.push_back({std::string{cut_utf8(text, 40)}, "image/png", 1, std::string(32, '0')});
  return message;
}

// What is said to have hit stands in the text.
void check(const Verdict& verdict, const Message& message) {
  require(verdict.rules.size() <= 32);
  const std::string subject = fold(message.subject), text = fold(message.text);
  for (const Hit& hit : verdict.rules) {
    require_utf8({hit.rule, hit.where, hit.hit});
    if (hit.where == "subject") require(subject.find(hit.hit) != subject.npos);
    if (hit.where == "body" || hit.where == "text") require(text.find(hit.hit) != text.npos);
  }
}

bool found(const Verdict& verdict, std::string_view rule) {
  return std::ranges::any_of(verdict.rules, [&](const Hit& hit) { return hit.rule == rule; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  FuzzedDataProvider data{bytes, size};
  Desk desk = tests::small_desk();
  const std::string planted = letters(data);
  desk.rules.push_back({});
  desk.rules[0].name = "planted";
  desk.rules[0].all = {tests::words(Field::body, {planted})};
  const int count = data.ConsumeIntegralInRange(0, 4);
  for (int i = 0; i < count; ++i) desk.rules.push_back(rule(data, "other"));

  const std::string before = valid_utf8(data.ConsumeRandomLengthString(2000));
  const Message message =
      mail(before + " " + planted + " " + valid_utf8(data.ConsumeRemainingBytesAsString()));
  const Rulebook rulebook{desk};
  const Envelope envelope = tests::to({"support@desk.test"});
  const Decision decision = decide(rulebook, message, envelope);
  check(decision.verdict, message);
  require(found(decision.verdict, "planted"));
  require(decision.verdict == decide(rulebook, message, envelope).verdict);
  fuzz::require_linear(message.text, [&](std::string_view repeated) {
    decide(rulebook, mail(std::string{repeated}), envelope);
  });
  return 0;
}
