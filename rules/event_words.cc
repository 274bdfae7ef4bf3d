#include "rules/event_words.h"

#include <algorithm>

namespace postroom {
namespace {

constexpr EventWord words[] = {
    {event::created, Status::fresh, "the ticket was opened"},
    {event::assigned, Status::fresh, "it was given to an operator, who has not claimed it yet"},
    {event::not_assigned, {}, "nobody could be given it"},
    {event::claimed, Status::open, "an operator works on it"},
    {event::handed_over, Status::fresh, "it went to another queue, where it is nobody's"},
    {event::requeued, Status::fresh, "it went back to its queue, where it is nobody's"},
    {event::owner_changed, {}, "another operator owns it; nothing else changed"},
    {event::followed_up, {}, "its customer or another participant wrote again"},
    {event::reopened, Status::open, "it was resolved, and is not any longer"},
    {event::resumed, Status::open, "it waited for the customer, and does not any longer"},
    {event::waiting, Status::waiting, "it waits for the customer"},
    {event::resolved, Status::resolved, "it is done"},
    {event::filed, {}, "a message came that changes nothing: automatic mail, thanks"},
    {event::answer_filed, {}, "an operator's or the desk's own mail came in"},
    {event::answer_bounced, {}, "mail to the customer could not be delivered"},
    {event::answer_delayed, {}, "mail to the customer has not been delivered yet"},
    {event::participant_joined, {}, "others take part from now on"},
    {event::also_addressed_to, {}, "a message that is kept already came once more"},
    {event::linked, {}, "it is related to another ticket"},
    {event::merged, {}, "two tickets became one"},
    {event::split, {}, "some of its messages became another ticket"},
    {event::priority_changed, {}, "it has another priority"},
    {event::noted, {}, "somebody wrote a note"},
    {event::erased, {}, "a customer's data were erased"},
    {event::expired, {}, "messages were removed by the policy of retention"},
    {event::filed_as_spam, {}, "spam was kept without a ticket"},
    {event::filed_as_automatic, {}, "automatic mail was kept without a ticket"},
    {event::acknowledgement_queued, {}, "an acknowledgement waits to be sent"},
    {event::acknowledgement_not_sent, {}, "no acknowledgement is sent"},
    {event::acknowledgement_sent, {}, "Postfix has taken the acknowledgement"},
    {event::acknowledgement_failed, {}, "the acknowledgement was given up"},
    {event::acknowledgement_uncertain, {}, "nobody knows whether the acknowledgement was sent"},
    {event::customer_status, {}, "a customer got another status"},
    {event::customer_same, {}, "two addresses became one customer's, or no longer are"},
};

}  // namespace

std::span<const EventWord> event_words() { return words; }

const EventWord* find_event_word(std::string_view what) {
  const auto found = std::ranges::find_if(words, [what](const EventWord& word) {
    return word.what.ends_with(' ') ? what.starts_with(word.what) : what == word.what;
  });
  return found == std::end(words) ? nullptr : found;
}

}  // namespace postroom
