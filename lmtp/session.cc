#include "lmtp/session.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "lmtp/syntax.h"

namespace postroom {
namespace {

constexpr unsigned in(Phase phase) { return 1U << static_cast<unsigned>(phase); }

constexpr unsigned greeted = in(Phase::ready) | in(Phase::mail) | in(Phase::rcpt);
constexpr unsigned always = in(Phase::start) | greeted;

enum class Argument { none, any };

constexpr std::size_t longest_text = 400;  // RFC 5321, 4.5.3.1.5: a reply line has 512 bytes at most

// Texts may quote what others wrote: a line end in them would forge a reply.
std::string say(const Reply& reply) {
  std::string text = reply.text.substr(0, longest_text);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c >= 0 && (c < ' ' || c == 0x7f); }, '?');
  return fmt::format("{} {} {}\r\n", reply.code, reply.enhanced, text);
}

bool has_control(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) { return c >= 0 && (c < ' ' || c == 0x7f); });
}

std::size_t to_size(std::string_view digits) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  return error == std::errc{} ? size : std::numeric_limits<std::size_t>::max();
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// A queue id goes into the log and into the key of the delivery.
bool is_queue_id(std::string_view id) {
  return id.size() <= 100 && std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

constexpr std::string_view attributes[] = {"NAME", "ADDR", "PORT", "PROTO", "HELO", "SOURCE", "IDENT"};

}  // namespace

struct Session::Command {
  std::string_view verb;
  unsigned allowed;
  Argument argument;
  std::string (Session::*does)(std::string_view argument);
  std::string_view otherwise;  // text of 503
};

const Session::Command Session::commands[] = {
    {"LHLO", always, Argument::any, &Session::lhlo, ""},
    {"MAIL", in(Phase::ready), Argument::any, &Session::mail, "LHLO first, and one MAIL for one message"},
    {"RCPT", in(Phase::mail) | in(Phase::rcpt), Argument::any, &Session::rcpt, "MAIL first"},
    {"DATA", in(Phase::mail) | in(Phase::rcpt), Argument::none, &Session::data, "MAIL and RCPT first"},
    {"RSET", always, Argument::none, &Session::rset, ""},
    {"NOOP", always, Argument::any, &Session::noop, ""},
    {"QUIT", always, Argument::none, &Session::quit, ""},
    {"VRFY", always, Argument::any, &Session::vrfy, ""},
    {"HELP", always, Argument::any, &Session::help, ""},
    {"XFORWARD", in(Phase::ready), Argument::any, &Session::xforward, "LHLO first, and before MAIL"},
    {"EHLO", always, Argument::any, &Session::use_lhlo, ""},  // RFC 2033, 4.1
    {"HELO", always, Argument::any, &Session::use_lhlo, ""},
    // A web browser that was led to a loopback port must not talk on.
    {"GET", always, Argument::any, &Session::forbidden, ""},
    {"POST", always, Argument::any, &Session::forbidden, ""},
    {"CONNECT", always, Argument::any, &Session::forbidden, ""},
};

Session::Session(std::string host, SessionLimits limits, RefuseRecipient refuse)
    : host_{std::move(host)}, limits_{limits}, refuse_{std::move(refuse)} {}

std::string Session::greeting() const { return fmt::format("220 {} LMTP\r\n", host_); }

std::string Session::command(std::string_view line) {
  const std::string reply = run(line);
  if (bad_ < limits_.bad_commands) return reply;
  return leave({421, "4.7.0", "too many bad commands"});
}

std::string Session::line_too_long() {
  const std::string reply = bad({500, "5.5.2", "line too long"});
  if (bad_ < limits_.bad_commands) return reply;
  return leave({421, "4.7.0", "too many bad commands"});
}

std::string Session::run(std::string_view line) {
  if (has_control(line)) return bad({500, "5.5.2", "control characters in the command"});
  line = trimmed(line);
  const std::string_view verb = line.substr(0, line.find(' '));
  const std::string_view argument = trimmed(line.substr(verb.size()));

  const auto known = std::find_if(std::begin(commands), std::end(commands),
                                  [&](const Command& each) { return same_word(each.verb, verb); });
  if (known == std::end(commands)) return bad({500, "5.5.1", "command not known"});
  if (!(known->allowed & in(phase_))) return bad({503, "5.5.1", std::string{known->otherwise}});
  if (known->argument == Argument::none && !argument.empty())
    return bad({501, "5.5.4", fmt::format("{} takes no argument", known->verb)});
  return (this->*known->does)(argument);
}

std::string Session::lhlo(std::string_view argument) {
  if (argument.empty()) return bad({501, "5.5.4", "LHLO needs your name"});
  reset();
  peer_ = argument.substr(0, 255);
  phase_ = Phase::ready;
  return fmt::format(
      "250-{}\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE {}\r\n250-ENHANCEDSTATUSCODES\r\n"
      "250-DSN\r\n250 XFORWARD {}\r\n",
      host_, limits_.message, fmt::join(attributes, " "));
}

std::string Session::mail(std::string_view argument) {
  const auto path = parse_path(argument, "FROM");
  if (!path) return bad({501, "5.1.7", "MAIL FROM:<address> is expected"});
  if (const auto refused = check_mail_parameters(path->parameters)) return bad(*refused);
  const auto size = find_parameter(path->parameters, "SIZE");
  if (size && to_size(*size) > limits_.message)  // RFC 1870, 6.1: for ever, waiting does not shrink it
    return say({552, "5.3.4", fmt::format("message is bigger than {} bytes", limits_.message)});

  incoming_.sender = path->address;
  phase_ = Phase::mail;
  return say({250, "2.1.0", "sender ok"});
}

std::string Session::rcpt(std::string_view argument) {
  const auto path = parse_path(argument, "TO");
  if (!path || path->address.empty()) return bad({501, "5.1.3", "RCPT TO:<address> is expected"});
  if (const auto refused = check_rcpt_parameters(path->parameters)) return bad(*refused);
  if (incoming_.recipients.size() >= limits_.recipients)
    return say({452, "4.5.3", "too many recipients, send the rest with another MAIL"});
  if (const auto refused = refuse_(path->address)) return say(*refused);

  const auto orcpt = find_parameter(path->parameters, "ORCPT");
  incoming_.recipients.push_back({path->address, bounded_orcpt(orcpt.value_or(""))});
  phase_ = Phase::rcpt;
  return say({250, "2.1.5", "recipient ok"});
}

std::string Session::data(std::string_view) {
  // RFC 2033, 4.2. No bad command: Postfix pipelines DATA behind recipients that are all refused.
  if (phase_ == Phase::mail) return say({503, "5.5.1", "no recipient was accepted"});
  phase_ = Phase::data;
  return "354 end with <CR><LF>.<CR><LF>\r\n";
}

std::string Session::rset(std::string_view) {
  reset();
  return say({250, "2.0.0", "ok"});
}

std::string Session::noop(std::string_view) { return say({250, "2.0.0", "ok"}); }

std::string Session::quit(std::string_view) { return leave({221, "2.0.0", "bye"}); }

std::string Session::vrfy(std::string_view) { return say({252, "2.5.0", "send it, and see"}); }

std::string Session::help(std::string_view) {
  return say({214, "2.0.0", "LHLO XFORWARD MAIL RCPT DATA RSET NOOP VRFY QUIT"});
}

std::string Session::xforward(std::string_view argument) {
  const auto given = parse_parameters(argument);
  if (given.empty()) return bad({501, "5.5.4", "XFORWARD needs attributes"});
  for (const Parameter& each : given) {
    const auto known = std::find_if(std::begin(attributes), std::end(attributes),
                                    [&](std::string_view name) { return same_word(name, each.name); });
    const auto value = from_xtext(each.value);
    if (known == std::end(attributes) || !value) return bad({501, "5.5.4", "bad attribute of XFORWARD"});
    if (*known != "IDENT") continue;
    if (!is_queue_id(*value)) return bad({501, "5.5.4", "bad IDENT"});
    incoming_.queue_id = same_word(*value, "[UNAVAILABLE]") ? "" : *value;
  }
  return say({250, "2.0.0", "ok"});
}

std::string Session::use_lhlo(std::string_view) { return bad({500, "5.5.1", "this is LMTP, use LHLO"}); }

std::string Session::forbidden(std::string_view) { return leave({421, "4.7.0", "this is no web server"}); }

Incoming Session::take(std::string data) {
  waiting_ = incoming_.recipients.size();
  incoming_.peer = peer_;
  incoming_.data = std::move(data);
  return std::exchange(incoming_, {});
}

std::string Session::answer(const std::vector<Reply>& replies) {
  const Reply missing{451, "4.3.0", "no result, try again"};
  std::string all;
  for (std::size_t at = 0; at < waiting_; ++at) all += say(at < replies.size() ? replies[at] : missing);
  bad_ = 0;
  reset();
  return all;
}

std::string Session::answer_all(const Reply& reply) { return answer(std::vector<Reply>(waiting_, reply)); }

std::string Session::stopping() { return leave({421, "4.3.2", "the service stops, try again"}); }

std::string Session::timed_out() { return leave({421, "4.4.2", "nothing heard for too long"}); }

std::string Session::broken() {
  const Reply reply{451, "4.3.0", "internal error, try again"};
  const std::size_t most =
      std::max<std::size_t>({waiting_, phase_ == Phase::data ? incoming_.recipients.size() : 0, 1});
  std::string all;
  for (std::size_t at = 0; at < most; ++at) all += say(reply);
  phase_ = Phase::quit;
  return all;
}

std::string Session::bad(const Reply& reply) {
  ++bad_;
  return say(reply);
}

std::string Session::leave(const Reply& reply) {
  phase_ = Phase::quit;
  return say(reply);
}

// XFORWARD's attributes are of one message, too: a queue id must not stay for the next one.
void Session::reset() {
  incoming_ = {};
  waiting_ = 0;
  if (phase_ != Phase::start) phase_ = Phase::ready;
}

const char* phase_name(Phase phase) {
  static constexpr const char* names[] = {"start", "ready", "mail", "rcpt", "data", "quit"};
  return names[static_cast<std::size_t>(phase)];
}

}  // namespace postroom
