#include "rules/word_index.h"

#include <algorithm>
#include <optional>

namespace postroom {

// One passage on its way through its fields: what several need is made once.
class WordIndex::Reader {
 public:
  Reader(const std::vector<std::unique_ptr<Lexicon>>& lexicons, std::string_view text)
      : lexicons_{lexicons}, text_{fold(text)}, ids_(lexicons.size()) {}

  const std::string& text() const { return text_; }

  const std::vector<Lexicon::Id>& ids(std::size_t lexicon) {
    if (!words_) words_ = words_in(text_);
    if (!ids_[lexicon]) ids_[lexicon] = lexicons_[lexicon]->ids(text_, *words_);
    return *ids_[lexicon];
  }

  std::string original(const Phrases::Found& found) const {
    const std::size_t begin = (*words_)[found.first].begin;
    return text_.substr(begin, (*words_)[found.last].end - begin);
  }

 private:
  const std::vector<std::unique_ptr<Lexicon>>& lexicons_;
  std::string text_;
  std::optional<std::vector<WordSpan>> words_;
  std::vector<std::optional<std::vector<Lexicon::Id>>> ids_;
};

WordIndex::WordIndex(const std::vector<std::string>& languages) {
  for (const Tongues& tongues : tongues_of(languages))
    lexicons_.push_back(std::make_unique<Lexicon>(tongues));
}

std::size_t WordIndex::add(const Condition& condition, std::string_view written) {
  const std::size_t word = words_++;
  FieldWords& field = fields_[passage_name(condition)];
  field.phrases.resize(lexicons_.size());
  const Sought sought = read_word(condition.field, written);
  if (!sought.problem.empty()) return word;
  if (sought.look == Look::pattern) {
    if (field.patterns.add(sought.text).empty()) field.pattern_words.push_back(word);
    return word;
  }
  if (sought.look == Look::exact || sought.look == Look::prefix) {
    field.literals.push_back(sought.text);
    field.literal_ends.push_back(sought.look == Look::prefix ? Ends::prefix : Ends::whole);
    field.literal_words.push_back(word);
  }
  if (sought.look != Look::forms) return word;
  field.phrase_words.push_back(word);
  for (std::size_t i = 0; i < lexicons_.size(); ++i) {
    std::vector<Phrases::Part> parts;
    for (const auto& texts : sought.parts) {
      parts.emplace_back();
      for (const std::string& text : texts) parts.back().push_back(lexicons_[i]->add(text));
    }
    field.phrases[i].add(parts);
  }
  return word;
}

void WordIndex::finish() {
  for (auto& [name, field] : fields_) {
    if (!field.literals.empty())
      field.matcher = std::make_unique<Matcher>(field.literals, field.literal_ends);
    field.patterns.finish();
    for (Phrases& phrases : field.phrases) phrases.finish();
  }
}

std::vector<WordIndex::Found> WordIndex::find(const Passage& passage, std::string_view language) const {
  const bool known =
      std::ranges::any_of(lexicons_, [&](const auto& l) { return has_language(l->tongues(), language); });
  std::vector<Found> all;
  std::optional<Reader> reader;
  for (const std::string& name : passage.fields) {
    const auto found = fields_.find(name);
    if (found == fields_.end()) continue;
    const FieldWords& field = found->second;
    if (!reader) reader.emplace(lexicons_, passage.text);
    const auto add = [&](std::size_t word, std::string original) {
      all.push_back({word, std::move(original)});
    };
    if (field.matcher) {
      for (Matcher::Found& hit : field.matcher->find(reader->text()))
        add(field.literal_words[hit.word], std::move(hit.original));
    }
    for (Patterns::Found& hit : field.patterns.find(reader->text()))
      add(field.pattern_words[hit.pattern], std::move(hit.original));
    for (std::size_t i = 0; i < lexicons_.size() && !field.phrase_words.empty(); ++i) {
      if (known && !has_language(lexicons_[i]->tongues(), language)) continue;
      for (const Phrases::Found& hit : field.phrases[i].find(reader->ids(i)))
        add(field.phrase_words[hit.phrase], reader->original(hit));
    }
  }
  return all;
}

}  // namespace postroom
