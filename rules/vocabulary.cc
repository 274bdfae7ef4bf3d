#include "rules/vocabulary.h"

#include <algorithm>

namespace postroom {
namespace {

constexpr std::size_t most_words = 2000;    // of a message
constexpr std::size_t most_terms = 300000;  // in all; the rarest are left out
constexpr float trust_in_pairs = 0.7F;      // their words are terms, too

const std::string& most_frequent(const std::map<std::string, std::size_t>& forms) {
  return std::ranges::max_element(forms, {}, [](const auto& form) { return form.second; })->first;
}

}  // namespace

Vocabulary::Terms Vocabulary::terms_in(const Sorted& message) {
  Terms found;
  for (const std::string* text : {&message.subject, &message.text}) {
    const std::vector<Term> terms = reader_.read(*text, message.language, most_words);
    for (std::size_t i = 0; i < terms.size(); ++i) {
      found.emplace(terms[i].stem, terms[i].form);
      if (i == 0 || !terms[i].joined) continue;
      found.emplace(terms[i - 1].stem + " " + terms[i].stem, terms[i - 1].form + " " + terms[i].form);
    }
  }
  return found;
}

Vocabulary::Vocabulary(const std::vector<Sorted>& messages, const std::vector<std::string>& languages)
    : reader_{languages} {
  std::map<std::string, std::uint32_t> queues;
  for (const Sorted& message : messages) queues.emplace(message.queue, 0);
  for (auto& [name, number] : queues) {
    number = static_cast<std::uint32_t>(queues_.size());
    queues_.push_back(name);
  }
  std::map<std::string, Seen> seen;
  for (const Sorted& message : messages) {
    for (const auto& [stem, form] : terms_in(message)) {
      Seen& one = seen[stem];
      ++one.messages;
      ++one.forms[form];
      one.pair = stem.find(' ') != std::string::npos;
    }
  }
  number_terms(seen);
  for (const Sorted& message : messages) {
    Example example{{}, queues[message.queue]};
    for (const auto& [stem, form] : terms_in(message)) {
      if (const auto term = numbers_.find(stem); term != numbers_.end())
        example.terms.push_back(term->second);
    }
    examples_.push_back(std::move(example));
  }
}

void Vocabulary::number_terms(const std::map<std::string, Seen>& seen) {
  std::vector<std::size_t> frequencies;
  for (const auto& [stem, one] : seen) frequencies.push_back(one.messages);
  std::ranges::sort(frequencies, std::greater{});
  const std::size_t least = frequencies.size() > most_terms ? frequencies[most_terms] + 1 : 1;
  for (const auto& [stem, one] : seen) {
    if (one.messages < (one.pair ? std::max<std::size_t>(least, 2) : least)) continue;
    numbers_.emplace(stem, static_cast<std::uint32_t>(forms_.size()));
    forms_.push_back(most_frequent(one.forms));
    trust_.push_back(one.pair ? trust_in_pairs : 1);
  }
}

Lesson Vocabulary::lesson() const {
  Lesson lesson;
  lesson.examples = examples_;
  lesson.trust = trust_;
  lesson.queues = queues_.size();
  return lesson;
}

}  // namespace postroom
