#include "rules/rebuilt_state.h"

#include <algorithm>
#include <tuple>

namespace postroom {
namespace {

// What says most comes first.
constexpr Status order[] = {Status::open, Status::waiting, Status::fresh, Status::resolved};

auto weight(const State& state) {
  return std::tuple{std::ranges::find(order, state.status) - std::begin(order), state.owner.empty()};
}

bool is_mailbox_of(const Desk& desk, const std::string& queue, const std::string& mailbox) {
  const Queue* found = find_queue(desk, queue);
  return found && found->mailbox == mailbox;
}

}  // namespace

State state_from_places(const Desk& desk, const std::string& recorded, const std::vector<Where>& places) {
  std::optional<State> best;
  for (const Where& where : places) {
    auto state = state_at(desk, where);
    if (!state) continue;
    if (is_mailbox_of(desk, recorded, where.mailbox)) state->queue = recorded;
    if (!best || weight(*state) < weight(*best)) best = state;
  }
  return best.value_or(State{recorded, "", Status::fresh});
}

}  // namespace postroom
