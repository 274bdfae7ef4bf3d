#pragma once
// What decisions need to know of a ticket. Plain values. Pure.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "rules/desk.h"

namespace postroom {

using Time = std::chrono::system_clock::time_point;  // stored as milliseconds since the epoch, UTC
using TicketNumber = std::int64_t;
using MessageNumber = std::int64_t;

// new -> open (claimed) -> waiting (for the customer) -> resolved.
enum class Status { fresh, open, waiting, resolved };

std::string_view status_name(Status status);  // "new", "open", "waiting", "resolved"
std::optional<Status> status_from(std::string_view name);

struct KnownTicket {
  TicketNumber number = 0;
  std::string queue, channel;
  std::string owner;  // login; empty: nobody's
  Status status = Status::fresh;
  Priority priority = Priority::normal;
  Time created{}, resolved{};  // resolved: when, if it is
  std::string customer;        // normalised address of the requester; may be empty
};

// One ticket's relation to another, as people are shown it.
enum class Relation {
  possibly_same,  // a message names the other ticket, but its sender has no part in it
  continues,      // the other one was resolved too long ago to be reopened
  split_from,     // some of its messages were the other's
  linked,         // somebody has said so
};
std::string_view relation_name(
    Relation relation);  // "possibly the same as", "continues", "split from", "linked to"
std::optional<Relation> relation_from(std::string_view name);

struct Link {
  TicketNumber other = 0;
  Relation relation = Relation::linked;

  bool operator==(const Link&) const = default;
};

}  // namespace postroom
