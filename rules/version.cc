#include "rules/version.h"

#include <fmt/format.h>

#include "rules/digest.h"
#include "rules/stem.h"

namespace postroom {
namespace {

// Every value with its length, so that no two desks look alike.
class Record {
 public:
  void add(std::string_view text) { text_ += fmt::format("{}:{};", text.size(), text); }
  void add(std::size_t number) { text_ += fmt::format("{};", number); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void add_words(Record& record, const std::vector<std::string>& words) {
  record.add(words.size());
  for (const std::string& word : words) record.add(word);
}

void add_conditions(Record& record, const std::vector<Condition>& conditions) {
  record.add(conditions.size());
  for (const Condition& condition : conditions) {
    record.add(static_cast<std::size_t>(condition.field));
    record.add(condition.name);
    add_words(record, condition.words);
  }
}

void add_optional(Record& record, const std::optional<std::string>& value) {
  record.add(value ? std::size_t{1} : std::size_t{0});
  record.add(value.value_or(""));
}

void add_rule(Record& record, const Rule& rule) {
  record.add(rule.name);
  record.add(rule.weight ? fmt::format("{}", *rule.weight) : std::string{});
  add_conditions(record, rule.all);
  add_conditions(record, rule.any);
  add_conditions(record, rule.none);
  add_optional(record, rule.queue);
  record.add(rule.priority ? priority_name(*rule.priority) : std::string_view{});
  add_words(record, rule.tags);
  add_optional(record, rule.template_name);
  record.add(static_cast<std::size_t>(rule.spam));
}

void add_form(Record& record, const WebForm& form) {
  record.add(form.fields.size());
  for (const FormField& field : form.fields) {
    record.add(field.name);
    record.add(field.pattern);
  }
  record.add(static_cast<std::size_t>(form.reply_to));
}

void add_customers(Record& record, const std::vector<KnownCustomer>& customers) {
  record.add(customers.size());
  for (const KnownCustomer& customer : customers) {
    record.add(customer.address);
    record.add(customer.status);
  }
}

void add_limits(Record& record, const MessageLimits& limits) {
  for (const std::size_t limit :
       {limits.bytes, limits.text, limits.header_bytes, limits.headers, limits.parts, limits.depth}) {
    record.add(limit);
  }
}

}  // namespace

std::string version_of(const Desk& desk) {
  Record record;
  record.add(std::string_view{&desk.recipient_delimiter, 1});
  record.add(static_cast<std::size_t>(desk.duplicates.channel));
  record.add(desk.channels.size());
  for (const Channel& channel : desk.channels) {
    record.add(channel.address);
    record.add(channel.queue);
    record.add(static_cast<std::size_t>(channel.general));
    record.add(channel.form ? std::size_t{1} : std::size_t{0});
    if (channel.form) add_form(record, *channel.form);
  }
  add_customers(record, desk.customers);
  record.add(desk.queues.size());
  for (const Queue& queue : desk.queues) {
    record.add(queue.name);
    record.add(queue.from);
  }
  record.add(desk.operators.size());
  for (const Operator& person : desk.operators) record.add(person.login);
  add_words(record, languages_of(desk));
  record.add(desk.time_zone);
  record.add(desk.rules.size());
  for (const Rule& rule : desk.rules) add_rule(record, rule);
  add_limits(record, desk.message);
  return sha256_hex(record.text()).substr(0, 16);
}

}  // namespace postroom
