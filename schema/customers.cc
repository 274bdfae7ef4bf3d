#include "schema/customers.h"

#include <fmt/format.h>

#include "rules/address.h"
#include "schema/columns.h"
#include "schema/events.h"
#include "schema/same_customer.h"

namespace postroom {
namespace {

constexpr std::size_t longest_address = 330;  // as record.cc keeps it
constexpr std::size_t longest_status = 100;

std::string key_of(const std::string& address) { return bounded(normal_address(address), longest_address); }

std::string shown(const std::string& status) { return status.empty() ? "no status" : "'" + status + "'"; }

}  // namespace

std::optional<CustomerRow> find_customer(Db& db, const std::string& address) {
  Statement row = db.statement("SELECT address, name, status FROM customers WHERE address = ?");
  if (!row.bind(key_of(address)).step()) return std::nullopt;
  return CustomerRow{row.text(0), row.text(1), row.text(2), other_addresses(db, row.text(0))};
}

bool set_customer_status(Db& db, const CustomerRow& customer, const By& by) {
  const std::string address = key_of(customer.address), status = bounded(customer.status, longest_status);
  const auto known = find_customer(db, address);
  const std::string before = known ? known->status : std::string{};
  if (before == status) return false;
  const auto id = customer_id(db, address, customer.name);
  db.statement("UPDATE customers SET status = ? WHERE id = ?").bind(status, id).run();
  add_event(db, {0, 0, by.at, "customer status",
                 fmt::format("{}: {}, before {}", address, shown(status), shown(before)), by.who});
  return true;
}

std::optional<std::int64_t> customer_id(Db& db, const std::string& address, const std::string& name) {
  if (address.empty()) return std::nullopt;
  Statement row = db.statement(
      "INSERT INTO customers (address, name) VALUES (?1, ?2) ON CONFLICT (address) DO UPDATE "
      "SET name = CASE WHEN excluded.name = '' THEN name ELSE excluded.name END RETURNING id");
  row.bind(address, name).step();
  const std::int64_t id = row.integer(0);
  row.run();
  return id;
}

}  // namespace postroom
