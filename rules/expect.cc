#include "rules/expect.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/replay.h"

namespace postroom {
namespace {

std::string word(const std::string& value) { return value; }
std::string word(bool value) { return value ? "yes" : "no"; }
std::string word(Priority value) { return std::string{priority_name(value)}; }

class Comparison {
 public:
  template <class Value>
  void same(const char* what, const std::optional<Value>& wanted, const Value& got) {
    if (wanted && *wanted != got) found_.push_back({what, word(*wanted), word(got)});
  }

  void among(const char* what, const std::vector<std::string>& wanted, const std::vector<std::string>& got) {
    for (const std::string& one : wanted) {
      if (!contains(got, one)) found_.push_back({what, one, list(got)});
    }
  }

  void not_among(const char* what, const std::vector<std::string>& unwanted,
                 const std::vector<std::string>& got) {
    for (const std::string& one : unwanted) {
      if (contains(got, one)) found_.push_back({what, "not " + one, list(got)});
    }
  }

  std::vector<Mismatch> found() && { return std::move(found_); }

 private:
  static bool contains(const std::vector<std::string>& list, const std::string& one) {
    return std::ranges::find(list, one) != list.end();
  }
  static std::string list(const std::vector<std::string>& names) {
    return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
  }

  std::vector<Mismatch> found_;
};

}  // namespace

std::vector<Mismatch> mismatches(const Expected& expected, const Explained& explained) {
  const Verdict& verdict = explained.decision.verdict;
  const Outcomes got = outcomes_of(explained);
  Comparison comparison;
  comparison.same("channel", expected.channel, verdict.channel);
  comparison.same("queue", expected.queue, verdict.queue);
  comparison.same("priority", expected.priority, verdict.priority);
  comparison.same("template", expected.template_name, verdict.template_name.value_or(""));
  comparison.same("spam", expected.spam, verdict.spam);
  comparison.same("automatic", expected.automatic, got.automatic);
  comparison.same("acknowledge", expected.acknowledge, got.acknowledge);
  comparison.same("customer", expected.customer, normal_address(explained.decision.customer.address));
  comparison.among("tags", expected.tags, got.tags);
  comparison.not_among("tags", expected.not_tags, got.tags);
  comparison.among("rule", expected.rules, got.rules);
  comparison.not_among("rule", expected.not_rules, got.rules);
  return std::move(comparison).found();
}

}  // namespace postroom
