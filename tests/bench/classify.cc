// What finding the words of rules costs: microseconds of Rulebook::classify by the number of keywords, the
// script and the size of the text. usage: classify [SECONDS for each figure]

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include "rules/classify.h"

namespace {

using namespace postroom;
using Clock = std::chrono::steady_clock;

struct Script {
  const char* name;
  const char* language;
  std::vector<std::string> syllables, endings;
};
const Script scripts[] = {
    {"Cyrillic",
     "ru",
     {"опла", "зака", "дос", "тав", "кар", "воз", "вра", "мага", "зин", "пере", "сче", "нов"},
     {"", "а", "ы", "ами", "ов", "ный", "ение"}},
    {"English",
     "en",
     {"pay", "or", "der", "ship", "re", "fund", "cus", "tom", "ac", "count", "tick", "in"},
     {"", "s", "ed", "ing", "er", "ment", "ly"}},
};

// Words of a language that does not exist, as often as in real ones: a few hundred make most of a text.
std::string word(const Script& script, std::size_t number) {
  std::string text;
  for (std::size_t rest = number + 12; rest != 0; rest /= script.syllables.size()) {
    text += script.syllables[rest % script.syllables.size()];
  }
  return text;
}

std::string text_of(const Script& script, std::size_t bytes, unsigned seed) {
  std::mt19937 random{seed};
  std::string text;
  while (text.size() < bytes) {
    const double u = std::max(1e-4, std::generate_canonical<double, 32>(random));
    text += word(script, static_cast<std::size_t>(std::min(1 / u, 9000.0)));
    text += script.endings[random() % script.endings.size()];
    text += random() % 12 == 0 ? ".\n" : " ";
  }
  return text;
}

Rulebook rulebook_of(const Script& script, std::size_t keywords) {
  Desk desk;
  desk.channels = {{"support@desk.test", "support"}};
  desk.languages = {"en", "ru"};
  for (const char* name : {"support", "sales", "billing", "orders", "returns"}) {
    Queue queue;
    queue.name = name;
    desk.queues.push_back(queue);
    Rule rule;
    rule.name = name;
    rule.queue = name;
    rule.weight = 1;
    rule.any = {{Field::mentions, "", {}}};
    desk.rules.push_back(rule);
  }
  for (std::size_t i = 0; i < keywords; ++i) {
    const std::size_t number = i * 10'000 / keywords + 30;  // spread over frequent and rare words
    const std::string first = word(script, number);
    desk.rules[i % desk.rules.size()].any[0].words.push_back(i % 4 == 0 ? first + " " + word(script, i)
                                                                        : first);
  }
  return Rulebook{desk};
}

double microseconds(const Rulebook& rulebook, const std::vector<Message>& messages, double seconds) {
  const Envelope envelope{"anna@home.test", {"support@desk.test"}};
  double best = 1e9;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  do {
    const auto start = Clock::now();
    for (const Message& message : messages) {
      Findings findings;
      findings.language = message.language;
      if (rulebook.classify(message, envelope, findings).channel.empty()) std::abort();
    }
    const std::chrono::duration<double, std::micro> spent = Clock::now() - start;
    best = std::min(best, spent.count() / static_cast<double>(messages.size()));
  } while (Clock::now() < end);
  return best;
}

std::vector<Message> messages_of(const Script& script, std::size_t bytes) {
  std::vector<Message> messages(20);
  for (unsigned i = 0; i < messages.size(); ++i) {
    messages[i].subject = text_of(script, 40, i);
    messages[i].text = messages[i].new_text = text_of(script, bytes, 100 + i);
    messages[i].language = script.language;
  }
  return messages;
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1.0;
  for (const Script& script : scripts) {
    for (const std::size_t bytes : {std::size_t{2'000}, std::size_t{50'000}}) {
      const std::vector<Message> messages = messages_of(script, bytes);
      double first = 0;
      for (const std::size_t keywords : {std::size_t{100}, std::size_t{1'000}, std::size_t{10'000}}) {
        const double cost = microseconds(rulebook_of(script, keywords), messages, seconds);
        if (first == 0) first = cost;
        fmt::print("{:<9} {:>6} bytes {:>6} keywords {:>9.1f} us  x {:.2f}\n", script.name, bytes, keywords,
                   cost, cost / first);
      }
    }
  }
}
