#include <algorithm>

#include "rules/encoded_word.h"
#include "rules/message_gmime.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t most_ids = 200;
constexpr std::size_t most_addresses = 2000;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

struct FreeOptions {
  void operator()(GMimeParserOptions* options) const { g_mime_parser_options_free(options); }
};

// Loose, because encoded words in the wild hold blanks, touch other text and stand in quoted strings.
GMimeParserOptions* loose() {
  static const std::unique_ptr<GMimeParserOptions, FreeOptions> options = [] {
    std::unique_ptr<GMimeParserOptions, FreeOptions> made{g_mime_parser_options_new()};
    g_mime_parser_options_set_rfc2047_compliance_mode(made.get(), GMIME_RFC_COMPLIANCE_LOOSE);
    g_mime_parser_options_set_address_compliance_mode(made.get(), GMIME_RFC_COMPLIANCE_LOOSE);
    return made;
  }();
  return options.get();
}

// Line breaks and tabs inside an encoded word would break whoever writes the value into a line.
std::string one_line(std::string text) {
  std::replace_if(text.begin(), text.end(), is_space, ' ');
  return std::string{trimmed(text)};
}

std::string_view without_scheme(std::string_view address) {
  return address.substr(0, 7) == "mailto:" ? address.substr(7) : address;
}

void collect(InternetAddressList* list, std::vector<Address>& into) {
  for (int i = 0; i < internet_address_list_length(list) && into.size() < most_addresses; ++i) {
    InternetAddress* one = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_GROUP(one)) {
      InternetAddressList* members = internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one));
      if (members) collect(members, into);
      continue;
    }
    if (!INTERNET_ADDRESS_IS_MAILBOX(one)) continue;
    const char* address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
    const char* name = internet_address_get_name(one);
    into.push_back({one_line(decode_words(valid_utf8(name ? name : ""))),
                    one_line(valid_utf8(without_scheme(address ? address : "")))});
  }
}

bool is_address_end(char c) {
  return is_space(c) || c == '<' || c == '>' || c == ',' || c == ';' || c == '"' || c == '(' || c == ')' ||
         c == '[' || c == ']';
}

// What a person would take for the address in a line that follows no grammar.
std::vector<Address> salvage(std::string_view plain) {
  std::vector<Address> found;
  for (std::size_t at = plain.find('@'); at != std::string_view::npos && found.size() < most_addresses;) {
    std::size_t begin = at, end = at;
    while (begin > 0 && !is_address_end(plain[begin - 1])) --begin;
    while (end < plain.size() && !is_address_end(plain[end])) ++end;
    const std::string_view address = without_scheme(plain.substr(begin, end - begin));
    if (is_deliverable(address)) found.push_back({{}, std::string{address}});
    at = plain.find('@', end);
  }
  return found;
}

std::string lower(const char* text) {
  const OwnedText lowered{g_ascii_strdown(text ? text : "", -1)};
  return valid_utf8(lowered.get());
}

// Outlook users separate addresses with ';', which ends a group (RFC 5322, 3.4): where there is no group, it
// is a ','.
std::string with_commas(std::string plain) {
  bool quoted = false;
  const std::string before = plain;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] == '"' && (i == 0 || plain[i - 1] != '\\')) quoted = !quoted;
    if (!quoted && plain[i] == ':' && plain.compare(i - std::min<std::size_t>(i, 6), 6, "mailto") != 0)
      return before;
    if (!quoted && plain[i] == ';') plain[i] = ',';
  }
  return plain;
}

}  // namespace

std::string unfold(std::string_view raw) {
  std::string value{trimmed(raw)};
  value.erase(std::remove_if(value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n'; }),
              value.end());
  return value;
}

std::string decode_value(std::string_view raw) { return std::string{trimmed(decode_words(unfold(raw)))}; }

std::vector<Address> parse_addresses(std::string_view raw) {
  const std::string plain = with_commas(normal_words(unfold(raw)));
  std::vector<Address> addresses;
  const Owned<InternetAddressList> list{internet_address_list_parse(loose(), plain.c_str())};
  if (list) collect(list.get(), addresses);
  const bool usable = std::any_of(addresses.begin(), addresses.end(), [](const Address& one) {
    return one.address.find('@') != std::string::npos;
  });
  if (usable || plain.find('@') == std::string::npos) return addresses;
  std::vector<Address> salvaged = salvage(plain);
  return salvaged.empty() ? addresses : salvaged;
}

std::optional<std::string> parse_date(std::string_view raw) {
  const std::string plain = unfold(raw);
  GDateTime* local = g_mime_utils_header_decode_date(plain.c_str());
  if (!local) return std::nullopt;
  GDateTime* utc = g_date_time_to_utc(local);
  g_date_time_unref(local);
  if (!utc) return std::nullopt;
  const OwnedText text{g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ")};
  g_date_time_unref(utc);
  if (!text) return std::nullopt;
  return std::string{text.get()};
}

// Of very many ids the first, which begins a thread, and the last, which are the nearest, say the most.
std::vector<std::string> parse_ids(std::string_view value) {
  std::vector<std::string_view> ids;
  const bool bracketed = value.find('<') != std::string_view::npos;
  while (!value.empty()) {
    const std::size_t begin = bracketed ? value.find('<') : value.find_first_not_of(" \t,");
    if (begin == std::string_view::npos) break;
    value.remove_prefix(begin + (bracketed ? 1 : 0));
    const std::size_t end = std::min(value.find_first_of(bracketed ? "<>" : " \t,"), value.size());
    const std::string_view id = trimmed(value.substr(0, end));
    if (!id.empty() && (bracketed || id.find('@') != std::string_view::npos)) ids.push_back(id);
    value.remove_prefix(end);
  }
  if (ids.size() > most_ids) ids.erase(ids.begin() + 1, ids.end() - (most_ids - 1));
  return {ids.begin(), ids.end()};
}

ContentType parse_content_type(std::string_view raw) {
  const std::string plain = normal_words(unfold(raw));
  const Owned<GMimeContentType> parsed{g_mime_content_type_parse(loose(), plain.c_str())};
  if (!parsed) return {};
  const OwnedText type{g_mime_content_type_get_mime_type(parsed.get())};
  return {lower(type.get()), lower(g_mime_content_type_get_parameter(parsed.get(), "report-type"))};
}

}  // namespace postroom
