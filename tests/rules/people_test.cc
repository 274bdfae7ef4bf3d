#include "rules/people.h"

#include <catch2/catch.hpp>

#include "tests/rules/desk_for_tests.h"

namespace postroom::tests {
namespace {

Rule rule_about_customers() {
  Rule rule;
  rule.name = "vip";
  rule.none = {words(Field::customer, {"vip"})};
  return rule;
}

}  // namespace

TEST_CASE("a customer is known by address, by domain and by the domains above", "[rules][R9]") {
  Desk desk;
  desk.customers = {{"Anna@Bank.test", "vip"},
                    {"@bank.test", "client"},
                    {"@branch.bank.test", "branch"},
                    {"anna@bank.test", "second"}};
  const People people{desk};
  CHECK(people.status_of("ANNA@bank.test") == "vip");
  CHECK(people.status_of("boris@bank.test") == "client");
  CHECK(people.status_of("boris@Branch.bank.test") == "branch");
  CHECK(people.status_of("boris@a.b.bank.test") == "client");
  for (const char* stranger : {"", "@", "a@", "boris@notbank.test", "bank.test", "boris@test"}) {
    CAPTURE(stranger);
    CHECK(people.status_of(stranger).empty());
  }
}

TEST_CASE("nobody asks the store for a status that no rule asks for", "[rules][R9]") {
  Desk desk = small_desk();
  CHECK_FALSE(People{desk}.matters());
  int asked = 0;
  const StatusOf store = [&](const std::string&) {
    ++asked;
    return "vip";
  };
  const Message message = mail_from("anna@home.test", "x", "y");
  CHECK(decide(Rulebook{desk}, message, to({"support@desk.test"}), store).customer.status.empty());
  CHECK(asked == 0);
  desk.rules = {rule_about_customers()};
  CHECK(People{desk}.matters());
  CHECK(decide(Rulebook{desk}, message, to({"support@desk.test"}), store).customer.status == "vip");
  CHECK(asked == 1);
}

TEST_CASE("the desk's own list comes before what the store knows", "[rules][R9]") {
  Desk desk = small_desk();
  desk.customers = {{"anna@home.test", "vip"}};
  desk.rules = {rule_about_customers()};
  const Rulebook rulebook{desk};
  const StatusOf store = [](const std::string& address) { return "stored " + address; };
  const auto status = [&](const std::string& from) {
    return decide(rulebook, mail_from(from, "x", "y"), to({"support@desk.test"}), store).customer.status;
  };
  CHECK(status("Anna@home.test") == "vip");
  CHECK(status("Boris@home.test") == "stored boris@home.test");
  CHECK(decide(rulebook, Message{}, to({"support@desk.test"}), store).customer.status.empty());
}

}  // namespace postroom::tests
