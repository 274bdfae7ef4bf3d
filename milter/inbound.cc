#include "milter/inbound.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/tags.h"

namespace postroom {

namespace {

// The highest index first, so that a removal does not change the meaning of those that follow.
void remove_all(const Collected& collected, std::vector<Edit>& edits) {
  for (const auto& [name, count] : collected.unwanted) {
    for (int index = count; index > 0; --index) edits.push_back({Edit::Kind::remove, name, index, {}});
  }
}

// Every tag goes to the very top, so the last one first.
void insert_all(const std::vector<Header>& tags, std::vector<Edit>& edits) {
  for (auto tag = tags.rbegin(); tag != tags.rend(); ++tag) {
    edits.push_back({Edit::Kind::insert, tag->name, 0, tag->value});
  }
}

std::string rule_names(const Verdict& verdict) {
  std::vector<std::string_view> names;
  for (const Hit& hit : verdict.rules) {
    if (names.empty() || names.back() != hit.rule) names.push_back(hit.rule);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Inbound tag_inbound(const Rulebook& rulebook, const Keys& keys, const Collected& collected,
                    const AskStatus& ask) {
  Message message = read_message(collected.bytes, rulebook.desk().message);
  message.size = collected.size;
  bool known = true;
  const StatusOf status_of = [&](const std::string& address) {
    const std::optional<std::string> status = ask(address);
    known = known && status;
    return status.value_or("");
  };
  Inbound inbound{decide(rulebook, message, collected.envelope, ask ? status_of : StatusOf{}), {}, false};
  if (inbound.decision.verdict.channel.empty()) return inbound;

  remove_all(collected, inbound.edits);
  if (!known) return inbound;
  insert_all(write_tags(inbound.decision, binding_of(message, keys, rulebook.version())), inbound.edits);
  inbound.tagged = true;
  return inbound;
}

std::string outcome_line(std::string_view queue_id, const Inbound& inbound, std::chrono::microseconds spent) {
  const Decision& decision = inbound.decision;
  const Verdict& verdict = decision.verdict;
  const char* const status = inbound.tagged ? "tagged" : verdict.channel.empty() ? "passed" : "untagged";
  return fmt::format(
      R"({}: channel={} queue={} priority={} tags={} automatic={} spam={} rules="{}" status={} micros={})",
      queue_id, verdict.channel, verdict.queue, priority_name(verdict.priority), fmt::join(verdict.tags, ","),
      kind_name(decision.automatic.kind), verdict.spam ? "yes" : "no", rule_names(verdict), status,
      spent.count());
}

}  // namespace postroom
