#include "rules/suggest.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "rules/learn.h"
#include "rules/levels.h"
#include "rules/terms.h"

namespace postroom {
namespace {

std::vector<Sorted> sorted_messages() {
  std::vector<Sorted> messages;
  for (int i = 0; i < 10; ++i) {
    const std::string number = std::to_string(i);
    messages.push_back({"billing", "Invoice " + number, "please send the invoice once more", "en"});
    messages.push_back({"support", "Screen " + number, "the screen is black", "en"});
    messages.push_back({"sales", "Offer " + number, "please send a price list", "en"});
  }
  return messages;
}

bool names(const std::vector<Rule>& rules, const std::string& queue, const std::string& word) {
  for (const Rule& rule : rules) {
    for (const std::string& one : rule.all.front().words) {
      if (*rule.queue == queue && one == word) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("words that tell queues apart become rules that vote, others do not", "[rules]") {
  const Suggestion suggestion = suggest(sorted_messages(), {});
  CHECK(names(suggestion.rules, "billing", "invoice"));
  CHECK(names(suggestion.rules, "support", "screen"));
  CHECK(names(suggestion.rules, "sales", "price"));
  CHECK(!names(suggestion.rules, "support", "invoice"));
  CHECK(suggestion.scores.macro_f1() == Approx(1));
  CHECK(suggestion.scores.messages == 30);
  for (const Rule& rule : suggestion.rules) CHECK(*rule.weight > 0);
}

TEST_CASE("a suggestion is judged by messages that the rules were not made from", "[rules]") {
  std::vector<Sorted> messages;  // every message has its own word: nothing can be learnt for another one
  for (const char* queue : {"a", "b"}) {
    for (char c = 'a'; c < 'k'; ++c) messages.push_back({queue, "", std::string(5, c) + queue, "en"});
  }
  const Suggestion suggestion = suggest(messages, {});
  CHECK(suggestion.scores.accuracy() == Approx(0.5));
  CHECK(queues_by(suggestion.rules, messages, {}).size() == 20);
}

TEST_CASE("a message that lies in the archive twice is not judged by its copy", "[rules]") {
  std::vector<Sorted> messages = sorted_messages();
  for (const Sorted& again : sorted_messages()) messages.push_back(again);
  CHECK(suggest(messages, {}).messages == 30);
}

TEST_CASE("the order in which an archive is read does not change the suggestion", "[rules]") {
  std::vector<Sorted> messages = sorted_messages();
  const std::string first = suggestion_yaml(suggest(messages, {}));
  std::reverse(messages.begin(), messages.end());
  CHECK(suggestion_yaml(suggest(messages, {})) == first);
}

TEST_CASE("a queue gets at most six rules and as many words as are wanted", "[rules]") {
  SuggestOptions options;
  options.most_words = 3;
  std::map<std::string, std::size_t> words, rules;
  for (const Rule& rule : suggest(sorted_messages(), options).rules) {
    words[*rule.queue] += rule.all.front().words.size();
    ++rules[*rule.queue];
  }
  for (const auto& [queue, count] : words) CHECK(count <= 3);
  for (const auto& [queue, count] : rules) CHECK(count <= 6);
}

TEST_CASE("a message without any known word goes where the admin says", "[rules]") {
  SuggestOptions options;
  options.otherwise = "front desk";
  const std::vector<Rule> rules = vote_rules(sorted_messages(), options);
  CHECK(queues_by(rules, {{"", "", "xyzzy", "en"}}, options) == std::vector<std::string>{"front desk"});
}

TEST_CASE("hardly any message is enough for a suggestion without a crash", "[rules]") {
  CHECK(suggest({}, {}).rules.empty());
  CHECK(suggest({{"a", "", "", ""}}, {}).rules.empty());
  CHECK(suggest({{"a", "x", "", ""}, {"b", "y", "", ""}}, {}).messages == 2);
}

TEST_CASE("suggested YAML quotes what YAML would read otherwise", "[rules]") {
  Suggestion suggestion;
  Rule rule;
  rule.name = "a: b, 2";
  rule.queue = "a: b";
  rule.weight = 2;
  rule.all = {{Field::mentions, "", {"null", "заказ", "two words"}}};
  suggestion.rules = {rule};
  const std::string yaml = suggestion_yaml(suggestion);
  CHECK_THAT(yaml, Catch::Contains("mentions: [\"null\", заказ, two words]\n"));
  CHECK_THAT(yaml, Catch::Contains("then: {queue: \"a: b\", weight: 2}\n"));
  CHECK(nlohmann::json::parse(suggestion_json(suggestion))["rules"][0]["then"]["weight"] == 2);
}

TEST_CASE("weights have few levels, and none of them is zero", "[rules]") {
  std::vector<Vote> votes;
  for (std::uint32_t i = 0; i < 100; ++i) votes.push_back({i, i % 2, 0.01 + 0.001 * i * i});
  std::set<std::pair<std::uint32_t, double>> levels;
  for (const Vote& vote : on_levels(votes, 2)) {
    levels.insert({vote.queue, vote.weight});
    CHECK(vote.weight >= 0.5);
    CHECK(vote.weight <= 20);
  }
  CHECK(levels.size() <= 12);
  CHECK(on_levels({}, 3).empty());
}

TEST_CASE("scores are those of the textbook", "[rules]") {
  const Scores scores = scores_of({"a", "a", "a", "b"}, {"a", "a", "b", "c"});
  REQUIRE(scores.queues.size() == 3);
  CHECK(scores.queues[0].precision() == Approx(1));
  CHECK(scores.queues[0].recall() == Approx(2.0 / 3));
  CHECK(scores.queues[0].f1() == Approx(0.8));
  CHECK(scores.queues[1].f1() == 0);
  CHECK(scores.macro_f1() == Approx(0.4));  // c has no messages
  CHECK(scores.accuracy() == Approx(0.5));
}

TEST_CASE("terms are words, without long numbers, and know their neighbour", "[rules]") {
  TermReader reader{{"en", "ru"}};
  const std::vector<Term> terms = reader.read("Где МОЙ заказ, 1234567? ё-мобиль", "ru", 100);
  std::vector<std::string> forms;
  for (const Term& term : terms) forms.push_back(term.form);
  CHECK(forms == std::vector<std::string>{"где", "мой", "заказ", "е", "мобиль"});
  CHECK(terms[1].joined);
  CHECK(!terms[3].joined);
  CHECK(terms[4].joined);
  CHECK(reader.read("a b c", "en", 2).size() == 2);
  CHECK(reader.read("заказы", "ru", 1).front().stem == reader.read("заказу", "", 1).front().stem);
}

}  // namespace postroom
