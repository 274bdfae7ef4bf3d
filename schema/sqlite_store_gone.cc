// Mail that goes, in transactions that leave others their turn; and the copy of everything.

#include <chrono>
#include <thread>

#include "rules/address.h"
#include "schema/backup.h"
#include "schema/forget.h"
#include "schema/gone_query.h"
#include "schema/sqlite_store.h"

namespace postroom {
namespace {

constexpr int step = 100;  // messages of a transaction

// A writer that begins again at once would let nobody in: it rests as long as it has worked.
template <typename Work>
void write_and_rest(Db& db, const Work& work) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  {
    Transaction transaction{db};
    work();
    transaction.commit();
  }
  std::this_thread::sleep_for(Clock::now() - start);
}

void forget_keys(Db& db) {
  ThreadKeyRow last{INT64_MIN, 0};
  for (;;) {
    const auto keys = going_keys(db, last, step);
    if (keys.empty()) return;
    write_and_rest(db, [&] {
      for (const ThreadKeyRow& key : keys) forget_key(db, key);
    });
    last = keys.back();
  }
}

// `find`: event -> the next ones.
template <typename Find>
void forget_whys(Db& db, const Find& find) {
  for (std::vector<std::int64_t> events = find(0); !events.empty(); events = find(events.back()))
    write_and_rest(db, [&] {
      for (const std::int64_t event : events) forget_why(db, event);
    });
}

}  // namespace

std::vector<std::string> SqliteStore::addresses_of(const std::string& address) {
  return postroom::addresses_of(*db_, normal_address(address));
}

std::vector<TicketNumber> SqliteStore::tickets_of(const std::vector<std::string>& addresses,
                                                  TicketNumber after, int most) {
  return postroom::tickets_of(*db_, addresses, after, most);
}

std::vector<MessageNumber> SqliteStore::messages_of(const std::vector<std::string>& addresses) {
  return postroom::messages_of(*db_, addresses);
}

std::vector<MessageRow> SqliteStore::messages_around(const std::vector<std::string>& addresses,
                                                     MessageNumber after, int most) {
  return postroom::messages_around(*db_, addresses, after, most);
}

Expirable SqliteStore::expirable(const Expiry& expiry) { return postroom::expirable(*db_, expiry); }

std::int64_t SqliteStore::mark_going(const std::vector<MessageNumber>& messages, Going going) {
  std::int64_t marked = 0;
  write_and_rest(*db_, [&] { marked = postroom::mark_going(*db_, messages, going); });
  return marked;
}

bool SqliteStore::is_going(MessageNumber message) { return postroom::is_going(*db_, message); }

std::vector<MessageRow> SqliteStore::going(MessageNumber after, int most) {
  return postroom::going(*db_, after, most);
}

Forgotten SqliteStore::forget_going(const By& by) {
  Forgotten all;
  if (going(0, 1).empty()) return all;
  // What only the marks lead to goes first: they are gone with the messages.
  forget_keys(*db_);
  forget_whys(*db_, [this](std::int64_t last) { return going_events(*db_, last, step); });
  for (bool more = true; more;) {
    write_and_rest(*db_, [&] {
      const Forgotten some = forget_next(*db_, by, step);
      all.messages += some.messages;
      all.tickets += some.tickets;
      more = some.messages > 0;
    });
  }
  write_and_rest(*db_, [&] { forget_leftovers(*db_); });
  return all;
}

Forgotten SqliteStore::forget_customer(const std::vector<std::string>& addresses, const By& by) {
  forget_whys(*db_, [&](std::int64_t last) { return events_naming(*db_, addresses, last, step); });
  Forgotten forgotten;
  write_and_rest(*db_, [&] { forgotten = forget_addresses(*db_, addresses, by); });
  return forgotten;
}

bool SqliteStore::scrub() {
  db_->set_durable(Durable::yes);
  db_->execute("VACUUM");
  return db_->number("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
}

void SqliteStore::backup(const std::string& path) { back_up(*db_, path); }

}  // namespace postroom
