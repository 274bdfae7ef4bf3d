#include "rules/address.h"

#include <catch2/catch.hpp>

using namespace postroom;

TEST_CASE("addresses are compared without brackets, blanks and case", "[rules][R2]") {
  CHECK(normal_address(" <Support@Desk.TEST> ") == "support@desk.test");
  CHECK(normal_address("<>").empty());
  CHECK(normal_address("").empty());
  CHECK(normal_address("ИВАН@desk.test") == "ИВАН@desk.test");
}

TEST_CASE("an extension of a recipient leads to the channel without it", "[rules][R2]") {
  CHECK(without_extension("support+48213@desk.test", '+') == "support@desk.test");
  CHECK(without_extension("support+a+b@desk.test", '+') == "support@desk.test");
  CHECK(without_extension("support@desk.test", '+') == "support@desk.test");
  CHECK(without_extension("support+1@desk.test", '\0') == "support+1@desk.test");
  CHECK(without_extension("+1@desk.test", '+') == "+1@desk.test");
  CHECK(without_extension("support@de+sk.test", '+') == "support@de+sk.test");
  CHECK(without_extension("support-1@desk.test", '-') == "support@desk.test");
}

TEST_CASE("the domain of an address is what stands behind its last @", "[rules]") {
  CHECK(domain_of("Ivan@Desk.Test") == "desk.test");
  CHECK(domain_of("<ivan@desk.test>") == "desk.test");
  CHECK(domain_of("ivan").empty());
}

TEST_CASE("only what can stand between <> in RCPT TO is written to", "[rules][R18]") {
  CHECK(is_deliverable("ivan@desk.test"));
  CHECK(is_deliverable("иван@пример.test"));
  for (const char* bad :
       {"", "ivan", "@desk.test", "ivan@", "a@b@c", "a b@desk.test", "a@desk.test\r\nRCPT", "<a@b>"}) {
    CHECK_FALSE(is_deliverable(bad));
  }
  CHECK_FALSE(is_deliverable(std::string(320, 'a') + "@desk.test"));
}

TEST_CASE("an address is found in a list whatever its case", "[rules]") {
  const std::vector<Address> list{{"Support", "Support@desk.test"}};
  CHECK(contains_address(list, "support@DESK.test"));
  CHECK_FALSE(contains_address(list, "sales@desk.test"));
}
