#include "rules/settle.h"

#include <catch2/catch.hpp>

#include "tests/rules/desk_for_tests.h"

namespace postroom {
namespace {

using namespace tests;

struct Wish {
  std::string rule;
  std::optional<double> weight;  // none: decides
  std::string queue;             // may be empty
  std::optional<Priority> priority;
  std::size_t words = 1;
};

Settlement settled(const std::vector<Wish>& wishes) {
  std::vector<Rule> rules(wishes.size());
  std::vector<Applied> applied;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    rules[i].name = wishes[i].rule;
    rules[i].weight = wishes[i].weight;
    if (!wishes[i].queue.empty()) rules[i].queue = wishes[i].queue;
    rules[i].priority = wishes[i].priority;
    applied.push_back({&rules[i], wishes[i].words});
  }
  return settle(applied);
}

const std::optional<Priority> any;

}  // namespace

TEST_CASE("rules that disagree are settled by order, then by points, and it is said how", "[rules][R3]") {
  struct Row {
    std::vector<Wish> wishes;
    std::string queue, why;
  };
  const Row row = GENERATE(values<Row>({
      {{}, "", ""},
      {{{"orders", {}, "sales", any}}, "sales", ""},
      {{{"orders", {}, "sales", any}, {"again", {}, "sales", any}}, "sales", ""},
      {{{"orders", {}, "sales", any}, {"urgent", {}, "billing", any}},
       "sales",
       "queue sales: rule 'orders' (first that decides); 'urgent' wanted billing"},
      {{{"payments", 100, "billing", any, 9}, {"orders", {}, "sales", any}},
       "sales",
       "queue sales: rule 'orders' (first that decides); 'payments' wanted billing"},
      {{{"orders", 3, "sales", any}, {"payments", 3.5, "billing", any, 2}},
       "billing",
       "queue billing by 7 points of 'payments' against 3 of 'orders' for sales"},
      {{{"a", 1, "sales", any}, {"b", 2, "billing", any}, {"c", 1.5, "sales", any}},
       "sales",
       "queue sales by 2.5 points of 'a', 'c' against 2 of 'b' for billing"},
      {{{"b", 2, "billing", any}, {"a", 1, "sales", any, 2}},
       "billing",
       "queue billing by 2 points of 'b' against 2 of 'a' for sales"},
      {{{"a", 0.3, "sales", any}, {"b", 0.1, "billing", any}, {"c", 0.2, "billing", any}},
       "sales",
       "queue sales by 0.3 points of 'a' against 0.3 of 'b', 'c' for billing"},
      {{{"always", 2, "billing", any, 0}, {"a", 1, "sales", any}},
       "billing",
       "queue billing by 2 points of 'always' against 1 of 'a' for sales"},
  }));
  const Settlement settlement = settled(row.wishes);
  CHECK(settlement.queue.value_or("") == row.queue);
  CHECK(settlement.why == (row.why.empty() ? std::vector<std::string>{} : std::vector{row.why}));
}

TEST_CASE("queue and priority are settled each by itself", "[rules][R9]") {
  const Settlement settlement = settled({{"vip", {}, "", Priority::high},
                                         {"ideas", 2, "sales", Priority::low, 3},
                                         {"bugs", 1, "support", any}});
  CHECK(settlement.queue == "sales");
  CHECK(settlement.priority == Priority::high);
  CHECK(settlement.why ==
        std::vector<std::string>{"queue sales by 6 points of 'ideas' against 1 of 'bugs' for support",
                                 "priority high: rule 'vip' (first that decides); 'ideas' wanted low"});
}

TEST_CASE("what is said about many rules that disagree is bounded", "[rules]") {
  std::vector<Wish> wishes;
  for (int i = 0; i < 3000; ++i) {
    wishes.push_back({std::string(300, 'r'), 1, "queue " + std::to_string(i % 100), any});
  }
  const Settlement settlement = settled(wishes);
  REQUIRE(settlement.why.size() == 1);
  CHECK(settlement.why[0].size() <= 600);
  CHECK(settlement.why[0].starts_with("queue queue 0 by 30 points of 'rrr"));
}

}  // namespace postroom
