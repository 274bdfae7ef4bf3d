#include "rules/match.h"

#include <algorithm>
#include <map>

#include "rules/letters.h"
#include "rules/utf8.h"

namespace postroom {
namespace {

constexpr std::size_t most_rows = 512;  // of 1 KiB each

bool needs_boundary(const Character& c) { return is_word_character(c) && !is_unspaced(c); }

// Does the address go on to the left (RFC 5322 atext that people use in addresses)?
bool address_before(std::string_view text, std::size_t start) {
  return start > 0 && std::string_view{".-_+"}.find(text[start - 1]) != std::string_view::npos;
}

// ... and to the right? A full stop after an address ends a sentence, unless a label follows.
bool address_after(std::string_view text, std::size_t end) {
  if (end >= text.size()) return false;
  if (text[end] == '-') return true;
  return text[end] == '.' && is_word_character(character_at(text, end + 1));
}

std::string trimmed_fold(const std::string& word) {
  std::string folded = fold(word);
  if (folded.ends_with(' ')) folded.pop_back();
  if (folded.starts_with(' ')) folded.erase(0, 1);
  return folded;
}

std::size_t end_of_word(std::string_view text, std::size_t end) {
  for (Character c = character_at(text, end); is_word_character(c); c = character_at(text, end)) {
    end = std::min(end + c.length, text.size());
  }
  return end;
}

}  // namespace

// The words as a tree of bytes, while it is built.
struct Matcher::Trie {
  struct Branch {
    std::map<unsigned char, State> steps;
    std::vector<std::uint32_t> words;
  };
  std::vector<Branch> branches = std::vector<Branch>(1);

  void add(std::string_view word, std::uint32_t index) {
    State state = 0;
    for (const char c : word) {
      const auto [step, is_new] = branches[state].steps.try_emplace(static_cast<unsigned char>(c),
                                                                    static_cast<State>(branches.size()));
      state = step->second;
      if (is_new) branches.emplace_back();
    }
    branches[state].words.push_back(index);
  }
};

Matcher::Matcher(const std::vector<std::string>& words, const std::vector<Ends>& ends) {
  Trie trie;
  for (const std::string& given : words) {
    const std::string word = trimmed_fold(given);
    const auto index = static_cast<std::uint32_t>(words_.size());
    const Ends end = ends.empty() ? Ends::whole : ends[index];
    const bool left = end != Ends::free && needs_boundary(character_at(word, 0));
    const bool right = end == Ends::whole && needs_boundary(character_before(word, word.size()));
    const bool address = end == Ends::whole && word.find('@') != std::string::npos;
    words_.push_back({static_cast<std::uint32_t>(word.size()), left, right, address, end == Ends::prefix});
    if (!word.empty()) trie.add(word, index);
  }
  number_states(trie);
  fill_rows();
}

// Breadth first, so that the states of short prefixes come first and fail links lead to smaller numbers.
void Matcher::number_states(const Trie& trie) {
  std::vector<State> order{0}, parents{0};
  std::vector<unsigned char> bytes{0};
  for (State state = 0; state < order.size(); ++state) {
    const Trie::Branch& branch = trie.branches[order[state]];
    Node node;
    node.first_step = static_cast<std::uint32_t>(bytes_.size());
    node.steps = static_cast<std::uint32_t>(branch.steps.size());
    node.first_output = static_cast<std::uint32_t>(outputs_.size());
    node.outputs = static_cast<std::uint32_t>(branch.words.size());
    outputs_.insert(outputs_.end(), branch.words.begin(), branch.words.end());
    for (const auto& [byte, child] : branch.steps) {
      bytes_.push_back(byte);
      next_.push_back(static_cast<State>(order.size()));
      order.push_back(child);
      parents.push_back(state);
      bytes.push_back(byte);
    }
    nodes_.push_back(node);
  }
  link_states(parents, bytes);
}

void Matcher::link_states(const std::vector<State>& parents, const std::vector<unsigned char>& bytes) {
  for (State state = 1; state < nodes_.size(); ++state) {
    Node& node = nodes_[state];
    if (parents[state] != 0) node.fail = next(nodes_[parents[state]].fail, bytes[state]);
    node.shorter = nodes_[node.fail].outputs > 0 ? node.fail : nodes_[node.fail].shorter;
  }
}

void Matcher::fill_rows() {
  const std::size_t rows = std::min(nodes_.size(), most_rows);
  std::vector<State> filled(rows * 256);
  for (std::size_t i = 0; i < filled.size(); ++i) {
    filled[i] = next(static_cast<State>(i / 256), static_cast<unsigned char>(i % 256));
  }
  rows_ = std::move(filled);
}

// The state after this byte without falling back; 0 if there is none.
Matcher::State Matcher::step(State from, unsigned char byte) const {
  const Node& node = nodes_[from];
  for (std::uint32_t i = node.first_step; i < node.first_step + node.steps; ++i) {
    if (bytes_[i] == byte) return next_[i];
  }
  return 0;
}

Matcher::State Matcher::next(State from, unsigned char byte) const {
  while (true) {
    if (from * std::size_t{256} < rows_.size()) return rows_[from * std::size_t{256} + byte];
    if (const State to = step(from, byte)) return to;
    if (from == 0) return 0;
    from = nodes_[from].fail;
  }
}

bool Matcher::stands_alone(const Boundaries& word, std::string_view text, std::size_t end) const {
  const std::size_t start = end - word.length;
  if (word.left && is_word_character(character_before(text, start))) return false;
  if (word.right && is_word_character(character_at(text, end))) return false;
  if (!word.address) return true;
  return !(word.left && address_before(text, start)) && !(word.right && address_after(text, end));
}

std::vector<Matcher::Found> Matcher::find(std::string_view folded) const {
  std::vector<Found> found;
  if (nodes_.size() == 1) return found;

  std::vector<bool> seen(words_.size());
  State state = 0;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    state = next(state, static_cast<unsigned char>(folded[i]));
    for (State match = state; match != 0; match = nodes_[match].shorter) {
      const Node& node = nodes_[match];
      for (std::uint32_t output = node.first_output; output < node.first_output + node.outputs; ++output) {
        const std::uint32_t index = outputs_[output];
        if (seen[index] || !stands_alone(words_[index], folded, i + 1)) continue;
        seen[index] = true;
        const std::size_t start = i + 1 - words_[index].length;
        const std::size_t end = words_[index].prefix ? end_of_word(folded, i + 1) : i + 1;
        found.push_back({index, std::string{folded.substr(start, end - start)}});
      }
    }
  }
  std::ranges::sort(found, {}, &Found::word);
  return found;
}

}  // namespace postroom
