#include "rules/phrases.h"

#include <algorithm>
#include <array>

namespace postroom {
namespace {

constexpr std::size_t window = 64;  // words; longest_part + longest_gap lie within
static_assert(longest_part + longest_gap < window);

std::uint64_t key(std::uint32_t state, Lexicon::Id id) { return std::uint64_t{state} << 32 | id; }

// Where the parts of a phrase so far ended, of late, and where that began.
struct Trail {
  std::size_t now = 0;                       // position of bit 0
  std::uint64_t ends = 0;                    // bit i: they ended i words before `now`
  std::array<std::size_t, window> begins{};  // by position modulo window

  void advance(std::size_t position) {
    const std::size_t moved = position - now;
    ends = moved >= window ? 0 : ends << moved;
    now = position;
  }
};

}  // namespace

// One search through one text.
class Phrases::Run {
 public:
  explicit Run(const Phrases& phrases) : phrases_{phrases}, seen_(phrases.phrases_) {}

  void part_ended(std::uint32_t number, std::size_t last);
  std::vector<Found> take();

 private:
  void reached(std::uint32_t number, std::size_t first, std::size_t last);

  const Phrases& phrases_;
  std::vector<bool> seen_;
  std::unordered_map<std::uint32_t, Trail> trails_;  // of parts that others follow
  std::vector<Found> found_;
};

void Phrases::Run::reached(std::uint32_t number, std::size_t first, std::size_t last) {
  const PartRow& part = phrases_.parts_[number];
  if (part.ends) {
    seen_[part.phrase] = true;
    found_.push_back({part.phrase, first, last});
    return;
  }
  Trail& trail = trails_[number];
  trail.advance(last);
  trail.ends |= 1;
  trail.begins[last % window] = first;
}

void Phrases::Run::part_ended(std::uint32_t number, std::size_t last) {
  const PartRow& part = phrases_.parts_[number];
  if (seen_[part.phrase]) return;
  if (part.starts) return reached(number, last + 1 - part.length, last);
  const auto before = trails_.find(number - 1);
  if (before == trails_.end()) return;
  Trail& trail = before->second;
  trail.advance(last);
  for (std::size_t gap = 0; gap <= longest_gap; ++gap) {
    const std::size_t back = part.length + gap;
    if ((trail.ends >> back & 1) != 0) return reached(number, trail.begins[(last - back) % window], last);
  }
}

std::vector<Phrases::Found> Phrases::Run::take() {
  std::ranges::sort(found_, {}, &Found::phrase);
  return std::move(found_);
}

void Phrases::add(const std::vector<Part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    State state = 0;
    for (const Lexicon::Id id : parts[i]) {
      const auto [step, fresh] = steps_.try_emplace(key(state, id), static_cast<State>(nodes_.size()));
      if (fresh) {
        nodes_.emplace_back();
        nodes_.back().parent = state;
        nodes_.back().step = id;
      }
      state = step->second;
    }
    nodes_[state].parts.push_back(static_cast<std::uint32_t>(parts_.size()));
    parts_.push_back({phrases_, parts[i].size(), i == 0, i + 1 == parts.size()});
  }
  ++phrases_;
}

// Fail links lead to nodes nearer to the root, so nodes are taken by their depth.
void Phrases::finish() {
  std::vector<std::size_t> depths(nodes_.size());
  std::vector<State> order;
  for (State state = 1; state < nodes_.size(); ++state) {
    depths[state] = depths[nodes_[state].parent] + 1;  // a parent is older than its children
    order.push_back(state);
  }
  std::ranges::stable_sort(order, {}, [&](State state) { return depths[state]; });
  for (const State state : order) {
    Node& node = nodes_[state];
    if (node.parent != 0) node.fail = next(nodes_[node.parent].fail, node.step);
    node.shorter = nodes_[node.fail].parts.empty() ? nodes_[node.fail].shorter : node.fail;
  }
}

Phrases::State Phrases::next(State from, Lexicon::Id id) const {
  while (true) {
    const auto step = steps_.find(key(from, id));
    if (step != steps_.end()) return step->second;
    if (from == 0) return 0;
    from = nodes_[from].fail;
  }
}

std::vector<Phrases::Found> Phrases::find(const std::vector<Lexicon::Id>& text) const {
  if (phrases_ == 0) return {};
  Run run{*this};
  State state = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    state = text[i] == 0 ? 0 : next(state, text[i]);
    for (State match = state; match != 0; match = nodes_[match].shorter) {
      for (const std::uint32_t part : nodes_[match].parts) run.part_ended(part, i);
    }
  }
  return run.take();
}

}  // namespace postroom
