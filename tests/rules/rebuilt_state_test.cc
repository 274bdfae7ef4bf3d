#include "rules/rebuilt_state.h"

#include <catch2/catch.hpp>

#include "tests/rules/desk_for_tests.h"

namespace postroom {

TEST_CASE("what the folders say of a ticket is what most concerns somebody", "[rules][I9]") {
  Desk desk = tests::small_desk();
  desk.queues.push_back(tests::queue_named("express", "firstline"));
  desk.queues.back().mailbox = "Support";  // shared with queue support
  const Where incoming{"Support", {}}, ivans{"Support", {"Иван"}},
      claimed{"Support", {"Иван", "In progress"}}, done{"Support", {"Иван", "Done"}},
      nobodys{"Support", {"Done"}}, waiting{"Support", {"Waiting"}}, junk{"Support", {"Junk"}},
      sales{"Sales", {}};
  struct Row {
    std::vector<Where> places;
    State state;
  };
  for (const auto& [places, state] :
       std::vector<Row>{{{incoming}, {"support", "", Status::fresh}},
                        {{ivans}, {"support", "ivan", Status::fresh}},
                        {{claimed}, {"support", "ivan", Status::open}},
                        {{done}, {"support", "ivan", Status::resolved}},
                        {{nobodys}, {"support", "", Status::resolved}},
                        {{waiting}, {"support", "", Status::waiting}},
                        {{sales}, {"sales", "", Status::fresh}},
                        {{done, incoming, claimed, waiting}, {"support", "ivan", Status::open}},
                        {{done, incoming, waiting}, {"support", "", Status::waiting}},
                        {{incoming, ivans, done}, {"support", "ivan", Status::fresh}},
                        {{nobodys, done}, {"support", "ivan", Status::resolved}},
                        {{junk, done}, {"support", "ivan", Status::resolved}},
                        {{junk}, {"support", "", Status::fresh}},
                        {{}, {"support", "", Status::fresh}}}) {
    CHECK((state_from_places(desk, "support", places) == state));
  }
  CHECK(state_from_places(desk, "express", {claimed}).queue == "express");
  CHECK(state_from_places(desk, "billing", {claimed}).queue == "support");
}

}  // namespace postroom
