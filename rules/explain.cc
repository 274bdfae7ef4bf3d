#include "rules/explain.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "rules/encode.h"

namespace postroom {
namespace {

using json = nlohmann::ordered_json;

json or_null(const std::optional<std::string>& value) { return value ? json(*value) : json(nullptr); }

json to_json(const Address& address) { return {{"name", address.name}, {"address", address.address}}; }

json to_json(const std::vector<Address>& list) {
  json array = json::array();
  for (const Address& address : list) array.push_back(to_json(address));
  return array;
}

json to_json(const std::optional<Forwarded>& forwarded) {
  if (!forwarded) return nullptr;
  return {{"from", to_json(forwarded->from)}, {"subject", forwarded->subject}, {"text", forwarded->text}};
}

json to_json(const std::vector<Attachment>& attachments) {
  json array = json::array();
  for (const Attachment& one : attachments) {
    array.push_back({{"name", one.name}, {"type", one.type}, {"size", one.size}, {"md5", one.md5}});
  }
  return array;
}

json to_json(const Message& message) {
  return {{"from", to_json(message.from.empty() ? Address{} : message.from.front())},
          {"to", to_json(message.to)},
          {"cc", to_json(message.cc)},
          {"reply_to", to_json(message.reply_to)},
          {"subject", message.subject},
          {"date", or_null(message.date)},
          {"message_id", message.message_id},
          {"in_reply_to", message.in_reply_to},
          {"references", message.references},
          {"text", message.text},
          {"new_text", message.new_text},
          {"forwarded", to_json(message.forwarded)},
          {"language", message.language},
          {"attachments", to_json(message.attachments)}};
}

json to_json(const Automatic& automatic) {
  json failed = json::array();
  for (const Failed& one : automatic.failed) {
    failed.push_back({{"recipient", one.recipient},
                      {"status", one.status},
                      {"action", one.action},
                      {"permanent", one.permanent}});
  }
  return {{"kind", kind_name(automatic.kind)},
          {"reason", automatic.reason},
          {"failed", failed},
          {"original_message_id", or_null(automatic.original_message_id)}};
}

json to_json(const Verdict& verdict) {
  json rules = json::array();
  for (const Hit& hit : verdict.rules) {
    rules.push_back({{"rule", hit.rule}, {"where", hit.where}, {"hit", hit.hit}});
  }
  return {{"channel", verdict.channel},
          {"queue", verdict.queue},
          {"priority", priority_name(verdict.priority)},
          {"tags", verdict.tags},
          {"template", or_null(verdict.template_name)},
          {"spam", verdict.spam},
          {"rules", rules}};
}

json to_json(const Customer& customer) {
  return {{"name", customer.name}, {"address", customer.address}, {"source", customer.source}};
}

std::string shown(const std::string& name, const std::string& address) {
  if (name.empty()) return address;
  return fmt::format("{} <{}>", name, address);
}

std::string short_verdict(const Verdict& verdict) {
  if (verdict.channel.empty()) return "not for the desk";
  std::string line = fmt::format("queue {}, priority {}", verdict.queue, priority_name(verdict.priority));
  if (verdict.spam) line += ", spam";
  if (!verdict.tags.empty()) line += fmt::format(", tags {}", fmt::join(verdict.tags, " "));
  if (verdict.template_name) line += ", template " + *verdict.template_name;
  return line;
}

class Lines {
 public:
  // One line, whatever the value holds: mail must not be able to write to the admin's terminal.
  void add(std::string_view name, std::string_view value) {
    if (!value.empty()) text_ += fmt::format("  {:<12} {}\n", name, one_line(value, 2000));
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void add_why(const Verdict& verdict, Lines& lines) {
  if (verdict.channel.empty()) return lines.add("why", why(verdict));
  lines.add("channel", verdict.channel);
  for (const Hit& hit : verdict.rules) {
    const std::string what = hit.hit.empty() ? "" : fmt::format(" '{}'", hit.hit);
    lines.add("rule", fmt::format("{}: {}{}", hit.rule, hit.where, what));
  }
  if (verdict.rules.empty()) lines.add("rule", "none applies");
}

void add_automatic(const Automatic& automatic, Lines& lines) {
  if (automatic.kind == Automatic::Kind::none) return lines.add("automatic", "no");
  lines.add("automatic", fmt::format("{}: {}", kind_name(automatic.kind), automatic.reason));
  for (const Failed& failed : automatic.failed) {
    lines.add(failed.action, fmt::format("{} {} ({})", failed.recipient, failed.status,
                                         failed.permanent ? "permanent" : "not permanent"));
  }
  lines.add("about", automatic.original_message_id.value_or(""));
}

}  // namespace

json explain_json(const Explained& explained) {
  const MayAcknowledge& acknowledge = explained.acknowledge;
  return {{"file", explained.file},
          {"message", to_json(explained.message)},
          {"automatic", to_json(explained.decision.automatic)},
          {"verdict", to_json(explained.decision.verdict)},
          {"customer", to_json(explained.decision.customer)},
          {"acknowledge", {{"send", acknowledge.send}, {"reason", acknowledge.reason}}},
          {"micros", explained.micros}};
}

std::string explain_line(const Explained& explained) {
  return explain_json(explained).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string explain_text(const Explained& explained) {
  const Message& message = explained.message;
  const Decision& decision = explained.decision;
  Lines lines;
  add_why(decision.verdict, lines);
  add_automatic(decision.automatic, lines);
  lines.add("customer", fmt::format("{} ({})", shown(decision.customer.name, decision.customer.address),
                                    decision.customer.source));
  lines.add("acknowledge",
            fmt::format("{}: {}", explained.acknowledge.send ? "yes" : "no", explained.acknowledge.reason));
  lines.add("subject", message.subject);
  lines.add("language", message.language);
  for (const Attachment& one : message.attachments) {
    lines.add("attachment", fmt::format("{} ({}, {} bytes)", one.name, one.type, one.size));
  }
  for (const std::string& problem : message.problems) lines.add("note", problem);
  lines.add("took", fmt::format("{} microseconds", explained.micros));
  return one_line(explained.file, 4096) + ": " + one_line(short_verdict(decision.verdict), 2000) + "\n" +
         lines.text();
}

}  // namespace postroom
