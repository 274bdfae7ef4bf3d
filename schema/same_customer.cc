#include "schema/same_customer.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/address.h"
#include "rules/event_words.h"
#include "schema/columns.h"
#include "schema/customers.h"
#include "schema/events.h"

namespace postroom {
namespace {

constexpr std::size_t most_addresses = 50;
constexpr std::size_t longest_address = 330;  // as record.cc keeps it

// The row that stands for all addresses of the customer: same_as leads there in one step.
struct Group {
  std::int64_t id = 0, main = 0;
};

std::optional<Group> group_of(Db& db, const std::string& address) {
  Statement row = db.statement("SELECT id, coalesce(same_as, id) FROM customers WHERE address = ?");
  if (!row.bind(address).step()) return std::nullopt;
  return Group{row.integer(0), row.integer(1)};
}

std::vector<std::int64_t> members_of(Db& db, std::int64_t main) {
  std::vector<std::int64_t> found{main};
  Statement row = db.statement("SELECT id FROM customers WHERE same_as = ? ORDER BY id LIMIT 50");
  row.bind(main);
  while (row.step()) found.push_back(row.integer(0));
  return found;
}

void set_main(Db& db, std::int64_t id, std::optional<std::int64_t> main) {
  db.statement("UPDATE customers SET same_as = ? WHERE id = ?").bind(main, id).run();
}

// He goes, and the others stay together.
void leave(Db& db, const Group& group) {
  if (group.id != group.main) return set_main(db, group.id, std::nullopt);
  const auto members = members_of(db, group.main);
  if (members.size() < 2) return;
  const std::int64_t next = members[1];
  set_main(db, next, std::nullopt);
  db.statement("UPDATE customers SET same_as = ? WHERE same_as = ?").bind(next, group.main).run();
}

bool is_alone(Db& db, const Group& group) {
  return group.id == group.main && members_of(db, group.main).size() == 1;
}

bool part(Db& db, const std::string& address, const By& by) {
  const auto group = group_of(db, address);
  if (!group || is_alone(db, *group)) return false;
  leave(db, *group);
  add_event(db,
            {0, 0, by.at, event::customer_same, fmt::format("{}: a customer of his own", address), by.who});
  return true;
}

}  // namespace

std::vector<std::int64_t> same_people(Db& db, const std::vector<std::string>& addresses, const Desk& desk) {
  std::vector<std::string> all = addresses;
  for (const std::string& address : addresses)
    for (const auto& people : desk.same_people)
      if (std::ranges::find(people, address) != people.end())
        all.insert(all.end(), people.begin(), people.end());
  if (all.size() > most_addresses) all.resize(most_addresses);

  std::vector<std::int64_t> ids;
  for (const std::string& address : all) {
    const auto group = group_of(db, bounded(address, longest_address));
    if (!group || std::ranges::find(ids, group->id) != ids.end()) continue;
    for (const std::int64_t id : members_of(db, group->main))
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    if (ids.size() >= most_addresses) break;
  }
  return ids;
}

std::vector<std::string> other_addresses(Db& db, const std::string& address) {
  std::vector<std::string> found;
  const auto group = group_of(db, bounded(normal_address(address), longest_address));
  if (!group) return found;
  Statement row = db.statement(
      "SELECT address FROM customers WHERE (id = ?1 OR same_as = ?1) AND id <> ?2 ORDER BY id LIMIT 50");
  row.bind(group->main, group->id);
  while (row.step()) found.push_back(row.text(0));
  return found;
}

bool set_same_customer(Db& db, const std::string& address, const std::string& main, const By& by) {
  const std::string one = bounded(normal_address(address), longest_address);
  const std::string other = bounded(normal_address(main), longest_address);
  if (one.empty() || one == other) return false;
  if (other.empty()) return part(db, one, by);
  customer_id(db, one, "");
  customer_id(db, other, "");
  const auto from = group_of(db, one), to = group_of(db, other);
  if (!from || !to || from->main == to->main) return false;
  // All addresses of the first are the second's: who is the same as one is the same as all.
  db.statement("UPDATE customers SET same_as = ?1 WHERE id = ?2 OR same_as = ?2")
      .bind(to->main, from->main)
      .run();
  add_event(db, {0, 0, by.at, event::customer_same, fmt::format("{}: the same customer as {}", one, other),
                 by.who});
  return true;
}

}  // namespace postroom
