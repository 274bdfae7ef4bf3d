#include "rules/automatic.h"

#include <algorithm>
#include <iterator>

#include "rules/absence.h"
#include "rules/automatic_signs.h"
#include "rules/bounce.h"
#include "rules/mail_system.h"
#include "rules/match.h"
#include "rules/original.h"
#include "rules/subject_prefix.h"
#include "rules/text.h"

namespace postroom {
namespace {

using Kind = Automatic::Kind;

struct KindName {
  Kind kind;
  std::string_view name;
};
constexpr KindName kind_names[] = {
    {Kind::none, "none"},
    {Kind::auto_reply, "auto-reply"},
    {Kind::auto_generated, "auto-generated"},
    {Kind::bounce, "bounce"},
    {Kind::delayed, "delayed"},
    {Kind::feedback, "feedback"},
    {Kind::receipt, "receipt"},
    {Kind::list, "list"},
    {Kind::bulk, "bulk"},
};

enum class Compare { is, starts, contains };

// Robots' local parts, RFC 5230 section 4.6.
struct Robot {
  Kind kind;
  Compare compare;
  std::string_view text;
};
constexpr Robot robots[] = {
    {Kind::list, Compare::starts, "owner-"},
    {Kind::list, Compare::contains, "-request@"},
    {Kind::list, Compare::contains, "-owner@"},
    {Kind::list, Compare::starts, "listserv@"},
    {Kind::list, Compare::starts, "majordomo@"},
    {Kind::auto_generated, Compare::starts, "mailer-daemon@"},
    {Kind::auto_generated, Compare::is, "mailer-daemon"},
};

bool holds(Compare compare, std::string_view value, std::string_view text) {
  switch (compare) {
    case Compare::is:
      return value == text;
    case Compare::starts:
      return value.starts_with(text);
    case Compare::contains:
      return value.find(text) != value.npos;
  }
  return false;
}

// The envelope sender; where nobody knows it, what a delivering MTA wrote down (RFC 5321, 4.4).
std::optional<std::string> sender_of(const Message& message, const std::optional<std::string>& sender) {
  if (sender) return normal_address(*sender);
  const std::string* path = find_header(message.headers, "Return-Path");
  if (!path) return std::nullopt;
  return normal_address(*path);
}

Automatic made(Kind kind, std::string reason) {
  Automatic automatic;
  automatic.kind = kind;
  automatic.reason = std::move(reason);
  return automatic;
}

std::optional<Automatic> by_sender(const Message& message, const std::optional<std::string>& sender) {
  const std::string subject = fold(message.subject.substr(0, 1000));
  const std::string from =
      message.from.empty() ? std::string{} : normal_address(message.from.front().address);
  const bool away = speaks_of_absence(subject);
  if (sender && sender->empty()) {  // RFC 5321, 4.5.5: nobody is to answer it
    return away ? made(Kind::auto_reply, "null envelope sender, subject of an absence")
                : made(Kind::auto_generated, "null envelope sender");
  }
  for (const Robot& robot : robots) {
    if (sender && holds(robot.compare, *sender, robot.text))
      return made(robot.kind, "envelope sender " + *sender);
    if (holds(robot.compare, from, robot.text)) return made(robot.kind, "From: " + from);
  }
  const bool machine =
      from.starts_with("noreply") || from.starts_with("no-reply") || from.starts_with("donotreply");
  const bool suppresses = find_header(message.headers, "X-Auto-Response-Suppress");
  const bool answers = suppresses || (!message.in_reply_to.empty() && message.references.empty());
  // Behind "Re:" stands what the desk has written, or the mail answered: "Re: Holiday flat".
  const bool quoted = subject_kind(subject) != SubjectKind::plain;
  if (away && (machine || (answers && !quoted)))
    return made(Kind::auto_reply, "subject of an absence: " + std::string{cut_utf8(subject, 80)});
  return std::nullopt;
}

// RFC 7489, 7.2.1.1: "Report Domain: example.org Submitter: mx.example Report-ID: 1"
bool is_dmarc_report(const std::string& subject) {
  return subject.starts_with("report domain:") && subject.find("submitter:") != std::string::npos;
}

// A header sign, made more exact by the subject, which mail programs write in the reader's language.
std::optional<Automatic> by_signs(const Message& message) {
  const std::string subject = fold(message.subject.substr(0, 1000));
  std::optional<Automatic> sign = sign_of(message);
  const bool prefixed = is_auto_reply_subject(subject);
  const bool weak = !sign || sign->kind == Kind::bulk || sign->kind == Kind::auto_generated;
  if (weak && (prefixed || (sign && speaks_of_absence(subject))))
    return made(Kind::auto_reply, "Subject: " + std::string{cut_utf8(subject, 80)});
  if (!sign && is_dmarc_report(subject)) return made(Kind::auto_generated, "subject of a DMARC report");
  return sign;
}

// Hotmail's complaints are older than RFC 5965: the mail complained of, and this subject with the address of
// the host behind it. People complain of people.
bool is_complaint(const Message& message) {
  constexpr std::string_view words = "complaint about message from ";
  const std::string subject = fold(message.subject.substr(0, 100));
  return subject.starts_with(words) &&
         subject.find_first_not_of("0123456789abcdef.:[] ", words.size()) == subject.npos &&
         std::any_of(message.reports.begin(), message.reports.end(),
                     [](const ReportPart& part) { return part.type == "message/rfc822"; });
}

std::optional<Automatic> by_report(const Message& message, const MailSystem& system) {
  if (is_complaint(message)) return made(Kind::feedback, "subject of a complaint, encloses a mail");
  const bool top = message.content_type == "multipart/report";
  const std::string& type = message.report_type;
  if (!top && message.reports.empty()) return std::nullopt;
  if (!top && system.sum() == 0 && !sign_of(message)) return std::nullopt;  // people attach reports
  for (const ReportPart& part : message.reports) {
    if (part.type == "message/feedback-report") return made(Kind::feedback, part.type);
    if (part.type.ends_with("disposition-notification")) return made(Kind::receipt, part.type);
  }
  if (!top) return std::nullopt;
  if (type == "feedback-report") return made(Kind::feedback, "report-type=feedback-report");
  if (type == "disposition-notification") return made(Kind::receipt, "report-type=disposition-notification");
  if (type == "tlsrpt") return made(Kind::auto_generated, "report-type=tlsrpt");
  return std::nullopt;
}

}  // namespace

Automatic find_automatic(const Message& message, const std::optional<std::string>& sender) {
  const std::optional<std::string> known = sender_of(message, sender);
  const MailSystem system = mail_system(message, known);
  std::optional<Automatic> found = by_report(message, system);
  if (!found) found = find_bounce(message, system);
  if (!found) found = by_signs(message);
  if (!found) found = by_sender(message, known);
  Automatic automatic = found.value_or(Automatic{});
  if (automatic.kind == Kind::none || automatic.kind == Kind::list || automatic.kind == Kind::bulk)
    return automatic;
  Original original = original_of(message);
  if (!automatic.original_message_id) automatic.original_message_id = std::move(original.message_id);
  automatic.original_ids = std::move(original.ids);
  automatic.original_reply_to = std::move(original.reply_to);
  if (!automatic.original_message_id && automatic.kind == Kind::auto_reply && !message.in_reply_to.empty()) {
    automatic.original_message_id = message.in_reply_to.front();
  }
  return automatic;
}

std::string_view kind_name(Kind kind) {
  for (const KindName& row : kind_names) {
    if (row.kind == kind) return row.name;
  }
  return "none";
}

std::optional<Kind> kind_from(std::string_view name) {
  for (const KindName& row : kind_names) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

}  // namespace postroom
