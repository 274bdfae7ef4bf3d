#include "schema/events.h"

#include "schema/columns.h"

namespace postroom {

void add_event(Db& db, const Event& event) {
  db.statement("INSERT INTO events (ticket, message, at, who, what, why) VALUES (?, ?, ?, ?, ?, ?)")
      .bind(or_null(event.ticket), or_null(event.message), to_ms(event.at),
            event.who.empty() ? std::string{"postroom"} : bounded(event.who, 100), event.what,
            bounded(event.why, 1000))
      .run();
}

}  // namespace postroom
