#include "schema/show.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace postroom {
namespace {

struct Range {
  char32_t first, last;
};

constexpr Range combining[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},
                               {0x64b, 0x65f},   {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2069},
                               {0x20d0, 0x20f0}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}};
constexpr Range wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},  {0xac00, 0xd7a3},
                          {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},  {0xffe0, 0xffe6},
                          {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

template <std::size_t size>
bool is_in(const Range (&ranges)[size], char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::size_t width_of(char32_t c) {
  if (is_in(combining, c)) return 0;
  return is_in(wide, c) ? 2 : 1;
}

// C0, DEL, and C1 as UTF-8 (0xc2 0x80 to 0xc2 0x9f).
std::string printable(std::string_view text) {
  std::string clean;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c1) ++i;
    clean += c1 || byte < 0x20 || byte == 0x7f ? '?' : text[i];
  }
  return clean;
}

std::string local_folder(const Place& place) {
  std::string name = place.mailbox;
  for (const std::string& folder : place.folder) name += "/" + folder;
  return name;
}

std::string comma_list(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string person(const std::string& name, const std::string& address) {
  return name.empty() ? address : fmt::format("{} <{}>", name, address);
}

std::string state_of(const TicketRow& ticket) {
  return ticket.merged_into == 0 ? ticket.status : fmt::format("merged into {}", ticket.merged_into);
}

std::string number_or_dash(std::int64_t number) { return number == 0 ? "-" : std::to_string(number); }

}  // namespace

std::string rfc3339(Time time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  char32_t c = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool continues = (byte & 0xc0) == 0x80;
    const unsigned lead = byte < 0x80 ? byte : byte & (byte < 0xe0 ? 0x1fU : byte < 0xf0 ? 0x0fU : 0x07U);
    c = continues ? (c << 6) | (byte & 0x3f) : lead;
    const bool ends = i + 1 == utf8.size() || (static_cast<unsigned char>(utf8[i + 1]) & 0xc0) != 0x80;
    if (ends) width += width_of(c);
  }
  return width;
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  if (rows.size() < 2) return {};
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(printable(row[i])));

  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = printable(row[i]);
      line += cell + std::string(widths[i] - display_width(cell) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string tickets_text(const std::vector<TicketRow>& tickets) {
  std::vector<std::vector<std::string>> rows{
      {"TICKET", "CREATED", "QUEUE", "PRIORITY", "STATUS", "OWNER", "CUSTOMER", "SUBJECT"}};
  for (const TicketRow& ticket : tickets)
    rows.push_back({std::to_string(ticket.number), rfc3339(ticket.created), ticket.queue, ticket.priority,
                    state_of(ticket), ticket.owner.empty() ? "-" : ticket.owner, ticket.customer_address,
                    ticket.subject});
  return aligned(rows);
}

std::string events_text(const std::vector<EventRow>& events) {
  std::vector<std::vector<std::string>> rows{{"AT", "TICKET", "MESSAGE", "WHO", "WHAT", "WHY"}};
  for (const EventRow& event : events)
    rows.push_back({rfc3339(event.at), number_or_dash(event.ticket), number_or_dash(event.message), event.who,
                    event.what, event.why});
  return aligned(rows);
}

Whole whole_ticket(Store& store, const TicketRow& ticket, int most_events) {
  return {ticket, store.messages(ticket.number), store.events(ticket.number, most_events),
          store.links(ticket.number), store.participants(ticket.number)};
}

std::string whole_text(const Whole& whole) {
  const TicketRow& ticket = whole.ticket;
  std::vector<std::vector<std::string>> lines{
      {"ticket", std::to_string(ticket.number)},
      {"subject", ticket.subject},
      {"customer", person(ticket.customer_name, ticket.customer_address)},
      {"queue", ticket.queue},
      {"channel", ticket.channel},
      {"priority", ticket.priority},
      {"status", ticket.status},
      {"owner", ticket.owner.empty() ? "-" : ticket.owner},
      {"tags", ticket.tags.empty() ? "-" : comma_list(ticket.tags)},
      {"created", rfc3339(ticket.created)},
      {"updated", rfc3339(ticket.updated)}};
  if (ticket.merged_into != 0) lines.push_back({"merged into", std::to_string(ticket.merged_into)});
  for (const CustomerRow& one : whole.participants)
    lines.push_back({"participant", person(one.name, one.address)});
  for (const Link& link : whole.links)
    lines.push_back({"link", fmt::format("{} ticket {}", relation_name(link.relation), link.other)});
  const std::string text = aligned(lines);
  std::vector<std::vector<std::string>> rows{{"MESSAGE", "AT", "KIND", "SENDER", "FOLDER", "FILE"}};
  for (const MessageRow& message : whole.messages)
    rows.push_back({std::to_string(message.number), rfc3339(message.at), message.kind,
                    message.sender.empty() ? "<>" : message.sender,
                    message.place ? local_folder(*message.place) : "-",
                    message.place ? message.place->file : "-"});
  return text + "\n" + aligned(rows) + "\n" + events_text(whole.events);
}

std::string customer_text(const CustomerRow& customer, const std::string& listed) {
  const auto word = [](const std::string& status) { return status.empty() ? std::string{"-"} : status; };
  return aligned({{"customer", person(customer.name, customer.address)},
                  {"status", word(customer.status)},
                  {"listed", word(listed)},
                  {"same as", customer.same_as.empty() ? "-" : comma_list(customer.same_as)}});
}

}  // namespace postroom
