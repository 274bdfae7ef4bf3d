#include "lmtp/syntax.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "rules/digest.h"

namespace postroom {
namespace {

struct Form {
  std::string_view name;
  bool (*fits)(std::string_view value);
};

bool one_of(std::string_view value, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return same_word(value, word); });
}

bool is_nothing(std::string_view value) { return value.empty(); }

// RFC 1870, 4: 1 to 20 digits.
bool is_size(std::string_view value) {
  return !value.empty() && value.size() <= 20 && value.find_first_not_of("0123456789") == value.npos;
}

bool is_body(std::string_view value) { return one_of(value, {"7BIT", "8BITMIME"}); }

// We send no reports to senders (RFC 3461): such wishes are of no interest, and no reason to refuse mail that
// Postfix has accepted.
bool is_anything(std::string_view) { return true; }

constexpr std::array mail_forms{Form{"SIZE", is_size}, Form{"BODY", is_body}, Form{"SMTPUTF8", is_nothing},
                                Form{"RET", is_anything}, Form{"ENVID", is_anything}};
constexpr std::array rcpt_forms{Form{"NOTIFY", is_anything}, Form{"ORCPT", is_anything}};

template <typename Forms>
std::optional<Reply> check(const std::vector<Parameter>& parameters, const Forms& forms) {
  for (const Parameter& parameter : parameters) {
    const auto form = std::find_if(forms.begin(), forms.end(),
                                   [&](const Form& each) { return same_word(each.name, parameter.name); });
    // 455, not 555 (RFC 5321, 4.1.1.11): a parameter that we did not offer is no reason to bounce mail.
    if (form == forms.end())
      return Reply{455, "4.5.1", fmt::format("parameter {} is not known", parameter.name)};
    if (!form->fits(parameter.value)) return Reply{501, "5.5.4", fmt::format("bad value of {}", form->name)};
  }
  return std::nullopt;
}

// Position after the '>' that closes the path that begins at 0 with '<'; nullopt if there is none.
std::optional<std::size_t> end_of_path(std::string_view text) {
  bool quoted = false;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '\\') {
      ++at;
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '>') return at + 1;
    if (c == '<' || c == ' ') return std::nullopt;
  }
  return std::nullopt;
}

bool is_dot_atom(std::string_view text) {
  constexpr std::string_view special = "()<>[]:;@\\,\" ";
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  return text.find("..") == text.npos && text.find_first_of(special) == text.npos;
}

// RFC 5321, 4.1.2: "joe"@x and joe@x are the same mailbox, and the form without quotes is the one to use.
std::string without_needless_quotes(std::string_view address) {
  if (!address.starts_with('"')) return std::string{address};
  std::string local;
  std::size_t at = 1;
  for (; at < address.size() && address[at] != '"'; ++at) {
    if (address[at] == '\\' && at + 1 < address.size()) ++at;
    local += address[at];
  }
  if (at >= address.size() || !is_dot_atom(local)) return std::string{address};
  return local.append(address.substr(at + 1));
}

// RFC 5321, appendix C: a source route is accepted and ignored.
std::string_view without_route(std::string_view address) {
  if (!address.starts_with('@')) return address;
  const auto colon = address.find(':');
  return colon == address.npos ? address : address.substr(colon + 1);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<Path> parse_path(std::string_view argument, std::string_view keyword) {
  const auto colon = argument.find(':');
  if (colon == argument.npos || !same_word(argument.substr(0, colon), keyword)) return std::nullopt;
  argument.remove_prefix(colon + 1);
  argument.remove_prefix(std::min(argument.find_first_not_of(' '), argument.size()));
  if (!argument.starts_with('<')) return std::nullopt;

  const auto end = end_of_path(argument);
  if (!end) return std::nullopt;
  const std::string_view rest = argument.substr(*end);
  if (!rest.empty() && !rest.starts_with(' ')) return std::nullopt;

  const std::string_view address = without_route(argument.substr(1, *end - 2));
  return Path{without_needless_quotes(address), parse_parameters(rest)};
}

std::vector<Parameter> parse_parameters(std::string_view words) {
  std::vector<Parameter> parameters;
  for (;;) {
    words.remove_prefix(std::min(words.find_first_not_of(' '), words.size()));
    if (words.empty()) return parameters;
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(word.size());
    const auto sign = word.find('=');
    const auto value = sign == word.npos ? std::string_view{} : word.substr(sign + 1);
    parameters.push_back({word.substr(0, sign), value});
  }
}

std::optional<Reply> check_mail_parameters(const std::vector<Parameter>& parameters) {
  return check(parameters, mail_forms);
}

std::optional<Reply> check_rcpt_parameters(const std::vector<Parameter>& parameters) {
  return check(parameters, rcpt_forms);
}

std::optional<std::string_view> find_parameter(const std::vector<Parameter>& parameters,
                                               std::string_view name) {
  for (const Parameter& parameter : parameters)
    if (same_word(parameter.name, name)) return parameter.value;
  return std::nullopt;
}

std::string bounded_orcpt(std::string_view value) {
  constexpr std::size_t longest = 500, kept = 200;  // RFC 3461, 4.2: 500
  if (value.size() <= longest) return std::string{value};
  return fmt::format("{}#{}", value.substr(0, kept), sha256_hex(value));
}

std::optional<std::string> from_xtext(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '+') {
      plain += text[at];
      continue;
    }
    if (text.size() - at < 3) return std::nullopt;
    const int high = hex_digit(text[at + 1]), low = hex_digit(text[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    plain += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return plain;
}

bool same_word(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace postroom
