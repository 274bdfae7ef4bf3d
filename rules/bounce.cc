#include "rules/bounce.h"

#include <algorithm>
#include <iterator>

#include "rules/delivery_status.h"
#include "rules/match.h"
#include "rules/quotes.h"

namespace postroom {
namespace {

constexpr std::size_t read_bytes = 16U << 10;  // of the text: the explanation stands on top
constexpr std::size_t most_failed = 100;

// Who writes bounces: pieces of From, name and address.
constexpr std::string_view senders[] = {"mailer-daemon",
                                        "mailerdaemon",
                                        "mail-daemon",
                                        "maildaemon",
                                        "postmaster",
                                        "mail delivery",
                                        "mmdf@",
                                        "mdaemon@",
                                        "mail administrator",
                                        "delivery subsystem",
                                        "delivery service",
                                        "system administrator",
                                        "mail system",
                                        "bounce"};

constexpr std::string_view subjects[] = {"undeliver",
                                         "delivery status notification",
                                         "delivery fail",
                                         "delivery has failed",
                                         "failure notice",
                                         "returned mail",
                                         "return receipt",
                                         "mail delivery",
                                         "delivery notif",
                                         "non-deliver",
                                         "nondeliver",
                                         "non deliver",
                                         "could not be delivered",
                                         "not delivered",
                                         "delivery error",
                                         "delivery problem",
                                         "delivery report",
                                         "mail failure",
                                         "mail error",
                                         "mail system error",
                                         "message status",
                                         "user unknown",
                                         "unknown user",
                                         "rejected",
                                         "delayed",
                                         "delivery delay",
                                         "warning: could not",
                                         "failed mail",
                                         "unable to deliver",
                                         "не доставлен",
                                         "недоставлен",
                                         "не удалось доставить",
                                         "ошибка доставки",
                                         "задержка доставки",
                                         "unzustellbar",
                                         "nicht zugestellt",
                                         "fehler bei",
                                         "non remis",
                                         "échec",
                                         "no entregado",
                                         "niedostarczon",
                                         "nie dostarczon",
                                         "mancata consegna",
                                         "bounce",
                                         "配信",
                                         "エラー",
                                         "退信",
                                         "undelivered"};

constexpr std::string_view phrases[] = {"mail system at host",
                                        "qmail-send program",
                                        "could not be delivered",
                                        "permanent fatal error",
                                        "did not reach the following",
                                        "unable to deliver",
                                        "wasn't able to deliver",
                                        "not able to deliver",
                                        "delivery to the following",
                                        "user unknown",
                                        "unknown user",
                                        "mailbox unavailable",
                                        "address rejected",
                                        "address(es) failed",
                                        "session follows",
                                        "delivery failed",
                                        "failed permanently",
                                        "no such user",
                                        "not be delivered",
                                        "undeliverable",
                                        "does not exist",
                                        "mailbox full",
                                        "mailbox is full",
                                        "over quota",
                                        "quota exceeded",
                                        "user not found",
                                        "host unknown",
                                        "mailbox not found",
                                        "не удалось доставить",
                                        "не может быть доставлено",
                                        "не было доставлено",
                                        "was not delivered",
                                        "nicht zugestellt",
                                        "delivery to these recipients",
                                        "invalid recipient",
                                        "not known here",
                                        "returned to sender",
                                        "no mailbox here",
                                        "addressee unknown",
                                        "delivery has failed",
                                        "failed to deliver",
                                        "couldn't be delivered",
                                        "isn't able to deliver",
                                        "not deliver"};

constexpr std::string_view delays[] = {"will keep trying",
                                       "will continue trying",
                                       "will continue to try",
                                       "still being retried",
                                       "do not need to resend",
                                       "don't need to resend",
                                       "this is a warning",
                                       "has not yet been delivered",
                                       "not been delivered yet",
                                       "will be retried",
                                       "will try again",
                                       "delivery delayed",
                                       "delivery status notification (delay",
                                       "delayed mail",
                                       "warning: message",
                                       "warning: could not send",
                                       "delayed delivery",
                                       "попытки доставки будут продолжены",
                                       "задержка доставки",
                                       "is delayed",
                                       "has been delayed"};

// Behind such a line stands the mail that came back: its addresses are not those that failed.
constexpr std::string_view original_begins[] = {"below this line is a copy",
                                                "this is a copy of the message",
                                                "original message follows",
                                                "message header follows",
                                                "unsent message",
                                                "returned message",
                                                "original message -",
                                                "headers follow",
                                                "copy of the original message",
                                                "text of the message",
                                                "message headers",
                                                "undelivered message follows",
                                                "the original message",
                                                "your message follows",
                                                "original mail"};

template <std::size_t count>
bool contains_any(std::string_view text, const std::string_view (&words)[count]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

bool is_robot(const Message& message, const std::optional<std::string>& sender) {
  if (sender && (sender->empty() || contains_any(*sender, senders))) return true;
  for (const Address& from : message.from) {
    if (contains_any(fold(from.name + ' ' + from.address), senders)) return true;
  }
  return false;
}

bool is_reply(std::string_view subject) {
  return subject.starts_with("re:") || subject.starts_with("fw") || subject.starts_with("aw:");
}

bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'
             ? true
             : (byte >= '0' && byte <= '9') || byte >= 0x80 ||
                   std::string_view{"._+-=#&'/%*!~?$"}.find(c) != std::string_view::npos;
}

// The addresses of a line that could get mail.
std::vector<std::string> addresses_in(std::string_view line) {
  std::vector<std::string> found;
  for (std::size_t at = line.find('@'); at != line.npos; at = line.find('@', at + 1)) {
    std::size_t begin = at, end = at + 1;
    while (begin > 0 && is_word(line[begin - 1])) --begin;
    while (end < line.size() && is_word(line[end])) ++end;
    std::string_view address = line.substr(begin, end - begin);
    while (address.ends_with('.') || address.ends_with('-') || address.ends_with('\''))
      address.remove_suffix(1);
    while (address.starts_with('\'') || address.starts_with('/')) address.remove_prefix(1);
    const bool host = address.find('.', address.find('@')) != address.npos;
    if (host && is_deliverable(address)) found.emplace_back(address);
  }
  return found;
}

// Lines of a header section: the returned mail begins, whatever stands above it.
bool is_header_line(std::string_view line) {
  for (std::string_view name :
       {"Received:", "Return-Path:", "Message-ID:", "Message-Id:", "MIME-Version:", "From:"}) {
    if (line.starts_with(name)) return true;
  }
  return false;
}

struct Explanation {
  Lines lines;
  std::string folded;
};

Explanation explanation_of(const Message& message) {
  Explanation explanation;
  const std::string_view text = std::string_view{message.text}.substr(0, read_bytes);
  for (std::string_view line : split_lines(text)) {
    const std::string folded = fold(line);
    const bool ends = is_header_line(line) || contains_any(folded, original_begins);
    if (ends && explanation.lines.size() > 2) break;
    explanation.lines.push_back(line);
    explanation.folded += folded;
    explanation.folded += ' ';
  }
  return explanation;
}

bool is_own(const Message& message, const std::string& address) {
  return contains_address(message.to, address) || contains_address(message.from, address);
}

// "<ivan@example.org>: ...", "RCPT TO:<...>", "ivan@example.org" alone: lines that name a failed recipient.
bool names_recipient(std::string_view line, std::string_view address) {
  const std::string_view text = trim_line(line);
  const std::size_t at = text.find(address);
  if (at <= 1 || text.size() <= address.size() + 4) return true;
  const std::string folded = fold(text.substr(0, at));
  return folded.ends_with("to:<") || folded.ends_with("to: <") || folded.ends_with("to <") ||
         folded.ends_with("recipient: ") || folded.ends_with("user: ") || folded.ends_with("recipient: <") ||
         folded.ends_with("for <");
}

std::vector<std::string> recipients_of(const Message& message, const Explanation& explanation) {
  std::vector<std::string> named, mentioned;
  for (std::string_view line : explanation.lines) {
    for (std::string& address : addresses_in(line)) {
      if (is_own(message, address) || contains_any(fold(address), senders)) continue;
      std::vector<std::string>& list = names_recipient(line, address) ? named : mentioned;
      const auto same = [&](const std::string& one) {
        return normal_address(one) == normal_address(address);
      };
      if (list.size() < most_failed && std::none_of(list.begin(), list.end(), same))
        list.push_back(std::move(address));
    }
  }
  // Somebody mentioned may be anybody: only the first is likely to be the one meant.
  if (named.empty() && !mentioned.empty()) named.push_back(mentioned.front());
  return named;
}

std::vector<std::string> failed_header(const Message& message) {
  const std::string* value = find_header(message.headers, "X-Failed-Recipients");
  return value ? addresses_in(value->substr(0, read_bytes)) : std::vector<std::string>{};
}

// The code that stands nearest behind the recipient's name, else the first of the text.
Failed describe(const std::string& recipient, const Explanation& explanation, bool delayed) {
  Failed failed;
  failed.recipient = recipient;
  failed.action = delayed ? "delayed" : "failed";
  int code = 0;
  for (int pass = 0; pass < 2 && failed.status.empty() && code == 0; ++pass) {
    bool near = pass == 1;
    for (std::string_view line : explanation.lines) {
      near = near || line.find(recipient) != line.npos;
      if (!near) continue;
      if (failed.status.empty()) failed.status = enhanced_status(line);
      if (code == 0) code = reply_code(line);
    }
  }
  if (failed.status.starts_with('2')) failed.status.clear();
  const bool temporary = failed.status.empty() ? code / 100 == 4 : failed.status.starts_with('4');
  failed.permanent = !delayed && !temporary;
  return failed;
}

}  // namespace

std::optional<Automatic> bounce_in_prose(const Message& message, const std::optional<std::string>& sender) {
  std::vector<std::string> recipients = failed_header(message);
  if (recipients.empty() && !is_robot(message, sender)) return std::nullopt;
  const std::string subject = fold(message.subject.substr(0, 1000));
  const Explanation explanation = explanation_of(message);
  const bool subject_says = !is_reply(subject) && contains_any(subject, subjects);
  const bool text_says = contains_any(explanation.folded, phrases);
  if (recipients.empty() && !subject_says && !text_says) return std::nullopt;

  Automatic bounce;
  const bool delayed = contains_any(subject, delays) || contains_any(explanation.folded, delays);
  bounce.kind = delayed ? Automatic::Kind::delayed : Automatic::Kind::bounce;
  bounce.reason = !recipients.empty() ? "X-Failed-Recipients"
                  : subject_says      ? "from a mail system, subject of a bounce"
                                      : "from a mail system, text of a bounce";
  if (recipients.empty()) recipients = recipients_of(message, explanation);
  for (const std::string& recipient : recipients)
    bounce.failed.push_back(describe(recipient, explanation, delayed));
  return bounce;
}

}  // namespace postroom
