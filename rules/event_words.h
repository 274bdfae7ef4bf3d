#pragma once
// Every word by which an event says what happened, and what it says about the ticket's status. The last event
// that says one tells the status (verify compares it with the ticket). Pure.

#include <optional>
#include <span>
#include <string_view>

#include "rules/ticket.h"

namespace postroom {

namespace event {
inline constexpr const char* created = "created";
inline constexpr const char* assigned = "assigned";
inline constexpr const char* not_assigned = "not assigned";
inline constexpr const char* claimed = "claimed";
inline constexpr const char* handed_over = "handed over";
inline constexpr const char* requeued = "requeued";
inline constexpr const char* owner_changed = "owner changed";
inline constexpr const char* followed_up = "followed up";
inline constexpr const char* reopened = "reopened";
inline constexpr const char* resumed = "resumed";
inline constexpr const char* waiting = "waiting";
inline constexpr const char* resolved = "resolved";
inline constexpr const char* filed = "filed";
inline constexpr const char* answer_filed = "answer filed";
inline constexpr const char* answer_bounced = "answer bounced";
inline constexpr const char* answer_delayed = "answer delayed";
inline constexpr const char* participant_joined = "participant joined";
inline constexpr const char* also_addressed_to = "also addressed to ";  // and the address
inline constexpr const char* linked = "linked";
inline constexpr const char* merged = "merged";
inline constexpr const char* split = "split";
inline constexpr const char* priority_changed = "priority changed";
inline constexpr const char* noted = "noted";
inline constexpr const char* erased = "erased";
inline constexpr const char* expired = "expired";
inline constexpr const char* filed_as_spam = "filed as spam";
inline constexpr const char* filed_as_automatic = "filed as automatic";
inline constexpr const char* acknowledgement_queued = "acknowledgement queued";
inline constexpr const char* acknowledgement_not_sent = "acknowledgement not sent";
inline constexpr const char* acknowledgement_sent = "acknowledgement sent";
inline constexpr const char* acknowledgement_failed = "acknowledgement failed";
inline constexpr const char* acknowledgement_uncertain = "acknowledgement uncertain";
inline constexpr const char* customer_status = "customer status";
inline constexpr const char* customer_same = "customer same";
}  // namespace event

struct EventWord {
  std::string_view what;         // whole; ends with a space: something follows
  std::optional<Status> status;  // of the ticket from this event on; nullopt: as it was
  std::string_view meaning;
};

std::span<const EventWord> event_words();

// nullptr: no event says that.
const EventWord* find_event_word(std::string_view what);

}  // namespace postroom
