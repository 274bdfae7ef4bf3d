#include "schema/verify.h"

#include <fmt/format.h>

#include "rules/event_words.h"

namespace postroom {
namespace {

// Each query returns rows of up to two columns; they take the places of {0} and {1} in the sentence.
struct Check {
  std::string_view sentence;
  std::string_view sql;
};

// The last event that says a status says the ticket's.
std::string status_check() {
  std::string cases, words;
  for (const EventWord& word : event_words()) {
    if (!word.status) continue;
    cases += fmt::format(" WHEN '{}' THEN '{}'", word.what, status_name(*word.status));
    words += fmt::format("{}'{}'", words.empty() ? "" : ", ", word.what);
  }
  return fmt::format(
      "SELECT t.number, t.status FROM tickets AS t WHERE t.status IS NOT (SELECT CASE e.what{} END FROM "
      "events AS e WHERE e.ticket = t.number AND e.what IN ({}) ORDER BY e.id DESC LIMIT 1)",
      cases, words);
}

constexpr Check checks[] = {
    {"ticket {0} has no event 'created'",
     "SELECT number, '' FROM tickets WHERE NOT EXISTS "
     "(SELECT 1 FROM events WHERE ticket = number AND what = 'created')"},
    {"ticket {0} belongs to {1}, which no event says",
     "SELECT number, owner FROM tickets WHERE owner <> '' AND NOT EXISTS (SELECT 1 FROM events "
     "WHERE ticket = number AND what IN ('assigned', 'claimed', 'owner changed'))"},
    {"ticket {0} is '{1}', and the time when it was resolved says something else",
     "SELECT number, status FROM tickets WHERE (status = 'resolved') <> (resolved IS NOT NULL)"},
    {"ticket {0} was merged into {1}, but is not resolved",
     "SELECT number, merged_into FROM tickets WHERE merged_into IS NOT NULL AND status <> 'resolved'"},
    {"ticket {0} was merged into {1}, but still has messages, participants or links",
     "SELECT number, merged_into FROM tickets AS t WHERE merged_into IS NOT NULL AND (EXISTS (SELECT 1 "
     "FROM messages WHERE ticket = t.number) OR EXISTS (SELECT 1 FROM participants WHERE ticket = t.number) "
     "OR EXISTS (SELECT 1 FROM links WHERE ticket = t.number))"},
    {"ticket {0} was merged into {1}, which was merged itself",
     "SELECT t.number, t.merged_into FROM tickets AS t JOIN tickets AS o ON o.number = t.merged_into "
     "WHERE o.merged_into IS NOT NULL"},
    {"ticket {0} was merged in a circle",
     "WITH RECURSIVE chain (start, next, n) AS (SELECT t.number, t.merged_into, 1 FROM tickets AS t JOIN "
     "tickets AS o ON o.number = t.merged_into WHERE o.merged_into IS NOT NULL "
     "UNION ALL SELECT c.start, t.merged_into, c.n + 1 FROM chain AS c JOIN tickets AS t ON "
     "t.number = c.next WHERE t.merged_into IS NOT NULL AND c.next <> c.start AND c.n < 100) "
     "SELECT start, '' FROM chain WHERE next = start"},
    {"the requester of ticket {0} also stands among its participants",
     "SELECT p.ticket, '' FROM participants AS p JOIN tickets AS t ON t.number = p.ticket "
     "WHERE p.customer = t.customer"},
    {"ticket {0} is linked to itself", "SELECT ticket, '' FROM links WHERE ticket = other"},
    {"customer {0} is the same as {1}, who is again the same as another",
     "SELECT c.address, m.address FROM customers AS c JOIN customers AS m ON m.id = c.same_as "
     "WHERE m.same_as IS NOT NULL"},
    {"message {0} of ticket {1} cannot be found by its Message-ID",
     "SELECT number, ticket FROM messages AS m WHERE ticket IS NOT NULL AND message_id <> '' AND gone = '' "
     "AND kind IN "
     "('inbound', 'answer', 'note') AND NOT EXISTS (SELECT 1 FROM thread_keys AS k WHERE k.message = "
     "m.number "
     "AND k.hash = thread_hash('id', m.message_id))"},
    {"message {0} is to be moved to {1}, but has no place",
     "SELECT v.message, v.mailbox FROM moves AS v WHERE NOT EXISTS "
     "(SELECT 1 FROM places AS p WHERE p.message = v.message)"},
    {"ticket {0} has no message",
     "SELECT number, '' FROM tickets AS t WHERE merged_into IS NULL AND NOT EXISTS "
     "(SELECT 1 FROM messages AS m WHERE m.ticket = t.number AND m.kind = 'inbound')"},
    {"ticket {0} was created after its last change",
     "SELECT number, '' FROM tickets WHERE created > updated"},
    {"message {0} has no place in a mailbox",
     "SELECT number, '' FROM messages WHERE kind = 'inbound' AND gone NOT IN ('erased', 'expired') "
     "AND NOT EXISTS (SELECT 1 FROM places WHERE message = number)"},
    {"message {0} is {1}, but still has a place in a mailbox",
     "SELECT number, gone FROM messages WHERE gone IN ('erased', 'expired') AND EXISTS "
     "(SELECT 1 FROM places WHERE message = number)"},
    {"message {0} has no delivery",
     "SELECT number, '' FROM messages AS m WHERE kind = 'inbound' AND NOT EXISTS "
     "(SELECT 1 FROM deliveries AS d WHERE d.message = m.number)"},
    {"message {0} and another one are the same file {1}",
     "SELECT max(message), file FROM places GROUP BY mailbox, file HAVING count(*) > 1"},
    {"ticket {0} has tags that are no list: {1}",
     "SELECT number, tags FROM tickets WHERE NOT json_valid(tags)"},
    {"message {0} has a folder that is no list: {1}",
     "SELECT message, folder FROM places WHERE NOT json_valid(folder)"},
    {"the {0} counter is at {1}, below a number in use",
     "SELECT name, next FROM counters WHERE next <= CASE name "
     "WHEN 'ticket' THEN (SELECT coalesce(max(number), 0) FROM tickets) "
     "ELSE (SELECT coalesce(max(number), 0) FROM messages) END"},
    {"the counter '{0}' is missing",
     "SELECT column1, '' FROM (VALUES ('ticket'), ('message')) WHERE column1 NOT IN (SELECT name FROM "
     "counters)"},
    // Of a ticket that was merged or split, the event stayed where it was: then all events are looked
    // through.
    {"mail {0} of the outbox is '{1}', which no event says",
     "SELECT o.id, o.state FROM outbox AS o WHERE o.state IN ('sent', 'failed', 'uncertain') AND NOT EXISTS "
     "(SELECT 1 FROM events AS e WHERE e.ticket = o.ticket AND e.message = o.message "
     "AND e.what = o.kind || ' ' || o.state) AND (o.message, o.kind || ' ' || o.state) NOT IN "
     "(SELECT message, what FROM events WHERE message IS NOT NULL AND what GLOB '* *')"},
    {"mail {0} of the outbox answers message {1} of another ticket",
     "SELECT o.id, o.answers FROM outbox AS o JOIN messages AS m ON m.number = o.answers "
     "WHERE m.ticket IS NOT o.ticket"},
};

void run_check(Db& db, const Check& check, std::vector<std::string>& found) {
  Statement row = db.statement(fmt::format("{} LIMIT 1000", check.sql));
  while (row.step()) found.push_back(fmt::format(fmt::runtime(check.sentence), row.text(0), row.text(1)));
}

void check_integrity(Db& db, std::vector<std::string>& found) {
  Statement row = db.statement("PRAGMA integrity_check");
  while (row.step())
    if (row.text(0) != "ok") found.push_back("the database is damaged: " + row.text(0));
}

void check_references(Db& db, std::vector<std::string>& found) {
  Statement row = db.statement("PRAGMA foreign_key_check");
  while (row.step())
    found.push_back(fmt::format("row {} of the table {} refers to a row of {} that is not there", row.text(1),
                                row.text(0), row.text(2)));
}

}  // namespace

std::vector<std::string> verify(Db& db) {
  std::vector<std::string> found;
  check_integrity(db, found);
  check_references(db, found);
  const std::string status = status_check();
  run_check(db, {"ticket {0} is '{1}', which its events do not say", status}, found);
  for (const Check& check : checks) run_check(db, check, found);
  return found;
}

}  // namespace postroom
