#include "lmtp/verify_folders.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

#include "lmtp/maildir.h"
#include "rules/tags.h"
#include "schema/columns.h"
#include "schema/migrate.h"
#include "tests/support/tempdir.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;
using tests::TempDir;
using tests::write_file;

const Keys keys{"secret of the desk"};
const Time now{std::chrono::milliseconds{1795400000000}};

std::string stored(TicketNumber ticket, MessageNumber message, const Keys& with = keys) {
  const auto lines = write_stored_tags({}, {with, "v", "", "", "", ""}, ticket, message);
  return lines.front().name + ": " + lines.front().value + "\nSubject: x\n\ntext\n";
}

// A desk with one open ticket of ivan's: message 10 of ticket 3 in Support/Ivan/In progress.
struct Verified {
  TempDir dir;
  Settings settings;
  std::unique_ptr<Db> db;
  Maildir maildir;
  const Where claimed{"Support", {"Ivan", "In progress"}};

  Verified() : settings{of(dir)}, db{open()}, maildir{dir.path(), Layout::fs, 0700} {
    migrate(*db);
    for (const Where& where : {claimed, Where{"Support", {"Ivan", "Done"}}, Where{"Support", {"Junk"}}})
      maildir.make_folder(where.mailbox, where.folder);
    add_ticket(3, "open", "ivan");
    add_message(10, 3, claimed);
    put(claimed, "10.file:2,S", stored(3, 10));
  }
  static Settings of(const TempDir& dir) {
    Settings made;
    made.paths.mailboxes = dir.path();
    Queue queue;
    queue.name = "support";
    queue.mailbox = "Support";
    queue.group = "firstline";
    made.desk.queues = {queue};
    made.desk.operators = {{"ivan", "Ivan", {"firstline"}}};
    return made;
  }
  static std::unique_ptr<Db> open() {
    return open_database(":memory:", OpenMode::create, std::chrono::seconds{1});
  }

  void add_ticket(TicketNumber number, const std::string& status, const std::string& owner) const {
    db->statement(
          "INSERT INTO tickets (number, queue, channel, priority, status, owner, subject, tags, created, "
          "updated) VALUES (?, 'support', 's@desk.test', 'normal', ?, ?, 'x', '[]', 0, 0)")
        .bind(number, status, owner)
        .run();
  }
  void add_message(MessageNumber number, TicketNumber ticket, const Where& where) const {
    db->statement(
          "INSERT INTO messages (number, ticket, digest, kind, message_id, sender, subject, automatic, at, "
          "published) VALUES (?1, ?2, ?3, 'inbound', '', '', '', 'none', ?4, 1)")
        .bind(number, or_null(ticket), Blob{"digest " + std::to_string(number)},
              to_ms(now - std::chrono::hours{1}))
        .run();
    db->statement("INSERT INTO places (message, mailbox, folder, file) VALUES (?, ?, ?, ?)")
        .bind(number, where.mailbox, to_list(where.folder), std::to_string(number) + ".file")
        .run();
  }
  void add_move(MessageNumber message, const Where& to, Time at) const {
    db->statement("INSERT INTO moves (message, mailbox, folder, at) VALUES (?, ?, ?, ?)")
        .bind(message, to.mailbox, to_list(to.folder), to_ms(at))
        .run();
  }
  std::string path(const Where& where, const std::string& name) const {
    return maildir.directory(where.mailbox, where.folder) + "/cur/" + name;
  }
  void put(const Where& where, const std::string& name, const std::string& text) const {
    write_file(path(where, name), text);
  }
  void move(const std::string& name, const Where& to) const {
    fs::rename(path(claimed, name), path(to, name));
  }
  std::vector<FolderProblem> look() const { return look_at_folders(*db, {settings, keys, now}); }
  // The kinds of all problems, sorted.
  std::vector<std::string> kinds() const {
    std::vector<std::string> found;
    for (const FolderProblem& problem : look()) found.push_back(problem.kind);
    std::ranges::sort(found);
    return found;
  }
};

using Kinds = std::vector<std::string>;

}  // namespace

TEST_CASE("a desk whose files lie where they were put is sound", "[lmtp][R15]") {
  const Verified desk;
  CHECK(desk.kinds().empty());
  SECTION("whatever flags they have") {
    desk.move("10.file:2,S", desk.claimed);
    fs::rename(desk.path(desk.claimed, "10.file:2,S"), desk.path(desk.claimed, "10.file:2,FRSab"));
    CHECK(desk.kinds().empty());
  }
  SECTION("whatever name Dovecot gave them") {
    fs::rename(desk.path(desk.claimed, "10.file:2,S"), desk.path(desk.claimed, "other:2,S"));
    CHECK(desk.kinds().empty());
  }
  SECTION("with mail of others beside them") {
    desk.put(desk.claimed, "draft:2,D", "Subject: a draft\n\n");
    CHECK(desk.kinds().empty());
  }
  SECTION("with spam that has no ticket") {
    desk.add_message(11, 0, {"Support", {"Junk"}});
    desk.put({"Support", {"Junk"}}, "11.file:2,", stored(0, 11));
    CHECK(desk.kinds().empty());
  }
}

TEST_CASE("what the folders do not hold as recorded is told", "[lmtp][R15]") {
  const Verified desk;
  const Where done{"Support", {"Ivan", "Done"}};
  SECTION("a message that is gone") {
    fs::remove(desk.path(desk.claimed, "10.file:2,S"));
    const auto found = desk.look();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == "missing-file");
    CHECK(found[0].message == 10);
    CHECK(found[0].ticket == 3);
    CHECK_THAT(found[0].problem, Catch::Contains("message 10 of ticket 3 is in no folder"));
  }
  SECTION("a message that somebody has moved") {
    desk.move("10.file:2,S", done);
    const auto found = desk.look();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == "other-folder");
    CHECK(found[0].path == desk.path(done, "10.file:2,S"));
    CHECK_THAT(found[0].problem, Catch::Contains("'Support/Ivan/Done'"));
  }
  SECTION("a second file of a message") {
    SECTION("under another name in the same folder") { desk.put(desk.claimed, "copy:2,", stored(3, 10)); }
    SECTION("in another folder") { desk.put(done, "10.file:2,", stored(3, 10)); }
    SECTION("under other flags") { desk.put(desk.claimed, "10.file:2,F", stored(3, 10)); }
    CHECK(desk.kinds() == Kinds{"copy"});
  }
  SECTION("two files, and both elsewhere") {
    desk.move("10.file:2,S", done);
    desk.put(done, "copy:2,", stored(3, 10));
    CHECK(desk.kinds() == Kinds{"copy", "other-folder"});
  }
  SECTION("a forged file") {
    desk.put(done, "x:2,", stored(3, 10, Keys{"another desk"}));
    CHECK(desk.kinds() == Kinds{"forged-identity"});
  }
  SECTION("a file of ours that nobody knows") {
    desk.put(done, "x:2,", stored(4, 40));
    CHECK(desk.kinds() == Kinds{"unknown-file"});
  }
  SECTION("a file of a message that was erased") {
    desk.db->execute("UPDATE messages SET gone = 'erased' WHERE number = 10");
    CHECK(desk.kinds() == Kinds{"gone-file"});
    fs::remove(desk.path(desk.claimed, "10.file:2,S"));
    CHECK(desk.kinds().empty());
  }
}

TEST_CASE("what is on its way is no problem, unless it is for long", "[lmtp][R12]") {
  const Verified desk;
  const Where done{"Support", {"Ivan", "Done"}};
  SECTION("a message that is not published") {
    fs::remove(desk.path(desk.claimed, "10.file:2,S"));
    desk.db->execute("UPDATE messages SET published = 0");
    CHECK(desk.kinds() == Kinds{"unpublished"});
    desk.db->statement("UPDATE messages SET at = ?").bind(to_ms(now - std::chrono::minutes{1})).run();
    CHECK(desk.kinds().empty());
  }
  SECTION("a move") {
    desk.db->execute("UPDATE tickets SET status = 'resolved'");
    desk.add_move(10, done, now - std::chrono::minutes{1});
    CHECK(desk.kinds().empty());
    desk.put(done, "new name:2,S", stored(3, 10));
    CHECK(desk.kinds().empty());  // linked there, and not yet taken away here
    fs::remove(desk.path(desk.claimed, "10.file:2,S"));
    CHECK(desk.kinds().empty());
    desk.db->execute("UPDATE moves SET at = 0");
    CHECK(desk.kinds() == Kinds{"move-waits"});
  }
}

TEST_CASE("a ticket that is not what its folder says is told", "[lmtp][R14]") {
  const Verified desk;
  for (const char* sql : {"UPDATE tickets SET status = 'new'", "UPDATE tickets SET owner = ''",
                          "UPDATE tickets SET queue = 'sales'", "UPDATE tickets SET status = 'resolved'",
                          "UPDATE tickets SET status = 'waiting'"}) {
    desk.db->execute(sql);
    const auto found = desk.look();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == "state");
    CHECK(found[0].ticket == 3);
    desk.db->execute("UPDATE tickets SET status = 'open', owner = 'ivan', queue = 'support'");
  }
  SECTION("one message in the right folder suffices") {
    desk.add_message(11, 3, {"Support", {"Ivan", "Done"}});
    desk.put({"Support", {"Ivan", "Done"}}, "11.file:2,", stored(3, 11));
    CHECK(desk.kinds().empty());
  }
}

TEST_CASE("a suspicion counts only if it is there at a second look", "[lmtp]") {
  const Verified desk;
  const std::string file = desk.path(desk.claimed, "10.file:2,S");
  fs::remove(file);
  desk.put(desk.claimed, "x:2,S", stored(4, 40));
  const auto first = desk.look();
  REQUIRE(first.size() == 2);
  desk.put(desk.claimed, "10.file:2,S", stored(3, 10));
  fs::rename(desk.path(desk.claimed, "x:2,S"), desk.path(desk.claimed, "x:2,FS"));
  const auto told = told_twice(first, desk.look());
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == "unknown-file");
}

}  // namespace postroom
