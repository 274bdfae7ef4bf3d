#include <catch2/catch.hpp>

#include "conf/load_expectations.h"
#include "rules/stored.h"
#include "tests/conf/support.h"

namespace postroom::tests {
namespace {

std::vector<std::string> complaints(const std::string& yaml) {
  const TempDir dir;
  const std::string path = dir / "e.yaml";
  write_file(path, yaml);
  std::vector<std::string> lines;
  for (const Problem& problem : load_expectations(path).problems)
    lines.push_back(problem.str().substr(path.size() + 1));
  return lines;
}

}  // namespace

TEST_CASE("an expectation says which message, how it came and what is decided", "[conf]") {
  const TempDir dir;
  write_file(dir / "e.yaml",
             "- message: |\n    Subject: x\n\n    text\n  expect: {queue: sales}\n"
             "- {name: n, file: m/a.eml, rcpt: [a@x.test, b@x.test], sender: <>,\n"
             "   at: 2026-11-22T18:00:00Z,\n"
             "   expect: {channel: A@x.test, priority: high, spam: no, acknowledge: yes, template: t,\n"
             "            automatic: bounce, customer: <C@x.test>, tags: [a, b], not_tags: c,\n"
             "            rule: r, not_rule: [s]}}\n");
  const LoadedExpectations loaded = load_expectations(dir / "e.yaml");
  REQUIRE(loaded.problems.empty());
  REQUIRE(loaded.expectations.size() == 2);
  CHECK(loaded.expectations[0].message == "Subject: x\n\ntext\n");
  CHECK(loaded.expectations[0].expected.queue == "sales");
  CHECK(!loaded.expectations[0].told.sender);

  const Expectation& second = loaded.expectations[1];
  CHECK(second.line == 6);
  CHECK(second.file == dir / "m/a.eml");
  CHECK(second.told.sender == "");
  CHECK(second.told.recipients == std::vector<std::string>{"a@x.test", "b@x.test"});
  CHECK(second.told.arrived == time_in("2026-11-22T18:00:00Z"));
  CHECK(second.expected.channel == "a@x.test");
  CHECK(second.expected.priority == Priority::high);
  CHECK(second.expected.spam == false);
  CHECK(second.expected.acknowledge == true);
  CHECK(second.expected.customer == "c@x.test");
  CHECK(second.expected.tags == std::vector<std::string>{"a", "b"});
  CHECK(second.expected.not_rules == std::vector<std::string>{"s"});
}

TEST_CASE("mistakes in expectations are told with their places", "[conf]") {
  using Lines = std::vector<std::string>;
  CHECK(complaints("- {file: a, expect: {queu: sales}}\n") ==
        Lines{"1:22: expect: 'queu' is not known; did you mean 'queue'?"});
  CHECK(complaints("- {expect: {queue: sales}}\n") ==
        Lines{"1:3: an expectation has either a file or a message"});
  CHECK(complaints("- {file: a}\n") == Lines{"1:3: expectation: 'expect' is missing"});
  CHECK(complaints("- {file: a, at: noon, expect: {priority: urgent}}\n") ==
        Lines{"1:17: at: write the time as 2026-11-22T18:00:00Z",
              "1:42: priority 'urgent' is not high, normal or low"});
  CHECK(complaints("- {file: a, expect: {spam: maybe, automatic: robot}}\n").size() == 2);
  CHECK(complaints("queue: x\n").size() == 1);
  CHECK(complaints("[").size() == 1);
  CHECK(complaints("[]").size() == 1);
  CHECK(load_expectations("/nowhere/e.yaml").problems.size() == 1);
}

}  // namespace postroom::tests
