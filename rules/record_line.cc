#include "rules/record_line.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules/address.h"
#include "rules/digest.h"
#include "rules/text.h"
#include "rules/utf8.h"

namespace postroom {
namespace {

using nlohmann::json;

constexpr std::string_view record_name = "X-Postroom-Record";
constexpr std::string_view ordinary_priority = "normal";
constexpr std::size_t column = 72;
constexpr std::size_t mac_digits = 32;
constexpr std::size_t longest_value = 250000;  // a reader takes 256 KiB of header lines (rules/message.h)
constexpr std::size_t longest_list = 20000, longest_text = 1000, longest_tag = 100,
                      longest_note = 4000;  // JSON may write a byte as six
constexpr std::size_t most_tags = 32, most_links = 100, most_messages = 5000;
constexpr std::size_t most_lines = 10;  // of that name, looked at
constexpr std::int64_t last_ms =        // what the clock can tell
    std::chrono::duration_cast<std::chrono::milliseconds>(Time::duration::max()).count();

std::string without_white(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out),
                       [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
  return out;
}

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string bounded_text(std::string_view text, std::size_t most) {
  return std::string{cut_utf8(valid_utf8(text), most)};
}

std::int64_t ms_of(Time at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

Time time_of(std::int64_t ms) {
  return Time{std::chrono::milliseconds{std::clamp<std::int64_t>(ms, 0, last_ms)}};
}

// What is empty is not written: a line stands in every file.
void add(json& row, const char* key, std::string_view text, std::size_t most = longest_text) {
  if (!text.empty()) row[key] = bounded_text(text, most);
}

// Pairs of texts, as many as there is room for.
class Pairs {
 public:
  void add(std::string_view one, std::string_view other) {
    json row = {bounded_text(one, longest_text), bounded_text(other, longest_text)};
    bytes_ += dumped(row).size();
    if (bytes_ <= longest_list) rows_.push_back(std::move(row));
  }
  json rows() && { return std::move(rows_); }

 private:
  json rows_ = json::array();
  std::size_t bytes_ = 0;
};

json keys_json(const FileRecord& record) {
  Pairs pairs;  // one that is left out does no harm: the digest alone tells a repetition
  for (const auto& [recipient, orcpt] : record.keys) pairs.add(recipient, orcpt);
  return std::move(pairs).rows();
}

json people_json(const std::vector<Address>& people) {
  Pairs pairs;
  for (const Address& person : people) pairs.add(person.name, person.address);
  return std::move(pairs).rows();
}

json links_json(const std::vector<Link>& links) {
  json rows = json::array();
  for (const Link& link : links) {
    if (rows.size() == most_links) break;
    rows.push_back({link.other, relation_name(link.relation)});
  }
  return rows;
}

json change_json(const TicketChange& change) {
  json row = {{"do", change_name(change.kind)}, {"ticket", change.ticket}};
  add(row, "who", change.who);
  add(row, "why", change.why, longest_note);
  add(row, "person", change.person);
  add(row, "queue", change.queue);
  if (change.kind == TicketChange::Kind::set_priority) row["priority"] = priority_name(change.priority);
  if (change.other != 0) row["other"] = change.other;
  if (change.messages.empty()) return row;
  const auto count = std::min(change.messages.size(), most_messages);
  row["messages"] = std::vector<MessageNumber>(change.messages.begin(),
                                               change.messages.begin() + static_cast<std::ptrdiff_t>(count));
  return row;
}

void add_opening(json& row, const FileRecord& record) {
  row["opens"] = true;
  add(row, "queue", record.queue);
  add(row, "channel", record.channel);
  if (record.priority != ordinary_priority) add(row, "priority", record.priority);
  add(row, "name", record.customer.name);
  add(row, "customer", record.customer.address);
  add(row, "why", record.why);
  json tags = json::array();
  for (const std::string& tag : record.tags)
    if (tags.size() < most_tags) tags.push_back(bounded_text(tag, longest_tag));
  if (!tags.empty()) row["tags"] = std::move(tags);
}

json to_json(const FileRecord& record) {
  json row = {{"ticket", record.ticket}, {"message", record.message}, {"at", ms_of(record.at)}};
  if (record.kind != "inbound") add(row, "kind", record.kind);
  add(row, "digest", record.digest);
  add(row, "id", record.queue_id);
  if (!record.keys.empty()) row["keys"] = keys_json(record);
  if (record.opens) add_opening(row, record);
  if (!record.links.empty()) row["links"] = links_json(record.links);
  if (!record.participants.empty()) row["people"] = people_json(record.participants);
  if (record.automatic != "none") add(row, "auto", record.automatic);
  add(row, "content", record.content);
  if (record.change) row["change"] = change_json(*record.change);
  return row;
}

std::string signed_bytes(std::string_view text) { return std::string{"postroom record v1\n"}.append(text); }

std::optional<TicketChange> change_from_json(const json& row) {
  const auto kind = change_from(row.at("do").get<std::string>());
  if (!kind) return std::nullopt;  // of a later version
  TicketChange change;
  change.kind = *kind;
  change.ticket = row.at("ticket").get<TicketNumber>();
  change.who = row.value("who", "");
  change.why = row.value("why", "");
  change.person = row.value("person", "");
  change.queue = row.value("queue", "");
  change.priority = priority_from(row.value("priority", "")).value_or(Priority::normal);
  change.other = row.value("other", TicketNumber{0});
  change.messages = row.value("messages", std::vector<MessageNumber>{});
  return change;
}

FileRecord record_from(const json& row) {
  FileRecord record;
  record.ticket = row.at("ticket").get<TicketNumber>();
  record.message = row.at("message").get<MessageNumber>();
  record.at = time_of(row.at("at").get<std::int64_t>());
  record.kind = row.value("kind", "inbound");
  record.digest = row.value("digest", "");
  record.queue_id = row.value("id", "");
  for (const json& key : row.value("keys", json::array())) record.keys.emplace_back(key.at(0), key.at(1));
  record.opens = row.value("opens", false);
  record.queue = row.value("queue", "");
  record.channel = row.value("channel", "");
  if (record.opens) record.priority = row.value("priority", std::string{ordinary_priority});
  record.tags = row.value("tags", std::vector<std::string>{});
  record.customer = {row.value("name", ""), row.value("customer", "")};
  record.why = row.value("why", "");
  for (const json& link : row.value("links", json::array())) {
    const auto relation = relation_from(link.at(1).get<std::string>());
    if (relation) record.links.push_back({link.at(0).get<TicketNumber>(), *relation});
  }
  for (const json& person : row.value("people", json::array()))
    record.participants.push_back({person.at(0), person.at(1)});
  record.automatic = row.value("auto", "none");
  record.content = row.value("content", "");
  if (row.contains("change")) record.change = change_from_json(row.at("change"));
  return record;
}

bool is_record(std::string_view name) {
  return normal_address(name) == normal_address(record_name);  // ASCII letters in lower case
}

std::optional<FileRecord> read_value(std::string_view value, const Keys& keys) {
  constexpr std::string_view version = "v1;", mac_name = ";mac=";
  if (value.size() > longest_value) return std::nullopt;
  const std::string bare = without_white(value);
  const auto end = bare.rfind(mac_name);
  if (!bare.starts_with(version) || end == std::string::npos || end < version.size()) return std::nullopt;
  const std::string_view line = bare;
  const auto text = from_base64(line.substr(version.size(), end - version.size()));
  if (!text || !keys.fits(line.substr(end + mac_name.size()), signed_bytes(*text), mac_digits))
    return std::nullopt;
  try {
    return record_from(json::parse(*text));
  } catch (const json::exception&) {
    return std::nullopt;  // signed by a program that wrote it otherwise
  }
}

}  // namespace

Header write_record(const FileRecord& record, const Keys& keys) {
  const std::string text = dumped(to_json(record));
  const std::string encoded = base64(text);
  std::string value = "v1;";
  for (std::size_t i = 0; i < encoded.size(); i += column) value += "\n " + encoded.substr(i, column);
  value += ";\n mac=" + keys.mac(signed_bytes(text)).substr(0, mac_digits);
  return {std::string{record_name}, std::move(value)};
}

std::optional<FileRecord> read_record(const std::vector<Header>& headers, TicketNumber ticket,
                                      MessageNumber message, const Keys& keys) {
  std::size_t seen = 0;
  for (const Header& header : headers) {
    if (!is_record(header.name)) continue;
    if (++seen > most_lines) return std::nullopt;
    auto record = read_value(header.value, keys);
    if (record && record->ticket == ticket && record->message == message) return record;
  }
  return std::nullopt;
}

}  // namespace postroom
