#include "rules/audit.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <tuple>
#include <utility>

#include "rules/address.h"

namespace postroom {
namespace {

using What = MailLogLine::What;

constexpr std::string_view no_recipient = "";

std::string key_of(const MailLogLine& line) { return line.queue_id + " " + line.instance; }

std::string id_in(const std::string& key) { return key.substr(0, key.find(' ')); }

AuditPair pair_of(const MailLogLine& line, const std::string& sender) {
  return {line.queue_id, line.recipient, sender.empty() ? line.sender : sender, line.time, line.reply};
}

bool is_final(const MailLogLine& line) { return line.status != "deferred" && line.status != "undeliverable"; }

// The number behind "WORD "; 0 if there is none.
std::int64_t number_behind(std::string_view text, std::string_view word) {
  const auto found = text.find(word);
  std::int64_t number = 0;
  if (found == text.npos || (found != 0 && text[found - 1] != ' ')) return 0;
  text.remove_prefix(found + word.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  return error == std::errc{} && number > 0 && rest.starts_with(" in ") ? number : 0;
}

// Into another queue of Postfix, as behind a content filter.
bool is_passed_on(const std::string& reply) { return reply.find("queued as ") != reply.npos; }

}  // namespace

std::optional<ToldNumbers> numbers_in_reply(std::string_view reply) {
  const ToldNumbers told{number_behind(reply, "ticket "), number_behind(reply, "message ")};
  if (told.ticket == 0 && told.message == 0) return std::nullopt;
  return told;
}

bool Audit::is_ours(const std::string& address) const { return find_channel(desk_, address) != nullptr; }

void Audit::tell(std::string kind, AuditPair pair, std::string problem) {
  result_.problems.push_back({std::move(kind), std::move(pair), std::move(problem)});
}

Audit::Followed* Audit::followed(const MailLogLine& line) {
  const std::string key = key_of(line);
  const auto known = messages_.find(key);
  if (known == messages_.end() && listed_) return nullptr;
  Followed& message = known != messages_.end() ? known->second : messages_[key];
  if (message.first == std::chrono::sys_seconds{} || line.time < message.first) message.first = line.time;
  if (message.sender.empty()) message.sender = line.sender;
  return &message;
}

void Audit::add(const MailLogLine& line) {
  if (line.what == What::rejected && is_ours(line.recipient)) ++result_.counts.rejected;
  if (line.queue_id.empty()) return;
  Followed* const message = followed(line);
  if (!message) return;
  switch (line.what) {
    case What::active:
      message->recipients = std::max(message->recipients, line.recipients);
      break;
    case What::attempt:
      attempt(line, *message);
      break;
    case What::expired:
      close(result_.counts.bounced, *message);
      break;
    case What::discarded:
      if (is_ours(line.recipient)) message->open.try_emplace(line.recipient, pair_of(line, message->sender));
      close(result_.counts.removed, *message);
      message->attempted = message->removed = true;
      break;
    case What::rejected:
      message->attempted = message->removed = true;
      break;
    case What::requeued:
      message->attempted = message->removed = true;
      message->open.clear();
      break;
    case What::removed:
      message->removed = true;
      break;
    case What::accepted:
    case What::held:
    case What::released:
      break;
  }
  forget_if_done(key_of(line));
}

void Audit::attempt(const MailLogLine& line, Followed& message) {
  message.attempted = true;
  const bool ends = is_final(line);
  if (ends) ++message.finals;
  if (!is_ours(line.recipient)) return;
  const std::string key = line.recipient + " " + line.original_recipient;
  AuditPair pair = pair_of(line, message.sender);
  if (!ends) {
    message.open.insert_or_assign(key, std::move(pair));
    return;
  }
  message.open.erase(key);
  leave_queue(line.queue_id, line.recipient);
  end(line, std::move(pair));
}

// What became of the pair in the end.
void Audit::end(const MailLogLine& line, AuditPair pair) {
  AuditCounts& counts = result_.counts;
  if (line.status != "sent") {
    ++counts.bounced;
    return;
  }
  const auto told = numbers_in_reply(line.reply);
  if (!told && is_passed_on(line.reply)) {
    ++counts.passed;
    return;
  }
  ++counts.delivered;
  if (!told) return tell("delivered-elsewhere", std::move(pair), "it was not postroom that took it");
  const DeskSays says = ask_(pair, told);
  if (says.answer == DeskSays::Answer::unknown) return tell("not-in-database", std::move(pair), says.problem);
  if (says.answer == DeskSays::Answer::file_missing) tell("missing-file", std::move(pair), says.problem);
}

void Audit::close(std::int64_t& count, Followed& message) {
  count += static_cast<std::int64_t>(message.open.size());
  message.open.clear();
}

void Audit::forget_if_done(const std::string& key) {
  const auto at = messages_.find(key);
  if (at == messages_.end()) return;
  const Followed& message = at->second;
  const bool complete = message.recipients >= 0 && message.finals >= message.recipients;
  if (message.removed && complete && message.open.empty()) messages_.erase(at);
}

void Audit::add(const QueuedMail& mail) {
  std::vector<std::string>& recipients = queued_[mail.queue_id];
  std::ranges::copy_if(mail.recipients, std::back_inserter(recipients),
                       [this](const std::string& recipient) { return is_ours(recipient); });
}

void Audit::leave_queue(const std::string& queue_id, const std::string& recipient) {
  const auto mail = queued_.find(queue_id);
  if (mail == queued_.end()) return;
  const auto at = std::ranges::find(mail->second, recipient);
  if (at != mail->second.end()) mail->second.erase(at);
}

void Audit::judge(const std::string& key, Followed& message) {
  if (queued_.contains(id_in(key))) return;  // counted there
  for (auto& [recipient, pair] : message.open) {
    // The log may end before the delivery.
    if (ask_(pair, std::nullopt).answer == DeskSays::Answer::here) {
      ++result_.counts.delivered;
      continue;
    }
    ++result_.counts.missing;
    tell("missing", pair,
         message.removed ? "Postfix has removed it without a delivery" : "it is in no queue");
  }
  if (message.attempted || message.removed || message.recipients < 0) return;
  const AuditPair pair{id_in(key), std::string{no_recipient}, message.sender, message.first, ""};
  if (ask_(pair, std::nullopt).answer == DeskSays::Answer::here) return;
  ++result_.counts.missing;
  tell("missing", pair, "Postfix accepted it, for whom the log does not say, and it is in no queue");
}

Audit::Result Audit::finish() {
  for (auto& [key, message] : messages_) judge(key, message);
  messages_.clear();
  for (const auto& [id, recipients] : queued_)
    result_.counts.queued += static_cast<std::int64_t>(recipients.size());
  std::ranges::stable_sort(result_.problems, {}, [](const AuditProblem& one) {
    return std::tuple{one.pair.time, one.pair.queue_id, one.pair.recipient};
  });
  return std::exchange(result_, {});
}

}  // namespace postroom
