#include "rules/acknowledge.h"

#include <catch2/catch.hpp>

#include <functional>

#include "tests/rules/desk_for_tests.h"

namespace postroom {
namespace {

using namespace tests;

struct Happening {
  Desk desk = small_desk();
  Message message = mail_from("anna@home.test", "Question", "How?");
  Envelope envelope = to({"support@desk.test"});
};

MayAcknowledge asked(const Happening& happening) {
  const Rulebook rulebook{happening.desk};
  return may_acknowledge(rulebook, happening.message, happening.envelope,
                         decide(rulebook, happening.message, happening.envelope));
}

void write_from(Happening& happening, const std::string& address) {
  happening.message = mail_from(address, "Question", "How?");
  happening.envelope.sender = address;
}

void add_header(Happening& happening, const std::string& name, const std::string& value) {
  happening.message.headers.push_back({name, value});
}

}  // namespace

TEST_CASE("a person's mail to a queue that answers is acknowledged", "[rules][R18]") {
  const MayAcknowledge may = asked({});
  CHECK(may.send);
  CHECK(may.reason == "a person wrote to queue 'support', which answers in 'en'");
}

TEST_CASE("nobody is acknowledged who must not be, and the reason is told", "[rules][R18][R5]") {
  struct Row {
    std::string why;
    std::function<void(Happening&)> change;
  };
  const std::vector<Row> rows{
      {"not for the desk", [](Happening& h) { h.envelope.recipients = {"ivan@desk.test"}; }},
      {"spam", [](Happening& h) { add_header(h, "X-Spam-Flag", "YES"); }},
      {"automatic (auto-reply)", [](Happening& h) { add_header(h, "Auto-Submitted", "auto-replied"); }},
      {"automatic (list)", [](Happening& h) { add_header(h, "List-Id", "<talk.home.test>"); }},
      {"", [](Happening& h) { h.envelope.sender = ""; }},
      {"no address that can be answered", [](Happening& h) { write_from(h, "undisclosed"); }},
      {"no address that can be answered", [](Happening& h) { write_from(h, "a,b@home.test"); }},
      {"no address that can be answered", [](Happening& h) { write_from(h, "\"a\"@home.test"); }},
      {"wrote to himself",
       [](Happening& h) {
         h.message.to = {{"", "anna@home.test"}};
       }},
      {"sales@desk.test is an address of the desk", [](Happening& h) { write_from(h, "sales@desk.test"); }},
      {"is an address of the desk", [](Happening& h) { write_from(h, "Sales+4@desk.test"); }},
      {"is an address of the desk",
       [](Happening& h) {
         h.desk.queues[2].from = "Accounts@Desk.test";
         write_from(h, "accounts@desk.test");
       }},
      {"envelope sender sales@desk.test is an address",
       [](Happening& h) { h.envelope.sender = "sales@desk.test"; }},
      {"nobody reads", [](Happening& h) { write_from(h, "noreply@home.test"); }},
      {"nobody reads", [](Happening& h) { write_from(h, "Do-Not-Reply-7@home.test"); }},
      {"nobody reads", [](Happening& h) { write_from(h, "news-request@home.test"); }},
      {"nobody reads", [](Happening& h) { h.envelope.sender = "owner-list@home.test"; }},
      {"nobody reads", [](Happening& h) { h.envelope.sender = "bounces+17@home.test"; }},
      {"X-Auto-Response-Suppress",
       [](Happening& h) { add_header(h, "X-Auto-Response-Suppress", "DR, AutoReply"); }},
      {"switched off for queue 'support' in the configuration",
       [](Happening& h) { h.desk.queues[0].acknowledgement = Switch::off; }},
      {"queue 'support' has no text in 'en'", [](Happening& h) { h.desk.queues[0].texts.clear(); }},
      {"queue 'support' is not in the configuration", [](Happening& h) { h.desk.queues.clear(); }},
  };
  for (const Row& row : rows) {
    Happening happening;
    row.change(happening);
    const MayAcknowledge may = asked(happening);
    CAPTURE(row.why, may.reason);
    CHECK_FALSE(may.send);
    CHECK_FALSE(may.reason.empty());
    // Which of several reasons is told first is rules/automatic's business for headers it knows.
    if (may.reason.find("automatic (") == std::string::npos)
      CHECK(may.reason.find(row.why) != std::string::npos);
  }
}

TEST_CASE("a copy to oneself is usual and is acknowledged", "[rules][R18]") {
  Happening happening;
  happening.message.cc = {{"", "anna@home.test"}};
  CHECK(asked(happening).send);
  happening.message.cc.clear();
  happening.message.to = {{"", "anna@home.test"}, {"", "support@desk.test"}};
  CHECK(asked(happening).send);
}

TEST_CASE("an envelope sender that is not known stands against nothing", "[rules]") {
  Happening happening;
  happening.envelope.sender.reset();
  CHECK(asked(happening).send);
}

TEST_CASE("names that only look like robots are people", "[rules]") {
  for (const char* address :
       {"rooter@home.test", "requester@home.test", "mr.daemon@home.test", "nobodys.fool@home.test"}) {
    Happening happening;
    write_from(happening, address);
    CHECK(asked(happening).send);
  }
}

TEST_CASE("the text is in the customer's language, else in the queue's", "[rules][R18]") {
  Queue queue = small_desk().queues[0];
  queue.language = "ru";
  CHECK(choose_text(queue, "en")->language == "en");
  CHECK(choose_text(queue, "fr")->language == "ru");
  CHECK(choose_text(queue, "")->text.starts_with("Subject: Приняли"));
  queue.texts.erase("ru");
  CHECK_FALSE(choose_text(queue, "fr"));
}

}  // namespace postroom
