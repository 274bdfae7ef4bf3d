#include <algorithm>
#include <array>
#include <utility>

#include "rules/change.h"

namespace postroom {
namespace {

using Kind = TicketChange::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 11> names{{
    {Kind::assign, "assign"},
    {Kind::claim, "claim"},
    {Kind::hand_over, "hand over"},
    {Kind::resolve, "resolve"},
    {Kind::reopen, "reopen"},
    {Kind::wait, "wait"},
    {Kind::set_priority, "set priority"},
    {Kind::note, "note"},
    {Kind::link, "link"},
    {Kind::merge, "merge"},
    {Kind::split, "split"},
}};

}  // namespace

std::string_view change_name(Kind kind) {
  return std::ranges::find(names, kind, [](const auto& row) { return row.first; })->second;
}

std::optional<Kind> change_from(std::string_view name) {
  const auto found = std::ranges::find(names, name, [](const auto& row) { return row.second; });
  if (found == names.end()) return std::nullopt;
  return found->first;
}

}  // namespace postroom
