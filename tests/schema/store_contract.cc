#include "tests/schema/store_contract.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <utility>

namespace postroom::tests {
namespace {

using std::chrono::seconds;

std::string assigned_to(Store& store, const std::string& name) {
  const Recorded recorded = record_one(store, delivery(store, {.name = name, .queue = "sales"}));
  return store.ticket(recorded.ticket)->owner;
}

void check_first_arrival(Store& store) {
  const Delivery letter = delivery(store);
  const Recorded recorded = record_one(store, letter);
  CHECK(recorded.repeated == Repeated::no);
  CHECK(recorded.ticket == letter.ticket);
  CHECK(recorded.message == letter.message);
  CHECK(recorded.acknowledged);
  CHECK_FALSE(recorded.published);
  CHECK(recorded.place.mailbox == "Support");
  CHECK(recorded.place.folder.empty());
  CHECK(recorded.place.file == letter.file);

  const auto ticket = store.ticket(recorded.ticket);
  REQUIRE(ticket);
  CHECK(ticket->queue == "support");
  CHECK(ticket->status == "new");
  CHECK(ticket->subject == "Заказ 17 не оплачен");
  CHECK(ticket->customer_name == "Анна");
  CHECK(ticket->customer_address == "anna@customer.test");
  CHECK(ticket->tags == std::vector<std::string>{"payment", "оплата"});
  CHECK(ticket->created == letter.at);
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_repetition(Store& store) {
  const Delivery letter = delivery(store);
  const Recorded first = record_one(store, letter);
  Delivery retry = delivery(store);  // other numbers, another tmp file, the same bytes
  const auto events = store.count("events");
  const Recorded again = record_one(store, retry);
  CHECK(again.repeated == Repeated::yes);
  CHECK(again.ticket == first.ticket);
  CHECK(again.message == first.message);
  CHECK(again.place.file == letter.file);
  CHECK_FALSE(again.acknowledged);
  CHECK(store.count("tickets") == 1);
  CHECK(store.count("outbox") == 1);
  CHECK(store.count("deliveries") == 1);
  CHECK(store.count("events") == events);

  const auto known = store.find(letter.digest);
  REQUIRE(known);
  CHECK(known->repeated == Repeated::yes);
  CHECK(known->place.file == letter.file);
  CHECK_FALSE(store.find("digest of another letter"));
}

void check_second_address(Store& store) {
  const Recorded first = record_one(store, delivery(store));
  Delivery other = delivery(store);
  other.keys = {{"sales@desk.test", "rfc822;all@desk.test"}};
  CHECK(record_one(store, other).ticket == first.ticket);
  CHECK(store.count("deliveries") == 2);
  CHECK(store.count("tickets") == 1);
  CHECK_THAT(history(store, first.ticket), Catch::EndsWith("also addressed to sales@desk.test"));
}

// The number of a ticket may be that of another's message.
void check_second_address_among_others(Store& store) {
  Delivery letter = delivery(store), another = delivery(store, {.name = "another"});
  std::swap(letter.ticket, another.ticket);
  const Recorded first = record_one(store, letter), second = record_one(store, another);
  Delivery other = delivery(store);
  other.keys = {{"sales@desk.test", ""}};
  other.arrival.recipients = {"sales@desk.test"};
  const Recorded again = record_one(store, other);
  CHECK(again.ticket == first.ticket);
  CHECK(again.message == first.message);
  CHECK_THAT(history(store, first.ticket), Catch::EndsWith("also addressed to sales@desk.test"));
  CHECK_THAT(history(store, second.ticket), !Catch::Contains("also addressed"));
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_twice_in_a_group(Store& store) {
  Changes changes;
  changes.deliveries = {delivery(store), delivery(store), delivery(store, {.name = "another"})};
  const Outcome outcome = store.apply(changes, desk(), Durable::yes);
  REQUIRE(outcome.recorded.size() == 3);
  CHECK(outcome.recorded[0].repeated == Repeated::no);
  CHECK(outcome.recorded[1].repeated == Repeated::yes);
  CHECK(outcome.recorded[1].ticket == outcome.recorded[0].ticket);
  CHECK(outcome.recorded[2].repeated == Repeated::no);
  CHECK(store.count("tickets") == 2);
}

void check_bad_one_in_a_group(Store& store) {
  Changes changes;
  changes.deliveries = {delivery(store), delivery(store, {.name = "another"})};
  changes.deliveries[1].ticket = changes.deliveries[0].ticket;  // cannot be: numbers are drawn
  CHECK_THROWS_AS(store.apply(changes, desk(), Durable::yes), StoreError);
  for (const char* table : {"tickets", "messages", "events", "outbox", "deliveries", "customers"})
    CHECK(store.count(table) == 0);

  changes.deliveries[1].ticket = store.draw(1).front().ticket;
  CHECK(store.apply(changes, desk(), Durable::yes).recorded.size() == 2);
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_spam(Store& store) {
  Delivery spam = delivery(store);
  spam.ticket = 0;
  spam.arrival.decision.verdict.spam = true;
  spam.arrival.may_acknowledge = {false, "it is spam"};
  const Recorded recorded = record_one(store, spam);
  CHECK(recorded.ticket == 0);
  CHECK(recorded.place.folder == std::vector<std::string>{"Junk"});
  CHECK(store.count("tickets") == 0);
  CHECK(store.count("outbox") == 0);
  CHECK(store.unpublished().size() == 1);
  CHECK(store.find(spam.digest)->ticket == 0);
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_crash_before_publishing(const Bench& bench) {
  Recorded recorded;
  {
    const auto store = bench.open();
    recorded = record_one(*store, delivery(*store));
  }
  const auto store = bench.open();
  const auto left = store->unpublished();
  REQUIRE(left.size() == 1);
  CHECK(left[0].number == recorded.message);
  CHECK(left[0].place->file == recorded.place.file);
  published(*store, recorded);
  CHECK(store->unpublished().empty());
  CHECK(store->find("digest of letter")->published);
}

void check_hostile_text(Store& store) {
  Delivery letter = delivery(store);
  letter.subject = "bad \xff bytes \x1b[2J" + std::string(100000, 'x');
  letter.message_id = std::string("nul\0inside", 10);
  letter.arrival.decision.customer.name = "Robert'); DROP TABLE tickets;--";
  const auto ticket = store.ticket(record_one(store, letter).ticket);
  REQUIRE(ticket);
  CHECK(ticket->subject.size() <= 1000);
  CHECK(ticket->subject.find('\x1b') == std::string::npos);
  CHECK(ticket->customer_name == "Robert'); DROP TABLE tickets;--");
}

}  // namespace

void check_recording(const Bench& bench) {
  const auto store = bench.open();
  SECTION("a first arrival becomes a ticket with its customer, place and events") {
    check_first_arrival(*store);
  }
  SECTION("a retry of Postfix gets the first ticket and changes nothing") { check_repetition(*store); }
  SECTION("the same message to a second address joins the ticket") { check_second_address(*store); }
  SECTION("and its event is told to no other ticket") { check_second_address_among_others(*store); }
  SECTION("the same message twice in one group is one ticket") { check_twice_in_a_group(*store); }
  SECTION("one bad delivery leaves nothing of its group behind") { check_bad_one_in_a_group(*store); }
  SECTION("spam is kept in Junk without a ticket") { check_spam(*store); }
  SECTION("what a crash left unpublished is found at the next start") {
    check_crash_before_publishing(bench);
  }
  SECTION("hostile texts are bounded and stay data") { check_hostile_text(*store); }
  SECTION("round robin gives every operator the same number of tickets") {
    std::string owners;
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) owners += assigned_to(*store, name) + " ";
    CHECK(owners == "ivan olga pyotr ivan olga pyotr ");
    const auto newest = store->tickets({.owner = "olga"});
    REQUIRE(newest.size() == 2);
    CHECK(store->messages(newest[0].number).at(0).place->folder == std::vector<std::string>{"Ольга"});
    CHECK_THAT(history(*store, newest[0].number), Catch::Contains("assigned"));
  }
}

void check_numbers(const Bench& bench) {
  SECTION("two programs never draw the same number") {
    const auto one = bench.open();
    const auto other = bench.open();
    std::set<TicketNumber> tickets;
    std::set<MessageNumber> messages;
    for (int i = 0; i < 100; ++i)
      for (Store* store : {one.get(), other.get()})
        for (const Numbers& numbers : store->draw(i % 4)) {
          CHECK(tickets.insert(numbers.ticket).second);
          CHECK(messages.insert(numbers.message).second);
        }
    CHECK(tickets.size() == 300);
  }
  SECTION("numbers that were not used are given back at the end") {
    CHECK(bench.open()->draw(1).at(0).ticket == 1);
    CHECK(bench.open()->draw(1).at(0).ticket == 2);
  }
  SECTION("they are not given back if somebody drew meanwhile") {
    auto one = bench.open();
    const auto other = bench.open();
    const TicketNumber first = one->draw(1).at(0).ticket;
    const TicketNumber second = other->draw(1).at(0).ticket;
    one.reset();
    const TicketNumber third = bench.open()->draw(1).at(0).ticket;
    CHECK(first < second);
    CHECK(second < third);
  }
  SECTION("many at once are as good as few") {
    const auto store = bench.open();
    store->draw(60);
    const auto numbers = store->draw(500);
    REQUIRE(numbers.size() == 500);
    CHECK(std::ranges::adjacent_find(numbers, std::ranges::greater_equal{}, &Numbers::ticket) ==
          numbers.end());
  }
}

void check_answers(const Bench& bench) {
  const auto store = bench.open();
  const Time now = Letter{}.at;
  record_one(*store, delivery(*store, {.name = "1"}));
  record_one(*store, delivery(*store, {.name = "2", .queue = "sales", .at = now + seconds{1}}));
  record_one(*store, delivery(*store, {.name = "3", .from = "boris@customer.test", .at = now + seconds{2}}));

  SECTION("tickets are listed newest first, and by every filter") {
    CHECK(store->tickets({}).size() == 3);
    CHECK(store->tickets({}).at(0).created == now + seconds{2});
    CHECK(store->tickets({.most = 1}).size() == 1);
    CHECK(store->tickets({.queue = "support"}).size() == 2);
    CHECK(store->tickets({.queue = "support", .customer = "Anna@customer.test"}).size() == 1);
    CHECK(store->tickets({.status = "new", .owner = "ivan"}).size() == 1);
    CHECK(store->tickets({.status = "resolved"}).empty());
    CHECK_FALSE(store->ticket(99));
  }
  SECTION("events come oldest first, the newest of them if not all are wanted") {
    const auto all = store->events({}, 1000);
    CHECK(std::ranges::is_sorted(all, {}, &EventRow::id));
    CHECK(all.front().what == "created");
    CHECK(all.front().who == "postroom");
    CHECK(store->events({}, 2).at(1).id == all.back().id);
    CHECK(store->events({}, -1).empty());
  }
  SECTION("every message is visited in order of its number") {
    std::vector<MessageNumber> seen;
    store->each_message([&](const MessageRow& row) { seen.push_back(row.number); });
    CHECK(seen.size() == 6);  // three letters, three acknowledgements
    CHECK(std::ranges::is_sorted(seen));
  }
  SECTION("a customer's status is kept, changed once, and told by an event") {
    CHECK(store->customer("ANNA@customer.test")->name == "Анна");
    CHECK(store->customer("Anna@customer.test")->status.empty());
    CHECK_FALSE(store->customer("nobody@customer.test"));
    const auto events = store->count("events");
    CHECK(store->set_customer_status({"Anna@customer.test", "", "vip"}, {"anton", now}));
    CHECK_FALSE(store->set_customer_status({"anna@customer.test", "", "vip"}, {"anton", now}));
    CHECK(store->customer("anna@customer.test")->status == "vip");
    CHECK(store->customer("anna@customer.test")->name == "Анна");
    CHECK(store->count("events") == events + 1);
    const EventRow event = store->events({}, 1).at(0);
    CHECK(event.why == "anna@customer.test: 'vip', before no status");
    CHECK(event.who == "anton");
    CHECK(store->set_customer_status({"new@customer.test", "", "vip"}, {"anton", now}));
    CHECK(store->set_customer_status({"new@customer.test", "", ""}, {"anton", now}));
    CHECK(store->customer("new@customer.test")->status.empty());
    record_one(*store, delivery(*store, {.name = "4"}));
    CHECK(store->customer("anna@customer.test")->status == "vip");
    CHECK(store->verify() == std::vector<std::string>{});
  }
  SECTION("a table that there is not cannot be counted") {
    CHECK_THROWS_AS(store->count("tickets; DROP TABLE tickets"), StoreError);
  }
}

}  // namespace postroom::tests
