#include "rules/tags.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "rules/digest.h"
#include "rules/encode.h"

namespace postroom {
namespace {

using nlohmann::json;

constexpr std::string_view prefix = "x-postroom-";
constexpr std::string_view seal_name = "X-Postroom-Seal";
constexpr std::string_view ticket_header = "X-Postroom-Ticket";
constexpr std::size_t seal_column = 72;
constexpr std::size_t longest_seal = 60000;  // libmilter carries 65535 bytes with the name, or fails
constexpr std::size_t ticket_mac_digits = 32;

// Requests that make clients or servers answer the customer (R16).
constexpr std::string_view receipt_requests[] = {
    "disposition-notification-to",  // RFC 8098, 2.1
    "disposition-notification-options",
    "return-receipt-to",
    "return-receipt-requested",
    "read-receipt-to",
    "x-confirm-reading-to",
    "confirm-reading-to",
    "x-confirm-delivery",
    "confirm-delivery-to",
    "generate-delivery-report",  // RFC 2156, X.400
    "notice-requested-upon-delivery-to",
    "x-pmrqc",  // Pegasus
    "x-rcpt-to-confirm",
    "register-mail-reply-requested-by",
};

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string lower_name(std::string_view name) {
  while (!name.empty() && is_white(name.back())) name.remove_suffix(1);  // "Name :" is obsolete, not unknown
  std::string lower{name};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

std::string without_white(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return !is_white(c); });
  return out;
}

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json to_json(const Verdict& verdict) {
  json hits = json::array();
  for (const Hit& hit : verdict.rules) hits.push_back({hit.rule, hit.where, hit.hit});
  json row = {{"channel", verdict.channel}, {"queue", verdict.queue},
              {"spam", verdict.spam},       {"priority", priority_name(verdict.priority)},
              {"tags", verdict.tags},       {"rules", hits},
              {"by", verdict.decided_by}};
  if (verdict.template_name) row["template"] = *verdict.template_name;
  return row;
}

json to_json(const Automatic& automatic) {
  json failed = json::array();
  for (const Failed& one : automatic.failed) {
    failed.push_back({one.recipient, one.status, one.action, one.permanent});
  }
  json row = {{"kind", kind_name(automatic.kind)}, {"reason", automatic.reason}, {"failed", failed}};
  if (automatic.original_message_id) row["original"] = *automatic.original_message_id;
  row["ids"] = automatic.original_ids;
  row["reply_to"] = automatic.original_reply_to;
  return row;
}

json to_json(const Decision& decision) {
  const Customer& customer = decision.customer;
  json form = json::array();
  for (const FormValue& one : decision.form) form.push_back({one.name, one.value});
  return {{"verdict", to_json(decision.verdict)},
          {"automatic", to_json(decision.automatic)},
          {"customer", {customer.name, customer.address, customer.source, customer.phone, customer.status}},
          {"form", form},
          {"language", decision.language},
          {"content", decision.content},
          {"thanks", decision.thanks}};
}

std::optional<std::string> optional_text(const json& row, const char* key) {
  if (!row.contains(key)) return std::nullopt;
  return row.at(key).get<std::string>();
}

Verdict verdict_from(const json& row) {
  Verdict verdict;
  verdict.channel = row.at("channel").get<std::string>();
  verdict.queue = row.at("queue").get<std::string>();
  verdict.spam = row.at("spam").get<bool>();
  verdict.priority = priority_from(row.at("priority").get<std::string>()).value_or(Priority::normal);
  verdict.tags = row.at("tags").get<std::vector<std::string>>();
  verdict.template_name = optional_text(row, "template");
  verdict.decided_by = row.at("by").get<std::string>();
  for (const json& hit : row.at("rules")) verdict.rules.push_back({hit.at(0), hit.at(1), hit.at(2)});
  return verdict;
}

void read_automatic(const json& row, Automatic& automatic) {
  automatic.kind = kind_from(row.at("kind").get<std::string>()).value_or(Automatic::Kind::auto_generated);
  automatic.reason = row.at("reason").get<std::string>();
  for (const json& one : row.at("failed"))
    automatic.failed.push_back({one.at(0), one.at(1), one.at(2), one.at(3)});
  automatic.original_message_id = optional_text(row, "original");
  automatic.original_ids = row.at("ids").get<std::vector<std::string>>();
  automatic.original_reply_to = row.at("reply_to").get<std::vector<std::string>>();
}

Decision decision_from(const json& row) {
  Decision decision;
  decision.verdict = verdict_from(row.at("verdict"));
  read_automatic(row.at("automatic"), decision.automatic);
  const json& customer = row.at("customer");
  decision.customer = {customer.at(0), customer.at(1), customer.at(2), customer.at(3), customer.at(4)};
  for (const json& one : row.at("form")) decision.form.push_back({one.at(0), one.at(1)});
  decision.language = row.at("language").get<std::string>();
  decision.content = row.at("content").get<std::string>();
  decision.thanks = row.at("thanks").get<bool>();
  return decision;
}

// White space does not count: mail systems fold and unfold long lines on the way.
std::string sealed_bytes(std::string_view decision, const Binding& binding) {
  std::string bytes = "postroom seal v1\n";
  for (const std::string* value :
       {&binding.version, &binding.from, &binding.subject, &binding.date, &binding.message_id}) {
    const std::string bare = without_white(*value);
    bytes += fmt::format("{}:{}\n", bare.size(), bare);
  }
  return bytes.append(decision);
}

std::string ticket_bytes(long long ticket, long long message_number) {
  return fmt::format("postroom ticket v1\n{}\n{}\n", ticket, message_number);
}

std::string seal(const Decision& decision, const Binding& binding) {
  const std::string text = dumped(to_json(decision));
  const std::string encoded = base64(text);
  std::string value = "v1;";
  for (std::size_t i = 0; i < encoded.size(); i += seal_column) {
    value += "\n " + encoded.substr(i, seal_column);
  }
  return value + ";\n mac=" + binding.keys.mac(sealed_bytes(text, binding));
}

std::string trace(const Verdict& verdict) {
  std::string text;
  for (const Hit& hit : verdict.rules) {
    if (!text.empty()) text += "; ";
    text += hit.hit.empty() ? fmt::format("{}: {}", hit.rule, hit.where)
                            : fmt::format("{}: {} '{}'", hit.rule, hit.where, hit.hit);
  }
  return text;
}

std::string automatic_line(const Automatic& automatic) {
  if (automatic.kind == Automatic::Kind::none) return "";
  return fmt::format("{}; {}", kind_name(automatic.kind), automatic.reason);
}

// For people and other filters; the seal has the whole values.
std::string form_line(const std::vector<FormValue>& form) {
  constexpr std::size_t longest_value = 120;
  std::string line;
  for (const FormValue& one : form) {
    line += fmt::format("{}{}={}", line.empty() ? "" : "; ", one.name, one_line(one.value, longest_value));
  }
  return line;
}

struct ImportanceRow {
  Priority priority;
  const char* importance;
  const char* x_priority;
};
constexpr ImportanceRow importance_rows[] = {
    {Priority::high, "high", "1 (Highest)"},
    {Priority::low, "low", "5 (Lowest)"},
};

std::optional<long long> number_in(std::string_view text) {
  long long number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// Cuts "rest;" off the front of text.
std::string_view next_field(std::string_view& text) {
  const std::size_t end = std::min(text.find(';'), text.size());
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), end + 1));
  return field;
}

// "name=value" -> value; empty if the name is another.
std::string_view value_of(std::string_view field, std::string_view name) {
  if (!field.starts_with(name)) return {};
  return field.substr(name.size());
}

}  // namespace

Binding binding_of(const Message& message, Keys keys, std::string version) {
  const auto value = [&](std::string_view name) {
    const std::string* found = find_header(message.headers, name);
    return found ? *found : std::string{};
  };
  return {std::move(keys),  std::move(version), value("From"),
          value("Subject"), value("Date"),      value("Message-ID")};
}

bool is_ours(std::string_view header_name) { return lower_name(header_name).starts_with(prefix); }

bool asks_for_receipt(std::string_view header_name) {
  return std::ranges::find(receipt_requests, lower_name(header_name)) != std::end(receipt_requests);
}

std::vector<Header> write_tags(const Decision& decision, const Binding& binding) {
  const Verdict& verdict = decision.verdict;
  if (verdict.channel.empty()) return {};

  const std::vector<Header> lines{
      {"X-Postroom-Queue", verdict.queue},
      {"X-Postroom-Channel", verdict.channel},
      {"X-Postroom-Priority", std::string{priority_name(verdict.priority)}},
      {"X-Postroom-Tags", fmt::format("{}", fmt::join(verdict.tags, ", "))},
      {"X-Postroom-Rules", trace(verdict)},
      {"X-Postroom-Automatic", automatic_line(decision.automatic)},
      {"X-Postroom-Form", form_line(decision.form)},
  };
  std::vector<Header> written;
  for (const Header& line : lines) {
    if (!line.value.empty()) written.push_back({line.name, header_value(line.value)});
  }
  std::string sealed = seal(decision, binding);
  if (sealed.size() <= longest_seal) written.push_back({std::string{seal_name}, std::move(sealed)});
  return written;
}

std::optional<Decision> read_tags(const std::vector<Header>& headers, const Binding& binding) {
  const std::string* value = find_header(headers, seal_name);
  if (!value || value->size() > longest_seal) return std::nullopt;

  const std::string bare = without_white(*value);
  std::string_view rest = bare;
  if (next_field(rest) != "v1") return std::nullopt;
  const std::optional<std::string> text = from_base64(next_field(rest));
  if (!text || !binding.keys.fits(value_of(rest, "mac="), sealed_bytes(*text, binding))) return std::nullopt;

  try {
    return decision_from(json::parse(*text));
  } catch (const json::exception&) {
    return std::nullopt;  // sealed by a program that wrote it otherwise: classified anew
  }
}

std::vector<Header> write_stored_tags(const Decision& decision, const Binding& binding, long long ticket,
                                      long long message_number) {
  std::vector<Header> lines = write_tags(decision, binding);
  lines.insert(lines.begin(), identity_line({ticket, message_number}, binding.keys));
  const auto row = std::ranges::find(importance_rows, decision.verdict.priority, &ImportanceRow::priority);
  if (row == std::end(importance_rows)) return lines;
  lines.push_back({"Importance", row->importance});
  lines.push_back({"X-Priority", row->x_priority});
  return lines;
}

Header identity_line(const StoredIdentity& identity, const Keys& keys) {
  const std::string bytes = ticket_bytes(identity.ticket, identity.message_number);
  const std::string mac = keys.mac(bytes).substr(0, ticket_mac_digits);
  return {std::string{ticket_header},
          fmt::format("{}; message={}; mac={}", identity.ticket, identity.message_number, mac)};
}

std::vector<Header> reply_lines(const Message& message, const Decision& decision) {
  const Customer& customer = decision.customer;
  if (decision.form.empty() || !is_deliverable(customer.address)) return {};
  const std::string wanted = normal_address(customer.address);
  const std::string* given = find_header(message.headers, "Reply-To");
  if (message.reply_to.size() == 1 && normal_address(message.reply_to.front().address) == wanted) return {};
  std::vector<Header> lines{{"Reply-To", header_address(customer.name, customer.address)}};
  if (given) lines.push_back({"X-Postroom-Form-Reply-To", header_value(*given)});
  return lines;
}

std::optional<StoredIdentity> read_identity(std::string_view header_value, const Keys& keys) {
  if (header_value.size() > 200) return std::nullopt;
  const std::string bare = without_white(header_value);
  std::string_view rest = bare;
  const std::optional<long long> ticket = number_in(next_field(rest));
  const std::optional<long long> message = number_in(value_of(next_field(rest), "message="));
  if (!ticket || !message) return std::nullopt;
  if (!keys.fits(value_of(rest, "mac="), ticket_bytes(*ticket, *message), ticket_mac_digits))
    return std::nullopt;
  return StoredIdentity{*ticket, *message};
}

}  // namespace postroom
