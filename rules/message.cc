#include "rules/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "rules/message_gmime.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t most_group_colons = 100;
constexpr std::string_view address_fields[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc"};

void start_gmime() {
  static std::once_flag once;
  std::call_once(once, [] { g_mime_init(); });
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && g_ascii_strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// Where the header section ends: behind the last line before the empty one.
std::size_t header_end(std::string_view bytes) {
  std::size_t line = 0;
  while (line < bytes.size()) {
    const std::size_t end = bytes.find('\n', line);
    if (bytes[line] == '\n' || bytes.substr(line, 2) == "\r\n") return line;
    if (end == std::string_view::npos) break;
    line = end + 1;
  }
  return bytes.size();
}

// A "From " line on top is an mbox's, not the message's (RFC 4155).
std::string_view without_mbox_line(std::string_view bytes) {
  if (!bytes.starts_with("From ") && !bytes.starts_with(">From ")) return bytes;
  const std::size_t end = bytes.find('\n');
  return end == std::string_view::npos ? std::string_view{} : bytes.substr(end + 1);
}

// GMime follows at most 1024 levels, but compares every line with the boundary of every open level: a
// message of nothing but boundaries costs seconds. So their number is bounded before it starts.
bool has_too_many_boundaries(std::string_view bytes, std::size_t most) {
  std::size_t count = 0;
  for (std::size_t at = bytes.find('='); at != std::string_view::npos; at = bytes.find('=', at + 1)) {
    if (at >= 8 && same_name(bytes.substr(at - 8, 8), "boundary") && ++count > most) return true;
  }
  return false;
}

// Reads a field with its folded lines and counts ':' as long as it may hold addresses.
class GroupCounter {
 public:
  // Blanks in front of a name do not keep GMime from reading it.
  void start_line(std::string_view line) {
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    if (folded && addresses_) return;
    addresses_ = names_addresses(line);
    colons_ = 0;
  }
  bool is_one_too_many() { return addresses_ && ++colons_ > most_group_colons; }

 private:
  static bool names_addresses(std::string_view line) {
    std::string_view name = line.substr(0, line.find(':'));
    while (name.starts_with(' ') || name.starts_with('\t')) name.remove_prefix(1);
    while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
    return std::any_of(std::begin(address_fields), std::end(address_fields),
                       [&](std::string_view field) { return same_name(field, name); });
  }

  bool addresses_ = false;
  std::size_t colons_ = 0;
};

// GMime follows groups of addresses ("a:b:c:") by recursion without end, in attached messages too. The
// places of the ':' that are too many, in all fields of addresses wherever they stand.
std::vector<std::size_t> surplus_colons(std::string_view bytes) {
  std::vector<std::size_t> surplus;
  GroupCounter counter;
  for (std::size_t line = 0; line < bytes.size();) {
    const std::string_view text = bytes.substr(line, bytes.substr(line).find('\n'));
    counter.start_line(text);
    for (std::size_t at = text.find(':'); at != text.npos; at = text.find(':', at + 1)) {
      if (counter.is_one_too_many()) surplus.push_back(line + at);
    }
    line += text.size() + 1;
  }
  return surplus;
}

// A message that begins with its text, as little programs send it: no line on top is a field.
bool has_no_header(std::string_view bytes) {
  const std::string_view section = bytes.substr(0, std::min<std::size_t>(header_end(bytes), 2000));
  const std::string_view top = section.substr(0, section.find('\n'));
  std::string_view name = top.substr(0, top.find(':'));
  while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
  if (top.empty() || (name.size() < top.size() && name.find_first_of(" \t") == name.npos)) return false;
  for (std::string_view field :
       {"\nFrom:", "\nTo:", "\nSubject:", "\nDate:", "\nReceived:", "\nMIME-Version:", "\nMessage-I",
        "\nContent-T", "\nReturn-Path:", "\nX-", "\nDKIM-Signature:"}) {
    if (section.find(field) != section.npos) return false;
  }
  return true;
}

// The bytes to be parsed, and what had to be left out.
struct Bounded {
  std::string_view bytes;
  std::string copy;  // owns `bytes` where something was left out
  std::vector<std::string> problems;
};

Bounded cut(std::string_view bytes, const MessageLimits& limits, Reading reading) {
  Bounded bounded;
  if (bytes.size() > limits.bytes) {
    bounded.problems.push_back(fmt::format("longer than {} bytes: the rest was not read", limits.bytes));
    bytes = bytes.substr(0, limits.bytes);
  }
  bytes = without_mbox_line(bytes);
  if (has_no_header(bytes)) {
    bounded.problems.push_back("no header: read as text");
    bounded.copy = "\n";
    bounded.copy += bytes;
    bytes = bounded.copy;
  }
  const std::size_t end = header_end(bytes);
  const bool only_headers = reading == Reading::headers || has_too_many_boundaries(bytes, limits.parts);
  if (only_headers && reading == Reading::whole) {
    bounded.problems.push_back(fmt::format("more than {} boundaries: the body was not read", limits.parts));
  }
  bounded.bytes = only_headers ? bytes.substr(0, end) : bytes;
  if (end <= limits.header_bytes) return bounded;

  bounded.problems.push_back(
      fmt::format("header section longer than {} bytes: the rest was not read", limits.header_bytes));
  const std::size_t line = bytes.substr(0, limits.header_bytes).rfind('\n');
  std::string kept{bytes.substr(0, line == std::string_view::npos ? 0 : line + 1)};
  if (!only_headers) kept += bytes.substr(end);
  bounded.copy = std::move(kept);  // last, for `bytes` may lie in it
  bounded.bytes = bounded.copy;
  return bounded;
}

Bounded bound(std::string_view bytes, const MessageLimits& limits, Reading reading) {
  Bounded bounded = cut(bytes, limits, reading);
  const std::vector<std::size_t> surplus = surplus_colons(bounded.bytes);
  if (surplus.empty()) return bounded;
  bounded.problems.push_back(
      fmt::format("more than {} groups in a field of addresses: read as one", most_group_colons));
  if (bounded.copy.empty()) bounded.copy = bounded.bytes;
  for (const std::size_t at : surplus) bounded.copy[at] = ' ';
  bounded.bytes = bounded.copy;
  return bounded;
}

Owned<GMimeMessage> parse(std::string_view bytes) {
  if (bytes.empty()) return nullptr;
  const Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
  const Owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
  return Owned<GMimeMessage>{g_mime_parser_construct_message(parser.get(), nullptr)};
}

void append(std::vector<Address>& list, std::vector<Address> more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void set_content_type(Message& message, std::string_view raw) {
  if (!message.content_type.empty()) return;
  ContentType type = parse_content_type(raw);
  message.content_type = std::move(type.type);
  message.report_type = std::move(type.report_type);
}

void set_message_id(Message& message, std::string_view raw) {
  const std::vector<std::string> ids = parse_ids(unfold(raw));
  if (message.message_id.empty() && !ids.empty()) message.message_id = ids.front();
}

using Raw = std::string_view;

// Headers that mean something to us. Of a repeated header the first counts, as mail programs show it.
struct Known {
  std::string_view name;
  void (*set)(Message& message, Raw raw);
};
const Known known[] = {
    {"From", [](Message& m, Raw raw) { append(m.from, parse_addresses(raw)); }},
    {"To", [](Message& m, Raw raw) { append(m.to, parse_addresses(raw)); }},
    {"Cc", [](Message& m, Raw raw) { append(m.cc, parse_addresses(raw)); }},
    {"Reply-To", [](Message& m, Raw raw) { append(m.reply_to, parse_addresses(raw)); }},
    {"Subject",
     [](Message& m, Raw raw) {
       if (m.subject.empty()) m.subject = decode_value(raw);
     }},
    {"Date",
     [](Message& m, Raw raw) {
       if (!m.date) m.date = parse_date(raw);
     }},
    {"Message-ID", set_message_id},
    {"In-Reply-To",
     [](Message& m, Raw raw) {
       if (m.in_reply_to.empty()) m.in_reply_to = parse_ids(unfold(raw));
     }},
    {"References",
     [](Message& m, Raw raw) {
       if (m.references.empty()) m.references = parse_ids(unfold(raw));
     }},
    {"Content-Type", set_content_type},
};

// One field with the lines folded into it; ill-formed lines belong to none and are passed over.
void read_header(Message& message, std::string_view field) {
  const std::size_t colon = field.find(':');
  if (colon == field.npos || colon == 0) return;
  std::string_view name = field.substr(0, colon);
  while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
  if (name.empty() || name.find_first_of(" \t\r\n") != name.npos) return;
  const std::string_view raw = field.substr(colon + 1);
  for (const Known& row : known) {
    if (same_name(row.name, name)) row.set(message, raw);
  }
  message.headers.push_back({valid_utf8(name), decode_value(raw)});
}

// Length of the field on top of `section`: its line and the folded ones below (RFC 5322, 2.2.3).
std::size_t field_length(std::string_view section) {
  std::size_t end = section.find('\n');
  while (end != section.npos && end + 1 < section.size() &&
         (section[end + 1] == ' ' || section[end + 1] == '\t')) {
    end = section.find('\n', end + 1);
  }
  return end == section.npos ? section.size() : end + 1;
}

void read_headers(Message& message, std::string_view section, const MessageLimits& limits) {
  while (!section.empty()) {
    if (message.headers.size() == limits.headers) {
      message.problems.push_back(
          fmt::format("more than {} header fields: the rest was not read", limits.headers));
      return;
    }
    const std::size_t length = field_length(section);
    read_header(message, section.substr(0, length));
    section.remove_prefix(length);
  }
}

// A subject that says nothing is a reply's if the mail names the one it answers.
SubjectKind kind_of(const Message& message) {
  const SubjectKind kind = subject_kind(message.subject);
  return kind == SubjectKind::plain && !message.in_reply_to.empty() ? SubjectKind::reply : kind;
}

// An attached message is a forwarded one if the subject says so, or nothing much is written beside it.
bool is_forwarded(const Message& message, const DecodedBody& body) {
  constexpr std::size_t short_text = 300;
  if (!body.enclosed || message.content_type == "multipart/report") return false;
  return kind_of(message) == SubjectKind::forward || message.new_text.size() < short_text;
}

}  // namespace

Message read_message(std::string_view bytes, const MessageLimits& limits, Reading reading) {
  start_gmime();
  Message message;
  message.size = bytes.size();
  const Bounded bounded = bound(bytes, limits, reading);
  message.problems = bounded.problems;
  read_headers(message, bounded.bytes.substr(0, header_end(bounded.bytes)), limits);
  if (message.content_type.empty()) message.content_type = "text/plain";  // RFC 2045, 5.2
  if (reading == Reading::headers) return message;

  const Owned<GMimeMessage> mime = parse(bounded.bytes);
  GMimeObject* root = mime ? g_mime_message_get_mime_part(mime.get()) : nullptr;
  DecodedBody body;
  if (root) {
    body = read_body(root, limits);
    message.text = std::move(body.text);
    message.beside = std::move(body.beside);
    message.attachments = std::move(body.attachments);
    message.reports = std::move(body.reports);
    message.problems.insert(message.problems.end(), body.problems.begin(), body.problems.end());
  }
  message.new_text = new_text(message.text);
  message.forwarded = forwarded_in(message.text, kind_of(message));
  if (!message.forwarded && is_forwarded(message, body)) message.forwarded = std::move(body.enclosed);
  message.language = language_of(message.new_text.empty() ? message.subject : message.new_text);
  return message;
}

const std::string* find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const Header& header) { return same_name(header.name, name); });
  return found == headers.end() ? nullptr : &found->value;
}

}  // namespace postroom
