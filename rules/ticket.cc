#include "rules/ticket.h"

#include <algorithm>
#include <array>
#include <utility>

namespace postroom {
namespace {

constexpr std::array<std::pair<Status, std::string_view>, 4> statuses{{
    {Status::fresh, "new"},
    {Status::open, "open"},
    {Status::waiting, "waiting"},
    {Status::resolved, "resolved"},
}};

constexpr std::array<std::pair<Relation, std::string_view>, 4> relations{{
    {Relation::possibly_same, "possibly the same as"},
    {Relation::continues, "continues"},
    {Relation::split_from, "split from"},
    {Relation::linked, "linked to"},
}};

template <class First, std::size_t N>
std::string_view name_of(const std::array<std::pair<First, std::string_view>, N>& rows, First first) {
  return std::ranges::find(rows, first, [](const auto& row) { return row.first; })->second;
}

template <class First, std::size_t N>
std::optional<First> named(const std::array<std::pair<First, std::string_view>, N>& rows,
                           std::string_view name) {
  const auto found = std::ranges::find(rows, name, [](const auto& row) { return row.second; });
  if (found == rows.end()) return std::nullopt;
  return found->first;
}

}  // namespace

std::string_view status_name(Status status) { return name_of(statuses, status); }
std::optional<Status> status_from(std::string_view name) { return named(statuses, name); }
std::string_view relation_name(Relation relation) { return name_of(relations, relation); }
std::optional<Relation> relation_from(std::string_view name) { return named(relations, name); }

}  // namespace postroom
