#include "lmtp/stored.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "rules/tags.h"

namespace postroom {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

// The line at the start of the text, line end included.
std::string_view first_line(std::string_view text) {
  const auto end = text.find('\n');
  return end == std::string_view::npos ? text : text.substr(0, end + 1);
}

// "\r\r\n" is stored as "\r\n", which readers take for the end of the header, too.
bool is_empty(std::string_view line) { return line == "\n" || line == "\r\n" || line == "\r\r\n"; }

bool is_continuation(std::string_view text) {
  return !text.empty() && (text.front() == ' ' || text.front() == '\t');
}

// The name of a field (RFC 5322, 2.2, and 4.5 for white space before the colon); empty if it is none.
std::string_view name_of(std::string_view line) {
  std::string_view name = line.substr(0, std::min(line.find(':'), line.size()));
  if (name.size() == line.size()) return {};
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
  const bool good = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c != 0x7F; });
  return good ? name : std::string_view{};
}

void append_with_lf(std::string& out, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto cr = bytes.find("\r\n");
    if (cr == std::string_view::npos) break;
    out.append(bytes.substr(0, cr)) += '\n';
    bytes.remove_prefix(cr + 2);
  }
  out.append(bytes);
}

// What a peer says about itself may end up in a header line, but may not start another.
std::string one_word(std::string_view text, std::size_t most) {
  std::string word{text.substr(0, most)};
  for (char& c : word) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7F || c == '<' || c == '>') c = '?';
  }
  return word;
}

std::string unfolded(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c != '\r' && c != '\n') out += c;
  }
  out.erase(0, std::min(out.find_first_not_of(" \t"), out.size()));
  return out;
}

// Of all our lines only Reply-To may stand but once (rules/tags.h, reply_lines()).
bool is_replaced(const std::vector<Header>& own, std::string_view name) {
  constexpr std::string_view unique = "Reply-To";
  return same_name(name, unique) && std::ranges::find(own, unique, &Header::name) != own.end();
}

}  // namespace

std::optional<RawField> RawFields::next() {
  const std::string_view line = first_line(rest_);
  if (line.empty() || is_empty(line)) return std::nullopt;
  std::size_t size = line.size();
  while (is_continuation(rest_.substr(size))) size += first_line(rest_.substr(size)).size();
  const RawField field{name_of(line), rest_.substr(0, size)};
  rest_.remove_prefix(size);
  return field;
}

std::string_view from_first_received(std::string_view data) {
  RawFields fields{data};
  while (const auto field = fields.next()) {
    if (!same_name(field->name, "Received")) continue;
    return data.substr(static_cast<std::size_t>(field->bytes.data() - data.data()));
  }
  return data;
}

std::string queue_id_in(std::string_view data) {
  RawFields fields{data};
  auto field = fields.next();
  while (field && !same_name(field->name, "Received")) field = fields.next();
  if (!field) return {};

  std::string line = unfolded(field->bytes);
  std::replace(line.begin(), line.end(), '\t', ' ');
  const auto by = line.find(" by ");
  const auto id = line.find(" id ", by == std::string::npos ? 0 : by);
  if (id == std::string::npos) return {};
  const std::string word = line.substr(id + 4, line.find_first_of(" ;", id + 4) - id - 4);
  constexpr std::size_t longest = 40;
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
  });
  return plain && word.size() <= longest ? word : std::string{};
}

std::vector<std::string> header_values(std::string_view text, std::string_view name) {
  std::vector<std::string> values;
  RawFields fields{text};
  while (const auto field = fields.next()) {
    if (same_name(field->name, name))
      values.push_back(unfolded(field->bytes.substr(field->bytes.find(':') + 1)));
  }
  return values;
}

std::vector<Header> trace_lines(const Incoming& incoming, const std::string& host, MessageNumber number,
                                Time at) {
  constexpr std::size_t longest = 320;
  const std::string peer = incoming.peer.empty() ? "unknown" : one_word(incoming.peer, longest);
  const auto when = fmt::gmtime(std::chrono::system_clock::to_time_t(at));
  return {
      {"Return-Path", fmt::format("<{}>", one_word(incoming.sender, longest))},
      {"Received", fmt::format("from {}\n by {} (postroom) with LMTP id {};\n {:%a, %d %b %Y %H:%M:%S} +0000",
                               peer, one_word(host, longest), number, when)}};
}

std::string stored_text(std::string_view data, const std::vector<Header>& own) {
  std::string out;
  std::size_t size = data.size();
  for (const Header& header : own) size += header.name.size() + header.value.size() + 3;
  out.reserve(size);
  for (const Header& header : own) out.append(header.name).append(": ").append(header.value) += '\n';
  RawFields fields{data};
  while (const auto field = fields.next()) {
    if (!is_ours(field->name) && !asks_for_receipt(field->name) && !is_replaced(own, field->name))
      append_with_lf(out, field->bytes);
  }
  append_with_lf(out, fields.rest());
  return out;
}

}  // namespace postroom
