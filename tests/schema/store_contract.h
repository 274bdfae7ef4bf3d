#pragma once
// What every engine of the store must do. A test file of an engine makes a Bench and runs the contract.

#include <functional>
#include <memory>
#include <string>

#include "schema/store.h"

namespace postroom::tests {

// A database that stores are opened on, several at a time.
struct Bench {
  std::function<std::unique_ptr<Store>()> open;
};

// Everything of the Store that one connection can show, and what two can. Catch2 assertions inside; called
// once for each leaf section by the test case around it.
void check_recording(const Bench& bench);
void check_acknowledgements(const Bench& bench);
void check_outbox(const Bench& bench);
void check_outbox_reports(const Bench& bench);
void check_numbers(const Bench& bench);
void check_answers(const Bench& bench);
void check_threads(const Bench& bench);
void check_repeats(const Bench& bench);
void check_again(const Bench& bench);
void check_people(const Bench& bench);
void check_moves(const Bench& bench);
void check_changes(const Bench& bench);
void check_merging(const Bench& bench);

// A desk with a pull queue "support" and a round-robin queue "sales" (ivan, olga, pyotr); both acknowledge.
Desk desk();

// A delivery of a customer's message with numbers drawn from the store. Same name, same bytes.
struct Letter {
  std::string name = "letter";
  std::string queue = "support";
  std::string from = "anna@customer.test";
  Time at = Time{std::chrono::seconds{1795370000}};
};
Delivery delivery(Store& store, const Letter& letter = {});

// Records it as lmtp does: asks where it goes, and writes the file there.
Recorded arrives(Store& store, Delivery one);

// A mail with this Message-ID in its References.
Delivery reply_to(Store& store, const std::string& id, const Letter& letter);

// Does it; it has to succeed.
ChangeDone done(Store& store, const TicketChange& change);

// Records it alone.
Recorded record_one(Store& store, const Delivery& one);

// Reports its file as published.
void published(Store& store, const Recorded& recorded);

// The events of a ticket, as "what; what; ...".
std::string history(Store& store, TicketNumber ticket);

}  // namespace postroom::tests
