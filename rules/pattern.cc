#include "rules/pattern.h"

#include <fmt/format.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <numeric>

#include "rules/letters.h"
#include "rules/match.h"
#include "rules/utf8.h"

namespace postroom {
namespace {

constexpr std::size_t longest_pattern = 1000;   // bytes
constexpr std::int64_t most_memory = 1U << 20;  // bytes of a pattern's program and states
constexpr int shortest_atom = 3;                // bytes: a Cyrillic letter has two

constexpr std::string_view letter = "\\pL\\pM\\pN_";

RE2::Options options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  options.set_max_mem(most_memory);
  return options;
}

// "straße" is "strasse" in a folded text. A class has no place for two letters.
std::string folded(std::string_view given, bool in_class) {
  const std::string same = fold(given);
  const bool one = !same.empty() && character_at(same, 0).length == same.size();
  if (one) return RE2::QuoteMeta(same);
  return in_class || same.empty() ? std::string{given} : fmt::format("(?:{})", RE2::QuoteMeta(same));
}

// RE2's \b between letters that are not ASCII never is where the admin means it.
bool has_inner_boundary(std::string_view pattern) {
  if (std::ranges::none_of(pattern, [](char c) { return (c & 0x80) != 0; })) return false;
  for (std::size_t i = 0; i + 2 < pattern.size(); ++i) {
    if (pattern[i] != '\\') continue;
    if (i > 0 && pattern[i + 1] == 'b') return true;
    ++i;
  }
  return false;
}

// RE2 knows ASCII in \w and \b. What folding makes equal must be equal here too.
std::string translated(std::string_view pattern) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    if (static_cast<unsigned char>(rest.front()) >= 0x80) {
      const std::size_t length = character_at(pattern, i).length;
      out += folded(pattern.substr(i, length), in_class);
      i += length - 1;
    } else if (rest.starts_with("\\w")) {
      out += in_class ? std::string{letter} : fmt::format("[{}]", letter);
      ++i;
    } else if (rest.starts_with("\\W") && !in_class) {
      out += fmt::format("[^{}]", letter);
      ++i;
    } else if (rest.starts_with("\\b") && (i == 0 || rest.size() == 2)) {
      out += fmt::format("(?:{}|[^{}])", i == 0 ? "^" : "$", letter);
      ++i;
    } else if (rest.front() == '\\') {
      out += rest.substr(0, 2);
      ++i;
    } else {
      if (rest.front() == '[') in_class = true;
      if (rest.front() == ']') in_class = false;
      out += rest.front();
    }
  }
  return out;
}

// What \b has matched besides the word.
std::string_view without_edges(std::string_view found) {
  while (found.size() > 1 && found.front() == ' ') found.remove_prefix(1);
  while (found.size() > 1 && found.back() == ' ') found.remove_suffix(1);
  return found;
}

}  // namespace

std::string pattern_problem(std::string_view pattern) {
  if (pattern.empty()) return "the pattern is empty";
  if (pattern.size() > longest_pattern)
    return fmt::format("the pattern is longer than {} bytes", longest_pattern);
  if (has_inner_boundary(pattern))
    return "\\b stands only at either end of a pattern with letters that are not ASCII; write \\W between "
           "words";
  const RE2 compiled{translated(pattern), options()};
  if (!compiled.ok()) return fmt::format("the pattern does not work: {}", compiled.error());
  if (RE2::PartialMatch("", compiled)) return "the pattern matches every text, even an empty one";
  return "";
}

Patterns::Patterns() = default;
Patterns::Patterns(Patterns&&) noexcept = default;
Patterns& Patterns::operator=(Patterns&&) noexcept = default;
Patterns::~Patterns() = default;

std::string Patterns::add(std::string_view pattern) {
  std::string problem = pattern_problem(pattern);
  if (!problem.empty()) return problem;
  if (!filtered_) filtered_ = std::make_unique<re2::FilteredRE2>(shortest_atom);
  int number = 0;
  filtered_->Add(translated(pattern), options(), &number);
  ++count_;
  return "";
}

void Patterns::finish() {
  if (!filtered_) return;
  std::vector<std::string> atoms;
  filtered_->Compile(&atoms);
  atoms_ = std::make_unique<Matcher>(atoms, std::vector<Ends>(atoms.size(), Ends::free));
}

std::vector<Patterns::Found> Patterns::find(std::string_view folded) const {
  if (!filtered_) return {};
  std::vector<int> atoms, candidates;
  for (const Matcher::Found& atom : atoms_->find(folded)) atoms.push_back(static_cast<int>(atom.word));
  filtered_->AllPotentials(atoms, &candidates);
  std::ranges::sort(candidates);
  std::vector<Found> all;
  for (const int number : candidates) {
    const RE2& pattern = filtered_->GetRE2(number);
    re2::StringPiece found;
    if (pattern.Match({folded.data(), folded.size()}, 0, folded.size(), RE2::UNANCHORED, &found, 1))
      all.push_back(
          {static_cast<std::size_t>(number), std::string{without_edges({found.data(), found.size()})}});
  }
  return all;
}

}  // namespace postroom
