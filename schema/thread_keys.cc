#include "schema/thread_keys.h"

#include <algorithm>

#include "rules/content.h"
#include "schema/columns.h"
#include "schema/thread_hash.h"

namespace postroom {
namespace {

using std::chrono::hours;

constexpr std::size_t line = 1000;
constexpr hours longest_window{7 * 24};

std::int64_t hash_of(ThreadKey kind, const std::string& id) {
  return thread_hash(kind == ThreadKey::id ? "id" : "named", bounded(id, line));
}

std::int64_t hash_of_content(const std::string& content) { return thread_hash("content", content); }

std::int64_t hash_of_words(const std::string& words) { return thread_hash("words", words); }

std::int64_t hour_of(Time at) { return std::chrono::floor<hours>(at.time_since_epoch()).count(); }

void add_hits(Statement& row, std::vector<ThreadHit>& found) {
  while (row.step())
    found.push_back({row.integer(0), row.integer(1), from_ms(row.integer(2)), row.text(3) != "inbound"});
}

}  // namespace

void add_thread_key(Db& db, ThreadKey kind, const std::string& id, MessageNumber message) {
  if (id.empty()) return;
  db.statement("INSERT INTO thread_keys (hash, message) VALUES (?, ?) ON CONFLICT DO NOTHING")
      .bind(hash_of(kind, id), message)
      .run();
}

bool has_thread_key(Db& db, ThreadKey kind, const std::string& id, MessageNumber message) {
  if (id.empty()) return false;
  Statement row = db.statement("SELECT 1 FROM thread_keys WHERE hash = ? AND message = ?");
  return row.bind(hash_of(kind, id), message).step();
}

std::vector<ThreadHit> find_thread_key(Db& db, ThreadKey kind, const std::string& id) {
  std::vector<ThreadHit> found;
  if (id.empty()) return found;
  Statement row = db.statement(
      "SELECT k.message, m.ticket, m.at, m.kind FROM (SELECT * FROM (SELECT message FROM thread_keys WHERE "
      "hash = ?1 ORDER BY message DESC LIMIT 40) UNION SELECT * FROM (SELECT message FROM thread_keys WHERE "
      "hash = ?1 ORDER BY message LIMIT 10)) AS k JOIN messages AS m ON m.number = k.message "
      "WHERE m.ticket IS NOT NULL ORDER BY k.message DESC");
  row.bind(hash_of(kind, id));
  add_hits(row, found);
  return found;
}

void add_content(Db& db, const std::string& content, MessageNumber message, Time at) {
  if (content.empty()) return;
  const auto add = [&](std::int64_t hash) {
    db.statement("INSERT INTO contents (hour, hash, message) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(hour_of(at), hash, message)
        .run();
  };
  add(hash_of_content(content));
  if (const std::string words = words_of_content(content); words != content) add(hash_of_words(words));
}

bool has_words(Db& db, const std::string& content, MessageNumber message, Time at) {
  if (content.empty()) return false;
  const std::string words = words_of_content(content);
  Statement row = db.statement("SELECT 1 FROM contents WHERE hour = ? AND hash IN (?, ?) AND message = ?");
  return row.bind(hour_of(at), hash_of_content(words), hash_of_words(words), message).step();
}

std::vector<ThreadHit> find_content(Db& db, const std::string& content, Time since, Time until) {
  std::vector<ThreadHit> found;
  if (content.empty()) return found;
  since = std::max(since, until - longest_window);
  Statement row = db.statement(
      "SELECT k.message, m.ticket, m.at, m.kind FROM (SELECT message FROM contents WHERE hour = ? AND hash = "
      "? "
      "ORDER BY message DESC LIMIT 50) AS k JOIN messages AS m ON m.number = k.message "
      "WHERE m.ticket IS NOT NULL AND m.gone = '' AND m.at BETWEEN ? AND ? ORDER BY k.message DESC");
  for (std::int64_t hour = hour_of(until); hour >= hour_of(since); --hour) {
    row.bind(hour, hash_of_content(content), to_ms(since), to_ms(until));
    add_hits(row, found);
    row.run();
  }
  return found;
}

}  // namespace postroom
