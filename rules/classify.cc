#include "rules/classify.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/text.h"
#include "rules/version.h"

namespace postroom {
namespace {

constexpr std::size_t most_hits = 32;
constexpr std::size_t longest_hit = 100;

struct FieldName {
  Field field;
  std::string_view name;
};
constexpr FieldName field_names[] = {
    {Field::recipient, "recipient"},
    {Field::channel, "channel"},
    {Field::queue, "queue"},
    {Field::from, "from"},
    {Field::to, "to"},
    {Field::subject, "subject"},
    {Field::body, "body"},
    {Field::text, "text"},
    {Field::mentions, "mentions"},
    {Field::attachment, "attachment"},
    {Field::header, "header"},
    {Field::form, "form"},
    {Field::language, "language"},
    {Field::customer, "customer"},
    {Field::size, "size"},
    {Field::hour, "hour"},
};

// "subject", "header X-Spam-Level"
std::string where(const Condition& condition) {
  const std::string name{std::ranges::find(field_names, condition.field, &FieldName::field)->name};
  return condition.field == Field::header ? name + " " + condition.name : name;
}

std::string lower_ascii(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

// Where a condition's words are looked for; the names of headers know no case (RFC 5322, 1.2.2).
std::string index_name(const Condition& condition) {
  return condition.field == Field::header ? "header " + lower_ascii(condition.name) : where(condition);
}

std::string cut(std::string_view text, std::size_t bytes) { return std::string{cut_utf8(text, bytes)}; }

// Written by filters before us. A customer who writes it himself only marks his own mail.
bool is_marked_as_spam(const Message& message) {
  const std::string* flag = find_header(message.headers, "X-Spam-Flag");
  if (!flag) return false;
  const std::string folded = fold(*flag);
  return folded.find("yes") <= 1;  // after white space, if any
}

const Channel* channel_of(const Desk& desk, const std::vector<std::string>& recipients) {
  const Channel* first = nullptr;
  for (const std::string& recipient : recipients) {
    const Channel* channel = find_channel(desk, recipient);
    if (channel && (!first || channel < first)) first = channel;  // both point into desk.channels
  }
  return first;
}

void add_hit(Verdict& verdict, Hit hit) {
  if (verdict.rules.size() == most_hits) return;
  hit.rule = cut(hit.rule, longest_hit);
  hit.where = cut(hit.where, longest_hit);
  hit.hit = cut(hit.hit, longest_hit);
  verdict.rules.push_back(std::move(hit));
}

void add_tags(Verdict& verdict, const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) {
    if (std::ranges::find(verdict.tags, tag) == verdict.tags.end()) verdict.tags.push_back(tag);
  }
}

// What the writer says himself, and the mail he forwards; quoted history was routed when it came.
std::string body_of(const Message& message) {
  std::string body = message.new_text.empty() ? message.text : message.new_text;
  if (!message.forwarded || body.find(message.forwarded->text) != std::string::npos) return body;
  return body + "\n" + message.forwarded->text;
}

std::vector<std::string> recipient_forms(const Desk& desk, const std::string& recipient) {
  const std::string address = normal_address(recipient);
  const std::string bare =
      desk.recipient_delimiter == '\0' ? address : without_extension(address, desk.recipient_delimiter);
  if (bare == address) return {address};
  return {address, bare};
}

}  // namespace

Rulebook::Rulebook(Desk desk) : desk_(std::move(desk)), version_(version_of(desk_)) {
  std::map<std::string, std::pair<std::vector<std::string>, std::vector<std::size_t>>> words;
  const auto add = [&](const std::vector<Condition>& conditions) {
    for (const Condition& condition : conditions) {
      auto& [texts, owners] = words[index_name(condition)];
      texts.insert(texts.end(), condition.words.begin(), condition.words.end());
      owners.resize(texts.size(), rule_of_.size());
      rule_of_.push_back(rules_.size());
      places_.push_back(where(condition));
    }
    return rule_of_.size();
  };
  for (const Rule& rule : desk_.rules) {
    Compiled compiled;
    compiled.all = rule_of_.size();
    compiled.any = add(rule.all);
    compiled.none = add(rule.any);
    compiled.end = add(rule.none);
    if (compiled.all == compiled.none) wordless_.push_back(rules_.size());
    rules_.push_back(compiled);
  }
  for (auto& [name, pair] : words) fields_.emplace(name, Index{Matcher{pair.first}, std::move(pair.second)});
}

void Rulebook::search(std::string_view field, std::string_view text, Hits& hits) const {
  const auto index = fields_.find(field);
  if (index == fields_.end()) return;
  for (Matcher::Found& found : index->second.matcher.find(fold(text))) {
    hits.push_back({index->second.conditions[found.word], std::move(found.original)});
  }
}

void Rulebook::search_headers(const Message& message, Hits& hits) const {
  const auto first = fields_.lower_bound("header ");
  if (first == fields_.end() || !first->first.starts_with("header ")) return;
  for (const Header& header : message.headers) {
    search("header " + lower_ascii(header.name), header.value, hits);
  }
}

Rulebook::Hits Rulebook::hits_of(const Message& message, const Envelope& envelope,
                                 const std::string& queue) const {
  Hits hits;
  search("subject", message.subject, hits);
  search("body", body_of(message), hits);
  search("queue", queue, hits);
  for (const Address& from : message.from) search("from", from.name + " " + from.address, hits);
  for (const std::string& recipient : envelope.recipients) {
    for (const std::string& form : recipient_forms(desk_, recipient)) search("recipient", form, hits);
  }
  search_headers(message, hits);

  std::ranges::stable_sort(hits, {}, &ConditionHit::condition);
  const auto same = [](const ConditionHit& a, const ConditionHit& b) { return a.condition == b.condition; };
  hits.erase(std::unique(hits.begin(), hits.end(), same), hits.end());  // clang 14 has no ranges::unique
  return hits;
}

std::vector<std::size_t> Rulebook::touched_rules(const Hits& hits) const {
  std::vector<std::size_t> touched = wordless_;
  for (const ConditionHit& hit : hits) touched.push_back(rule_of_[hit.condition]);
  std::ranges::sort(touched);
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  return touched;
}

bool Rulebook::applies(std::size_t number, const Hits& hits) const {
  const Compiled& compiled = rules_[number];
  const auto count = [&](std::size_t first, std::size_t end) {
    return std::ranges::lower_bound(hits, end, {}, &ConditionHit::condition) -
           std::ranges::lower_bound(hits, first, {}, &ConditionHit::condition);
  };
  if (static_cast<std::size_t>(count(compiled.all, compiled.any)) != compiled.any - compiled.all)
    return false;
  if (compiled.any != compiled.none && count(compiled.any, compiled.none) == 0) return false;
  return count(compiled.none, compiled.end) == 0;
}

void Rulebook::apply(std::size_t number, const Hits& hits, Verdict& verdict) const {
  const Compiled& compiled = rules_[number];
  const Rule& rule = desk_.rules[number];
  if (compiled.all == compiled.none) add_hit(verdict, {rule.name, "every message", ""});
  auto hit = std::ranges::lower_bound(hits, compiled.all, {}, &ConditionHit::condition);
  for (; hit != hits.end() && hit->condition < compiled.none; ++hit) {
    add_hit(verdict, {rule.name, places_[hit->condition], hit->hit});
  }
  if (rule.spam == Switch::on) verdict.spam = true;
  if (!verdict.template_name) verdict.template_name = rule.template_name;
  add_tags(verdict, rule.tags);
}

Verdict Rulebook::classify(const Message& message, const Envelope& envelope, const Findings&) const {
  Verdict verdict;
  const Channel* channel = channel_of(desk_, envelope.recipients);
  if (!channel) return verdict;

  const Hits hits = hits_of(message, envelope, channel->queue);
  std::optional<std::string> queue;
  std::optional<Priority> priority;
  for (const std::size_t number : touched_rules(hits)) {
    if (!applies(number, hits)) continue;
    apply(number, hits, verdict);
    if (!queue) queue = desk_.rules[number].queue;
    if (!priority) priority = desk_.rules[number].priority;
  }
  verdict.channel = channel->address;
  verdict.queue = queue.value_or(channel->queue);
  verdict.priority = priority.value_or(Priority::normal);
  if (!is_marked_as_spam(message)) return verdict;

  verdict.spam = true;
  add_hit(verdict, {"spam filter", "header X-Spam-Flag", "yes"});
  return verdict;
}

std::string why(const Verdict& verdict) {
  if (verdict.channel.empty()) return "no recipient is a channel of the desk";
  if (verdict.rules.empty()) return fmt::format("channel {}, no rule applies", verdict.channel);
  const Hit& first = verdict.rules.front();
  if (first.hit.empty()) return fmt::format("rule '{}': {}", first.rule, first.where);
  return fmt::format("rule '{}': {} '{}'", first.rule, first.where, first.hit);
}

}  // namespace postroom
