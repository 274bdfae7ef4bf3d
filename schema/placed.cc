#include "schema/placed.h"

#include "schema/columns.h"

namespace postroom {

void each_placed(Db& db, const std::function<void(const PlacedRow&)>& row) {
  Statement read = db.statement(
      "SELECT m.number, m.ticket, m.published, m.at, m.gone <> '', p.mailbox, p.folder, p.file, "
      "t.queue, t.owner, t.status, v.mailbox, v.folder, v.at "
      "FROM messages AS m JOIN places AS p ON p.message = m.number "
      "LEFT JOIN tickets AS t ON t.number = m.ticket LEFT JOIN moves AS v ON v.message = m.number "
      "ORDER BY m.number");
  while (read.step()) {
    PlacedRow placed;
    placed.message = read.integer(0);
    placed.ticket.number = read.integer(1);
    placed.published = read.integer(2) != 0;
    placed.at = from_ms(read.integer(3));
    placed.gone = read.integer(4) != 0;
    placed.place = {read.text(5), from_list(read.text(6)), read.text(7)};
    placed.ticket.queue = read.text(8);
    placed.ticket.owner = read.text(9);
    placed.ticket.status = status_from(read.text(10)).value_or(Status::fresh);
    if (!read.is_null(11)) {
      placed.to = Where{read.text(11), from_list(read.text(12))};
      placed.asked = from_ms(read.integer(13));
    }
    row(placed);
  }
}

}  // namespace postroom
