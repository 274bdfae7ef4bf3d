#include "rules/desk.h"

#include <algorithm>
#include <array>
#include <utility>

namespace postroom {
namespace {

constexpr std::array<std::pair<Priority, std::string_view>, 3> priorities{{
    {Priority::high, "high"},
    {Priority::normal, "normal"},
    {Priority::low, "low"},
}};

const Channel* channel_at(const Desk& desk, std::string_view address) {
  const auto found = std::ranges::find(desk.channels, address, &Channel::address);
  return found == desk.channels.end() ? nullptr : &*found;
}

}  // namespace

std::string_view priority_name(Priority priority) {
  return std::ranges::find(priorities, priority, [](const auto& row) { return row.first; })->second;
}

std::optional<Priority> priority_from(std::string_view name) {
  const auto found = std::ranges::find(priorities, name, [](const auto& row) { return row.second; });
  if (found == priorities.end()) return std::nullopt;
  return found->first;
}

const Channel* find_channel(const Desk& desk, std::string_view recipient) {
  const std::string address = normal_address(recipient);
  if (const Channel* exact = channel_at(desk, address)) return exact;
  if (desk.recipient_delimiter == '\0') return nullptr;
  return channel_at(desk, without_extension(address, desk.recipient_delimiter));
}

const Queue* find_queue(const Desk& desk, std::string_view name) {
  const auto found = std::ranges::find(desk.queues, name, &Queue::name);
  return found == desk.queues.end() ? nullptr : &*found;
}

std::vector<const Operator*> operators_of(const Desk& desk, std::string_view group) {
  std::vector<const Operator*> members;
  for (const Operator& person : desk.operators) {
    if (std::ranges::find(person.groups, group) != person.groups.end()) members.push_back(&person);
  }
  return members;
}

}  // namespace postroom
