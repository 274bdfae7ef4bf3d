#pragma once
// The terms of sorted messages as numbers: words and pairs of neighbouring words. Pure.

#include <map>
#include <string>
#include <vector>

#include "rules/learn.h"
#include "rules/suggest.h"
#include "rules/terms.h"

namespace postroom {

class Vocabulary {
 public:
  // Numbers the queues in order of their names. Pairs count from the second message on.
  Vocabulary(const std::vector<Sorted>& messages, const std::vector<std::string>& languages);

  const std::vector<std::string>& queues() const { return queues_; }
  Lesson lesson() const;

  // A term as it mostly stands in the messages: "оплата", "не прошла".
  const std::string& form(std::uint32_t term) const { return forms_[term]; }

 private:
  struct Seen {
    std::size_t messages = 0;
    bool pair = false;
    std::map<std::string, std::size_t> forms;
  };
  using Terms = std::map<std::string, std::string>;  // stem -> form, of one message

  Terms terms_in(const Sorted& message);
  void number_terms(const std::map<std::string, Seen>& seen);

  TermReader reader_;
  std::vector<std::string> queues_;
  std::map<std::string, std::uint32_t> numbers_;  // of stems
  std::vector<std::string> forms_;
  std::vector<float> trust_;
  std::vector<Example> examples_;
};

}  // namespace postroom
