// The mail is the truth: folders and headers give the database again (I9).

#include "schema/rebuild.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <thread>

#include "lmtp/mover.h"
#include "lmtp/rebuild_files.h"
#include "lmtp/verify_folders.h"
#include "rules/note.h"
#include "rules/record_line.h"
#include "rules/reference.h"
#include "rules/tags.h"
#include "schema/migrate.h"
#include "tests/lmtp/desk.h"
#include "tests/lmtp/told_by_mail.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

using Kind = TicketChange::Kind;

Keys keys_of(const TestDesk& desk) { return desk.live.current()->keys; }
const Settings& settings_of(const TestDesk& desk) {
  static thread_local std::shared_ptr<const Running> running;
  running = desk.live.current();
  return running->settings;
}

std::unique_ptr<Db> opened(const std::string& path, OpenMode mode = OpenMode::read_only) {
  return open_database(path, mode, std::chrono::seconds{10});
}

struct Rebuilt {
  FilesFound found;
  RebuildCounts counts;
};

Rebuilt rebuild(const TestDesk& desk, const std::string& path, const Numbers& least = {}) {
  const Settings& settings = settings_of(desk);
  const auto db = opened(path, OpenMode::create);
  migrate(*db);
  Rebuild made{*db, settings.desk};
  Rebuilt result;
  result.found = read_desk_files(settings, keys_of(desk), [&](const RebuiltFile& file) { made.add(file); });
  result.counts = made.finish(least);
  return result;
}

std::vector<std::string> problems(const TestDesk& desk, const std::string& path) {
  std::vector<std::string> found = open_store(path, OpenMode::existing)->verify();
  const auto db = opened(path);
  const Keys keys = keys_of(desk);
  for (const FolderProblem& one :
       look_at_folders(*db, {settings_of(desk), keys, std::chrono::system_clock::now()}))
    found.push_back(one.kind + ": " + one.problem);
  return found;
}

Incoming from(Incoming incoming, const std::string& sender, const std::string& name) {
  const std::string anna = "anna@customer.test";
  for (auto at = incoming.data.find(anna); at != std::string::npos; at = incoming.data.find(anna, at + 1))
    incoming.data.replace(at, anna.size(), sender);
  const auto shown = incoming.data.find("From: Anna");
  incoming.data.replace(shown, 10, "From: " + name);
  incoming.sender = sender;
  return incoming;
}

void bring(TestDesk& desk, const Incoming& incoming) {
  const Reply reply = desk.deliver->deliver(incoming).at(0);
  INFO(reply.text);
  REQUIRE(reply.code == 250);
}

std::string signed_address(const TestDesk& desk, TicketNumber ticket) {
  return reply_address("support@desk.test", ticket, '+', keys_of(desk));
}

TicketChange by_ivan(Kind kind, TicketNumber ticket) {
  TicketChange change;
  change.kind = kind;
  change.ticket = ticket;
  change.who = change.person = "ivan";
  return change;
}

// As postroom-tickets does it: with a note in the ticket's folder, where the folder itself does not tell.
void change_with_note(TestDesk& desk, const TicketChange& change, std::chrono::seconds later = {}) {
  const auto store = desk.store();
  const Settings& settings = settings_of(desk);
  const auto where = store->place_after(change, settings.desk);
  if (!where) FAIL(change_name(change.kind) << " " << store->change(change, {}, settings.desk, {}).refusal);
  const TicketNumber told = change.kind == Kind::merge ? change.other : change.ticket;
  const Time at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now() + later);
  FileRecord record;
  record.ticket = told;
  record.message = store->draw(1).front().message;
  record.kind = "note";
  record.at = at;
  record.digest = fmt::format("note {}", record.message);
  record.change = change;
  NoteMail mail;
  mail.change = change;
  mail.from = {"Support", "support@desk.test"};
  mail.language = "en";
  mail.message_id = fmt::format("note.{}@mx.desk.test", record.message);
  mail.lines = {identity_line({told, record.message}, keys_of(desk)), write_record(record, keys_of(desk))};
  const std::string text = compose_note(mail);
  NoteFile note{record.message,
                record.digest,
                mail.message_id,
                read_message(text, {}, Reading::headers).subject,
                {where->mailbox, where->folder,
                 desk.maildir.write_tmp(where->mailbox, record.message, text, "mx.desk.test")}};
  const ChangeDone done = store->change(change, note, settings.desk, at);
  REQUIRE(done.refusal.empty());
  REQUIRE(desk.maildir.publish(note.place));
  Changes changes;
  changes.published = {note.message};
  store->apply(changes, settings.desk, Durable::yes);
}

void change(TestDesk& desk, const TicketChange& asked) {
  const auto done =
      desk.store()->change(asked, std::nullopt, settings_of(desk).desk, std::chrono::system_clock::now());
  INFO(done.refusal);
  REQUIRE(done.refusal.empty());
}

const std::string rules =
    "rules:\n  - {name: junk, when: {subject: [lottery]}, then: {spam: on}}\n"
    "  - {name: urgent, when: {subject: [urgent]}, then: {priority: high, tags: [fast, важно]}}\n";

// Twelve customers write at once, one of them to two addresses.
void first_mails(TestDesk& desk) {
  std::vector<std::jthread> customers;
  for (int i = 0; i < 12; ++i) {
    customers.emplace_back([&desk, i] {
      const std::string who = fmt::format("c{}@home.test", i);
      const std::string queue = i % 3 == 0 ? "sales@desk.test" : "support@desk.test";
      desk.deliver->deliver(from(letter(fmt::format("F{}", i), queue, "Cc: friend@home.test\r\n"), who,
                                 fmt::format("\"Клиент {}\"", i)));
    });
  }
}

// Of the tickets that the first mails opened; numbers have gaps, and not the order of arrival.
TicketNumber nth(const TestDesk& desk, std::size_t n) {
  auto rows = desk.store()->tickets({});
  std::ranges::sort(rows, {}, &TicketRow::created);
  return rows.at(n - 1).number;
}

void all_sorts_of_mail(TestDesk& desk) {
  first_mails(desk);
  bring(desk, letter("S1", "support@desk.test"));
  Incoming junk = letter("S2 lottery");
  bring(desk, junk);
  Incoming urgent = letter("S3 urgent");
  bring(desk, urgent);
  bring(desk, urgent);  // a retry
  bring(desk, letter("S4", signed_address(desk, nth(desk, 1)),
                     "Cc: colleague@home.test\r\nReferences: <x@y> <z@y>\r\n"));
  bring(desk, from(letter("S5", "support@desk.test", "In-Reply-To: <F4@c4@home.test>\r\n"),
                   "stranger@home.test", "Stranger"));
  Incoming robot = letter("S6", signed_address(desk, nth(desk, 2)), "Auto-Submitted: auto-replied\r\n");
  bring(desk, robot);
}

void all_sorts_of_changes(TestDesk& desk) {
  change(desk, by_ivan(Kind::claim, nth(desk, 3)));
  change(desk, by_ivan(Kind::claim, nth(desk, 4)));
  change(desk, by_ivan(Kind::resolve, nth(desk, 4)));
  change(desk, by_ivan(Kind::wait, nth(desk, 5)));
  TicketChange priority = by_ivan(Kind::set_priority, nth(desk, 3));
  priority.priority = Priority::high;
  change_with_note(desk, priority);
  TicketChange note = by_ivan(Kind::note, nth(desk, 3));
  note.why = "he called\nagain";
  change_with_note(desk, note);
  TicketChange link = by_ivan(Kind::link, nth(desk, 6));
  link.other = nth(desk, 3);
  change_with_note(desk, link);
  TicketChange merge = by_ivan(Kind::merge, nth(desk, 7));
  merge.other = nth(desk, 8);
  change_with_note(desk, merge);
  bring(desk, letter("T1", signed_address(desk, nth(desk, 7))));  // of the one it was merged into
  auto messages = desk.store()->messages(nth(desk, 8));
  std::erase_if(messages, [](const MessageRow& one) { return one.kind != "inbound"; });
  TicketChange split = by_ivan(Kind::split, nth(desk, 8));
  split.messages = {messages.back().number};
  split.other = desk.store()->draw(1).front().ticket;
  change_with_note(desk, split);
  merge.ticket = nth(desk, 8);  // on into a third one, with what was merged into it
  merge.other = nth(desk, 6);
  change_with_note(desk, merge);
}

}  // namespace

TEST_CASE("the database is rebuilt from folders and headers as it was", "[lmtp][I9]") {
  TestDesk desk{rules};
  all_sorts_of_mail(desk);
  all_sorts_of_changes(desk);
  {
    const Mover mover{desk.live, *desk.committer, desk.log};
    REQUIRE(eventually([&] { return desk.store()->count("moves") == 0; }));
  }
  desk.stop();
  CHECK(problems(desk, desk.dir / "db") == std::vector<std::string>{});

  const std::string made = desk.dir / "rebuilt";
  const Rebuilt rebuilt = rebuild(desk, made);
  CHECK(rebuilt.counts.refused == 0);
  CHECK(rebuilt.found.copies.empty());
  CHECK(rebuilt.found.forged + rebuilt.found.without_identity + rebuilt.found.without_record == 0);
  const auto before = opened(desk.dir / "db"), after = opened(made);
  for (const Compared& each : compared) {
    INFO(each.from);
    CHECK_FALSE(rows_of(*before, each, each.known).empty());
  }
  CHECK(rebuilt.counts.tickets == after->number("SELECT count(*) FROM tickets"));
  CHECK(differences(*before, *after) == std::vector<std::string>{});
  CHECK(problems(desk, made) == std::vector<std::string>{});

  SECTION("and no mail is ever sent for it") {
    CHECK(after->number("SELECT count(*) FROM outbox") == 0);
    CHECK(after->number("SELECT count(*) FROM messages WHERE kind = 'acknowledgement'") == 0);
  }
  SECTION("and a second rebuild gives the same") {
    rebuild(desk, desk.dir / "second");
    const auto second = opened(desk.dir / "second");
    for (const Compared& each : compared) CHECK(rows_of(*second, each) == rows_of(*after, each));
  }
}

TEST_CASE("numbers that were given out once are not given out after a rebuild", "[lmtp][I9]") {
  TestDesk desk;
  bring(desk, letter("A1"));
  desk.stop();
  rebuild(desk, desk.dir / "rebuilt", {500, 700});
  const auto numbers = open_store(desk.dir / "rebuilt", OpenMode::existing)->draw(1).front();
  CHECK(numbers.ticket == 500);
  CHECK(numbers.message == 700);
}

TEST_CASE("a retry of Postfix after a rebuild finds its message", "[lmtp][I9][R12]") {
  TestDesk desk;
  bring(desk, letter("A1"));
  desk.stop();
  rebuild(desk, desk.dir / "rebuilt");
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(desk.dir / "db" + part);
  std::filesystem::rename(desk.dir / "rebuilt", desk.dir / "db");
  desk.start();
  bring(desk, letter("A1"));
  CHECK(desk.files().size() == 1);
  CHECK(desk.store()->count("tickets") == 1);
  CHECK(desk.store()->count("outbox") == 0);
}

// Its time is when it began to come; it was recorded when the note was there.
TEST_CASE("mail that comes while its ticket is split off is rebuilt in the new one", "[lmtp][I9]") {
  TestDesk desk;
  bring(desk, letter("A1"));
  bring(desk, letter("A2", signed_address(desk, 1)));
  TicketChange split = by_ivan(Kind::split, 1);
  split.messages = {2};
  for (const int minutes : {60, 30}) {  // the second one is said to be earlier than the first
    split.other = desk.store()->draw(1).front().ticket;
    change_with_note(desk, split, std::chrono::minutes{minutes});
    bring(desk, letter(fmt::format("B{}", minutes), signed_address(desk, split.other)));
    bring(desk, letter(fmt::format("C{}", minutes), signed_address(desk, split.other)));
    split.ticket = split.other;
  }
  desk.stop();
  CHECK(rebuild(desk, desk.dir / "rebuilt").counts.refused == 0);
  CHECK(differences(*opened(desk.dir / "db"), *opened(desk.dir / "rebuilt")) == std::vector<std::string>{});
}

TEST_CASE("files that are not of the desk are left alone", "[lmtp][I9]") {
  TestDesk desk;
  bring(desk, letter("A1"));
  desk.stop();
  const std::string folder = desk.dir / "mail/Support/cur/";
  write_file(folder + "draft:2,D", "Subject: a draft\n\n");
  write_file(folder + "forged:2,", "X-Postroom-Ticket: 9; message=9; mac=0\nSubject: forged\n\n");
  write_file(folder + "copy:2,", read_file(desk.files("new").at(0)));
  const Rebuilt rebuilt = rebuild(desk, desk.dir / "rebuilt");
  CHECK(rebuilt.found.without_identity == 1);
  CHECK(rebuilt.found.forged == 1);
  CHECK(rebuilt.found.copies.size() == 1);
  CHECK(rebuilt.counts.tickets == 1);
  CHECK(rebuilt.counts.messages == 1);
}

TEST_CASE("files of a version that wrote no record give their tickets, too", "[lmtp][I9]") {
  TestDesk desk{rules};
  bring(desk, letter("A1 urgent"));
  bring(desk, letter("A2", signed_address(desk, 1)));
  bring(desk, letter("A3 lottery"));
  desk.stop();
  for (const std::string& file : desk.files()) {
    std::string text = read_file(file);
    const auto start = text.find("X-Postroom-Record:"), end = text.find("\nX-", start + 1);
    text.erase(start, end + 1 - start);
    write_file(file, text);
  }
  const Rebuilt rebuilt = rebuild(desk, desk.dir / "rebuilt");
  CHECK(rebuilt.found.without_record == 3);
  const auto store = open_store(desk.dir / "rebuilt", OpenMode::existing);
  const auto ticket = store->ticket(1);
  REQUIRE(ticket);
  CHECK(ticket->queue == "support");
  CHECK(ticket->channel == "support@desk.test");
  CHECK(ticket->priority == "high");
  CHECK(ticket->tags == std::vector<std::string>{"fast", "важно"});
  CHECK(ticket->customer_address == "anna@customer.test");
  CHECK(store->messages(1).size() == 2);
  CHECK(problems(desk, desk.dir / "rebuilt") == std::vector<std::string>{});
}

TEST_CASE("a ticket whose first message is lost is opened by the next one", "[lmtp][I9]") {
  TestDesk desk;
  bring(desk, letter("A1"));
  bring(desk, letter("A2", signed_address(desk, 1)));
  desk.stop();
  for (const std::string& file : desk.files())
    if (read_file(file).find("ESMTP id A1") != std::string::npos) std::filesystem::remove(file);
  rebuild(desk, desk.dir / "rebuilt");
  const auto ticket = open_store(desk.dir / "rebuilt", OpenMode::existing)->ticket(1);
  REQUIRE(ticket);
  CHECK(ticket->queue == "support");
  CHECK(ticket->customer_address == "anna@customer.test");
  CHECK(problems(desk, desk.dir / "rebuilt") == std::vector<std::string>{});
}
