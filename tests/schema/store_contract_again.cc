// Mails that come again after their tickets have been split or merged.

#include <catch2/catch.hpp>

#include "tests/schema/store_contract.h"

namespace postroom::tests {
namespace {

using std::chrono::seconds;

Delivery yes_to(Store& store, const std::string& id, const std::string& name) {
  Delivery made = reply_to(store, id, {.name = name});
  made.arrival.decision.content = "yes";
  return made;
}

// This message of the ticket becomes a ticket of its own.
TicketNumber splits(Store& store, TicketNumber ticket, MessageNumber message) {
  TicketChange split;
  split.kind = TicketChange::Kind::split;
  split.ticket = ticket;
  split.other = store.draw(1).at(0).ticket;
  split.messages = {message};
  split.who = "ivan";
  const ChangeDone made = store.change(split, {}, desk(), Letter{}.at + seconds{60});
  REQUIRE(made.refusal == "");
  return made.opened;
}

void merges(Store& store, TicketNumber ticket, TicketNumber into) {
  TicketChange merge;
  merge.kind = TicketChange::Kind::merge;
  merge.ticket = ticket;
  merge.other = into;
  merge.who = "ivan";
  done(store, merge);
}

// The second arrival under another Message-ID, a few minutes after somebody has split the ticket.
void check_twin_after_split(Store& store) {
  const Recorded first = record_one(store, delivery(store));
  const Recorded yes = arrives(store, yes_to(store, "letter@customer.test", "yes"));
  const Recorded third = arrives(store, reply_to(store, "letter@customer.test", {.name = "third"}));
  REQUIRE(yes.ticket == first.ticket);
  TicketNumber now = first.ticket;
  SECTION("it was split off") { now = splits(store, first.ticket, yes.message); }
  SECTION("what it answers was split off") { splits(store, first.ticket, first.message); }
  SECTION("each was split off") {
    now = splits(store, first.ticket, yes.message);
    splits(store, first.ticket, first.message);
  }
  SECTION("the rest is a part of another ticket by now") {
    now = splits(store, first.ticket, yes.message);
    merges(store, first.ticket, arrives(store, delivery(store, {.name = "other"})).ticket);
  }
  SECTION("it is a part of another ticket by now, and that was split") {
    const Recorded other = arrives(store, delivery(store, {.name = "other"}));
    merges(store, first.ticket, other.ticket);
    now = splits(store, other.ticket, yes.message);
  }
  SECTION("two were split off, one after the other") {
    const TicketNumber both = splits(store, first.ticket, third.message);
    merges(store, first.ticket, both);
    now = splits(store, both, yes.message);
    splits(store, both, third.message);
  }
  Delivery again = yes_to(store, "letter@customer.test", "yes again");
  again.at += seconds{300};
  const Recorded kept = arrives(store, again);
  CHECK(kept.repeated == Repeated::yes);
  CHECK(kept.message == yes.message);
  CHECK(kept.ticket == now);
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_same_words_after_split(Store& store) {
  const Recorded first = record_one(store, delivery(store));
  const Recorded second = arrives(store, reply_to(store, "letter@customer.test", {.name = "second"}));
  const TicketNumber fresh = splits(store, first.ticket, second.message);
  Delivery yes = yes_to(store, "letter@customer.test", "yes one");
  Delivery yes_too = yes_to(store, "second@customer.test", "yes two");
  yes.at = yes_too.at = Letter{}.at + seconds{120};
  CHECK(arrives(store, yes).ticket == first.ticket);
  CHECK(arrives(store, yes_too).ticket == fresh);
}

// A stranger has answered, then he took part, then his client sent the answer again.
void check_twin_of_a_stranger(Store& store) {
  const Recorded first = record_one(store, delivery(store, {.from = "eve@elsewhere.test"}));
  const Recorded yes = arrives(store, yes_to(store, "letter@customer.test", "yes"));
  REQUIRE(yes.ticket != first.ticket);
  Delivery joining = delivery(store, {.name = "joining"});
  joining.arrival.references.addressed = {first.ticket};
  joining.arrival.people = {{"Анна", Letter{}.from}};
  REQUIRE(arrives(store, joining).ticket == first.ticket);
  SECTION("it is the same answer") {
    CHECK(arrives(store, yes_to(store, "letter@customer.test", "again")).message == yes.message);
  }
  SECTION("the same words about another mail are another answer") {
    const Delivery other = yes_to(store, "joining@customer.test", "yes two");
    CHECK(arrives(store, other).ticket == first.ticket);
  }
}

}  // namespace

void check_again(const Bench& bench) {
  const auto store = bench.open();
  SECTION("a later arrival finds the first one after its ticket was split") {
    check_twin_after_split(*store);
  }
  SECTION("a later arrival finds a stranger's answer") { check_twin_of_a_stranger(*store); }
  SECTION("the same words in two parts of what was one ticket are two mails") {
    check_same_words_after_split(*store);
  }
}

}  // namespace postroom::tests
