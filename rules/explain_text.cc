// The explanation for people, in the order in which they ask: what, why, who, and what it was about.

#include <fmt/format.h>

#include <algorithm>

#include "rules/encode.h"
#include "rules/explain.h"

namespace postroom {
namespace {

constexpr std::size_t longest_line = 2000;
constexpr std::size_t longest_excerpt = 300;

class Explanation {
 public:
  // One line, whatever the value holds: mail must not be able to write to the admin's terminal.
  void add(std::string_view name, std::string_view value, std::size_t most = longest_line) {
    if (value.empty()) return;
    const bool again = name == last_;
    last_ = name;
    text_ += fmt::format("  {:<12} {}\n", again ? "" : one_line(name, 40), one_line(value, most));
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_, last_;
};

std::string shown(const std::string& name, const std::string& address) {
  if (name.empty()) return address.empty() ? "nobody" : address;
  return address.empty() ? name : fmt::format("{} <{}>", name, address);
}

std::string short_verdict(const Explained& explained) {
  const Verdict& verdict = explained.decision.verdict;
  if (verdict.channel.empty()) return "not for the desk";
  std::string line = fmt::format("queue {}, priority {}, {}", verdict.queue, priority_name(verdict.priority),
                                 explained.acknowledge.send ? "acknowledged" : "not acknowledged");
  if (verdict.spam) line += ", spam";
  return line;
}

// Rules that apply and for which the trace had no room. It cuts long names.
std::vector<std::string> untold_rules(const Verdict& verdict) {
  constexpr std::size_t long_name = 96;
  std::vector<std::string> untold = verdict.applied;
  std::erase_if(untold, [&](const std::string& name) {
    return std::ranges::any_of(verdict.rules, [&](const Hit& hit) {
      return name == hit.rule || (hit.rule.size() > long_name && name.starts_with(hit.rule));
    });
  });
  return untold;
}

// Words of one rule found in one place share a line.
void add_rules(const Verdict& verdict, Explanation& lines) {
  for (std::size_t i = 0; i < verdict.rules.size();) {
    const Hit& first = verdict.rules[i];
    std::string what;
    for (; i < verdict.rules.size(); ++i) {
      const Hit& hit = verdict.rules[i];
      if (hit.rule != first.rule || hit.where != first.where) break;
      if (!hit.hit.empty()) what += fmt::format("{} '{}'", what.empty() ? "" : ",", hit.hit);
    }
    lines.add("rule", fmt::format("{}: {}{}", first.rule, first.where, what));
  }
  if (verdict.rules.empty()) lines.add("rule", "none applies: the channel's queue");
  const std::vector<std::string> untold = untold_rules(verdict);
  if (!untold.empty())
    lines.add("rule", fmt::format("and {} more: {}", untold.size(), fmt::join(untold, ", ")));
}

void add_why(const Verdict& verdict, Explanation& lines) {
  if (verdict.channel.empty()) return lines.add("why", why(verdict));
  add_rules(verdict, lines);
  for (const std::string& sentence : verdict.settled) lines.add("settled", sentence);
  lines.add("channel", verdict.channel);
  lines.add("tags", fmt::format("{}", fmt::join(verdict.tags, ", ")));
  lines.add("template", verdict.template_name.value_or(""));
}

void add_automatic(const Automatic& automatic, Explanation& lines) {
  if (automatic.kind == Automatic::Kind::none) return lines.add("automatic", "no: written by a person");
  lines.add("automatic", fmt::format("{}: {}", kind_name(automatic.kind), automatic.reason));
  for (const Failed& failed : automatic.failed) {
    lines.add(failed.action, fmt::format("{} {} ({})", failed.recipient, failed.status,
                                         failed.permanent ? "permanent" : "not permanent"));
  }
  lines.add("about", automatic.original_message_id.value_or(""));
}

void add_customer(const Decision& decision, Explanation& lines) {
  const Customer& customer = decision.customer;
  lines.add("customer", fmt::format("{} ({})", shown(customer.name, customer.address), customer.source));
  lines.add("status", customer.status);
  lines.add("phone", customer.phone);
  for (const FormValue& value : decision.form)
    lines.add("form", fmt::format("{}: {}", value.name, value.value));
}

void add_message(const Message& message, Explanation& lines) {
  lines.add("subject", message.subject);
  lines.add("language", message.language);
  lines.add("text", message.new_text, longest_excerpt);
  if (const auto& forwarded = message.forwarded) {
    lines.add("forwarded", fmt::format("{}: {}", shown(forwarded->from.name, forwarded->from.address),
                                       forwarded->subject));
  }
  for (const Attachment& one : message.attachments) {
    lines.add("attachment", fmt::format("{} ({}, {} bytes)", one.name, one.type, one.size));
  }
  for (const std::string& problem : message.problems) lines.add("note", problem);
}

}  // namespace

std::string explain_text(const Explained& explained) {
  Explanation lines;
  add_why(explained.decision.verdict, lines);
  add_automatic(explained.decision.automatic, lines);
  add_customer(explained.decision, lines);
  lines.add("acknowledge",
            fmt::format("{}: {}", explained.acknowledge.send ? "yes" : "no", explained.acknowledge.reason));
  add_message(explained.message, lines);
  lines.add("took", fmt::format("{} microseconds", explained.micros));
  return one_line(explained.file, 4096) + ": " + one_line(short_verdict(explained), longest_line) + "\n" +
         lines.text();
}

}  // namespace postroom
