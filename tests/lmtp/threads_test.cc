// Messages that belong to tickets that are there already.

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <thread>

#include "lmtp/mover.h"
#include "lmtp/stored.h"
#include "rules/compose.h"
#include "rules/record_line.h"
#include "rules/reference.h"
#include "rules/tags.h"
#include "schema/sqlite.h"
#include "tests/lmtp/desk.h"

using namespace postroom;
using namespace postroom::tests;
namespace fs = std::filesystem;

namespace {

Keys keys_of(const TestDesk& desk) { return desk.live.current()->keys; }

std::string signed_address(const TestDesk& desk, TicketNumber ticket,
                           const std::string& channel = "support@desk.test") {
  return reply_address(channel, ticket, '+', keys_of(desk));
}

// An answer of Anna's to the signed address of a ticket.
Incoming answer(const TestDesk& desk, TicketNumber ticket, const std::string& id) {
  return letter(id, signed_address(desk, ticket), "X-Text: " + id + "\r\n");
}

std::string reply_of(TestDesk& desk, const Incoming& incoming) {
  const Reply reply = desk.deliver->deliver(incoming).at(0);
  return std::to_string(reply.code) + " " + reply.text;
}

TicketChange by_ivan(TicketChange::Kind kind, TicketNumber ticket) {
  TicketChange change;
  change.kind = kind;
  change.ticket = ticket;
  change.who = change.person = "ivan";
  return change;
}

void change(TestDesk& desk, const TicketChange& change, Time at = std::chrono::system_clock::now()) {
  const ChangeDone done = desk.store()->change(change, std::nullopt, desk.live.current()->settings.desk, at);
  REQUIRE(done.refusal.empty());
}

bool all_in(const TestDesk& desk, const std::string& folder, std::size_t count) {
  const auto files = desk.files();
  const auto inside = std::count_if(files.begin(), files.end(), [&](const std::string& file) {
    return fs::path{file}.parent_path().parent_path() == desk.dir / ("mail/" + folder);
  });
  return files.size() == count && static_cast<std::size_t>(inside) == count;
}

StoredIdentity identity_of(const TestDesk& desk, const std::string& file) {
  const auto values = header_values(read_file(file), "X-Postroom-Ticket");
  REQUIRE(values.size() == 1);
  return read_identity(values[0], keys_of(desk)).value();
}

}  // namespace

TEST_CASE("an answer to the signed address lies where its ticket is worked on", "[lmtp][R12][R14]") {
  TestDesk desk;
  REQUIRE(reply_of(desk, letter("A1")) == "250 ticket 1 in Support");
  change(desk, by_ivan(TicketChange::Kind::claim, 1));
  CHECK(reply_of(desk, answer(desk, 1, "B2")) == "250 ticket 1 in Support");
  CHECK(desk.store()->count("tickets") == 1);
  CHECK(desk.files("tmp").empty());
  CHECK(desk.log_text().find("B2: ticket=1 message=2 queue=support priority=normal owner=ivan "
                             "folder=\"Support/Иван/In progress\" status=followed-up "
                             "how=\"by its signed reply address\"") != std::string::npos);

  const Mover mover{desk.live, *desk.committer,
                    desk.log};  // brings the first one, which a command has asked for
  CHECK(eventually([&] { return all_in(desk, "Support/Иван/In progress", 2); }));
  CHECK(eventually([&] { return desk.store()->count("moves") == 0; }));
  for (const std::string& file : desk.files()) CHECK(identity_of(desk, file).ticket == 1);
  CHECK(desk.store()->verify().empty());
}

TEST_CASE("a forged address opens a ticket of its own", "[lmtp][R12]") {
  TestDesk desk;
  REQUIRE(reply_of(desk, letter("A1")) == "250 ticket 1 in Support");
  std::string forged = signed_address(desk, 1);
  forged[forged.find('@') - 1] = forged[forged.find('@') - 1] == 'a' ? 'b' : 'a';
  CHECK(reply_of(desk, letter("B2", forged)).find("ticket 1 ") == std::string::npos);
  CHECK(desk.store()->count("tickets") == 2);
}

TEST_CASE("every file says what the database records of it", "[lmtp][R12]") {
  TestDesk desk;
  REQUIRE(reply_of(desk, letter("A1")).starts_with("250"));
  REQUIRE(reply_of(desk, answer(desk, 1, "B2")).starts_with("250"));
  std::map<bool, FileRecord> records;  // by whether they open the ticket
  for (const std::string& file : desk.files()) {
    const std::string text = read_file(file);
    const auto headers = read_message(text, {}, Reading::headers).headers;
    const StoredIdentity identity = identity_of(desk, file);
    const auto record = read_record(headers, identity.ticket, identity.message_number, keys_of(desk));
    REQUIRE(record);
    records[record->opens] = *record;
  }
  REQUIRE(records.size() == 2);
  CHECK(records[true].queue == "support");
  CHECK(records[true].channel == "support@desk.test");
  CHECK(records[true].customer.address == "anna@customer.test");
  CHECK(records[true].queue_id == "A1");
  CHECK_FALSE(records[true].content.empty());
  CHECK(records[false].ticket == 1);
  REQUIRE(records[false].keys.size() == 1);
  CHECK(records[false].keys[0].first == signed_address(desk, 1));
  CHECK(records[false].digest != records[true].digest);
}

TEST_CASE("who is new in a conversation is shown to the operators", "[lmtp][R12]") {
  TestDesk desk;
  REQUIRE(reply_of(desk, letter("A1")).starts_with("250"));
  Incoming colleague = answer(desk, 1, "B2");
  colleague.sender = "boris@customer.test";
  colleague.data.replace(colleague.data.find("Anna <anna@"), 11, "Борис <boris@");
  REQUIRE(reply_of(desk, colleague) == "250 ticket 1 in Support");
  std::vector<std::string> shown;
  for (const std::string& file : desk.files()) {
    for (const Header& header : read_message(read_file(file), {}, Reading::headers).headers)
      if (header.name == "X-Postroom-New-Participant") shown.push_back(header.value);
  }
  CHECK(shown == std::vector<std::string>{"Борис <boris@customer.test>"});
}

TEST_CASE("two mails of one thread at once are one ticket", "[lmtp][R12]") {
  TestDesk desk;
  Incoming second = letter("B2");
  second.data.insert(second.data.find("Subject:"), "In-Reply-To: <A1@customer.test>\r\n");
  desk.faults.hold = true;
  std::vector<std::string> replies(2);
  {
    std::jthread one{[&] { replies[0] = reply_of(desk, letter("A1")); }};
    std::jthread two{[&] { replies[1] = reply_of(desk, second); }};
    CHECK(
        eventually([&] { return desk.files("tmp").size() == 2; }));  // both were told that they open a ticket
    desk.faults.hold = false;
  }
  CHECK(replies[0] == replies[1]);
  CHECK(desk.store()->count("tickets") == 1);
  CHECK(desk.files().size() == 2);
  CHECK(desk.files("tmp").empty());
  const auto files = desk.files();
  CHECK(identity_of(desk, files[0]).ticket == identity_of(desk, files[1]).ticket);
  CHECK(desk.store()->verify().empty());
}

TEST_CASE("a conversation that is reopened comes back together", "[lmtp][R14]") {
  TestDesk desk;
  REQUIRE(reply_of(desk, letter("A1")).starts_with("250"));
  const Mover mover{desk.live, *desk.committer, desk.log};
  change(desk, by_ivan(TicketChange::Kind::claim, 1));
  change(desk, by_ivan(TicketChange::Kind::resolve, 1));
  REQUIRE(reply_of(desk, answer(desk, 1, "B2")) == "250 ticket 1 in Support");
  CHECK(desk.store()->ticket(1)->status == "open");
  CHECK(eventually([&] { return all_in(desk, "Support/Иван/In progress", 2); }));
  CHECK(eventually([&] { return desk.store()->count("moves") == 0; }));
  CHECK(desk.log_text().find("status=reopened how=\"by its signed reply address\"") != std::string::npos);
  CHECK(desk.log_text().find("move: ticket=1 message=1 folder=\"Support/Иван/In progress\" status=moved") !=
        std::string::npos);
}

TEST_CASE("a crash between commit and folder leaves a follow-up where it belongs", "[lmtp][R12]") {
  TestDesk desk;
  REQUIRE(reply_of(desk, letter("A1")).starts_with("250"));
  change(desk, by_ivan(TicketChange::Kind::claim, 1));
  desk.maildir.make_folder("Support", {"Иван", "In progress"});
  const std::string folder = desk.dir / "mail/Support/Иван/In progress/new";
  fs::remove(folder);
  write_file(folder, "no directory");
  const Incoming second = answer(desk, 1, "B2");
  CHECK(reply_of(desk, second).starts_with("451"));
  desk.stop();
  fs::remove(folder);
  SECTION("and its file is published by the next start") {
    desk.start();
    CHECK(desk.files("tmp").empty());
  }
  SECTION("or written anew with the ticket and the record that it had") {
    for (const std::string& file : desk.files("tmp")) fs::remove(file);
    desk.start();
  }
  CHECK(reply_of(desk, second) == "250 ticket 1 in Support");
  CHECK(desk.files().size() == 2);
  CHECK(desk.store()->count("tickets") == 1);
  for (const std::string& file : desk.files()) {
    if (file.find("In progress") == file.npos) continue;
    const StoredIdentity identity = identity_of(desk, file);
    const auto record = read_record(read_message(read_file(file), {}, Reading::headers).headers,
                                    identity.ticket, identity.message_number, keys_of(desk));
    REQUIRE(record);
    CHECK_FALSE(record->opens);
    CHECK(record->ticket == 1);
  }
}

TEST_CASE("a ticket that changes all the time defers the mail, and leaves nothing", "[lmtp][R12]") {
  TestDesk desk;
  desk.faults.stale = 100;
  CHECK(reply_of(desk, letter("A1")).starts_with("451"));
  CHECK(desk.faults.stale == 95);
  CHECK(desk.files().empty());
  CHECK(desk.files("tmp").empty());
  desk.faults.stale = 4;
  CHECK(reply_of(desk, letter("A1")).starts_with("250"));
  CHECK(desk.files().size() == 1);
  CHECK(desk.files("tmp").empty());
}

TEST_CASE("our own mail that comes back is not acknowledged, whatever it lost on the way", "[lmtp][R12]") {
  TestDesk desk;
  REQUIRE(reply_of(desk, letter("A1")).starts_with("250"));
  desk.committer.reset();
  desk.start();
  Incoming back = letter("B2");
  const std::string id = signed_message_id({1, 1}, "abc", "mx.desk.test", keys_of(desk));
  back.data.replace(back.data.find("<B2@customer.test>"), 18, "<" + id + ">");
  REQUIRE(reply_of(desk, back).starts_with("250"));
  desk.stop();
  CHECK(desk.store()->count("outbox") == 1);
}

TEST_CASE("an acknowledgement leads its answer to the ticket", "[lmtp][R12][R18]") {
  TestDesk desk;
  REQUIRE(reply_of(desk, letter("A1")).starts_with("250"));
  std::vector<Outgoing> mails;
  REQUIRE(eventually([&] { return !(mails = desk.committer->claim(1)).empty(); }));
  const Message mail = read_message(mails[0].body, {});
  REQUIRE(mail.reply_to.size() == 1);
  CHECK(mail.reply_to[0].address == signed_address(desk, 1));
  CHECK(mail.from[0].address == "support@desk.test");
  const auto id = read_message_id(mail.message_id, keys_of(desk));
  REQUIRE(id);
  CHECK(id->ticket == 1);
}
TEST_CASE("a mail that comes again by another way is kept once", "[lmtp][R12]") {
  TestDesk desk;
  REQUIRE(reply_of(desk, letter("A1")) == "250 ticket 1 in Support");
  Incoming again = letter("A1", "sales@desk.test");
  again.data.replace(again.data.find("id A1"), 5, "id Z9");  // another queue id, as of a Bcc
  CHECK(reply_of(desk, again) == "250 ticket 1 in Support");
  CHECK(desk.store()->count("tickets") == 1);
  CHECK(desk.files().size() == 1);
  CHECK(desk.files("tmp").empty());
  CHECK(desk.log_text().find("Z9: ticket=1 message=1 folder=\"Support\" status=repeated") !=
        std::string::npos);
  const auto events = desk.store()->events(1, 100);
  CHECK(std::any_of(events.begin(), events.end(),
                    [](const EventRow& event) { return event.what == "also addressed to sales@desk.test"; }));
  CHECK(reply_of(desk, again) == "250 ticket 1 in Support");  // and its own retry
  CHECK(desk.store()->events(1, 100).size() == events.size());
}

TEST_CASE("where every queue has its own ticket, each is delivered for itself", "[lmtp][R12]") {
  TestDesk desk{"duplicates: {channel: queue}\n"};
  Incoming both = letter("A1");
  both.recipients = {{"sales@desk.test", ""}, {"support@desk.test", ""}, {"support+x@desk.test", ""}};
  fs::create_directories(desk.dir / "mail/Продажи");
  write_file(desk.dir / "mail/Продажи/tmp", "no directory");
  auto replies = desk.deliver->deliver(both);
  REQUIRE(replies.size() == 3);
  CHECK(replies[0].code == 451);
  CHECK(replies[1].code == 250);
  CHECK(replies[2].text == replies[1].text);

  fs::remove(desk.dir / "mail/Продажи/tmp");
  both.recipients.pop_back();
  replies = desk.deliver->deliver(both);
  CHECK(replies[0].code == 250);
  CHECK(replies[1].code == 250);
  CHECK(replies[0].text != replies[1].text);
  const auto again = desk.deliver->deliver(both);
  CHECK(again[0].text == replies[0].text);
  CHECK(again[1].text == replies[1].text);
  CHECK(desk.store()->count("tickets") == 2);
  CHECK(desk.files().size() == 2);
  const auto tickets = desk.store()->tickets({});
  REQUIRE(tickets.size() == 2);
  CHECK(tickets[0].queue != tickets[1].queue);
}
