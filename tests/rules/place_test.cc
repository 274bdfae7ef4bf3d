#include "rules/place_of.h"

#include <catch2/catch.hpp>

#include "tests/rules/plan_for_tests.h"

namespace postroom {

using namespace tests;

namespace {

using Folder = std::vector<std::string>;

}  // namespace

TEST_CASE("where a ticket's messages lie says its state, and the other way round", "[rules][R13][R14]") {
  struct Row {
    Status status;
    std::string owner;
    Folder folder;
  };
  const Row row = GENERATE(values<Row>({{Status::fresh, "", {}},
                                        {Status::fresh, "ivan", {"Иван"}},
                                        {Status::open, "ivan", {"Иван", "In progress"}},
                                        {Status::waiting, "", {"Waiting"}},
                                        {Status::resolved, "ivan", {"Иван", "Done"}},
                                        {Status::resolved, "", {"Done"}}}));
  const Desk desk = small_desk();
  const Where where = place_of(desk, ticket(row.status, row.owner));
  CHECK(where == Where{"Support", row.folder});
  CHECK(state_at(desk, where) == State{"support", row.owner, row.status});
}

TEST_CASE("a ticket that waits for the customer lies with the queue's others, whoever owns it",
          "[rules][R14]") {
  CHECK(place_of(small_desk(), ticket(Status::waiting, "ivan")) == Where{"Support", {"Waiting"}});
}

TEST_CASE("a ticket whose owner is no operator of its queue lies where nobody's do", "[rules][R13]") {
  const std::string owner = GENERATE("gone", "traders only");
  Desk desk = small_desk();
  desk.operators.push_back({"traders only", "Пётр", {"traders"}});
  CHECK(place_of(desk, ticket(Status::fresh, owner)) == Where{"Support", {}});
  CHECK(place_of(desk, ticket(Status::open, owner)) == Where{"Support", {}});
  CHECK(place_of(desk, ticket(Status::resolved, owner)) == Where{"Support", {"Done"}});
  CHECK_FALSE(state_at(desk, {"Support", {"Пётр"}}));
  CHECK(state_at(desk, {"Sales", {"Пётр"}}));
}

TEST_CASE("an absent operator keeps what lies in his folders", "[rules][R13]") {
  Desk desk = small_desk();
  desk.operators[0].absent = Switch::on;
  CHECK(place_of(desk, ticket(Status::open)) == Where{"Support", {"Иван", "In progress"}});
}

TEST_CASE("the mailbox of a queue that left the configuration is called as the queue was", "[rules]") {
  KnownTicket old = ticket(Status::open);
  old.queue = "former";
  CHECK(place_of(small_desk(), old) == Where{"former", {}});
}

TEST_CASE("a folder that stands for no state says nothing", "[rules][R13]") {
  const Where where = GENERATE(values<Where>({{"Support", {"Junk"}},
                                              {"Support", {"Automatic"}},
                                              {"Support", {"Spam"}},
                                              {"Support", {"In progress"}},
                                              {"Support", {"Иван", "Later"}},
                                              {"Support", {"Иван", "Done", "2024"}},
                                              {"Support", {"Done", "Иван"}},
                                              {"Elsewhere", {}},
                                              {"", {}}}));
  CHECK_FALSE(state_at(small_desk(), where));
}

}  // namespace postroom
