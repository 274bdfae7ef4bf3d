// What is known of a customer: his status.

#include <iostream>

#include "rules/address.h"
#include "rules/people.h"
#include "schema/postroom-tickets.h"
#include "schema/show.h"

namespace postroom {
namespace {

void set_status(const TicketsAsked& asked, const std::string& address) {
  const std::string status = asked.value("status");
  if (asked.has("status") == status.empty() || status.size() > 50 ||
      status.find_first_of(" \t\r\n,;") != std::string::npos)
    throw TicketsMisused{"a customer's status is one word, such as vip"};
  open_for_writing(asked)->set_customer_status({address, "", status}, time_of_asking());
}

}  // namespace

int customer_command(const TicketsAsked& asked) {
  const std::string address = address_in(asked.arguments.front());
  if (asked.has("clear") && asked.has("status"))
    throw TicketsMisused{"--status and --clear exclude each other"};
  if (asked.has("clear") || asked.has("status")) set_status(asked, address);

  const auto known = open_for_reading(asked)->customer(address);
  const std::string listed = People{asked.settings.desk}.status_of(address);
  const CustomerRow row = known.value_or(CustomerRow{address, "", ""});
  std::cout << (asked.json ? customer_json(row, listed) + "\n" : customer_text(row, listed));
  return known || !listed.empty() ? done : found_problems;
}

}  // namespace postroom
