#include "rules/customer.h"

#include <catch2/catch.hpp>

#include "rules/acknowledge.h"
#include "rules/tags.h"
#include "tests/rules/desk_for_tests.h"

namespace postroom::tests {
namespace {

Desk desk_with_form(Switch reply_to = Switch::off) {
  Desk desk = small_desk();
  desk.channels[1].form = WebForm{
      {{"name", "Name: *"}, {"email", "E-mail: *"}, {"phone", "Phone: *"}, {"topic", "Topic: *"}}, reply_to};
  return desk;
}

constexpr const char* filled = "Name: Anna\nE-mail: anna@home.test\nPhone: 123\nTopic: Delivery\n";

Message form_mail(const std::string& text, const std::string& from = "www-data@web.desk.test") {
  return mail_from(from, "New request", text);
}

struct Told {
  Decision decision;
  MayAcknowledge may;
};

Told tell(const Desk& desk, const Message& message, const std::string& sender = "www-data@web.desk.test") {
  const Rulebook rulebook{desk};
  const Envelope envelope = to({"sales@desk.test"}, sender);
  Told told{decide(rulebook, message, envelope), {}};
  told.may = may_acknowledge(rulebook, message, envelope, told.decision);
  return told;
}

}  // namespace

TEST_CASE("the customer of a form is who filled it in", "[rules][R6]") {
  const Told told = tell(desk_with_form(), form_mail(filled));
  CHECK(told.decision.customer == Customer{"Anna", "anna@home.test", "form", "123"});
  CHECK(told.decision.form.size() == 4);
  CHECK(told.may.send);
}

TEST_CASE("signs of the form's robot do not stop the acknowledgement", "[rules][R6][R18]") {
  const Header signs[] = {{"Auto-Submitted", "auto-generated"},
                          {"X-Auto-Response-Suppress", "All"},
                          {"Precedence", "bulk"},
                          {"X-Mailer", "PHPMailer 6"}};
  for (const Header& sign : signs) {
    for (const char* sender : {"", "noreply@desk.test", "sales@desk.test", "root@web.desk.test"}) {
      Message message = form_mail(filled, "noreply@desk.test");
      message.headers.push_back(sign);
      const Told told = tell(desk_with_form(), message, sender);
      CAPTURE(sign.name, sender, told.may.reason);
      CHECK(told.decision.customer.address == "anna@home.test");
      CHECK(told.may.send);
    }
  }
}

TEST_CASE("reports, lists and robots' replies to a form's channel are no forms", "[rules][R6][R7]") {
  const Header signs[] = {{"Auto-Submitted", "auto-replied"}, {"List-Id", "<news.home.test>"}};
  for (const Header& sign : signs) {
    Message message = form_mail(filled);
    message.headers.push_back(sign);
    const Told told = tell(desk_with_form(), message);
    CAPTURE(sign.name);
    CHECK(told.decision.form.empty());
    CHECK_FALSE(told.may.send);
  }
}

TEST_CASE("a form without a readable address is never answered to its robot", "[rules][R6]") {
  const Told told = tell(desk_with_form(), form_mail("Name: Anna\nE-mail: none\nPhone: 123\n"));
  CHECK(told.decision.customer == Customer{"Anna", "", "form", "123"});
  CHECK_FALSE(told.may.send);
  CHECK(told.may.reason == "the form names no address");
}

TEST_CASE("an address of the desk or of a robot in a form is not answered", "[rules][R6]") {
  for (const char* address :
       {"support@desk.test", "sales+1@desk.test", "noreply@home.test", "root@home.test"}) {
    CAPTURE(address);
    const Told told = tell(desk_with_form(), form_mail(std::string{"Name: A\nE-mail: "} + address + "\n"));
    CHECK(told.decision.customer.source == "form");
    CHECK_FALSE(told.may.send);
  }
}

TEST_CASE("Reply-To is the customer where the form says so and no field names one", "[rules][R6]") {
  Message message = form_mail("Name: Anna\nPhone: 123\n");
  message.reply_to = {{"Anna P.", "anna@home.test"}};
  const Told off = tell(desk_with_form(), message);
  CHECK(off.decision.customer.address.empty());
  const Told on = tell(desk_with_form(Switch::on), message);
  CHECK(on.decision.customer == Customer{"Anna", "anna@home.test", "form", "123"});
  CHECK(on.decision.form.back() == FormValue{"reply_to", "anna@home.test"});
  CHECK(on.may.send);

  message.text = filled;
  message.reply_to = {{"", "other@home.test"}};
  CHECK(tell(desk_with_form(Switch::on), message).decision.customer.address == "anna@home.test");
}

TEST_CASE("a form without fields goes by Reply-To alone", "[rules][R6]") {
  Desk desk = desk_with_form(Switch::on);
  desk.channels[1].form->fields.clear();
  Message message = form_mail("Hello", "noreply@desk.test");
  message.headers.push_back({"Auto-Submitted", "auto-generated"});
  message.reply_to = {{"Anna", "anna@home.test"}};
  CHECK(tell(desk, message).decision.customer.address == "anna@home.test");
  CHECK(tell(desk, message).may.send);
  message.reply_to.clear();
  CHECK_FALSE(tell(desk, message).may.send);
}

TEST_CASE("a person who writes to a form's channel is an ordinary customer", "[rules][R6]") {
  for (const char* text : {"Hello, where is my order?", "Hello!\n--\nAnna\nPhone: 123"}) {
    CAPTURE(text);
    const Told told = tell(desk_with_form(), mail_from("boris@home.test", "Order", text), "boris@home.test");
    CHECK(told.decision.customer.address == "boris@home.test");
    CHECK(told.decision.customer.source == "from");
    CHECK(told.may.send);
  }
}

TEST_CASE("who answers a mail and quotes somebody's form is the customer himself", "[rules][R6]") {
  const std::string text = std::string{"It fails.\n\nFrom: Shop\nSubject: form\n\n"} + filled;
  Message answer = mail_from("boris@home.test", "Re: form", text);
  CHECK(tell(desk_with_form(), answer, "boris@home.test").decision.customer.address == "anna@home.test");
  answer.in_reply_to = {"1@shop.test"};
  const Told told = tell(desk_with_form(), answer, "boris@home.test");
  CHECK(told.decision.customer.address == "boris@home.test");
  CHECK(told.decision.form.empty());
}

TEST_CASE("one field is enough from a machine or from the desk's own domain", "[rules][R6]") {
  for (const char* from : {"noreply@home.test", "site@desk.test"}) {
    CAPTURE(from);
    const Told told = tell(desk_with_form(), mail_from(from, "Request", "Phone: 123"), "x@home.test");
    CHECK(told.decision.customer == Customer{"", "", "form", "123"});
    CHECK_FALSE(told.may.send);
  }
}

TEST_CASE("a channel without a form reads no fields", "[rules][R6]") {
  const Told told = tell(small_desk(), mail_from("boris@home.test", "Order", filled), "boris@home.test");
  CHECK(told.decision.customer.address == "boris@home.test");
}

TEST_CASE("a bulk mail is a form's only with most of its fields", "[rules][R6]") {
  Message news = mail_from("news@shop.test", "Sale", "Buy!\nE-mail: info@shop.test\n");
  news.headers.push_back({"Precedence", "bulk"});
  CHECK_FALSE(tell(desk_with_form(), news).may.send);
}

TEST_CASE("who forwards mail from inside the desk is not its customer", "[rules]") {
  Desk desk = small_desk();
  Message message = mail_from("ivan@desk.test", "Fwd: Question", "see below");
  message.forwarded = Forwarded{{"Anna", "anna@home.test"}, "Question", "Where is it?"};
  CHECK(tell(desk, message, "ivan@desk.test").decision.customer ==
        Customer{"Anna", "anna@home.test", "forwarded"});

  SECTION("anybody else who forwards is the customer himself") {
    for (const char* from : {"boris@home.test", "ivan@home.test", "stranger@desk.test"}) {
      CAPTURE(from);
      message.from = {{"", from}};
      CHECK(tell(desk, message, from).decision.customer.address == from);
    }
  }
  SECTION("a mail of the desk's own that is forwarded names no customer") {
    message.forwarded->from.address = "support@desk.test";
    CHECK(tell(desk, message, "ivan@desk.test").decision.customer.source == "from");
  }
  SECTION("an automatic mail is forwarded by nobody") {
    message.headers.push_back({"Auto-Submitted", "auto-replied"});
    CHECK(tell(desk, message, "ivan@desk.test").decision.customer.source == "from");
  }
}

TEST_CASE("the form comes out of the headers as it went in", "[rules][R6]") {
  const Rulebook rulebook{desk_with_form()};
  Message message = form_mail(filled);
  Decision decision = tell(desk_with_form(), message).decision;
  decision.customer.status = "vip";
  decision.form.push_back({"topic", "п; \"=?\r\nBcc: x@y.test" + std::string(400, 'x')});
  const Binding binding = binding_of(message, std::string{"secret"}, rulebook.version());
  const std::vector<Header> lines = write_tags(decision, binding);
  const std::optional<Decision> read = read_tags(lines, binding);
  REQUIRE(read);
  CHECK(read->customer == decision.customer);
  CHECK(read->form == decision.form);
  REQUIRE(find_header(lines, "X-Postroom-Form"));
  for (const Header& line : lines) CHECK(line.value.find("\nBcc") == std::string::npos);
}

TEST_CASE("a reply to a form's mail goes to the customer", "[rules][R6]") {
  Message message = form_mail(filled);
  const Decision decision = tell(desk_with_form(), message).decision;
  CHECK(reply_lines(message, decision) == std::vector<Header>{{"Reply-To", "\"Anna\"\n <anna@home.test>"}});

  SECTION("a Reply-To that leads elsewhere is kept beside it") {
    message.reply_to = {{"", "noreply@desk.test"}};
    message.headers.push_back({"Reply-To", "noreply@desk.test"});
    const std::vector<Header> lines = reply_lines(message, decision);
    REQUIRE(lines.size() == 2);
    CHECK(lines[1] == Header{"X-Postroom-Form-Reply-To", "noreply@desk.test"});
  }
  SECTION("one that leads there by itself stays") {
    message.reply_to = {{"", "Anna@home.test"}};
    CHECK(reply_lines(message, decision).empty());
  }
  SECTION("without an address there is nobody to lead to") {
    CHECK(reply_lines(message, tell(desk_with_form(), form_mail("Name: A\nPhone: 1")).decision).empty());
  }
  SECTION("ordinary mail gets none") {
    const Message other = mail_from("boris@home.test", "x", "y");
    CHECK(reply_lines(other, tell(desk_with_form(), other).decision).empty());
  }
}

}  // namespace postroom::tests
