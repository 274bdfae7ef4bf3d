#include "schema/moves.h"

#include <algorithm>

#include "schema/columns.h"

namespace postroom {
namespace {

bool set_place(Db& db, const Moved& done) {
  const Move& move = done.move;
  db.statement(
        "UPDATE places SET mailbox = ?1, folder = ?2, file = ?3, lost = 0 "
        "WHERE message = ?4 AND mailbox = ?5 AND folder = ?6 AND file = ?7")
      .bind(move.to.mailbox, to_list(move.to.folder), done.file, move.message, move.from.mailbox,
            to_list(move.from.folder), move.from.file)
      .run();
  return db.changes() > 0;
}

// Unless it has come back meanwhile, and another program knows where it is.
void set_lost(Db& db, const Move& move) {
  db.statement("UPDATE places SET lost = 1 WHERE message = ?1 AND mailbox = ?2 AND folder = ?3 AND file = ?4")
      .bind(move.message, move.from.mailbox, to_list(move.from.folder), move.from.file)
      .run();
}

// Somebody has called the move off, and found the file still at its place, while it went.
void ask_back(Db& db, const Move& move) {
  db.statement(
        "INSERT INTO moves (message, mailbox, folder, at) SELECT m.number, ?2, ?3, t.updated FROM messages "
        "AS m "
        "JOIN tickets AS t ON t.number = m.ticket WHERE m.number = ?1 AND m.gone = '' "
        "ON CONFLICT (message) DO NOTHING")
      .bind(move.message, move.from.mailbox, to_list(move.from.folder))
      .run();
}

}  // namespace

bool bring_messages(Db& db, TicketNumber ticket, const Where& where, MessageNumber but, Time at) {
  const std::string folder = to_list(where.folder);
  // What is on its way elsewhere may be there already, for all that is recorded: it is asked for anew, with
  // an id of its own, even if it should never have left.
  db.statement(
        "INSERT OR REPLACE INTO moves (message, mailbox, folder, at) SELECT m.number, ?3, ?4, ?5 FROM "
        "messages AS m JOIN places AS p ON p.message = m.number LEFT JOIN moves AS v ON v.message = m.number "
        "WHERE m.ticket = ?1 AND m.number <> ?2 AND m.gone = '' AND NOT (coalesce(v.mailbox, p.mailbox) = ?3 "
        "AND coalesce(v.folder, p.folder) = ?4) ORDER BY m.number")
      .bind(ticket, but, where.mailbox, folder, to_ms(at))
      .run();
  Statement row = db.statement(
      "SELECT 1 FROM moves AS v JOIN messages AS m ON m.number = v.message WHERE m.ticket = ? LIMIT 1");
  return row.bind(ticket).step();
}

std::vector<Move> moves(Db& db, int most) {
  std::vector<Move> found;
  Statement row = db.statement(
      "SELECT v.id, v.message, m.ticket, p.mailbox, p.folder, p.file, v.mailbox, v.folder, p.lost FROM moves "
      "AS v "
      "JOIN messages AS m ON m.number = v.message JOIN places AS p ON p.message = v.message "
      "WHERE m.published = 1 ORDER BY v.id LIMIT ?");
  row.bind(std::max(most, 0));
  while (row.step())
    found.push_back({row.integer(0),
                     row.integer(1),
                     row.integer(2),
                     {row.text(3), from_list(row.text(4)), row.text(5)},
                     {row.text(6), from_list(row.text(7))},
                     row.integer(8) != 0});
  return found;
}

void moved(Db& db, const std::vector<Moved>& moved) {
  for (const Moved& done : moved) {
    const bool went = !done.file.empty() && set_place(db, done);
    if (done.nowhere) set_lost(db, done.move);
    db.statement("DELETE FROM moves WHERE id = ?").bind(done.move.id).run();
    if (went && db.changes() == 0) ask_back(db, done.move);
    // Asked for anew while this move was done, and there already.
    db.statement(
          "DELETE FROM moves WHERE message = ?1 AND EXISTS (SELECT 1 FROM places AS p WHERE p.message = ?1 "
          "AND p.mailbox = moves.mailbox AND p.folder = moves.folder)")
        .bind(done.move.message)
        .run();
  }
}

}  // namespace postroom
