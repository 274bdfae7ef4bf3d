#include "rules/acknowledge.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/match.h"

namespace postroom {
namespace {

// Local parts behind which no person reads (RFC 3834, section 2; RFC 5230, section 4.6). '*' stands for
// anything, at one end only.
constexpr std::string_view robots[] = {
    "mailer-daemon", "postmaster",    "noreply*",      "no-reply*",   "no_reply*",  "no.reply*",
    "donotreply*",   "do-not-reply*", "do_not_reply*", "*-noreply",   "*-no-reply", "owner-*",
    "*-owner",       "*-request",     "*-bounces",     "bounce*",     "listserv",   "majordomo",
    "mailman",       "nobody",        "autoreply*",    "auto-reply*", "root",       "daemon",
};

bool fits(std::string_view local, std::string_view pattern) {
  if (pattern.starts_with('*')) return local.ends_with(pattern.substr(1));
  if (pattern.ends_with('*')) return local.starts_with(pattern.substr(0, pattern.size() - 1));
  return local == pattern;
}

// RFC 5321, 4.1.2: a dot-string; UTF-8 by RFC 6531. Quoted local parts exist in tests and attacks only.
bool is_plain_address(std::string_view address) {
  constexpr std::string_view atext = "!#$%&'*+-/=?^_`{|}~.@";
  return is_deliverable(address) && std::ranges::all_of(address, [&](char c) {
           const auto byte = static_cast<unsigned char>(c);
           const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
           return byte >= 0x80 || letter || atext.find(c) != std::string_view::npos;
         });
}

bool is_own(const Desk& desk, std::string_view address) {
  if (find_channel(desk, address)) return true;
  const std::string normal = normal_address(address);
  return std::ranges::any_of(desk.queues, [&](const Queue& queue) {
    return !queue.from.empty() && normal_address(queue.from) == normal;
  });
}

// Exchange's way to say it ([MS-OXCMAIL], 2.2.3.2.14).
bool declines_answers(const Message& message) {
  const std::string* value = find_header(message.headers, "X-Auto-Response-Suppress");
  if (!value) return false;
  const std::string folded = fold(*value);
  return folded.find("all") != std::string::npos || folded.find("autoreply") != std::string::npos;
}

// A form is mailed by a program that answers nobody: its signs say nothing about the person in the fields
// (R6). Bounces, replies of robots and lists have been told apart before the fields were read.
std::string against_form(const Desk& desk, const std::string& address) {
  if (address.empty()) return "the form names no address";
  if (!is_plain_address(address)) return "the form names no address that can be answered";
  if (is_own(desk, address)) return fmt::format("{} is an address of the desk itself", address);
  if (is_robot_address(address)) return fmt::format("nobody reads mail to {}", address);
  return "";
}

// Mail to oneself of which the desk gets a blind copy: a circular sent by hand. RFC 5230, 4.5.
bool is_circular(const Desk& desk, const Message& message, std::string_view address) {
  const auto to_desk = [&](const Address& one) { return find_channel(desk, one.address) != nullptr; };
  return contains_address(message.to, address) && std::ranges::none_of(message.to, to_desk) &&
         std::ranges::none_of(message.cc, to_desk);
}

// Why the message must not be answered, whoever the queue belongs to; empty if nothing is against it.
std::string against(const Desk& desk, const Message& message, const Envelope& envelope,
                    const Decision& decision) {
  const std::string& address = decision.customer.address;
  const std::string sender = envelope.sender.value_or(address);
  if (decision.verdict.channel.empty()) return "the message is not for the desk";
  if (decision.verdict.spam) return "the message is spam";
  if (!decision.form.empty()) return against_form(desk, address);
  if (decision.automatic.kind != Automatic::Kind::none) {
    return fmt::format("the message is automatic ({}): {}", kind_name(decision.automatic.kind),
                       decision.automatic.reason);
  }
  if (sender.empty() && !address.empty())
    return "the envelope sender is empty, as it is in bounces and notices";
  if (!is_plain_address(address)) return "the message names no address that can be answered";
  if (is_own(desk, address)) return fmt::format("{} is an address of the desk itself", address);
  if (is_own(desk, sender))
    return fmt::format("the envelope sender {} is an address of the desk itself", sender);
  if (is_robot_address(address)) return fmt::format("nobody reads mail to {}", address);
  if (is_robot_address(sender)) return fmt::format("nobody reads mail to the envelope sender {}", sender);
  if (is_circular(desk, message, address)) return "the sender wrote to himself; the desk got a blind copy";
  if (declines_answers(message)) return "the sender wants no automatic answer (X-Auto-Response-Suppress)";
  return "";
}

}  // namespace

bool is_robot_address(std::string_view address) {
  const std::string normal = normal_address(address);
  const std::string_view local = std::string_view{normal}.substr(0, normal.rfind('@'));
  return std::ranges::any_of(robots, [&](std::string_view pattern) { return fits(local, pattern); });
}

MayAcknowledge may_acknowledge(const Rulebook& rulebook, const Message& message, const Envelope& envelope,
                               const Decision& decision) {
  const std::string reason = against(rulebook.desk(), message, envelope, decision);
  if (!reason.empty()) return {false, reason};

  const Queue* queue = find_queue(rulebook.desk(), decision.verdict.queue);
  if (!queue) return {false, fmt::format("queue '{}' is not in the configuration", decision.verdict.queue)};
  if (queue->acknowledgement == Switch::off) {
    return {false, fmt::format("switched off for queue '{}' in the configuration", queue->name)};
  }
  const std::optional<ChosenText> text = choose_text(*queue, decision.language);
  if (!text) return {false, fmt::format("queue '{}' has no text in '{}'", queue->name, queue->language)};
  return {true,
          fmt::format("a person wrote to queue '{}', which answers in '{}'", queue->name, text->language)};
}

std::optional<ChosenText> choose_text(const Queue& queue, std::string_view language) {
  for (const std::string& wanted : {std::string{language}, queue.language}) {
    const auto text = queue.texts.find(wanted);
    if (text != queue.texts.end()) return ChosenText{text->first, text->second};
  }
  return std::nullopt;
}

}  // namespace postroom
