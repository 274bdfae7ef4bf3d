#include "rules/stem.h"

#include <libstemmer.h>

#include <algorithm>
#include <set>

#include "rules/utf8.h"

namespace postroom {
namespace {

enum Script : std::size_t { none, latin, cyrillic, greek, armenian, hebrew, arabic, devanagari, tamil };

struct Range {
  std::int32_t first, last;
  Script script;
};
constexpr Range ranges[] = {
    {0x0061, 0x007A, latin},    {0x00AA, 0x024F, latin},      {0x0370, 0x03FF, greek},
    {0x0400, 0x052F, cyrillic}, {0x0531, 0x058F, armenian},   {0x0590, 0x05FF, hebrew},
    {0x0600, 0x06FF, arabic},   {0x0900, 0x097F, devanagari}, {0x0B80, 0x0BFF, tamil},
    {0x1E00, 0x1EFF, latin},    {0x1F00, 0x1FFF, greek},
};

// Every language of libstemmer, by its scripts. Serbian is written in two.
struct Language {
  std::string_view code;
  Script script;
};
constexpr Language languages[] = {
    {"ar", arabic}, {"ca", latin},    {"da", latin}, {"de", latin}, {"el", greek},    {"en", latin},
    {"es", latin},  {"eu", latin},    {"fi", latin}, {"fr", latin}, {"ga", latin},    {"hi", devanagari},
    {"hu", latin},  {"hy", armenian}, {"id", latin}, {"it", latin}, {"lt", latin},    {"ne", devanagari},
    {"nl", latin},  {"no", latin},    {"pt", latin}, {"ro", latin}, {"ru", cyrillic}, {"sr", cyrillic},
    {"sr", latin},  {"sv", latin},    {"ta", tamil}, {"tr", latin}, {"yi", hebrew},
};

Script script_of(std::string_view word) {
  for (std::size_t i = 0; i < word.size();) {
    const Character c = character_at(word, i);
    const auto range =
        std::ranges::find_if(ranges, [&](const Range& r) { return c.code >= r.first && c.code <= r.last; });
    if (range != std::end(ranges)) return range->script;
    i += c.length;
  }
  return none;
}

bool is_stemmed(std::string_view language) {
  return std::ranges::find(languages, language, &Language::code) != std::end(languages);
}

}  // namespace

std::vector<std::string_view> stemmed_languages() {
  std::vector<std::string_view> codes;
  for (const Language& language : languages) {
    if (codes.empty() || codes.back() != language.code) codes.push_back(language.code);
  }
  return codes;
}

std::vector<std::string> languages_of(const Desk& desk) {
  std::set<std::string> named{desk.languages.begin(), desk.languages.end()};
  if (named.empty()) {
    for (const Queue& queue : desk.queues) {
      named.insert(queue.language);
      for (const auto& [language, text] : queue.texts) named.insert(language);
    }
  }
  std::erase_if(named, [](const std::string& language) { return !is_stemmed(language); });
  if (named.empty()) named = {"en", "ru"};
  return {named.begin(), named.end()};
}

std::vector<Tongues> tongues_of(const std::vector<std::string>& codes) {
  std::array<std::vector<std::string_view>, std::tuple_size_v<Tongues>> by_script;
  std::size_t most = 0;
  for (const Language& language : languages) {
    if (std::ranges::find(codes, language.code) == codes.end()) continue;
    by_script[language.script].push_back(language.code);
    most = std::max(most, by_script[language.script].size());
  }
  std::vector<Tongues> all(std::max<std::size_t>(most, 1));
  for (std::size_t script = 0; script < by_script.size(); ++script) {
    const auto& choices = by_script[script];
    for (std::size_t i = 0; i < all.size() && !choices.empty(); ++i) {
      all[i][script] = choices[i % choices.size()];
    }
  }
  return all;
}

bool has_language(const Tongues& tongues, std::string_view language) {
  return std::ranges::find(tongues, language) != tongues.end();
}

void Stemmer::Close::operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }

std::string Stemmer::stem(std::string_view word) {
  const Script script = script_of(word);
  if (tongues_[script].empty() || word.size() > longest_word) return std::string{word};
  auto& stemmer = open_[script];
  if (!stemmer) stemmer.reset(sb_stemmer_new(std::string{tongues_[script]}.c_str(), nullptr));
  if (!stemmer) throw std::bad_alloc{};
  const auto* found = sb_stemmer_stem(stemmer.get(), reinterpret_cast<const sb_symbol*>(word.data()),
                                      static_cast<int>(word.size()));
  if (!found) throw std::bad_alloc{};
  return {reinterpret_cast<const char*>(found), static_cast<std::size_t>(sb_stemmer_length(stemmer.get()))};
}

}  // namespace postroom
