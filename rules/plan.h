#pragma once
// Facts + message -> all changes that one arriving message causes. Pure; run inside the transaction that
// writes them.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "rules/acknowledge.h"
#include "rules/classify.h"
#include "rules/desk.h"
#include "rules/reference.h"
#include "rules/ticket.h"

namespace postroom {

// An arriving message, as far as the plan needs it.
struct Arrival {
  Decision decision;
  MayAcknowledge may_acknowledge;
  std::string sender;                   // envelope
  std::vector<std::string> recipients;  // of this delivery
  bool automatic_only = false;          // automatic mail to a channel that files such mail
  References references{};
  std::string subject{};          // decoded, whole
  std::vector<Address> people{};  // in From, To and Cc, without the desk's own addresses and its operators
  bool from_desk = false;         // all of From are operators or addresses of the desk; easily forged
  Time at{};
};

// How a message names a ticket, most certain first.
// copied_id: the message bears the Message-ID of another mail; told to the operators, and no more.
enum class Proof { reply_address, signed_id, message_id, subject_tag, copied_id };
std::string_view proof_name(Proof proof);  // "signed reply address", "signed Message-ID", "Message-ID", ...

// A ticket that the message names. Merged ones stand here as the ticket they were merged into.
struct Candidate {
  KnownTicket ticket;
  Proof proof = Proof::subject_tag;
  bool takes_part = false;  // the sender is the requester or another participant, by any of his addresses;
                            // of a bounce: a failed recipient is
  bool by_desk = false;     // message_id: of a mail that an operator or the desk has written
};

// An earlier arrival of the same mail, which is not kept a second time: from the same sender the same content
// (rules/content.h) under the same Message-ID, or under another one within Desk::duplicates.window. The same
// Message-ID with other content is no twin, for nothing may be lost: where the sender takes part it is a
// candidate, and in the mail of a web form (whose sender is everybody's) nothing at all.
struct Twin {
  KnownTicket ticket;
  MessageNumber message = 0;
  bool touched = false;  // somebody has worked on the ticket, or others have written: it stays where it is
};

// What the store knows.
struct Facts {
  int acknowledged_address = 0;         // acknowledgements to this address within its window
  int acknowledged_global = 0;          // to everybody within the global window
  std::string last_owner;               // login of the operator who got the queue's last ticket; may be empty
  std::vector<Candidate> candidates{};  // most certain first, at most 10, 5 of them strangers'
  std::optional<Twin> twin{};
  std::vector<TicketNumber> alike{};  // newest tickets of the same customer with the same base subject,
                                      // created within 30 days, at most 3
  std::vector<std::string>
      participants{};  // of the candidate that plan_inbound() joins: normalised addresses
};

struct PlannedEvent {
  std::string what;  // "created", "assigned", "acknowledgement queued", "acknowledgement not sent", ...
  std::string why;
};

enum class Filing {
  opens,       // a new ticket
  joins,       // a message of an existing ticket
  repeats,     // another arrival of a message that is kept already: only events
  ticketless,  // spam or filed automatic mail
};

struct Plan {
  Filing filing = Filing::opens;
  TicketNumber ticket = 0;           // joins, repeats
  MessageNumber repeated = 0;        // repeats: the message kept
  std::string mailbox;               // of the queue
  std::vector<std::string> folder;   // below the mailbox: {} incoming, {"Ivan"}, {"Junk"}
  std::optional<std::string> owner;  // login; opens: the first one; joins: set if it changes ("" nobody)
  std::optional<Status> status;      // joins: set if it changes
  bool acknowledge = false;
  std::vector<PlannedEvent> events;   // in order
  std::vector<Link> links;            // opens: to tickets that it may belong to
  std::vector<Address> participants;  // opens, joins: people to be added
  bool brings_conversation = false;   // joins: the ticket's other messages go to this folder, too
  std::string kind = "inbound";       // "answer": an operator's
  // repeats: the ticket goes to the queue of the more specific channel
  std::optional<std::string> queue, channel;
};

// Does the channel file this without a ticket (R7)? Reports, receipts and robots' replies it does; a list or
// a machine's own mail may be what the channel is there for.
bool is_automatic_only(const Desk& desk, const Decision& decision);

// The candidate that the message joins; nullptr: none, it opens a ticket. (The store asks for the
// participants of this one.)
const Candidate* joined(const Desk& desk, const Arrival& arrival, const std::vector<Candidate>& candidates);

Plan plan_inbound(const Desk& desk, const Arrival& arrival, const Facts& facts);

}  // namespace postroom
