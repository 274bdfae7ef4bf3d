#pragma once
// Who owns a ticket by what the configuration says now, which may have changed since it was given to him.
// Pure.

#include <string>
#include <string_view>

#include "rules/ticket.h"

namespace postroom {

const Operator* find_operator(const Desk& desk, std::string_view login);
bool works_in(const Operator& person, std::string_view group);

// The queue's settings; of a queue that left the configuration the defaults, without group and mailbox.
const Queue& queue_settings(const Desk& desk, std::string_view name);
// Its mailbox; of a queue that left the configuration its name.
std::string mailbox_of(const Desk& desk, std::string_view queue);

// The owner, if he works in the ticket's queue; nullptr: it is nobody's.
const Operator* owner_of(const Desk& desk, const KnownTicket& ticket);

// Why nobody would find the ticket in its owner's folder, a half sentence: "nobody owned it", "ivan is
// absent". Empty: he is there.
std::string owner_missing(const Desk& desk, const KnownTicket& ticket);

}  // namespace postroom
