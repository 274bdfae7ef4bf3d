// What another help desk does with further mail to its tickets, held against what we do: ../shared/corpus.

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "rules/plan.h"
#include "tests/rules/plan_for_tests.h"

namespace postroom {

using namespace tests;

namespace {

using Json = nlohmann::json;

// A removed ticket is none of ours: the nearest is one that is resolved. A merged one stands in the facts as
// the ticket it was merged into, which is open.
const std::map<std::string, Status> states = {{"new", Status::fresh},
                                              {"open", Status::open},
                                              {"closed successful", Status::resolved},
                                              {"removed", Status::resolved},
                                              {"pending reminder", Status::waiting},
                                              {"merged", Status::open}};

// Where OTOBO rejects a customer's mail we do not (a message that was accepted is never lost): it opens a
// ticket that continues the old one, as with OTOBO's "new ticket".
const std::map<std::string, Filing> results = {{"follow-up (open/reopen)", Filing::joins},
                                               {"closed -> new ticket", Filing::opens},
                                               {"closed -> reject", Filing::opens}};

Filing filing_of(const Json& row) {
  Desk desk = small_desk();
  if (row.at("queue_follow_up_option") != "possible") desk.queues[0].reopen_within = std::chrono::seconds{0};
  Arrival one = arrival("support");
  one.subject = "FollowUp Ticket[#7]";
  const KnownTicket known = ticket(states.at(row.at("ticket_state").get<std::string>()));
  return plan_inbound(desk, one, named(known, Proof::subject_tag)).filing;
}

}  // namespace

TEST_CASE("further mail joins or continues its ticket where OTOBO's does", "[rules][threads][corpus]") {
  std::ifstream cases{SOURCE_DIR "/../shared/corpus/otobo-followup/cases.jsonl"};
  if (!cases) {
    std::cout << "skipped: ../shared/corpus is not here\n";
    return;
  }
  int rows = 0;
  for (std::string line; std::getline(cases, line); ++rows) {
    const Json row = Json::parse(line);
    CAPTURE(row.at("id"));
    CHECK(filing_of(row) == results.at(row.at("expect").at("result").get<std::string>()));
  }
  CHECK(rows == 11);
}

}  // namespace postroom
