#include "schema/audited.h"

#include <algorithm>
#include <functional>

#include "rules/address.h"

namespace postroom {
namespace {

std::uint64_t hash_of(const std::string& queue_id, const std::string& recipient) {
  return std::hash<std::string>{}(queue_id + "\n" + recipient);
}

bool exists_row(Db& db, std::string_view sql, std::int64_t number) {
  Statement row = db.statement(sql);
  row.bind(number);
  return row.step();
}

}  // namespace

Arrivals::Arrivals(Db& db) {
  Statement row = db.statement("SELECT queue_id, recipient, message FROM deliveries");
  while (row.step()) {
    rows_.push_back({hash_of(row.text(0), row.text(1)), row.integer(2)});
    rows_.push_back({hash_of(row.text(0), ""), row.integer(2)});
  }
  std::ranges::sort(rows_, {}, &Row::hash);
}

std::optional<MessageNumber> Arrivals::message(const std::string& queue_id,
                                               const std::string& recipient) const {
  const std::uint64_t hash = hash_of(queue_id, normal_address(recipient));
  const auto at = std::ranges::lower_bound(rows_, hash, {}, &Row::hash);
  if (at == rows_.end() || at->hash != hash) return std::nullopt;
  return at->message;
}

bool has_ticket(Db& db, TicketNumber ticket) {
  return exists_row(db, "SELECT 1 FROM tickets WHERE number = ?", ticket);
}

bool has_message(Db& db, MessageNumber message) {
  return exists_row(db, "SELECT 1 FROM messages WHERE number = ?", message);
}

}  // namespace postroom
