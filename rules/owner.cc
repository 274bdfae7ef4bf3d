#include "rules/owner.h"

#include <fmt/format.h>

#include <algorithm>

namespace postroom {

const Operator* find_operator(const Desk& desk, std::string_view login) {
  const auto found = std::ranges::find(desk.operators, login, &Operator::login);
  return found == desk.operators.end() ? nullptr : &*found;
}

bool works_in(const Operator& person, std::string_view group) {
  return std::ranges::find(person.groups, group) != person.groups.end();
}

const Queue& queue_settings(const Desk& desk, std::string_view name) {
  static const Queue gone;
  const Queue* queue = find_queue(desk, name);
  return queue ? *queue : gone;
}

std::string mailbox_of(const Desk& desk, std::string_view queue) {
  const Queue* known = find_queue(desk, queue);
  return known ? known->mailbox : std::string{queue};
}

const Operator* owner_of(const Desk& desk, const KnownTicket& ticket) {
  if (ticket.owner.empty()) return nullptr;
  const Operator* person = find_operator(desk, ticket.owner);
  return person && works_in(*person, queue_settings(desk, ticket.queue).group) ? person : nullptr;
}

std::string owner_missing(const Desk& desk, const KnownTicket& ticket) {
  if (ticket.owner.empty()) return "nobody owned it";
  if (!find_operator(desk, ticket.owner)) return fmt::format("{} is no operator any longer", ticket.owner);
  const Operator* owner = owner_of(desk, ticket);
  if (!owner) return fmt::format("{} does not work in queue '{}' any longer", ticket.owner, ticket.queue);
  return owner->absent == Switch::on ? fmt::format("{} is absent", ticket.owner) : "";
}

}  // namespace postroom
