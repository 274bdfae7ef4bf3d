#include "schema/sqlite_store.h"

#include <algorithm>

#include "schema/customers.h"
#include "schema/migrate.h"
#include "schema/outbox.h"
#include "schema/queries.h"
#include "schema/record.h"
#include "schema/verify.h"

namespace postroom {
namespace {

void mark_published(Db& db, const std::vector<MessageNumber>& messages) {
  for (const MessageNumber message : messages)
    db.statement("UPDATE messages SET published = 1 WHERE number = ?").bind(message).run();
}

void rename_files(Db& db, const std::vector<Replaced>& replaced) {
  for (const Replaced& file : replaced)
    db.statement("UPDATE places SET file = ?, lost = 0 WHERE message = ?")
        .bind(file.file, file.message)
        .run();
}

int acknowledgements_in(const Changes& changes) {
  return static_cast<int>(std::ranges::count_if(
      changes.deliveries, [](const Delivery& delivery) { return !delivery.acknowledgement.empty(); }));
}

}  // namespace

std::unique_ptr<Store> open_store(const std::string& url, OpenMode mode, std::chrono::milliseconds busy) {
  auto db = open_database(url, mode, busy);
  if (mode != OpenMode::read_only) migrate(*db);
  return std::make_unique<SqliteStore>(std::move(db));
}

SqliteStore::SqliteStore(std::unique_ptr<Db> db)
    : db_{std::move(db)}, ticket_numbers_{*db_, "ticket"}, message_numbers_{*db_, "message"} {}

std::vector<Numbers> SqliteStore::draw(int count) {
  ticket_numbers_.reserve(count);
  message_numbers_.reserve(count);
  std::vector<Numbers> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back({ticket_numbers_.take(), message_numbers_.take()});
  return numbers;
}

Outcome SqliteStore::apply(const Changes& changes, const Desk& desk, Durable durable) {
  message_numbers_.reserve(acknowledgements_in(changes));
  Outcome outcome;
  Transaction transaction{*db_, durable};
  rename_files(*db_, changes.replaced);
  mark_published(*db_, changes.published);
  for (const Handed& handed : changes.handed) settle(*db_, handed, changes.now);
  for (const Delivery& delivery : changes.deliveries) {
    const MessageNumber acknowledgement = delivery.acknowledgement.empty() ? 0 : message_numbers_.take();
    outcome.recorded.push_back(record(*db_, delivery, desk, acknowledgement));
  }
  outcome.claimed = claim(*db_, changes.claim, changes.now);
  transaction.commit();
  return outcome;
}

std::optional<Recorded> SqliteStore::find(const std::string& digest) { return find_recorded(*db_, digest); }

std::vector<MessageRow> SqliteStore::unpublished() { return postroom::unpublished(*db_); }

int SqliteStore::settle_claimed(Time now) {
  Transaction transaction{*db_};
  const int settled = postroom::settle_claimed(*db_, now);
  transaction.commit();
  return settled;
}

std::optional<Time> SqliteStore::next_due() { return postroom::next_due(*db_); }

std::optional<TicketRow> SqliteStore::ticket(TicketNumber number) { return postroom::ticket(*db_, number); }

std::vector<TicketRow> SqliteStore::tickets(const TicketFilter& filter) {
  return postroom::tickets(*db_, filter);
}

std::vector<EventRow> SqliteStore::events(std::optional<TicketNumber> ticket, int most) {
  return postroom::events(*db_, ticket, most);
}

std::vector<MessageRow> SqliteStore::messages(TicketNumber ticket) {
  return postroom::messages(*db_, ticket);
}

std::optional<CustomerRow> SqliteStore::customer(const std::string& address) {
  return find_customer(*db_, address);
}

bool SqliteStore::set_customer_status(const CustomerRow& customer, const By& by) {
  Transaction transaction{*db_};
  const bool changed = postroom::set_customer_status(*db_, customer, by);
  transaction.commit();
  return changed;
}

void SqliteStore::each_message(const std::function<void(const MessageRow&)>& row) {
  postroom::each_message(*db_, row);
}

std::vector<std::string> SqliteStore::verify() { return postroom::verify(*db_); }

std::int64_t SqliteStore::count(const std::string& table) { return count_rows(*db_, table); }

}  // namespace postroom
