// Customers and who takes part, tickets that become one, tickets that become two.

#include <catch2/catch.hpp>

#include "tests/schema/store_contract.h"

namespace postroom::tests {
namespace {

using Kind = TicketChange::Kind;

const char* const his_mail = "letter@customer.test";

Letter by(const std::string& name, const std::string& from) { return {.name = name, .from = from}; }

bool joins(Store& store, const Letter& letter, const Desk& with = desk()) {
  return store.destination(reply_to(store, his_mail, letter), with).filing == Filing::joins;
}

// A ticket with boris in Cc.
Recorded with_boris(Store& store) {
  Delivery first = delivery(store);
  first.arrival.people = {{"Анна", "anna@customer.test"}, {"Boris", "Boris@customer.test"}};
  return arrives(store, first);
}

void check_participants(Store& store) {
  const Recorded ticket = with_boris(store);
  const auto people = store.participants(ticket.ticket);
  REQUIRE(people.size() == 1);
  CHECK(people[0].address == "boris@customer.test");
  CHECK(people[0].name == "Boris");
  CHECK(joins(store, by("b", "boris@customer.test")));
  CHECK_FALSE(joins(store, by("e", "eve@elsewhere.test")));
  CHECK_THAT(history(store, ticket.ticket), Catch::Contains("participant joined"));

  Delivery reply = reply_to(store, his_mail, by("b", "boris@customer.test"));
  reply.arrival.people = {{"", "boris@customer.test"}, {"Carla", "carla@customer.test"}};
  arrives(store, reply);
  CHECK(store.participants(ticket.ticket).size() == 2);
  CHECK(store.ticket(ticket.ticket)->customer_address == "anna@customer.test");
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_same_customer(Store& store) {
  arrives(store, delivery(store));
  const Letter home = by("home", "anna@home.test");
  CHECK_FALSE(joins(store, home));
  const auto events = store.count("events");
  const By admin{"anton", Letter{}.at};
  CHECK(store.set_same_customer("Anna@home.test", "anna@customer.test", admin));
  CHECK_FALSE(store.set_same_customer("anna@home.test", "anna@customer.test", admin));
  CHECK_FALSE(store.set_same_customer("anna@customer.test", "anna@home.test", admin));
  CHECK(store.count("events") == events + 1);
  CHECK(store.events({}, 1).at(0).who == "anton");
  CHECK(joins(store, home));
  CHECK(store.customer("anna@customer.test")->same_as == std::vector<std::string>{"anna@home.test"});

  store.set_same_customer("anna@work.test", "anna@home.test", admin);
  CHECK(store.customer("anna@home.test")->same_as ==
        std::vector<std::string>{"anna@customer.test", "anna@work.test"});
  CHECK(store.set_same_customer("anna@customer.test", "", admin));  // the others stay together
  CHECK(store.events({}, 1).at(0).who == "anton");
  CHECK_FALSE(store.set_same_customer("anna@customer.test", "", admin));
  CHECK(store.customer("anna@work.test")->same_as == std::vector<std::string>{"anna@home.test"});
  CHECK_FALSE(joins(store, home));
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_listed_people(Store& store) {
  arrives(store, delivery(store));
  Desk listed = desk();
  listed.same_people = {{"anna@home.test", "anna@customer.test"}};
  CHECK(joins(store, by("home", "anna@home.test"), listed));
  CHECK_FALSE(joins(store, by("home", "anna@home.test")));
}

struct Two {
  Recorded one, other;
};

Two merged(Store& store) {
  const Two two{with_boris(store), arrives(store, delivery(store, by("other", "olga@customer.test")))};
  arrives(store, reply_to(store, "other@customer.test", by("second", "olga@customer.test")));
  TicketChange change;
  change.kind = Kind::merge;
  change.ticket = two.one.ticket;
  change.other = two.other.ticket;
  change.who = "ivan";
  done(store, change);
  return two;
}

void check_merged(Store& store) {
  const Two two = merged(store);
  const auto one = store.ticket(two.one.ticket);
  CHECK(one->merged_into == two.other.ticket);
  CHECK(one->status == "resolved");
  CHECK(store.messages(two.one.ticket).empty());
  CHECK(store.messages(two.other.ticket).size() == 5);      // three mails, two acknowledgements
  CHECK(store.participants(two.other.ticket).size() == 2);  // anna and boris
  CHECK(store.participants(two.one.ticket).empty());
  CHECK_THAT(history(store, two.one.ticket), Catch::Contains("created") && Catch::Contains("merged"));
  CHECK(store.events(two.other.ticket, 1000).size() > store.events(two.one.ticket, 1000).size());
  CHECK_THAT(history(store, two.other.ticket), Catch::Contains("participant joined"));  // of the other
  CHECK(store.verify() == std::vector<std::string>{});
}

// A ticket for each day of a long story, each merged into the next.
void check_merged_on_and_on(Store& store) {
  const Recorded first = arrives(store, delivery(store));
  TicketNumber last = first.ticket;
  for (int i = 0; i < 120; ++i) {
    TicketChange change;
    change.kind = Kind::merge;
    change.who = "ivan";
    change.ticket = last;
    change.other = arrives(store, delivery(store, {.name = "day " + std::to_string(i)})).ticket;
    done(store, change);
    last = change.other;
  }
  CHECK(store.ticket(first.ticket)->merged_into == last);
  CHECK_THAT(history(store, first.ticket), Catch::Contains("merged"));
  CHECK(arrives(store, reply_to(store, his_mail, by("r", "anna@customer.test"))).ticket == last);
  Delivery replied = delivery(store, by("address", "anybody@customer.test"));
  replied.arrival.references.addressed = {first.ticket};
  CHECK(arrives(store, replied).ticket == last);
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_mail_to_merged(Store& store) {
  const Two two = merged(store);
  CHECK(arrives(store, reply_to(store, his_mail, by("r", "anna@customer.test"))).ticket == two.other.ticket);
  Delivery tagged = delivery(store, by("tagged", "boris@customer.test"));
  tagged.arrival.references.tagged = {two.one.ticket};
  CHECK(arrives(store, tagged).ticket == two.other.ticket);
  Delivery replied = delivery(store, by("address", "anybody@customer.test"));
  replied.arrival.references.addressed = {two.one.ticket};
  CHECK(arrives(store, replied).ticket == two.other.ticket);
}

void check_sending_of_merged(Store& store) {
  const Two two = merged(store);
  published(store, two.one);
  Changes changes;
  changes.claim = 10;
  changes.now = Letter{}.at + std::chrono::hours{2};
  const auto claimed = store.apply(changes, desk(), Durable::yes).claimed;
  REQUIRE(claimed.size() == 1);
  CHECK(claimed[0].ticket == two.other.ticket);
  changes.claim = 0;
  changes.handed = {{claimed[0].id, Handed::Result::sent, "250", {}}};
  store.apply(changes, desk(), Durable::yes);
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_split(Store& store) {
  const Recorded ticket = with_boris(store);
  const Recorded second = arrives(store, reply_to(store, his_mail, by("second", "boris@customer.test")));
  TicketChange change;
  change.kind = Kind::split;
  change.ticket = ticket.ticket;
  change.other = store.draw(1).at(0).ticket;
  change.messages = {second.message};
  change.who = "ivan";
  CHECK(done(store, change).opened == change.other);
  REQUIRE(store.messages(change.other).size() == 1);
  CHECK(store.messages(change.other)[0].number == second.message);
  CHECK(store.ticket(change.other)->subject == "Re: Заказ 17 не оплачен");
  CHECK(store.participants(change.other).size() == 1);
  CHECK(store.links(change.other) == std::vector<Link>{{ticket.ticket, Relation::split_from}});
  CHECK(store.verify() == std::vector<std::string>{});
  const auto later = reply_to(store, "second@customer.test", by("third", "boris@customer.test"));
  CHECK(arrives(store, later).ticket == change.other);
}

}  // namespace

void check_people(const Bench& bench) {
  const auto store = bench.open();
  SECTION("people in Cc take part, and the requester stays who he is") { check_participants(*store); }
  SECTION("a customer is known by all his addresses") { check_same_customer(*store); }
  SECTION("the admin's list says who is the same") { check_listed_people(*store); }
}

void check_merging(const Bench& bench) {
  const auto store = bench.open();
  SECTION("a merged ticket keeps its number and its history, and nothing else") { check_merged(*store); }
  SECTION("mail to a merged ticket comes to the other one") { check_mail_to_merged(*store); }
  SECTION("however often tickets are merged on, all mail comes to the last") {
    check_merged_on_and_on(*store);
  }
  SECTION("a waiting acknowledgement of a merged ticket is sent") { check_sending_of_merged(*store); }
  SECTION("messages become a ticket of their own") { check_split(*store); }
}

}  // namespace postroom::tests
