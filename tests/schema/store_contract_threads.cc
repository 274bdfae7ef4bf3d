// Mails that belong together: follow-ups, strangers, later arrivals of the same mail.

#include <catch2/catch.hpp>

#include "tests/schema/store_contract.h"

namespace postroom::tests {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::string last_event(Store& store, TicketNumber ticket) { return store.events(ticket, 1).at(0).what; }

void check_reply(Store& store) {
  const Recorded first = record_one(store, delivery(store));
  const Delivery reply = reply_to(store, "letter@customer.test", {.name = "reply"});
  const Destination where = store.destination(reply, desk());
  CHECK(where.filing == Filing::joins);
  CHECK(where.ticket == first.ticket);
  CHECK(where.mailbox == "Support");
  const Recorded recorded = arrives(store, reply);
  CHECK(recorded.ticket == first.ticket);
  CHECK_FALSE(recorded.acknowledged);
  CHECK(store.count("tickets") == 1);
  CHECK(store.messages(first.ticket).size() == 3);  // with the acknowledgement
  CHECK_THAT(history(store, first.ticket), Catch::Contains("followed up"));
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_stranger(Store& store) {
  const Recorded first = record_one(store, delivery(store));
  const Recorded other = arrives(
      store, reply_to(store, "letter@customer.test", {.name = "other", .from = "eve@elsewhere.test"}));
  CHECK(other.ticket != first.ticket);
  CHECK(store.links(other.ticket) == std::vector<Link>{{first.ticket, Relation::possibly_same}});
  CHECK(store.links(first.ticket) == std::vector<Link>{{other.ticket, Relation::possibly_same}});
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_copied_id(Store& store) {
  const Recorded first = record_one(store, delivery(store));
  Delivery copy = delivery(store, {.name = "copy", .from = "eve@elsewhere.test"});
  copy.message_id = "letter@customer.test";
  const Recorded other = arrives(store, copy);
  CHECK(other.repeated == Repeated::no);
  CHECK(other.ticket != first.ticket);
  CHECK(store.links(other.ticket) == std::vector<Link>{{first.ticket, Relation::possibly_same}});
}

Delivery answer_of_operator(Store& store, const std::string& name) {
  Delivery answer = reply_to(store, "letter@customer.test", {.name = name, .from = "ivan@desk.test"});
  answer.arrival.from_desk = true;
  return answer;
}

Delivery bounce_about(Store& store, const std::vector<std::string>& ids, const std::string& name) {
  Delivery bounce = delivery(store, {.name = name, .from = "mailer-daemon@customer.test"});
  bounce.arrival.references.ids = ids;
  bounce.arrival.references.tagged = {1};
  bounce.arrival.decision.automatic.kind = Automatic::Kind::bounce;
  bounce.arrival.decision.automatic.failed = {{"anna@customer.test", "5.1.1", "failed", true}};
  return bounce;
}

// Everybody whom the customer wrote to knows the Message-ID of his mail.
void check_bounce(Store& store) {
  const Recorded first = record_one(store, delivery(store));
  const Recorded forged = arrives(store, bounce_about(store, {"letter@customer.test"}, "forged"));
  CHECK(forged.ticket != first.ticket);
  CHECK(store.links(forged.ticket) == std::vector<Link>{{first.ticket, Relation::possibly_same}});
  REQUIRE(arrives(store, answer_of_operator(store, "answer")).ticket == first.ticket);
  CHECK(last_event(store, first.ticket) == "answer filed");
  const std::vector<std::string> ids = {"letter@customer.test", "answer@customer.test"};
  CHECK(arrives(store, bounce_about(store, ids, "true")).ticket == first.ticket);
  CHECK(last_event(store, first.ticket) == "answer bounced");
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_forged_answer(Store& store) {
  const Recorded first = record_one(store, delivery(store));
  Delivery forged = answer_of_operator(store, "forged");
  forged.arrival.references = {};
  SECTION("with the ticket's number") { forged.arrival.references.tagged = {first.ticket}; }
  SECTION("with the Message-ID of the customer's mail as its own") {
    forged.message_id = "letter@customer.test";
  }
  const Recorded other = arrives(store, forged);
  CHECK(other.repeated == Repeated::no);
  CHECK(other.ticket != first.ticket);
  CHECK(store.links(other.ticket) == std::vector<Link>{{first.ticket, Relation::possibly_same}});
  CHECK_THAT(history(store, first.ticket), !Catch::Contains("answer filed"));
}

// Whatever else a mail names, and whoever has used its Message-ID, before or since.
void check_crowd(Store& store) {
  const Recorded early = arrives(store, delivery(store, {.name = "early", .from = "eve@elsewhere.test"}));
  const Recorded first = record_one(store, delivery(store));
  std::vector<std::string> ids;
  for (int i = 0; i < 60; ++i) {
    Delivery one = delivery(store, {.name = "eve" + std::to_string(i), .from = "eve@elsewhere.test"});
    ids.push_back(one.message_id);
    if (i % 2 == 0) one.message_id = "letter@customer.test";
    one.subject = one.arrival.subject = "";
    arrives(store, one);
  }
  Delivery reply = delivery(store, {.name = "reply"});
  SECTION("the ticket's number counts behind strangers' mails") {
    reply.arrival.references.ids = {ids.begin(), ids.begin() + 20};
    reply.arrival.references.tagged = {early.ticket, first.ticket};
  }
  SECTION("a Message-ID leads to the mail that had it first") {
    reply.arrival.references.ids = {"letter@customer.test"};
  }
  CHECK(arrives(store, reply).ticket == first.ticket);
}

void check_overtaking(Store& store) {
  const Recorded reply = arrives(store, reply_to(store, "slow@customer.test", {.name = "reply"}));
  const Recorded stranger =
      arrives(store, reply_to(store, "slow@customer.test", {.name = "x", .from = "eve@elsewhere.test"}));
  CHECK(stranger.ticket != reply.ticket);
  const Recorded overtaken = arrives(store, delivery(store, {.name = "slow"}));
  CHECK(overtaken.ticket == reply.ticket);
  const Recorded sibling = arrives(store, reply_to(store, "slow@customer.test", {.name = "sibling"}));
  CHECK(sibling.ticket == reply.ticket);
}

void check_stale(Store& store) {
  Delivery reply = delivery(store, {.name = "reply"});  // written as a ticket of its own
  const Recorded first = record_one(store, delivery(store));
  reply.arrival.references.ids = {"letter@customer.test"};
  const auto messages = store.count("messages");
  CHECK(record_one(store, reply).stale);
  CHECK(store.count("messages") == messages);
  CHECK(store.count("tickets") == 1);
  reply.joins = true;
  reply.ticket = first.ticket;
  reply.mailbox = "Продажи";
  CHECK(record_one(store, reply).stale);
  reply.mailbox = "Support";
  CHECK_FALSE(record_one(store, reply).stale);
}

// Parent, reply and a third mail that has nothing to do with them, in one commit.
void check_group(Store& store) {
  Delivery reply = reply_to(store, "letter@customer.test", {.name = "reply"});
  Changes changes;
  changes.deliveries = {delivery(store), reply, delivery(store, {.name = "other"})};
  changes.deliveries[1].joins = true;
  changes.deliveries[1].ticket = changes.deliveries[0].ticket;
  const auto recorded = store.apply(changes, desk(), Durable::yes).recorded;
  CHECK_FALSE(recorded.at(1).stale);
  CHECK(recorded.at(1).ticket == recorded.at(0).ticket);
  CHECK(recorded.at(2).ticket != recorded.at(0).ticket);
}

Delivery same_mail(Store& store, const std::string& digest) {
  Delivery made = delivery(store);
  made.digest = digest;
  made.arrival.decision.content = "0123456789abcdef0123456789abcdef";
  return made;
}

void check_twins(Store& store) {
  const Recorded first = record_one(store, same_mail(store, "one"));
  Delivery second = same_mail(store, "two");
  second.keys = {{"sales@desk.test", ""}};
  second.arrival.recipients = {"sales@desk.test"};
  SECTION("by Message-ID and content, hours later") { second.at += hours{5}; }
  SECTION("by content within minutes, with another Message-ID") {
    second.message_id = "again@customer.test";
    second.at += seconds{300};
  }
  SECTION("by Message-ID and subject, where a list is between") {
    second.arrival.decision.content = "another";
    second.arrival.decision.automatic.kind = Automatic::Kind::list;
  }
  CHECK(store.destination(second, desk()).filing == Filing::repeats);
  second.file.clear();           // none is written for it
  for (int i = 0; i < 2; ++i) {  // the second time it is Postfix's retry
    const Recorded again = record_one(store, second);
    CHECK(again.repeated == Repeated::yes);
    CHECK(again.message == first.message);
    CHECK(again.ticket == first.ticket);
    CHECK(last_event(store, first.ticket) == "also addressed to sales@desk.test");
  }
  CHECK(store.find("two")->message == first.message);
  CHECK(store.count("tickets") == 1);
  CHECK(store.count("deliveries") == 2);
  CHECK(history(store, first.ticket) == "created; acknowledgement queued; also addressed to sales@desk.test");
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_no_twins(Store& store) {
  const Recorded first = record_one(store, same_mail(store, "one"));
  Delivery second = same_mail(store, "two");
  SECTION("the same words an hour later are another mail") {
    second.message_id = "again@customer.test";
    second.at += hours{1};
  }
  SECTION("programs that repeat their Message-ID say something else with it") {
    second.arrival.decision.content = "another";
  }
  SECTION("robots of lists repeat their Message-ID and subject") {
    second.arrival.decision.automatic.kind = Automatic::Kind::list;
    Delivery list = same_mail(store, "before");
    list.message_id = second.message_id = "every-day@lists.test";
    list.arrival.decision.automatic.kind = Automatic::Kind::list;
    list.arrival.decision.content = "of yesterday";
    second.arrival.decision.content = "of today";
    CHECK(arrives(store, second).ticket != arrives(store, list).ticket);
  }
  SECTION("months later even the same mail is a new one") { second.at += hours{24 * 60}; }
  CHECK(arrives(store, second).ticket != first.ticket);
}

void check_forms(Store& store) {
  const auto in_form = [&](const std::string& digest, const std::string& html, const std::string& id) {
    Delivery mail = same_mail(store, digest);
    mail.arrival.decision.content += html;
    mail.message_id = id + "@customer.test";
    return mail;
  };
  record_one(store, in_form("one", "000000000000000a", "1"));
  const auto filed = [&](const Delivery& mail) { return store.destination(mail, desk()).filing; };
  CHECK(filed(in_form("two", "000000000000000a", "2")) == Filing::repeats);
  CHECK(filed(in_form("two", "000000000000000b", "2")) == Filing::opens);
  CHECK(filed(in_form("two", "", "2")) == Filing::opens);
  CHECK(filed(in_form("two", "000000000000000b", "1")) == Filing::repeats);  // rewritten on the way
  CHECK(filed(in_form("two", "", "1")) == Filing::repeats);                  // taken away
}

void check_queue_mode(Store& store) {
  Desk one_each = desk();
  one_each.duplicates.channel = WhichChannel::queue;
  record_one(store, same_mail(store, "one"));
  Delivery other = same_mail(store, "two");
  CHECK(store.destination(other, one_each).filing == Filing::repeats);
  other.arrival.decision.verdict.queue = "sales";
  other.arrival.decision.verdict.channel = "sales@desk.test";
  CHECK(store.destination(other, one_each).filing == Filing::opens);
}

void check_same_words_elsewhere(Store& store) {
  const Recorded one = record_one(store, delivery(store, {.name = "one"}));
  const Recorded two = record_one(store, delivery(store, {.name = "two"}));
  Delivery yes = reply_to(store, "one@customer.test", {.name = "yes one"});
  Delivery yes_too = reply_to(store, "two@customer.test", {.name = "yes two"});
  yes.arrival.decision.content = yes_too.arrival.decision.content = "yes";
  CHECK(arrives(store, yes).ticket == one.ticket);
  CHECK(arrives(store, yes_too).ticket == two.ticket);
}

void check_alike(Store& store) {
  const Recorded first = record_one(store, delivery(store, {.name = "one"}));
  const Recorded second = arrives(store, delivery(store, {.name = "two"}));
  CHECK(store.links(second.ticket) == std::vector<Link>{{first.ticket, Relation::possibly_same}});
  Delivery other = delivery(store, {.name = "three"});
  other.subject = "Счёт";
  CHECK(store.links(arrives(store, other).ticket).empty());
  const Delivery late = delivery(store, {.name = "four", .at = Letter{}.at + hours{31 * 24}});
  CHECK(store.links(arrives(store, late).ticket).empty());
}

// A machine has written for years, and the last of it is all that counts.
void check_alike_of_many(Store& store) {
  record_one(store, delivery(store, {.name = "one"}));
  for (int i = 0; i < 50; ++i) {
    Delivery more = delivery(store, {.name = std::to_string(i), .at = Letter{}.at - hours{24 * 40}});
    more.subject = "Backup " + std::to_string(i);
    record_one(store, more);
  }
  CHECK(store.links(record_one(store, delivery(store, {.name = "two"})).ticket).empty());
}

// The more specific channel gets a mail that nobody has touched; what has come hundreds of times stays.
void check_many_arrivals(Store& store, int arrivals, const std::string& queue) {
  Desk specific = desk();
  specific.duplicates.channel = WhichChannel::specific;
  specific.channels[0].general = Switch::on;
  const Recorded first = record_one(store, same_mail(store, "one"));
  Changes changes;
  for (int i = 0; i < arrivals; ++i) {
    changes.deliveries.push_back(same_mail(store, std::to_string(i)));
    changes.deliveries.back().file.clear();
  }
  Delivery other = same_mail(store, "two");
  other.arrival.decision.verdict.queue = "sales";
  other.arrival.decision.verdict.channel = "sales@desk.test";
  other.file.clear();
  changes.deliveries.push_back(other);
  store.apply(changes, specific, Durable::yes);
  CHECK(store.ticket(first.ticket)->queue == queue);
}

}  // namespace

void check_threads(const Bench& bench) {
  const auto store = bench.open();
  SECTION("a reply joins the ticket of the mail that it answers") { check_reply(*store); }
  SECTION("a stranger who names a mail gets a ticket of his own, linked") { check_stranger(*store); }
  SECTION("a stranger who copies a Message-ID gets a ticket of his own, linked") { check_copied_id(*store); }
  SECTION("an operator's address in From makes no answer") { check_forged_answer(*store); }
  SECTION("a bounce belongs to the ticket of the answer that it names") { check_bounce(*store); }
  SECTION("strangers' mails do not hide a customer's own ticket") { check_crowd(*store); }
  SECTION("a reply may overtake the mail that it answers") { check_overtaking(*store); }
  SECTION("a file that names the wrong ticket or lies elsewhere is not recorded") { check_stale(*store); }
  SECTION("a mail sees its parent in the same commit") { check_group(*store); }
  SECTION("the same customer's tickets with this subject are linked") { check_alike(*store); }
  SECTION("of a customer's many tickets the newest are compared") { check_alike_of_many(*store); }
}

void check_repeats(const Bench& bench) {
  const auto store = bench.open();
  SECTION("a later arrival of the same mail is an event, and its retry nothing") { check_twins(*store); }
  SECTION("what only resembles is a mail of its own") { check_no_twins(*store); }
  SECTION("HTML beside the same words makes another mail, but for one Message-ID") { check_forms(*store); }
  SECTION("a message to several queues is a ticket in each, if the admin says so") {
    check_queue_mode(*store);
  }
  SECTION("the same words in two threads are two mails") { check_same_words_elsewhere(*store); }
  SECTION("a few arrivals do not keep it from a more specific channel") {
    check_many_arrivals(*store, 3, "sales");
  }
  SECTION("hundreds of arrivals are not looked through each time") {
    check_many_arrivals(*store, 250, "support");
  }
}

}  // namespace postroom::tests
