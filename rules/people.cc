#include "rules/people.h"

#include <algorithm>

#include "rules/address.h"

namespace postroom {
namespace {

bool asks_for_status(const Rule& rule) {
  const auto asks = [](const std::vector<Condition>& conditions) {
    return std::ranges::find(conditions, Field::customer, &Condition::field) != conditions.end();
  };
  return asks(rule.all) || asks(rule.any) || asks(rule.none);
}

}  // namespace

People::People(const Desk& desk) : matters_{std::ranges::any_of(desk.rules, asks_for_status)} {
  for (const KnownCustomer& customer : desk.customers) {
    statuses_.emplace(normal_address(customer.address), customer.status);
  }
}

std::string People::status_of(std::string_view address) const {
  constexpr std::size_t longest = 320;
  if (statuses_.empty() || address.empty() || address.size() > longest) return {};
  std::string key = normal_address(address);
  std::size_t next = key.rfind('@');
  while (true) {
    if (const auto found = statuses_.find(key); found != statuses_.end()) return found->second;
    if (next == std::string::npos || next + 1 >= key.size()) return {};
    key = "@" + key.substr(next + 1);
    next = key.find('.');
  }
}

bool is_of_the_desk(const Desk& desk, std::string_view address) {
  const std::string normal = normal_address(address);
  if (find_channel(desk, normal)) return true;
  if (std::ranges::any_of(desk.queues, [&](const Queue& q) { return normal_address(q.from) == normal; }))
    return true;
  const std::string local = normal.substr(0, normal.rfind('@'));
  const bool at_home = std::ranges::any_of(
      desk.channels, [&](const Channel& channel) { return domain_of(channel.address) == domain_of(normal); });
  return std::ranges::any_of(desk.operators, [&](const Operator& person) {
    const std::string login = normal_address(person.login);
    return login == normal || (at_home && login == local);
  });
}

}  // namespace postroom
