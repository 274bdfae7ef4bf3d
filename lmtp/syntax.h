#pragma once
// Arguments of MAIL, RCPT and XFORWARD: RFC 5321, 4.1.2; RFC 3461, 4 and 5; Postfix XFORWARD_README. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lmtp/deliver.h"

namespace postroom {

// "SIZE=1000", "SMTPUTF8". Points into the command line.
struct Parameter {
  std::string_view name, value;
};

struct Path {
  std::string address;  // without <> and source route; quoted local part only if it needs the quotes
  std::vector<Parameter> parameters;
};

// "FROM:<a@b.example> SIZE=1" for keyword "FROM". The address may be empty, lack a domain or be no valid
// UTF-8: who may write and to whom is not a question of syntax. nullopt: there is no path in brackets.
std::optional<Path> parse_path(std::string_view argument, std::string_view keyword);

// Words between spaces, each a Parameter.
std::vector<Parameter> parse_parameters(std::string_view words);

// nullopt: all are known and well-formed; else the reply (455 unknown, 501 bad value).
std::optional<Reply> check_mail_parameters(const std::vector<Parameter>& parameters);
std::optional<Reply> check_rcpt_parameters(const std::vector<Parameter>& parameters);

// Value of the parameter; nullopt if it is not there.
std::optional<std::string_view> find_parameter(const std::vector<Parameter>& parameters,
                                               std::string_view name);

// As given; of one that is too long the beginning and a digest of it all, so that two stay two.
std::string bounded_orcpt(std::string_view value);

// RFC 3461, 4: "a+2Bb" -> "a+b". nullopt for a '+' without two upper-case hexadecimal digits.
std::optional<std::string> from_xtext(std::string_view text);

// ASCII letters compare without case; for verbs and keywords.
bool same_word(std::string_view one, std::string_view other);

}  // namespace postroom
