#include "rules/plan_people.h"

#include <algorithm>
#include <set>

#include "rules/acknowledge.h"
#include "rules/address.h"
#include "rules/event_words.h"

namespace postroom {
namespace {

constexpr std::size_t most_a_message = 20, most_a_ticket = 100;
constexpr std::size_t most_looked_at = 1000;

// All of one ticket, and all addresses that belong to its requester.
std::set<std::string> known_of(const Desk& desk, const Party& party) {
  std::set<std::string> known{party.participants.begin(), party.participants.end()};
  known.insert(party.customer);
  for (const std::vector<std::string>& same : desk.same_people)
    if (std::ranges::find(same, party.customer) != same.end()) known.insert(same.begin(), same.end());
  return known;
}

bool is_person(const Desk& desk, const std::string& address) {
  return is_deliverable(address) && !is_robot_address(address) && !find_channel(desk, address);
}

bool brings_nobody(const Decision& decision) {
  return decision.automatic.kind != Automatic::Kind::none || decision.verdict.spam ||
         decision.customer.source == "form";
}

}  // namespace

void add_participants(const Desk& desk, const Arrival& arrival, const Party& party, Plan& plan) {
  if (brings_nobody(arrival.decision)) return;
  std::set<std::string> known = known_of(desk, party);
  std::size_t room = most_a_ticket - std::min(most_a_ticket, party.participants.size());
  room = std::min(room, most_a_message);
  std::string names;
  for (std::size_t i = 0; i < std::min(arrival.people.size(), most_looked_at); ++i) {
    if (plan.participants.size() == room) break;
    const std::string address = normal_address(arrival.people[i].address);
    if (!is_person(desk, address) || !known.insert(address).second) continue;
    plan.participants.push_back({arrival.people[i].name, address});
    names += (names.empty() ? "" : ", ") + address;
  }
  if (!names.empty()) plan.events.push_back({event::participant_joined, names});
}

}  // namespace postroom
