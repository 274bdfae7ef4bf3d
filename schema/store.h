#pragma once
// What the desk remembers. An interface: one contract test suite (tests/schema/store_contract.cc) for
// every engine; SQLite is the one there is. A Store is one connection: one thread at a time uses it.
// Several processes may have stores on the same database.
//
// Failure: every function throws StoreError; the transaction is then rolled back as a whole.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "rules/change.h"
#include "rules/plan.h"
#include "schema/gone.h"

namespace postroom {

// The database is locked, full, damaged, newer than this program, ... The text names the file and what to do.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Place {
  std::string mailbox;              // "Support"
  std::vector<std::string> folder;  // {"Ivan", "In progress"}; {} incoming
  std::string file;                 // Maildir base name with ,S=,W=, without flags
};

// The key of one delivery: which message (digest of its bytes from the first Received line on, so that a
// retry of Postfix has the same one, facts 90) to whom.
struct DeliveryKey {
  std::string recipient;  // normalised
  std::string orcpt;      // as given, may be empty
};

// One arrived message: everything that becomes one ticket.
struct Delivery {
  std::string digest;
  std::string queue_id;  // of Postfix; may be empty
  std::vector<DeliveryKey> keys;
  TicketNumber ticket = 0;    // in the file's header: drawn, or of the ticket it joins; 0: none
  bool joins = false;         // `ticket` is there already
  MessageNumber message = 0;  // drawn
  std::string file;           // base name of the tmp file; empty: none was written, it is a repetition
  std::string mailbox;        // in whose tmp/ it lies; no other one can take it. Empty: of no matter
  Time at;
  Arrival arrival;
  std::string subject, message_id;
  std::string acknowledgement;     // complete mail; empty if none may be sent
  std::string acknowledgement_id;  // its Message-ID, without <>
};

enum class Repeated { no, yes };

// Where a message would go by what is known now.
struct Destination {
  Filing filing = Filing::opens;
  TicketNumber ticket = 0;  // joins, repeats
  std::string mailbox;      // whose tmp/ takes the file
  // Of the plan, for the lines on top of the file:
  std::vector<PlannedEvent> events{};
  std::vector<Link> links{};
  std::vector<Address> participants{};  // who are new in the ticket
  std::string kind = "inbound";
};

struct Recorded {
  Repeated repeated = Repeated::no;
  TicketNumber ticket = 0;  // of the first arrival, not of the repetition; 0: kept without a ticket
  MessageNumber message = 0;
  Place place;                // where the file is, or has to be
  bool published = false;     // the file is known to be in its folder
  bool acknowledged = false;  // an acknowledgement went into the outbox with this very delivery
  bool stale = false;  // nothing was recorded: the file names another ticket or lies in another mailbox
                       // than is right by now. Ask for the destination again, and write it anew
  bool moves = false;  // there are files to be moved (moves())
  std::vector<PlannedEvent> events{};  // of the plan, for the log; none: an earlier delivery, brought again
};

// A mail that waits to be handed to Postfix.
struct Outgoing {
  std::int64_t id = 0;
  TicketNumber ticket = 0;
  std::string recipient;  // envelope; the sender is always <>
  std::string body;       // complete message, CRLF
  int tries = 0;          // before this one
  Time queued{};          // when it entered the outbox
};

struct Handed {
  enum class Result { sent, failed, again, uncertain };
  std::int64_t id = 0;
  Result result = Result::sent;
  std::string why;           // the peer's reply, or the error
  std::optional<Time> next;  // for again
};

// A file that has to go to another folder, because its ticket has changed.
struct Move {
  std::int64_t id =
      0;  // used once: it makes the new base name, so that a second attempt finds what the first did
  MessageNumber message = 0;
  TicketNumber ticket = 0;
  Place from;  // as recorded
  Where to;
  bool lost = false;  // was found nowhere once: nobody need look through the whole desk again
};

struct Moved {
  Move move;
  std::string file;      // base name in move.to; empty: the file is nowhere, or operators moved it meanwhile
  bool nowhere = false;  // the former
};

// A file that a change of a ticket brings with it: a note, for the operators to read in the folder.
struct NoteFile {
  MessageNumber message = 0;  // drawn
  std::string digest, message_id, subject;
  Place place;  // of the ticket after the change; the file is still in tmp/ of that mailbox
};

struct ChangeDone {
  std::string refusal;  // a sentence; nothing was changed then
  bool stale = false;   // nothing was changed: the note would lie in another place than its ticket
  TicketNumber opened = 0;
  bool moves = false;
};

// A recorded file was lost before it came into its folder, and is written anew under another name.
struct Replaced {
  MessageNumber message = 0;
  std::string file;  // the new base name; mailbox and folder stay
};

// Waiting work of many threads, written in one transaction (group commit).
struct Changes {
  std::vector<Delivery> deliveries;
  std::vector<Replaced> replaced{};
  std::vector<MessageNumber> published;
  std::vector<Handed> handed;
  int claim = 0;  // claim up to so many due mails of the outbox, whose messages are published
  Time now;
};

struct Outcome {
  std::vector<Recorded> recorded;  // one for each delivery, in order
  std::vector<Outgoing> claimed;   // never handed out a second time unless reported as `again`
};

enum class Durable { yes, later };  // later: survives the process, a power cut may take it back

struct Numbers {
  TicketNumber ticket = 0;
  MessageNumber message = 0;
};

struct TicketRow {
  TicketNumber number = 0;
  std::string queue, channel, priority, status, owner, customer_name, customer_address, subject;
  std::vector<std::string> tags;
  Time created, updated;
  TicketNumber merged_into = 0;
};

struct EventRow {
  std::int64_t id = 0;
  TicketNumber ticket = 0;  // 0: of no ticket
  MessageNumber message = 0;
  Time at;
  std::string who, what, why;
};

struct MessageRow {
  MessageNumber number = 0;
  TicketNumber ticket = 0;
  std::string kind;  // "inbound", "acknowledgement", "answer", "note"
  std::string message_id, sender, subject, automatic;
  Time at;
  std::optional<Place> place;
  bool published = false;
};

struct CustomerRow {
  std::string address, name;
  std::string status;                  // "vip"; empty: nothing is known
  std::vector<std::string> same_as{};  // his other addresses, by set_same_customer(); where one is asked for
};

struct TicketFilter {
  std::string queue{}, status{}, owner{}, customer{};  // empty: any
  int most = 100;                                      // newest first
};

class Store {
 public:
  virtual ~Store() = default;

  // Fresh numbers, never given out before (blocks of `most_unused` are reserved, so numbers may have gaps).
  virtual std::vector<Numbers> draw(int count) = 0;

  // One transaction: published, handed, deliveries, claim. For each delivery: digest known? -> the keys are
  // added, the first ticket is the answer; else facts -> plan_inbound() -> ticket, message, place, events,
  // owner, outbox, keys. The second call with the same delivery changes nothing and gives the same answer
  // with Repeated::yes.
  // A delivery that became stale (Recorded) changes nothing; the others are written.
  virtual Outcome apply(const Changes& changes, const Desk& desk, Durable durable) = 0;

  // Read only; everything of the delivery that the plan needs is filled in, but not yet ticket and file.
  virtual Destination destination(const Delivery& delivery, const Desk& desk) = 0;

  // What a person does to a ticket: facts -> plan_change() -> rows, events, moves, in one transaction.
  // `change.other` of a split is drawn before.
  virtual ChangeDone change(const TicketChange& change, const std::optional<NoteFile>& note, const Desk& desk,
                            Time at) = 0;

  // Where a note about this change would lie: the place of its ticket after the change. nullopt: refused.
  virtual std::optional<Where> place_after(const TicketChange& change, const Desk& desk) = 0;

  // What waits to be moved, oldest first. Only messages that are published.
  virtual std::vector<Move> moves(int most) = 0;
  // Files that were moved: places are changed, and the rows of moves are gone.
  virtual void moved(const std::vector<Moved>& moved) = 0;

  virtual std::vector<Link> links(TicketNumber ticket) = 0;
  virtual std::vector<CustomerRow> participants(TicketNumber ticket) = 0;  // without the requester

  // `address` belongs to the same customer as `main` ("" for: to a customer of his own). With an event of no
  // ticket. False: it was so already.
  virtual bool set_same_customer(const std::string& address, const std::string& main, const By& by) = 0;

  // Answer to a retry before anything is written: the recorded message of this digest.
  virtual std::optional<Recorded> find(const std::string& digest) = 0;

  // Messages that are recorded but not known to be in their folder: what a crash left.
  virtual std::vector<MessageRow> unpublished() = 0;

  // Mails that were claimed and never reported: the program died while it handed them to Postfix. They are
  // marked uncertain, with an event, and are not sent again (at most once). Returns how many.
  virtual int settle_claimed(Time now) = 0;

  // When the next mail of the outbox is due; nullopt if none waits.
  virtual std::optional<Time> next_due() = 0;

  virtual std::optional<TicketRow> ticket(TicketNumber number) = 0;
  virtual std::vector<TicketRow> tickets(const TicketFilter& filter) = 0;
  // The newest `most`, oldest of them first; of a ticket with those of the tickets that were merged into it.
  virtual std::vector<EventRow> events(std::optional<TicketNumber> ticket, int most) = 0;
  virtual std::vector<MessageRow> messages(TicketNumber ticket) = 0;

  // By address in any form; nullopt if nobody of that address has written, or been given a status.
  virtual std::optional<CustomerRow> customer(const std::string& address) = 0;

  // Gives him this status ("" for none), with an event of no ticket; also to an address that has not written
  // yet. False: he has it already, and nothing was written.
  virtual bool set_customer_status(const CustomerRow& customer, const By& by) = 0;

  // Calls `row` for every message, in order of number; for verify and rebuild.
  virtual void each_message(const std::function<void(const MessageRow&)>& row) = 0;

  // All addresses of the customer who has this one, by set_same_customer(); itself first.
  virtual std::vector<std::string> addresses_of(const std::string& address) = 0;
  // Tickets whose requester has one of the addresses, in order of number.
  virtual std::vector<TicketNumber> tickets_of(const std::vector<std::string>& addresses, TicketNumber after,
                                               int most) = 0;

  // Mail that goes: schema/gone.h has the order. Addresses are normalised, and all of one customer.
  // Every message of his tickets; what came from him or went to him in others' and in none.
  virtual std::vector<MessageNumber> messages_of(const std::vector<std::string>& addresses) = 0;
  // Other arrived messages of tickets in which he takes part: only their files tell whether they are his.
  virtual std::vector<MessageRow> messages_around(const std::vector<std::string>& addresses,
                                                  MessageNumber after, int most) = 0;
  virtual Expirable expirable(const Expiry& expiry) = 0;
  // In one transaction. Expired: but for those of tickets that are not resolved any more. Returns how many.
  virtual std::int64_t mark_going(const std::vector<MessageNumber>& messages, Going going) = 0;
  virtual bool is_going(MessageNumber message) = 0;
  virtual std::vector<MessageRow> going(MessageNumber after, int most) = 0;
  // All that go, in transactions of about 100 messages with pauses, so that nobody waits long.
  virtual Forgotten forget_going(const By& by) = 0;
  virtual Forgotten forget_customer(const std::vector<std::string>& addresses, const By& by) = 0;
  // Writes the database anew, so that no byte of what was deleted remains in its files. Others can read
  // meanwhile, but not write. False: somebody was reading, and some still remain.
  virtual bool scrub() = 0;

  // Every inconsistency inside the database, one sentence each; empty if it is sound.
  virtual std::vector<std::string> verify() = 0;

  virtual std::int64_t count(const std::string& table) = 0;  // rows; throws for an unknown table

  // A consistent copy, made while others write, in one new file. Throws StoreError if it is not sound.
  virtual void backup(const std::string& path) = 0;
};

enum class OpenMode { create, existing, read_only };

// Opens "sqlite:/path" or a plain path (":memory:" too), migrating it to this program's schema (create,
// existing). Throws StoreError if it cannot be opened, is no database of ours, or is newer (read_only: or
// older). `busy`: how long every call waits for a database that another program has locked.
std::unique_ptr<Store> open_store(const std::string& url, OpenMode mode,
                                  std::chrono::milliseconds busy = std::chrono::seconds{10});

}  // namespace postroom
