// I9: the database anew from folders and headers, beside the one that was written as things happened.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

#include "lmtp/rebuild_files.h"
#include "schema/migrate.h"
#include "schema/rebuild.h"
#include "tests/property/machine.h"

namespace postroom::tests {
namespace {

// What the mail tells. Not: the outbox, exact times of changes, second arrivals of a mail, and who owned a
// ticket that was merged or waits.
constexpr const char* told[] = {
    "SELECT json_array('ticket', t.number, t.queue, t.channel, t.priority, t.status, "
    "iif(t.merged_into IS NULL AND t.status <> 'waiting', t.owner, '-'), c.address, t.subject, t.created, "
    "t.merged_into) FROM tickets AS t LEFT JOIN customers AS c ON c.id = t.customer",
    "SELECT json_array('message', number, ticket, hex(digest), kind, message_id, sender, subject, automatic, "
    "at, published) FROM messages",
    "SELECT json_array('place', message, mailbox, folder, file) FROM places",
    "SELECT json_array('participant', p.ticket, c.address) FROM participants AS p JOIN customers AS c "
    "ON c.id = p.customer",
    "SELECT json_array('link', ticket, other, relation) FROM links",
    "SELECT json_array('key', hash, message) FROM thread_keys "
    "WHERE message NOT IN (SELECT message FROM repeats)",
    "SELECT json_array('customer', address) FROM customers",
};

std::set<std::string> rows_of(Db& db) {
  std::set<std::string> rows;
  for (const char* query : told) {
    Statement read = db.statement(query);
    while (read.step()) rows.insert(read.text(0));
  }
  return rows;
}

std::vector<std::string> only_in(const std::set<std::string>& one, const std::set<std::string>& other,
                                 std::string_view where) {
  std::vector<std::string> rows;
  std::ranges::set_difference(one, other, std::back_inserter(rows));
  for (std::string& row : rows) row = fmt::format("only in the {}: {}", where, row);
  return rows;
}

}  // namespace

std::vector<std::string> Machine::rebuilt_differences() {
  for (const char* name : {"rebuilt", "rebuilt-wal", "rebuilt-shm"}) std::filesystem::remove(path(name));
  const auto wait = running_->settings.limits.database;
  const auto rebuilt = open_database(path("rebuilt"), OpenMode::create, wait);
  Rebuild rebuild{*rebuilt, running_->settings.desk};
  read_desk_files(running_->settings, running_->keys, [&](const RebuiltFile& file) { rebuild.add(file); });
  rebuild.finish(store().draw(1).front());

  const auto kept = open_database(path("database"), OpenMode::read_only, wait);
  const auto before = rows_of(*kept), after = rows_of(*rebuilt);
  auto differences = only_in(before, after, "database");
  std::ranges::move(only_in(after, before, "rebuilt one"), std::back_inserter(differences));
  return differences;
}

}  // namespace postroom::tests
