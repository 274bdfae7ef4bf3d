// What is known of a customer: his status.

#include <algorithm>
#include <iostream>

#include "rules/address.h"
#include "rules/people.h"
#include "schema/postroom-tickets-change.h"
#include "schema/show.h"

namespace postroom {
namespace {

void set_status(const TicketsAsked& asked, const std::string& address) {
  const std::string status = asked.value("status");
  if (asked.has("status") == status.empty() || status.size() > 50 ||
      status.find_first_of(" \t\r\n,;") != std::string::npos)
    throw TicketsMisused{"a customer's status is one word, such as vip"};
  open_for_writing(asked)->set_customer_status({address, "", status}, {asked.who, time_of_asking()});
}

void set_same(const TicketsAsked& asked, const std::string& address) {
  const std::string main = asked.has("same-as") ? address_in(asked.value("same-as")) : "";
  if (main == address) throw TicketsMisused{"an address is the same customer as itself"};
  open_for_writing(asked)->set_same_customer(address, main, {asked.who, time_of_asking()});
}

// Which of the changes are asked for; at most one.
void change_customer(const TicketsAsked& asked, const std::string& address) {
  int changes = 0;
  for (const char* option : {"status", "clear", "same-as", "on-his-own"})
    changes += asked.has(option) ? 1 : 0;
  if (changes > 1) throw TicketsMisused{"--status, --clear, --same-as and --on-his-own exclude each other"};
  if (asked.has("clear") || asked.has("status")) set_status(asked, address);
  if (asked.has("same-as") || asked.has("on-his-own")) set_same(asked, address);
}

}  // namespace

std::vector<std::string> addresses_of_customer(TicketsDesk& desk, const std::string& address) {
  std::vector<std::string> all = desk.store->addresses_of(address);
  for (const auto& people : desk.asked.settings.desk.same_people) {
    if (std::ranges::none_of(people, [&](const auto& one) { return std::ranges::count(all, one) > 0; }))
      continue;
    for (const std::string& one : people)
      for (const std::string& other : desk.store->addresses_of(one))
        if (std::ranges::count(all, other) == 0) all.push_back(other);
  }
  return all;
}

int customer_command(const TicketsAsked& asked) {
  const std::string address = address_in(asked.arguments.front());
  change_customer(asked, address);
  const auto known = open_for_reading(asked)->customer(address);
  const std::string listed = People{asked.settings.desk}.status_of(address);
  const CustomerRow row = known.value_or(CustomerRow{address, "", ""});
  std::cout << (asked.json ? customer_json(row, listed) + "\n" : customer_text(row, listed));
  return known || !listed.empty() ? done : found_problems;
}

}  // namespace postroom
