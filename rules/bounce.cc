#include "rules/bounce.h"

#include <algorithm>

#include "rules/bounce_json.h"
#include "rules/bounce_naming.h"
#include "rules/bounce_text.h"
#include "rules/bounce_words.h"
#include "rules/delivery_status.h"
#include "rules/match.h"
#include "rules/subject_prefix.h"

namespace postroom {
namespace {

using Kind = Automatic::Kind;

// What the mail itself shows.
struct Content {
  int subject = 0;   // as subject_of_bounce()
  int text = 0;      // it speaks of undelivered mail
  int evidence = 0;  // the mail that came back, or what a server has answered

  int sum() const { return subject + text + evidence; }
};

bool encloses_mail(const Message& message, const Explanation& explanation) {
  return !explanation.original.empty() ||
         std::any_of(message.reports.begin(), message.reports.end(), [](const ReportPart& part) {
           return part.type == "message/rfc822" || part.type.ends_with("headers");
         });
}

bool quotes_server(const Explanation& explanation) {
  return std::any_of(explanation.lines.begin(), explanation.lines.end(), [](std::string_view line) {
    return reply_code(line) != 0 && !enhanced_status(line).empty();
  });
}

Content content_of(const Message& message, const Explanation& explanation) {
  const std::string subject = fold(std::string_view{message.subject}.substr(0, 1000));
  Content content;
  // People forward bounces and answer them.
  content.subject = subject_kind(subject) == SubjectKind::plain ? subject_of_bounce(subject) : 0;
  content.text = text_of_bounce(explanation.folded) ? 1 : 0;
  content.evidence = encloses_mail(message, explanation) || quotes_server(explanation) ? 1 : 0;
  return content;
}

// The less the sender tells, the more the content has to.
bool is_bounce(const MailSystem& system, const Content& content) {
  const bool daemon = system.from >= 2 || system.headers >= 2;
  if (daemon) return content.sum() >= 1;
  if (system.sum() >= 2) return content.sum() >= 2;
  return system.sum() == 1 && content.evidence > 0 && content.sum() >= 3;
}

BounceFacts facts_of(const Message& message, Kind kind) {
  BounceFacts facts;
  facts.delayed = kind == Kind::delayed;
  for (const auto* list : {&message.to, &message.from}) {
    for (const Address& address : *list) {
      if (facts.own.size() < 20) facts.own.push_back(normal_address(address.address));
    }
  }
  if (!message.from.empty()) facts.domain = domain_of(message.from.front().address);
  return facts;
}

std::vector<std::string> failed_header(const Message& message) {
  const std::string* value = find_header(message.headers, "X-Failed-Recipients");
  return value ? addresses_in(value->substr(0, 16U << 10)) : std::vector<std::string>{};
}

// The only recipient of the mail that came back is the one who did not get it.
std::vector<std::string> sole_recipient(const Message& message, const Explanation& explanation) {
  std::vector<std::string_view> sources{explanation.original};
  for (const ReportPart& part : message.reports) sources.push_back(part.text);
  for (std::string_view source : sources) {
    const std::vector<std::string> found = addresses_in(header_in(source, "to"));
    if (found.size() == 1) return found;
  }
  return {};
}

std::vector<Failed> enclosed_fields(const Message& message) {
  for (const ReportPart& part : message.reports) {
    std::vector<Failed> failed = failed_fields(part.text);
    if (!failed.empty()) return failed;
  }
  return {};
}

std::vector<Failed> failed_of(const Message& message, const Explanation& explanation, Kind kind) {
  BounceFacts facts = facts_of(message, kind);
  facts.known = failed_header(message);
  std::vector<Failed> failed = failed_in(explanation, facts);
  if (failed.empty()) failed = enclosed_fields(message);
  if (!failed.empty()) return failed;
  facts.known = sole_recipient(message, explanation);
  return failed_in(explanation, facts);
}

bool is_vague(const std::string& status) { return status.empty() || status.ends_with(".0.0"); }

// Reports that name nobody, or give no reason, often come with a text that does.
void complete(Automatic& report, const Message& message, const Explanation& explanation) {
  if (report.failed.empty()) report.failed = failed_of(message, explanation, report.kind);
  if (std::none_of(report.failed.begin(), report.failed.end(),
                   [](const Failed& one) { return is_vague(one.status); })) {
    return;
  }
  BounceFacts facts = facts_of(message, report.kind);
  for (const Failed& one : report.failed) facts.known.push_back(one.recipient);
  const std::vector<Failed> prose = failed_in(explanation, facts);
  for (std::size_t i = 0; i < report.failed.size() && i < prose.size(); ++i) {
    std::string& status = report.failed[i].status;
    const std::string& better = prose[i].status;
    const bool fits = status.empty() || (!better.empty() && better.front() == status.front());
    if (is_vague(status) && fits && explanation.folded.find(better) != std::string::npos) status = better;
  }
}

// Challenges often come as reports of a failure, but the mail waits.
bool asks_for_confirmation(const MailSystem& system, const Explanation& explanation) {
  return system.envelope < 2 && system.from < 2 && is_challenge(explanation.folded);
}

Kind kind_of(const Message& message, const Explanation& explanation) {
  const std::string subject = fold(std::string_view{message.subject}.substr(0, 1000));
  if (speaks_of_delay(subject)) return Kind::delayed;
  const bool delayed = speaks_of_delay(explanation.folded) && !speaks_of_the_end(explanation.folded);
  return delayed ? Kind::delayed : Kind::bounce;
}

}  // namespace

std::optional<Automatic> find_bounce(const Message& message, const MailSystem& system) {
  std::optional<Automatic> report = delivery_report(message, system);
  if (!report && system.sum() == 0) return std::nullopt;
  if (!report) report = notification_in(message.text);
  const Explanation explanation = explanation_in(message.text);
  if (asks_for_confirmation(system, explanation) && (report || system.sum() > 0)) {
    Automatic challenge;
    challenge.kind = Kind::auto_reply;
    challenge.reason = "asks the sender to confirm the message";
    return challenge;
  }
  if (report) {
    if (report->kind == Kind::bounce || report->kind == Kind::delayed)
      complete(*report, message, explanation);
    return report;
  }
  const Content content = content_of(message, explanation);
  if (!is_bounce(system, content)) return std::nullopt;

  Automatic bounce;
  bounce.kind = kind_of(message, explanation);
  bounce.reason = content.subject > 0 ? "from a mail system, subject of a bounce"
                  : content.text > 0  ? "from a mail system, text of a bounce"
                                      : "from a mail system, encloses a mail that came back";
  bounce.failed = failed_of(message, explanation, bounce.kind);
  // Whoever only resembles a mail system has to say whom it could not reach.
  if (system.sum() < 2 && bounce.failed.empty()) return std::nullopt;
  return bounce;
}

}  // namespace postroom
