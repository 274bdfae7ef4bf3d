#include <algorithm>
#include <catch2/catch.hpp>

#include "rules/plan.h"
#include "tests/rules/plan_for_tests.h"

namespace postroom {

using namespace tests;

namespace {

using Folder = std::vector<std::string>;
using Words = std::vector<std::string>;

Plan joining(const KnownTicket& known, const Arrival& one = arrival("support"),
             const Desk& desk = small_desk()) {
  Plan plan = plan_inbound(desk, one, named(known));
  REQUIRE(plan.filing == Filing::joins);
  REQUIRE(plan.ticket == 7);
  CHECK_FALSE(plan.acknowledge);
  CHECK(status_told(known.status, plan.events) == plan.status.value_or(known.status));
  return plan;
}

Arrival automatic(Automatic::Kind kind) {
  Arrival one = arrival("support");
  one.decision.automatic.kind = kind;
  one.decision.automatic.reason = "Auto-Submitted: auto-replied";
  return one;
}

Arrival report(Automatic::Kind kind, const Failed& failed) {
  Arrival one = automatic(kind);
  one.decision.automatic.failed = {failed};
  one.people = {{"Mail Delivery System", "mailer-daemon@home.test"}};
  one.sender = "";
  return one;
}

}  // namespace

TEST_CASE("a customer's message goes to the owner and wakes what is resolved or waits", "[rules][threads]") {
  struct Row {
    Status before;
    std::string owner;
    Status after;
    Folder folder;
    Words words;
  };
  const Row row = GENERATE(values<Row>({
      {Status::fresh, "", Status::fresh, {}, {"followed up"}},
      {Status::fresh, "ivan", Status::fresh, {"Иван"}, {"followed up"}},
      {Status::open, "ivan", Status::open, {"Иван", "In progress"}, {"followed up"}},
      {Status::waiting, "ivan", Status::open, {"Иван", "In progress"}, {"followed up", "resumed"}},
      {Status::resolved, "ivan", Status::open, {"Иван", "In progress"}, {"followed up", "reopened"}},
      {Status::waiting, "", Status::fresh, {}, {"followed up", "resumed", "requeued"}},
      {Status::resolved, "", Status::fresh, {}, {"followed up", "reopened", "requeued"}},
      {Status::open, "gone", Status::fresh, {}, {"followed up", "requeued"}},
      {Status::fresh, "gone", Status::fresh, {}, {"followed up", "requeued"}},
      {Status::resolved, "gone", Status::fresh, {}, {"followed up", "reopened", "requeued"}},
  }));
  const Plan plan = joining(ticket(row.before, row.owner));
  CHECK(plan.mailbox == "Support");
  CHECK(plan.folder == row.folder);
  CHECK(plan.status.value_or(row.before) == row.after);
  CHECK(plan.status.has_value() == (row.before != row.after));
  CHECK(words_of(plan.events) == row.words);
  CHECK(plan.brings_conversation == (plan.status || plan.owner));
  CHECK(plan.kind == "inbound");
}

TEST_CASE("a follow-up whose owner is not there goes back to the queue and says why", "[rules][threads]") {
  Desk desk = small_desk();
  std::string why;
  SECTION("absent") {
    desk.operators[0].absent = Switch::on;
    why = "requeued: ivan is absent";
  }
  SECTION("he left the group") {
    desk.operators[0].groups = {"traders"};
    why = "requeued: ivan does not work in queue 'support' any longer";
  }
  SECTION("he left the desk") {
    desk.operators.erase(desk.operators.begin());
    why = "requeued: ivan is no operator any longer";
  }
  SECTION("the queue wants further mail for itself") {
    desk.queues[0].follow_up = FollowUp::queue;
    why = "requeued: further mail goes to queue 'support' itself, not to ivan";
  }
  const Plan plan = joining(ticket(Status::resolved), arrival("support"), desk);
  CHECK(plan.folder.empty());
  CHECK(plan.owner == "");
  CHECK(plan.status == Status::fresh);
  CHECK(events_of(plan).back() == why);
}

TEST_CASE("a follow-up goes to its ticket's queue, whatever channel it came to", "[rules][threads]") {
  const Plan plan = joining(ticket(Status::open), arrival("sales"));
  CHECK(plan.mailbox == "Support");
  CHECK_FALSE(plan.queue);
}

TEST_CASE("where conversations stay apart only the new message goes to the owner", "[rules][threads]") {
  Desk desk = small_desk();
  desk.queues[0].conversation = Switch::off;
  CHECK_FALSE(joining(ticket(Status::resolved), arrival("support"), desk).brings_conversation);
}

TEST_CASE("a short thanks is filed where the ticket lies and changes nothing", "[rules][threads]") {
  Arrival thanks = arrival("support");
  thanks.decision.thanks = true;
  const Status status = GENERATE(Status::resolved, Status::waiting);
  const Plan plan = joining(ticket(status), thanks);
  CHECK_FALSE(plan.status);
  CHECK_FALSE(plan.owner);
  CHECK_FALSE(plan.brings_conversation);
  CHECK(plan.folder == (status == Status::resolved ? Folder{"Иван", "Done"} : Folder{"Waiting"}));
  CHECK(words_of(plan.events) == Words{"filed"});

  SECTION("a queue may want to see it") {
    Desk desk = small_desk();
    desk.queues[0].thanks = Switch::off;
    CHECK(joining(ticket(status), thanks, desk).status == Status::open);
  }
  SECTION("somebody who works on the ticket sees it as any message") {
    CHECK(words_of(joining(ticket(Status::open), thanks).events) == Words{"followed up"});
  }
  SECTION("it needs no new ticket, however late it comes") {
    Arrival late = thanks;
    late.at = noon + std::chrono::hours{24 * 400};
    CHECK_FALSE(joining(ticket(status), late).status);
  }
}

TEST_CASE("automatic mail is filed in its thread, wakes nobody and brings nobody", "[rules][R7][threads]") {
  using Kind = Automatic::Kind;
  const Kind kind =
      GENERATE(Kind::auto_reply, Kind::auto_generated, Kind::feedback, Kind::receipt, Kind::list, Kind::bulk);
  const Status status = GENERATE(Status::fresh, Status::open, Status::waiting, Status::resolved);
  Arrival one = automatic(kind);
  one.people.push_back({"Bob", "bob@home.test"});
  const Plan plan = joining(ticket(status), one);
  CHECK_FALSE(plan.status);
  CHECK_FALSE(plan.owner);
  CHECK_FALSE(plan.brings_conversation);
  CHECK(plan.participants.empty());
  CHECK(words_of(plan.events) == Words{"filed"});
}

TEST_CASE("an answer that bounces reopens its ticket and is shown to the owner", "[rules][R7][threads]") {
  const Arrival bounce = report(Automatic::Kind::bounce, {"anna@home.test", "5.1.1", "failed", true});
  const Status status = GENERATE(Status::open, Status::waiting, Status::resolved);
  const Plan plan = joining(ticket(status), bounce);
  CHECK(plan.status.value_or(status) == Status::open);
  CHECK(plan.folder == Folder{"Иван", "In progress"});
  CHECK(events_of(plan).front() == "answer bounced: anna@home.test 5.1.1");
  CHECK(plan.participants.empty());
}

TEST_CASE("a report is final when the mail system has given up, whatever status it gives", "[rules][R7]") {
  using Kind = Automatic::Kind;
  const auto word = [](Kind kind, const Failed& failed) {
    return words_of(joining(ticket(Status::resolved), report(kind, failed)).events).front();
  };
  CHECK(word(Kind::bounce, {"anna@home.test", "4.2.2", "failed", false}) == "answer bounced");
  CHECK(word(Kind::bounce, {"anna@home.test", "4.4.1", "delayed", false}) == "answer delayed");
  CHECK(word(Kind::delayed, {"anna@home.test", "4.4.1", "delayed", false}) == "answer delayed");
  Arrival silent = automatic(Kind::bounce);
  CHECK(events_of(joining(ticket(Status::open), silent)).front() ==
        "answer bounced: Auto-Submitted: auto-replied");
}

TEST_CASE("a delayed answer is noted, and that is all", "[rules][R7][threads]") {
  const Arrival delay = report(Automatic::Kind::delayed, {"anna@home.test", "4.4.1", "delayed", false});
  const Plan plan = joining(ticket(Status::resolved), delay);
  CHECK_FALSE(plan.status);
  CHECK(events_of(plan) == Words{"answer delayed: anna@home.test 4.4.1"});
}

TEST_CASE("a signature proves by itself, anything else needs a sender who takes part", "[rules][threads]") {
  struct Row {
    Proof proof;
    bool takes_part;
    Filing filing;
  };
  const Row row = GENERATE(values<Row>({{Proof::reply_address, false, Filing::joins},
                                        {Proof::signed_id, false, Filing::joins},
                                        {Proof::message_id, true, Filing::joins},
                                        {Proof::subject_tag, true, Filing::joins},
                                        {Proof::message_id, false, Filing::opens},
                                        {Proof::subject_tag, false, Filing::opens}}));
  Arrival stranger = arrival("support");
  stranger.people = {{"Bob", "Bob@else.test"}};
  stranger.decision.customer = {"Bob", "Bob@else.test", "from"};
  const Plan plan =
      plan_inbound(small_desk(), stranger, named(ticket(Status::open), row.proof, row.takes_part));
  CHECK(plan.filing == row.filing);
  if (row.filing == Filing::opens) {
    CHECK(plan.links == std::vector<Link>{{7, Relation::possibly_same}});
    CHECK(plan.participants.empty());
    CHECK(plan.acknowledge);
    return;
  }
  CHECK(plan.participants == std::vector<Address>{{"Bob", "bob@else.test"}});
  CHECK(events_of(plan).back() == "participant joined: bob@else.test");
}

TEST_CASE("a ticket resolved long ago is not reopened: a new one continues it", "[rules][threads]") {
  using std::chrono::seconds;
  struct Row {
    seconds reopen_within, later;
    Filing filing;
  };
  constexpr seconds month{30 * 24 * 3600}, hour{3600}, second{1};
  const Row row = GENERATE_COPY(values<Row>({{month, month, Filing::joins},
                                             {month, month + second, Filing::opens},
                                             {hour, hour + second, Filing::opens},
                                             {hour, hour, Filing::joins},
                                             {seconds{0}, second, Filing::opens}}));
  Desk desk = small_desk();
  desk.queues[0].reopen_within = row.reopen_within;
  const KnownTicket old = ticket(Status::resolved);
  Arrival one = arrival("support");
  one.at = old.resolved + row.later;
  const Plan plan = plan_inbound(desk, one, named(old));
  CHECK(plan.filing == row.filing);
  if (row.filing == Filing::joins) return;
  CHECK(plan.links == std::vector<Link>{{7, Relation::continues}});
  CHECK(std::ranges::count(plan.events, "linked", &PlannedEvent::what) == 1);
  CHECK(plan_inbound(desk, one, named(ticket(Status::waiting))).filing == Filing::joins);

  SECTION("a younger ticket that the message names, too, is joined") {
    Facts facts = named(old);
    facts.candidates.push_back({ticket(Status::open), Proof::message_id, true});
    facts.candidates.back().ticket.number = 8;
    CHECK(plan_inbound(desk, one, facts).ticket == 8);
  }
  SECTION("robots and bounces belong to it all the same") {
    Arrival robot = automatic(Automatic::Kind::auto_reply);
    robot.at = one.at;
    CHECK(plan_inbound(desk, robot, named(old)).filing == Filing::joins);
    Arrival bounce = report(Automatic::Kind::bounce, {"anna@home.test", "5.1.1", "failed", true});
    bounce.at = one.at;
    CHECK(plan_inbound(desk, bounce, named(old)).status == Status::open);
  }
}

TEST_CASE("an answer that a rule takes for spam stays an answer", "[rules][R5][threads]") {
  struct Row {
    Proof proof;
    bool takes_part, quotes_us;
    Filing filing;
  };
  const Row row = GENERATE(values<Row>({
      {Proof::reply_address, true, false, Filing::joins},
      {Proof::signed_id, false, true, Filing::joins},
      {Proof::reply_address, false, true, Filing::joins},
      {Proof::message_id, true, false, Filing::joins},
      {Proof::reply_address, false, false, Filing::ticketless},  // the address was harvested
      {Proof::message_id, false, false, Filing::ticketless},
      {Proof::subject_tag, true, false, Filing::ticketless},
  }));
  Arrival spam = arrival("support");
  spam.decision.verdict.spam = true;
  if (row.quotes_us) spam.references.signed_ids = {7};
  const Plan plan = plan_inbound(small_desk(), spam, named(ticket(Status::open), row.proof, row.takes_part));
  CHECK(plan.filing == row.filing);
  CHECK(plan.participants.empty());
  if (row.filing == Filing::ticketless) CHECK(plan.folder == Folder{"Junk"});
}

TEST_CASE("automatic mail that certainly belongs to a ticket is not filed away by its channel",
          "[rules][R7][threads]") {
  struct Row {
    Automatic::Kind kind;
    Proof proof;
    bool takes_part;
    Filing filing;
  };
  using Kind = Automatic::Kind;
  const Row row = GENERATE(values<Row>({
      {Kind::auto_reply, Proof::signed_id, false, Filing::joins},
      {Kind::auto_reply, Proof::message_id, true, Filing::joins},
      {Kind::auto_reply, Proof::message_id, false, Filing::ticketless},
      {Kind::auto_reply, Proof::subject_tag, true, Filing::ticketless},
      {Kind::bounce, Proof::signed_id, false, Filing::joins},
  }));
  Arrival one = automatic(row.kind);
  one.automatic_only = true;
  CHECK(plan_inbound(small_desk(), one, named(ticket(Status::open), row.proof, row.takes_part)).filing ==
        row.filing);
}

TEST_CASE("people who are written to take part from then on, within limits", "[rules][threads]") {
  Arrival one = arrival("support");
  SECTION("whoever takes part already, the desk and robots are not counted") {
    one.people = {{"Anna", "ANNA@home.test"}, {"Anna", "anna@work.test"},
                  {"Bob", "bob@else.test"},   {"", "noreply@else.test"},
                  {"", "support@desk.test"},  {"Bob", "Bob@else.test"},
                  {"Eve", "eve@else.test"},   {"", ""},
                  {"", "not an address"}};
    Desk desk = small_desk();
    desk.same_people = {{"x@y.test", "z@y.test"}, {"anna@home.test", "anna@work.test"}};
    Facts facts = named(ticket(Status::open));
    facts.participants = {"eve@else.test"};
    const Plan plan = plan_inbound(desk, one, facts);
    CHECK(plan.participants == std::vector<Address>{{"Bob", "bob@else.test"}});
    CHECK(events_of(plan).back() == "participant joined: bob@else.test");
  }
  SECTION("a message brings twenty at most, and a ticket has a hundred") {
    for (int i = 0; i < 5000; ++i) one.people.push_back({"", std::to_string(i) + "@else.test"});
    Facts facts = named(ticket(Status::open));
    CHECK(plan_inbound(small_desk(), one, facts).participants.size() == 20);
    facts.participants.resize(95, "somebody@else.test");
    CHECK(plan_inbound(small_desk(), one, facts).participants.size() == 5);
    facts.participants.resize(130, "somebody@else.test");
    CHECK(plan_inbound(small_desk(), one, facts).participants.empty());
  }
  SECTION("who is in Cc of a first message takes part, but nobody in a web form's") {
    one.people.push_back({"Bob", "bob@else.test"});
    CHECK(plan_inbound(small_desk(), one, {}).participants.size() == 1);
    one.decision.customer.source = "form";
    CHECK(plan_inbound(small_desk(), one, {}).participants.empty());
  }
}

}  // namespace postroom
