#include "rules/place_of.h"

#include <algorithm>

#include "rules/owner.h"

namespace postroom {
namespace {

std::optional<State> state_of_owned(const Desk& desk, const Queue& queue,
                                    const std::vector<std::string>& folder) {
  const auto owner = std::ranges::find_if(desk.operators, [&](const Operator& person) {
    return person.name == folder.front() && works_in(person, queue.group);
  });
  if (owner == desk.operators.end()) return std::nullopt;
  if (folder.size() == 1) return State{queue.name, owner->login, Status::fresh};
  if (folder.size() > 2) return std::nullopt;
  if (folder[1] == desk.folders.in_progress) return State{queue.name, owner->login, Status::open};
  if (folder[1] == desk.folders.done) return State{queue.name, owner->login, Status::resolved};
  return std::nullopt;
}

}  // namespace

Where place_of(const Desk& desk, const KnownTicket& ticket) {
  const std::string mailbox = mailbox_of(desk, ticket.queue);
  const Operator* owner = owner_of(desk, ticket);
  if (ticket.status == Status::waiting) return {mailbox, {desk.folders.waiting}};
  if (ticket.status == Status::resolved && !owner) return {mailbox, {desk.folders.done}};
  if (!owner) return {mailbox, {}};
  if (ticket.status == Status::fresh) return {mailbox, {owner->name}};
  if (ticket.status == Status::open) return {mailbox, {owner->name, desk.folders.in_progress}};
  return {mailbox, {owner->name, desk.folders.done}};
}

std::optional<State> state_at(const Desk& desk, const Where& where) {
  const auto queue = std::ranges::find(desk.queues, where.mailbox, &Queue::mailbox);
  if (queue == desk.queues.end()) return std::nullopt;
  if (where.folder.empty()) return State{queue->name, "", Status::fresh};
  if (where.folder.size() == 1) {
    const std::string& name = where.folder.front();
    if (name == desk.folders.junk || name == desk.folders.automatic) return std::nullopt;
    if (name == desk.folders.waiting) return State{queue->name, "", Status::waiting};
    if (name == desk.folders.done) return State{queue->name, "", Status::resolved};
  }
  return state_of_owned(desk, *queue, where.folder);
}

}  // namespace postroom
