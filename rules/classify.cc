#include "rules/classify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "rules/local_time.h"
#include "rules/match.h"
#include "rules/passages.h"
#include "rules/range.h"
#include "rules/settle.h"
#include "rules/text.h"
#include "rules/version.h"
#include "rules/word_index.h"

namespace postroom {
namespace {

constexpr std::size_t most_hits = 32;
constexpr std::size_t longest_hit = 100;
constexpr const char* spam_filter = "spam filter";  // the rule that nobody wrote
constexpr std::size_t most_votes_told = 5;          // words of one condition

constexpr auto condition_of = [](const auto& hit) { return hit.owner.condition; };

// "subject", "header X-Spam-Level"
std::string where(const Condition& condition) {
  const std::string name{field_name(condition.field)};
  return condition.name.empty() ? name : name + " " + condition.name;
}

// Written by filters before us. A customer who writes it himself only marks his own mail.
bool is_marked_as_spam(const Message& message) {
  const std::string* flag = find_header(message.headers, "X-Spam-Flag");
  if (!flag) return false;
  const std::string folded = fold(*flag);
  return folded.find("yes") <= 1;  // after white space, if any
}

void add_hit(Verdict& verdict, Hit hit) {
  if (verdict.rules.size() == most_hits) return;
  hit.rule = bounded_utf8(hit.rule, longest_hit);
  hit.where = bounded_utf8(hit.where, longest_hit);
  hit.hit = bounded_utf8(hit.hit, longest_hit);
  verdict.rules.push_back(std::move(hit));
}

void mark_as_spam(Verdict& verdict, const std::string& rule) {
  if (!std::exchange(verdict.spam, true)) verdict.decided_by = bounded_utf8(rule, longest_hit);
}

void add_tags(Verdict& verdict, const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) {
    if (std::ranges::find(verdict.tags, tag) == verdict.tags.end()) verdict.tags.push_back(tag);
  }
}

std::string told(const Hit& hit) {
  if (hit.hit.empty()) return fmt::format("rule '{}': {}", hit.rule, hit.where);
  return fmt::format("rule '{}': {} '{}'", hit.rule, hit.where, hit.hit);
}

}  // namespace

bool Verdict::operator==(const Verdict& other) const {
  const auto values = [](const Verdict& v) {
    return std::tie(v.channel, v.queue, v.priority, v.tags, v.template_name, v.spam, v.decided_by, v.rules,
                    v.settled);
  };
  return values(*this) == values(other);
}

Rulebook::Rulebook(Desk desk) : desk_(std::move(desk)), version_(version_of(desk_)), people_(desk_) {
  for (const Channel& channel : desk_.channels) {
    if (channel.form) forms_.emplace(channel.address, FormReader{*channel.form});
  }
  const auto index = std::make_shared<WordIndex>(languages_of(desk_));
  std::map<std::string, std::size_t> numbers;  // of the words of one rule
  const auto add = [&](const std::vector<Condition>& conditions) {
    for (const Condition& condition : conditions) {
      for (const std::string& word : condition.words) {
        const Owner owner{rule_of_.size(), numbers.emplace(word, numbers.size()).first->second};
        if (condition.field == Field::size || condition.field == Field::hour) {
          ranges_.push_back({condition.field, word, owner});
          continue;
        }
        index->add(condition, word);
        owners_.push_back(owner);
      }
      rule_of_.push_back(rules_.size());
      places_.push_back(where(condition));
    }
    return rule_of_.size();
  };
  for (const Rule& rule : desk_.rules) {
    Compiled compiled;
    numbers.clear();
    compiled.all = rule_of_.size();
    compiled.any = add(rule.all);
    compiled.none = add(rule.any);
    compiled.end = add(rule.none);
    if (compiled.all == compiled.none) wordless_.push_back(rules_.size());
    rules_.push_back(compiled);
  }
  index->finish();
  index_ = index;
}

const FormReader* Rulebook::form_of(std::string_view channel) const {
  const auto form = forms_.find(channel);
  return form == forms_.end() ? nullptr : &form->second;
}

// The hour is not known where nobody said when the message arrived: then no range holds.
void Rulebook::add_ranges(const Evidence& evidence, Hits& hits) const {
  std::optional<int> hour;
  for (const RangeWord& word : ranges_) {
    const bool by_hour = word.field == Field::hour;
    if (by_hour && !evidence.envelope.arrived) continue;
    if (by_hour && !hour) hour = hour_in(desk_.time_zone, *evidence.envelope.arrived);
    const std::uint64_t value = by_hour ? static_cast<std::uint64_t>(*hour) : evidence.message.size;
    if (in_range(word.field, word.range, value)) hits.push_back({word.owner, std::to_string(value)});
  }
}

Rulebook::Hits Rulebook::hits_of(const Evidence& evidence) const {
  Hits hits;
  for (const Passage& passage : passages_of(evidence, desk_.recipient_delimiter)) {
    for (WordIndex::Found& found : index_->find(passage, evidence.findings.language)) {
      hits.push_back({owners_[found.word], std::move(found.original)});
    }
  }
  add_ranges(evidence, hits);
  const auto key = [](const ConditionHit& hit) { return std::pair{hit.owner.condition, hit.owner.word}; };
  std::ranges::stable_sort(hits, {}, key);
  const auto same = [&](const ConditionHit& a, const ConditionHit& b) { return key(a) == key(b); };
  hits.erase(std::unique(hits.begin(), hits.end(), same), hits.end());  // clang 14 has no ranges::unique
  return hits;
}

std::vector<std::size_t> Rulebook::touched_rules(const Hits& hits) const {
  std::vector<std::size_t> touched = wordless_;
  for (const ConditionHit& hit : hits) touched.push_back(rule_of_[hit.owner.condition]);
  std::ranges::sort(touched);
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  return touched;
}

bool Rulebook::applies(std::size_t number, const Hits& hits) const {
  const Compiled& compiled = rules_[number];
  const auto count = [&](std::size_t first, std::size_t end) {  // conditions that hold
    std::size_t conditions = 0, last = end;
    auto hit = std::ranges::lower_bound(hits, first, {}, condition_of);
    for (; hit != hits.end() && hit->owner.condition < end; ++hit) {
      if (hit->owner.condition != last) ++conditions;
      last = hit->owner.condition;
    }
    return conditions;
  };
  if (count(compiled.all, compiled.any) != compiled.any - compiled.all) return false;
  if (compiled.any != compiled.none && count(compiled.any, compiled.none) == 0) return false;
  return count(compiled.none, compiled.end) == 0;
}

// Returns how many different words of the rule hit. Of a rule that decides the trace tells a word for each
// condition, of one that votes the first few.
std::size_t Rulebook::apply(std::size_t number, const Hits& hits, Verdict& verdict) const {
  const Compiled& compiled = rules_[number];
  const Rule& rule = desk_.rules[number];
  if (compiled.all == compiled.none) add_hit(verdict, {rule.name, "every message", ""});
  const std::size_t most = rule.weight ? most_votes_told : 1;
  std::set<std::size_t> words;
  std::size_t last = compiled.none, told = 0;
  auto hit = std::ranges::lower_bound(hits, compiled.all, {}, condition_of);
  for (; hit != hits.end() && hit->owner.condition < compiled.none; ++hit) {
    if (hit->owner.condition != last) told = 0;
    last = hit->owner.condition;
    words.insert(hit->owner.word);
    if (told++ < most) add_hit(verdict, {rule.name, places_[last], hit->hit});
  }
  if (rule.spam == Switch::on) mark_as_spam(verdict, rule.name);
  if (!verdict.template_name) verdict.template_name = rule.template_name;
  add_tags(verdict, rule.tags);
  return words.size();
}

Verdict Rulebook::classify(const Message& message, const Envelope& envelope, const Findings& findings) const {
  Verdict verdict;
  const Channel* channel = first_channel(desk_, envelope.recipients);
  if (!channel) return verdict;

  const Hits hits = hits_of({message, envelope, findings, *channel});
  std::vector<Applied> applied;
  for (const std::size_t number : touched_rules(hits)) {
    if (!applies(number, hits)) continue;
    applied.push_back({&desk_.rules[number], apply(number, hits, verdict)});
    verdict.applied.push_back(desk_.rules[number].name);
  }
  Settlement settlement = settle(applied);
  verdict.channel = channel->address;
  verdict.queue = settlement.queue.value_or(channel->queue);
  verdict.priority = settlement.priority.value_or(Priority::normal);
  if (!verdict.spam) verdict.decided_by = bounded_utf8(settlement.queue_by, longest_hit);
  verdict.settled = std::move(settlement.why);
  if (!is_marked_as_spam(message)) return verdict;

  mark_as_spam(verdict, spam_filter);
  verdict.applied.emplace_back(spam_filter);
  add_hit(verdict, {spam_filter, "header X-Spam-Flag", "yes"});
  return verdict;
}

std::string why(const Verdict& verdict) {
  if (verdict.channel.empty()) return "no recipient is a channel of the desk";
  if (verdict.rules.empty()) return fmt::format("channel {}, no rule applies", verdict.channel);
  if (verdict.decided_by.empty())
    return fmt::format("channel {}; {}", verdict.channel, told(verdict.rules.front()));
  const auto hit = std::ranges::find(verdict.rules, verdict.decided_by, &Hit::rule);
  if (hit == verdict.rules.end()) return fmt::format("rule '{}'", verdict.decided_by);  // beyond the trace
  return told(*hit);
}

}  // namespace postroom
