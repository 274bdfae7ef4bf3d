// The contract of the store: acknowledgements and the outbox.

#include <catch2/catch.hpp>

#include "tests/schema/store_contract.h"

namespace postroom::tests {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::vector<Outgoing> claim(Store& store, Time now, int most = 10) {
  Changes changes;
  changes.claim = most;
  changes.now = now;
  return store.apply(changes, desk(), Durable::yes).claimed;
}

void report(Store& store, const Handed& handed, Time now) {
  Changes changes;
  changes.handed = {handed};
  changes.now = now;
  store.apply(changes, desk(), Durable::yes);
}

// A ticket whose acknowledgement waits and may be sent.
Recorded waiting(Store& store, const Letter& letter = {}) {
  const Recorded recorded = record_one(store, delivery(store, letter));
  published(store, recorded);
  return recorded;
}

}  // namespace

void check_acknowledgements(const Bench& bench) {
  const auto store = bench.open();
  const Time start = Letter{}.at;
  const auto acknowledged = [&](const Letter& letter) {
    return record_one(*store, delivery(*store, letter)).acknowledged;
  };

  SECTION("one address gets three a day, and again when the day is over") {
    CHECK(acknowledged({.name = "1"}));
    CHECK(acknowledged({.name = "2", .from = "Anna@CUSTOMER.test"}));
    CHECK(acknowledged({.name = "3"}));
    const Recorded fourth = record_one(*store, delivery(*store, {.name = "4"}));
    CHECK_FALSE(fourth.acknowledged);
    CHECK_THAT(history(*store, fourth.ticket), Catch::Contains("acknowledgement not sent"));
    CHECK(acknowledged({.name = "5", .from = "boris@customer.test"}));
    CHECK(acknowledged({.name = "6", .at = start + hours{24} + seconds{1}}));
  }
  SECTION("everybody together gets so many an hour") {
    Desk small = desk();
    small.acknowledgements.global = 2;
    int sent = 0;
    for (int i = 0; i < 4; ++i) {
      Changes changes;
      changes.deliveries = {
          delivery(*store, {std::to_string(i), "support", std::to_string(i) + "@x.test", start})};
      sent += store->apply(changes, small, Durable::yes).recorded.at(0).acknowledged ? 1 : 0;
    }
    CHECK(sent == 2);
    Changes changes;
    changes.deliveries = {
        delivery(*store, {.name = "next hour", .from = "y@x.test", .at = start + hours{2}})};
    CHECK(store->apply(changes, small, Durable::yes).recorded.at(0).acknowledged);
  }
  SECTION("without a text nothing is queued, and the event says so") {
    Delivery letter = delivery(*store);
    letter.acknowledgement.clear();
    const Recorded recorded = record_one(*store, letter);
    CHECK_FALSE(recorded.acknowledged);
    CHECK(store->count("outbox") == 0);
    CHECK_THAT(history(*store, recorded.ticket), Catch::EndsWith("acknowledgement not sent"));
    CHECK_THAT(history(*store, recorded.ticket), !Catch::Contains("queued"));
  }
  SECTION("it is a message of the ticket, so that an answer to it can be found") {
    const Recorded recorded = record_one(*store, delivery(*store));
    const auto messages = store->messages(recorded.ticket);
    REQUIRE(messages.size() == 2);
    CHECK(messages[1].kind == "acknowledgement");
    CHECK_THAT(messages[1].message_id, Catch::StartsWith("ack."));
    CHECK_FALSE(messages[1].place);
  }
}

void check_outbox(const Bench& bench) {
  const auto store = bench.open();
  const Time now = Letter{}.at;

  SECTION("nothing is sent before the customer's message lies in its folder") {
    const Recorded recorded = record_one(*store, delivery(*store));
    CHECK(claim(*store, now).empty());
    CHECK(store->next_due() == now + seconds{2});  // looked at again, not at once
    CHECK(claim(*store, now + seconds{2}).empty());
    CHECK(claim(*store, now + seconds{4}).empty());
    CHECK(store->next_due() == now + seconds{8});  // and ever less often
    published(*store, recorded);
    CHECK(claim(*store, now + seconds{8}).size() == 1);
  }
  SECTION("a mail is claimed once, by whoever comes first") {
    const Recorded recorded = waiting(*store);
    const auto other = bench.open();
    const auto claimed = claim(*store, now);
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].ticket == recorded.ticket);
    CHECK(claimed[0].recipient == "anna@customer.test");
    CHECK(claimed[0].body == "Subject: we have it\r\n\r\nThank you.\r\n");
    CHECK(claimed[0].tries == 0);
    CHECK(claimed[0].queued == now);
    CHECK(claim(*other, now + hours{1}).empty());
    CHECK_FALSE(store->next_due());
  }
  SECTION("a claim takes no more than it asks for, the longest waiting first") {
    waiting(*store, {.name = "late", .from = "late@x.test", .at = now + seconds{5}});
    waiting(*store, {.name = "early", .from = "early@x.test"});
    const auto claimed = claim(*store, now + hours{1}, 1);
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].recipient == "early@x.test");
    CHECK(claim(*store, now + hours{1}, 0).empty());
  }
}

void check_outbox_reports(const Bench& bench) {
  const auto store = bench.open();
  const Time now = Letter{}.at;

  SECTION("what was sent leaves an event and no body, and a second report changes nothing") {
    const Recorded recorded = waiting(*store);
    const auto id = claim(*store, now).at(0).id;
    report(*store, {id, Handed::Result::sent, "250 2.0.0 queued as 4Xz", {}}, now);
    CHECK_THAT(history(*store, recorded.ticket), Catch::EndsWith("acknowledgement sent"));
    const auto events = store->count("events");
    report(*store, {id, Handed::Result::sent, "", {}}, now);
    report(*store, {id, Handed::Result::again, "", now}, now);
    CHECK(store->count("events") == events);
    CHECK_FALSE(store->next_due());
    CHECK(store->verify() == std::vector<std::string>{});
  }
  SECTION("what Postfix does not take now waits until its next time") {
    waiting(*store);
    const auto id = claim(*store, now).at(0).id;
    report(*store, {id, Handed::Result::again, "connection refused", now + seconds{10}}, now);
    CHECK(store->next_due() == now + seconds{10});
    CHECK(claim(*store, now + seconds{9}).empty());
    CHECK(claim(*store, now + seconds{10}).at(0).tries == 1);
  }
  SECTION("what Postfix refuses for good has failed") {
    const Recorded recorded = waiting(*store);
    const auto id = claim(*store, now).at(0).id;
    report(*store, {id, Handed::Result::failed, "550 5.1.1 no such user", {}}, now);
    CHECK(store->events(recorded.ticket, 1).at(0).what == "acknowledgement failed");
    CHECK(store->events(recorded.ticket, 1).at(0).why == "550 5.1.1 no such user");
  }
  SECTION("a claimed mail whose program died is uncertain and not sent again") {
    const Recorded recorded = waiting(*store);
    claim(*store, now);
    const auto next = bench.open();
    CHECK(next->settle_claimed(now) == 1);
    CHECK(next->settle_claimed(now) == 0);
    CHECK(claim(*next, now + hours{48}).empty());
    CHECK_THAT(history(*next, recorded.ticket), Catch::EndsWith("acknowledgement uncertain"));
    CHECK(next->verify() == std::vector<std::string>{});
  }
}

}  // namespace postroom::tests
