#include "rules/delivery_status.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "rules/quotes.h"
#include "rules/text.h"

namespace postroom {
namespace {

using Fields = std::map<std::string, std::string>;

constexpr std::size_t most_failed = 1000;
constexpr std::size_t report_bytes = 64U << 10;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
  std::string lowered{text};
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

// The groups of fields of message/delivery-status (RFC 3464, 2.1), folded lines joined.
std::vector<Fields> groups_of(std::string_view text) {
  std::vector<Fields> groups{1};
  std::string last;
  for (std::string_view line : split_lines(text)) {
    if (trim_line(line).empty()) {
      if (!groups.back().empty()) groups.emplace_back();
      last.clear();
      continue;
    }
    const bool folded = line.front() == ' ' || line.front() == '\t';
    if (folded && !last.empty()) {
      groups.back()[last] += ' ' + std::string{trim_line(line)};
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    last = lower(trim_line(line.substr(0, colon)));
    // A recipient without an empty line before it begins a group all the same.
    if (last == "final-recipient" && groups.back().contains(last)) groups.emplace_back();
    groups.back().try_emplace(last, trim_line(line.substr(colon + 1)));
  }
  return groups;
}

std::string field(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string{} : found->second;
}

// "rfc822; <ivan@example.org>" -> "ivan@example.org"
std::string recipient_in(std::string_view value) {
  const std::size_t type = value.find(';');
  if (type != value.npos) value.remove_prefix(type + 1);
  value = trim_line(value);
  const std::size_t open = value.find('<');
  if (open != value.npos) value = value.substr(open + 1, value.find('>', open) - open - 1);
  const std::size_t route = value.starts_with('@') ? value.find(':') : value.npos;  // RFC 5321, 4.1.1.3
  if (route != value.npos) value.remove_prefix(route + 1);
  return std::string{trim_line(value.substr(0, value.find(' ')))};
}

std::string recipient_of(const Fields& fields) {
  for (const char* name : {"final-recipient", "original-recipient", "x-actual-recipient"}) {
    std::string recipient = recipient_in(field(fields, name));
    if (recipient.find('@') != recipient.npos) return recipient;
  }
  return recipient_in(field(fields, "final-recipient"));
}

// The field if it says anything; "5.0.0" says no more than "failed", and then the diagnosis is better.
std::string status_of(const Fields& fields) {
  std::string status = enhanced_status(field(fields, "status"));
  if (!status.empty() && !status.ends_with(".0.0") && !status.ends_with(".4.7")) return status;
  const std::string diagnosed = enhanced_status(field(fields, "diagnostic-code"));
  const bool same_class = status.empty() || diagnosed.empty() || status[0] == diagnosed[0];
  return diagnosed.empty() || !same_class ? status : diagnosed;
}

std::string action_of(const Fields& fields, const std::string& status) {
  const std::string action = lower(field(fields, "action"));
  for (std::string_view known : {"failed", "delayed", "delivered", "relayed", "expanded"}) {
    if (action.starts_with(known)) return std::string{known};
  }
  return status.starts_with('2') ? "delivered" : "failed";
}

struct Outcome {
  std::vector<Failed> failed;
  bool delivered = false;
};

void add(Outcome& outcome, const Fields& fields) {
  if (!fields.contains("final-recipient") && !fields.contains("original-recipient")) return;
  Failed one;
  one.recipient = recipient_of(fields);
  one.status = status_of(fields);
  one.action = action_of(fields, one.status);
  if (one.action != "failed" && one.action != "delayed") {
    outcome.delivered = true;
    return;
  }
  if (one.status.starts_with('2')) one.status.clear();
  one.permanent = one.action == "failed" && !one.status.starts_with('4');
  if (outcome.failed.size() < most_failed) outcome.failed.push_back(std::move(one));
}

Outcome outcome_of(std::string_view text) {
  Outcome outcome;
  if (text.find("inal-") == text.npos) return outcome;  // neither Final- nor Original-Recipient
  for (const Fields& fields : groups_of(text)) add(outcome, fields);
  return outcome;
}

void join(Outcome& all, Outcome more) {
  all.delivered = all.delivered || more.delivered;
  for (Failed& one : more.failed) {
    if (all.failed.size() < most_failed) all.failed.push_back(std::move(one));
  }
}

bool is_delivery_status(std::string_view type) { return type.ends_with("delivery-status"); }

// A status that begins at `i`; empty if none does: "192.0.2.5.1" holds none.
std::string_view status_at(std::string_view text, std::size_t i) {
  const bool begins = i == 0 || (!is_digit(text[i - 1]) && text[i - 1] != '.');
  if (!begins || (text[i] != '2' && text[i] != '4' && text[i] != '5') || text[i + 1] != '.') return {};
  std::size_t end = i + 2;
  while (end < text.size() && is_digit(text[end])) ++end;
  const std::size_t subject = end - i - 2;
  if (subject < 1 || subject > 3 || end >= text.size() || text[end] != '.') return {};
  const std::size_t detail = ++end;
  while (end < text.size() && is_digit(text[end])) ++end;
  const bool ends =
      end == text.size() || text[end] != '.' || end + 1 == text.size() || !is_digit(text[end + 1]);
  return end > detail && end - detail <= 3 && ends ? text.substr(i, end - i) : std::string_view{};
}

// "550 5.7.1", "550-5.7.1", "550-'5.7.1", "550 #5.7.1": what the server itself has answered (RFC 2034).
bool follows_reply_code(std::string_view text, std::size_t i) {
  std::size_t at = i;
  while (at > 0 && i - at < 3 && std::string_view{" -'#"}.find(text[at - 1]) != std::string_view::npos) --at;
  return at < i && at >= 3 && (text[at - 3] == '4' || text[at - 3] == '5') && is_digit(text[at - 2]) &&
         is_digit(text[at - 1]) && (at == 3 || !is_digit(text[at - 4]));
}

}  // namespace

std::string enhanced_status(std::string_view text) {
  std::string_view first, answered;
  for (std::size_t i = 0; i + 4 < text.size(); ++i) {
    const std::string_view status = status_at(text, i);
    if (status.empty()) continue;
    if (first.empty()) first = status;
    // RFC 3463, 3.5: X.4.7 gives way to the code of what prevented the delivery.
    const bool better = answered.empty() || (answered.ends_with(".4.7") && answered[0] == status[0]);
    if (better && follows_reply_code(text, i)) answered = status;
    i += status.size() - 1;
  }
  return std::string{answered.empty() ? first : answered};
}

int reply_code(std::string_view text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if ((text[i] != '4' && text[i] != '5') || text[i + 1] > '7' || !is_digit(text[i + 1]) ||
        !is_digit(text[i + 2])) {
      continue;
    }
    const char before = i == 0 ? ' ' : text[i - 1];
    const char after = i + 3 == text.size() ? ' ' : text[i + 3];
    const bool alone = !is_digit(before) && before != '.' && !is_digit(after) && after != '.' &&
                       before != '-' &&
                       (after == ' ' || after == '-' || after == ':' || after == ']' || after == ')');
    if (alone) return std::atoi(std::string{text.substr(i, 3)}.c_str());
  }
  return 0;
}

std::vector<Failed> failed_fields(std::string_view text) { return outcome_of(text).failed; }

std::string header_in(std::string_view text, std::string_view name) {
  std::string value;
  bool found = false;
  for (std::string_view line : split_lines(cut_utf8(text, report_bytes))) {
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    if (found && !folded) break;
    if (found) value += ' ' + std::string{trim_line(line)};
    const bool begins = !folded && line.size() > name.size() && line[name.size()] == ':';
    if (found || !begins || lower(line.substr(0, name.size())) != name) continue;
    value = std::string{trim_line(line.substr(name.size() + 1))};
    found = true;
  }
  return value;
}

std::optional<Automatic> delivery_report(const Message& message, const MailSystem& system) {
  const bool top = message.content_type == "multipart/report" || is_delivery_status(message.content_type);
  if (!top && system.sum() < 2) return std::nullopt;
  Outcome outcome;
  bool found = top && message.report_type == "delivery-status";
  for (const ReportPart& part : message.reports) {
    if (!is_delivery_status(part.type)) continue;
    found = true;
    join(outcome, outcome_of(part.text));
  }
  if (outcome.failed.empty() && !outcome.delivered && (found || system.sum() >= 2)) {
    join(outcome, outcome_of(cut_utf8(message.text, report_bytes)));
    found = found || !outcome.failed.empty();
  }
  if (!found) return std::nullopt;

  Automatic report;
  const bool any_failed = std::any_of(outcome.failed.begin(), outcome.failed.end(),
                                      [](const Failed& one) { return one.action == "failed"; });
  report.kind = Automatic::Kind::bounce;
  if (!outcome.failed.empty() && !any_failed) report.kind = Automatic::Kind::delayed;
  if (outcome.failed.empty() && outcome.delivered) report.kind = Automatic::Kind::receipt;
  report.reason = "delivery status notification";
  report.failed = std::move(outcome.failed);
  return report;
}

std::string original_id_field(const Message& message) {
  for (const ReportPart& part : message.reports) {
    if (!part.type.ends_with("disposition-notification")) continue;
    std::string id = recipient_in(field(groups_of(part.text).front(), "original-message-id"));
    if (!id.empty()) return id;
  }
  return {};
}

}  // namespace postroom
