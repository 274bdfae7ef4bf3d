// What people do to tickets, and the files that have to move for it.

#include <catch2/catch.hpp>

#include "tests/schema/store_contract.h"

namespace postroom::tests {
namespace {

using std::chrono::hours;
using Kind = TicketChange::Kind;

TicketChange change(Kind kind, TicketNumber ticket) {
  TicketChange made;
  made.kind = kind;
  made.ticket = ticket;
  made.who = "ivan";
  return made;
}

TicketChange assign(TicketNumber ticket, const std::string& person) {
  TicketChange made = change(Kind::assign, ticket);
  made.person = person;
  return made;
}

// A published ticket of the queue sales: ivan's, as the round robin begins.
Recorded sold(Store& store, const Letter& letter = {.queue = "sales"}) {
  const Recorded recorded = arrives(store, delivery(store, letter));
  published(store, recorded);
  return recorded;
}

Moved carried_out(const Move& move) { return {move, "moved." + std::to_string(move.id)}; }

void carry_out(Store& store) {
  std::vector<Moved> all;
  for (const Move& move : store.moves(100)) all.push_back(carried_out(move));
  store.moved(all);
}

Place place_of(Store& store, const Recorded& recorded) {
  for (const MessageRow& row : store.messages(recorded.ticket))
    if (row.number == recorded.message) return *row.place;
  return {};
}

void check_assigning(Store& store) {
  const Recorded ticket = sold(store);
  CHECK(done(store, assign(ticket.ticket, "olga")).moves);
  const auto row = store.ticket(ticket.ticket);
  CHECK(row->owner == "olga");
  CHECK(row->updated == Letter{}.at + hours{1});
  const EventRow last = store.events(ticket.ticket, 1).at(0);
  CHECK(last.what == "assigned");
  CHECK(last.who == "ivan");

  const auto moves = store.moves(100);
  REQUIRE(moves.size() == 1);
  CHECK(moves[0].message == ticket.message);
  CHECK(moves[0].ticket == ticket.ticket);
  CHECK(moves[0].from.folder == std::vector<std::string>{"Ivan"});
  CHECK(moves[0].to == Where{"Продажи", {"Ольга"}});
  carry_out(store);
  CHECK(store.moves(100).empty());
  CHECK(place_of(store, ticket).folder == std::vector<std::string>{"Ольга"});
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_refusal(Store& store) {
  const Recorded ticket = sold(store);
  const auto events = store.count("events");
  CHECK_FALSE(store.change(assign(ticket.ticket, "ivan"), {}, desk(), Letter{}.at).refusal.empty());
  CHECK_FALSE(store.change(assign(99, "ivan"), {}, desk(), Letter{}.at).refusal.empty());
  CHECK_FALSE(store.place_after(assign(99, "ivan"), desk()));
  CHECK(store.count("events") == events);
}

void check_resolving(Store& store) {
  const Recorded ticket = sold(store);
  done(store, change(Kind::resolve, ticket.ticket));
  CHECK(store.ticket(ticket.ticket)->status == "resolved");
  CHECK(store.verify() == std::vector<std::string>{});
  carry_out(store);
  CHECK(place_of(store, ticket).folder == std::vector<std::string>{"Ivan", "Done"});

  const Delivery reply = reply_to(store, "letter@customer.test",
                                  {.name = "reply", .queue = "sales", .at = Letter{}.at + hours{2}});
  const Recorded again = arrives(store, reply);
  CHECK(again.ticket == ticket.ticket);
  CHECK(store.ticket(ticket.ticket)->status == "open");
  CHECK(again.moves);
  const auto moves = store.moves(100);
  REQUIRE(moves.size() == 1);  // the reply lies there already
  CHECK(moves[0].message == ticket.message);
  CHECK(moves[0].to == Where{"Продажи", {"Ivan", "In progress"}});
  CHECK(store.verify() == std::vector<std::string>{});
}

void check_late_follow_up(Store& store) {
  const Recorded ticket = sold(store);
  done(store, change(Kind::resolve, ticket.ticket));
  const Delivery reply = reply_to(store, "letter@customer.test",
                                  {.name = "reply", .queue = "sales", .at = Letter{}.at + hours{24 * 40}});
  const Recorded fresh = arrives(store, reply);
  CHECK(fresh.ticket != ticket.ticket);
  CHECK(store.links(fresh.ticket) == std::vector<Link>{{ticket.ticket, Relation::continues}});
  CHECK(store.ticket(ticket.ticket)->status == "resolved");
}

void check_note(Store& store) {
  const Recorded ticket = sold(store);
  TicketChange noted = change(Kind::note, ticket.ticket);
  noted.why = "He has called.";
  const auto where = store.place_after(noted, desk());
  REQUIRE(where);
  CHECK(*where == Where{"Продажи", {"Ivan"}});
  NoteFile note{store.draw(1).at(0).message, "digest of a note", "note@mx.desk.test", "a note", {}};
  note.place = {"Support", {}, "note,S=1,W=1"};
  CHECK(store.change(noted, note, desk(), Letter{}.at).stale);
  CHECK(store.unpublished().empty());
  note.place = {where->mailbox, where->folder, "note,S=1,W=1"};
  CHECK_FALSE(store.change(noted, note, desk(), Letter{}.at).moves);
  REQUIRE(store.unpublished().size() == 1);
  CHECK(store.unpublished().at(0).kind == "note");
  CHECK(store.find("digest of a note")->message == note.message);
  CHECK(store.events(ticket.ticket, 1).at(0).message == note.message);
  CHECK(store.verify() == std::vector<std::string>{});
}

// He who calls it off cannot know whether the file has gone already.
void check_called_off(Store& store) {
  const Recorded ticket = sold(store);
  const Place home = place_of(store, ticket);
  done(store, assign(ticket.ticket, "olga"));
  const Move begun = store.moves(100).at(0);
  CHECK(done(store, assign(ticket.ticket, "ivan")).moves);
  REQUIRE(store.moves(100).size() == 1);
  const Move back = store.moves(100).at(0);
  CHECK(back.id > begun.id);
  CHECK(back.to == Where{home.mailbox, home.folder});
  SECTION("it had not") {
    store.moved({{back, home.file}});
    CHECK(place_of(store, ticket).file == home.file);
    CHECK(store.moves(100).empty());
  }
  SECTION("it goes, and is told before the other") {
    store.moved({carried_out(begun)});
    REQUIRE(store.moves(100).size() == 1);
    carry_out(store);
  }
  SECTION("it goes while the other finds it at home") {
    store.moved({{back, home.file}});
    store.moved({carried_out(begun)});
    REQUIRE(store.moves(100).size() == 1);
    carry_out(store);
  }
  CHECK(place_of(store, ticket).folder == home.folder);
  CHECK(store.moves(100).empty());
  CHECK(store.verify() == std::vector<std::string>{});
}

}  // namespace

void check_changes(const Bench& bench) {
  const auto store = bench.open();
  SECTION("a ticket is given to another operator, and its file follows") { check_assigning(*store); }
  SECTION("what cannot be done changes nothing") { check_refusal(*store); }
  SECTION("a resolved ticket is reopened by its customer, and all of it follows") { check_resolving(*store); }
  SECTION("long after it was resolved, mail opens a ticket that continues it") {
    check_late_follow_up(*store);
  }
  SECTION("a note is a message of the ticket, and lies where the ticket does") { check_note(*store); }
}

void check_moves(const Bench& bench) {
  const auto store = bench.open();
  SECTION("a file that is not yet in its folder is not moved") {
    const Recorded ticket = arrives(*store, delivery(*store, {.queue = "sales"}));
    done(*store, assign(ticket.ticket, "olga"));
    CHECK(store->moves(100).empty());
    published(*store, ticket);
    CHECK(store->moves(100).size() == 1);
  }
  SECTION("what is asked for again replaces what was not yet done, with an id of its own") {
    const Recorded ticket = sold(*store);
    done(*store, assign(ticket.ticket, "olga"));
    const Move before = store->moves(100).at(0);
    done(*store, assign(ticket.ticket, "pyotr"));
    const Move now = store->moves(100).at(0);
    CHECK(now.id > before.id);
    CHECK(now.to.folder == std::vector<std::string>{"Пётр"});
    store->moved({carried_out(before)});  // somebody was about to do it
    CHECK(place_of(*store, ticket).folder == std::vector<std::string>{"Ольга"});
    REQUIRE(store->moves(100).size() == 1);
    CHECK(store->moves(100).at(0).from.folder == std::vector<std::string>{"Ольга"});
  }
  SECTION("what is called off is asked for anew") { check_called_off(*store); }
  SECTION("reported twice, or of a file that is nowhere, nothing happens") {
    const Recorded ticket = sold(*store);
    done(*store, assign(ticket.ticket, "olga"));
    const Move move = store->moves(100).at(0);
    SECTION("twice") {
      store->moved({carried_out(move)});
      store->moved({{move, "another name"}});
      CHECK(place_of(*store, ticket).file == carried_out(move).file);
    }
    SECTION("nowhere") {
      store->moved({{move, ""}});
      CHECK(place_of(*store, ticket).folder == std::vector<std::string>{"Ivan"});
    }
    SECTION("nowhere, which is remembered until it is seen again") {
      const auto next = [&](const char* owner) {
        done(*store, assign(ticket.ticket, owner));
        return store->moves(100).at(0);
      };
      CHECK_FALSE(move.lost);
      store->moved({{move, "", true}});
      const Move again = next("pyotr");
      CHECK(again.lost);
      store->moved({{again, ""}});
      const Move found = next("olga");
      CHECK(found.lost);
      store->moved({carried_out(found)});
      const Move last = next("ivan");
      CHECK_FALSE(last.lost);
      store->moved({{found, "", true}, carried_out(last)});  // of a place where it is no longer
      CHECK_FALSE(next("olga").lost);
      carry_out(*store);
    }
    CHECK(store->moves(100).empty());
  }
}

}  // namespace postroom::tests
