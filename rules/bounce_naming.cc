#include "rules/bounce_naming.h"

#include <algorithm>

#include "rules/address.h"
#include "rules/match.h"

namespace postroom {
namespace {

struct Label {
  std::string_view ends;  // of the folded text before the address
  Naming naming;
};

constexpr Label labels[] = {
    {"mail from:", Naming::other},
    {"mail from", Naming::other},
    {"envelope-from", Naming::other},
    {"envelope from", Naming::other},
    {"reply-to:", Naming::other},
    {"return-path:", Naming::other},
    {"from:", Naming::other},
    {"sender:", Naming::other},
    {"sender", Naming::other},
    {"from", Naming::other},
    {"cc:", Naming::other},
    {"subject:", Naming::other},
    {"-id:", Naming::other},
    {" id", Naming::other},
    {"mailto:", Naming::other},
    {"contact", Naming::other},
    {"mail to", Naming::mention},
    {"message to", Naming::recipient},
    {"messages to", Naming::recipient},
    {"write to", Naming::other},
    {"sorry", Naming::other},
    {"dear", Naming::other},
    {"hello", Naming::other},
    {"helo", Naming::other},
    {"rcpt to:", Naming::reply},
    {"rcpt to", Naming::reply},
    {"rcpt:", Naming::reply},
    {"expanded from:", Naming::recipient},
    {"intended recipient:", Naming::recipient},
    {"recipient:", Naming::recipient},
    {"recipients:", Naming::recipient},
    {"recipient", Naming::recipient},
    {"rfc822;", Naming::recipient},
    {"smtp=", Naming::recipient},
    {"could not be delivered to:", Naming::recipient},
    {"delivered to:", Naming::recipient},
    {"delivered to", Naming::recipient},
    {"deliver to", Naming::recipient},
    {"delivering your mail to", Naming::recipient},
    {"mailbox", Naming::recipient},
    {"mailbox:", Naming::recipient},
    {"user:", Naming::recipient},
    {"user", Naming::recipient},
    {"account", Naming::recipient},
    {"allowed size:", Naming::recipient},
    {"address:", Naming::recipient},
    {"addresses:", Naming::recipient},
    {"unknown:", Naming::recipient},
    {"failed:", Naming::recipient},
    {"failed for", Naming::recipient},
    {"errors:", Naming::recipient},
    {"error:", Naming::recipient},
    {"unknown user", Naming::recipient},
    {"for", Naming::recipient},
    {"to:", Naming::mention},
    {"宛先:", Naming::recipient},
    {"адрес:", Naming::recipient},
    {"адресу", Naming::recipient},
    {"получатель:", Naming::recipient},
    {"empfänger:", Naming::recipient},
    {"destinataire:", Naming::recipient},
    {"destinatario:", Naming::recipient},
    {"odbiorca:", Naming::recipient},
};

std::string_view trimmed(std::string_view text, std::string_view what) {
  const std::size_t first = std::min(text.find_first_not_of(what), text.size());
  const std::size_t last = text.find_last_not_of(what);
  return last == text.npos ? std::string_view{} : text.substr(first, last - first + 1);
}

bool is_reply_code(std::string_view text) {
  return !text.empty() && (text.front() == '4' || text.front() == '5') &&
         text.find_first_not_of("0123456789. -#") == text.npos;
}

}  // namespace

Naming naming_of(std::string_view line, std::string_view address) {
  const auto begin = static_cast<std::size_t>(address.data() - line.data());
  const std::string before = fold(line.substr(0, begin));
  const std::string_view label = trimmed(before, " <(['\"");
  const std::string_view bullet = trimmed(label, "*-•>·|+#0123456789.) ");
  const std::string behind = fold(trimmed(line.substr(begin + address.size()), " >\"'").substr(0, 30));
  if (is_reply_code(label)) return behind.starts_with("sender") ? Naming::other : Naming::reply;
  if (bullet.empty()) return Naming::recipient;
  for (const Label& row : labels) {
    if (label.ends_with(row.ends)) return row.naming;
  }
  return label.ends_with(':') && label.find("id") == label.npos ? Naming::recipient : Naming::mention;
}

std::string_view address_around(std::string_view line, std::size_t at) {
  std::size_t begin = at, end = at + 1;
  while (begin > 0 && is_address_char(line[begin - 1]) && at - begin < 320) --begin;
  while (end < line.size() && is_address_char(line[end]) && end - at < 320) ++end;
  std::string_view address = line.substr(begin, end - begin);
  const std::size_t type = address.find('=');  // X.400: "SMTP=ivan@example.org"
  if (type == 4 && fold(address.substr(0, 4)) == "smtp") address.remove_prefix(5);
  while (!address.empty() && std::string_view{".-'*/"}.find(address.back()) != std::string_view::npos)
    address.remove_suffix(1);
  while (!address.empty() && std::string_view{"'/*"}.find(address.front()) != std::string_view::npos)
    address.remove_prefix(1);
  const std::size_t middle = address.find('@');
  const bool host = middle != address.npos && address.find('.', middle) != address.npos;
  return host && is_deliverable(address) ? address : std::string_view{};
}

bool is_address_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  const bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
  return letter || (byte >= '0' && byte <= '9') || byte >= 0x80 ||
         std::string_view{"._+-=#&'/%*!~?$"}.find(c) != std::string_view::npos;
}

std::vector<std::string> addresses_in(std::string_view text) {
  std::vector<std::string> found;
  for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    if (found.size() >= 100) break;
    const std::string_view address = address_around(text, at);
    if (!address.empty()) found.emplace_back(address);
  }
  return found;
}

}  // namespace postroom
