// Commands that change tickets: what they say, and what becomes of the files.

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "rules/record_line.h"
#include "tests/lmtp/tickets.h"

namespace postroom::tests {
namespace {

const std::string operators = "  - {login: olga, name: Ольга, groups: [first]}\n";

std::string only_file_with(const TestDesk& desk, const std::string& text) {
  std::string found;
  int files = 0;
  for (const std::string& path : desk.files()) {
    if (read_file(path).find(text) == std::string::npos) continue;
    found = path;
    ++files;
  }
  return files == 1 ? found : std::to_string(files) + " files";
}

}  // namespace

TEST_CASE("a ticket's messages go where the command puts the ticket", "[schema][R14]") {
  TestDesk desk{operators};
  const TicketNumber ticket = arrive(desk, letter("4A1"));
  const std::string number = std::to_string(ticket);
  struct Row {
    std::string command, folder, event;
  };
  const Row rows[] = {
      {"assign " + number + " ivan", "Support/Иван", "assigned"},
      {"claim " + number + " olga --why 'she knows him'", "Support/Ольга/In progress", "claimed"},
      {"wait " + number, "Support/Waiting", "waiting"},
      {"reopen " + number, "Support/Ольга/In progress", "resumed"},
      {"close " + number, "Support/Ольга/Done", "resolved"},
      {"reopen " + number, "Support/Ольга/In progress", "reopened"},
      {"assign " + number + " --nobody", "Support", "requeued"},
      {"hand-over " + number + " sales", "Продажи", "handed over"},
  };
  for (const Row& row : rows) {
    INFO(row.command);
    const TicketsRan ran = tickets(desk, row.command, "SUDO_USER=anton");
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, Catch::StartsWith("ticket " + number + ": queue "));
    CHECK(folders_of(desk, ticket) == std::vector<std::string>{row.folder});
    CHECK_THAT(events_of(desk, ticket), Catch::EndsWith("anton: " + row.event + "; "));
  }
  CHECK(desk.store()->verify() == std::vector<std::string>{});
  CHECK(desk.files().size() == 1);
}

TEST_CASE("what cannot be done is refused with its reason", "[schema]") {
  TestDesk desk{operators};
  const std::string ticket = std::to_string(arrive(desk, letter("4A1")));
  struct Row {
    std::string command, says;
    int status = 1;
  };
  const Row rows[] = {
      {"assign 99 ivan", "there is no ticket 99"},
      {"assign " + ticket + " pyotr", "there is no operator 'pyotr'"},
      {"assign " + ticket, "assign wants an operator, or --nobody", 64},
      {"assign " + ticket + " ivan --nobody", "assign wants an operator, or --nobody", 64},
      {"hand-over " + ticket + " nowhere", "there is no queue 'nowhere'"},
      {"reopen " + ticket, "there is nothing to reopen"},
      {"priority " + ticket + " urgent", "a priority is high, normal or low", 64},
      {"priority " + ticket + " normal", "has priority normal already"},
      {"link " + ticket + " " + ticket, "cannot be linked to itself"},
      {"merge " + ticket + " 99", "there is no ticket 99"},
      {"split " + ticket + " 77", "message 77 does not belong to ticket"},
      {"split " + ticket + " abc", "'abc' is no number of a message: ", 64},
      {"note " + ticket + " ''", "a note wants a text", 64},
      {"close " + ticket + " x", "the number of a ticket looks like 1042", 64},
      {"close --nobody " + ticket, "close takes no --nobody", 64},
  };
  const auto events = desk.store()->count("events");
  for (const Row& row : rows) {
    INFO(row.command);
    const TicketsRan ran = tickets(desk, row.command);
    CHECK(ran.status == row.status);
    CHECK_THAT(ran.out, Catch::Contains(row.says));
  }
  CHECK(desk.store()->count("events") == events);
  CHECK(desk.files().size() == 1);  // no note is left of them
  CHECK(desk.files("tmp").empty());
}

TEST_CASE("several tickets are closed at once, and one that cannot be hinders no other", "[schema]") {
  TestDesk desk{operators};
  const TicketNumber one = arrive(desk, letter("4A1")), two = arrive(desk, letter("4A2"));
  const TicketsRan ran = tickets(desk, "close --json " + std::to_string(one) + " 99 " + std::to_string(two));
  CHECK(ran.status == 1);
  CHECK_THAT(ran.out, Catch::Contains("there is no ticket 99"));
  for (const TicketNumber ticket : {one, two}) CHECK(desk.store()->ticket(ticket)->status == "resolved");
}

TEST_CASE("a note lies beside its ticket's messages and carries the change", "[schema][I9]") {
  TestDesk desk{operators};
  const TicketNumber ticket = arrive(desk, letter("4A1"));
  const std::string number = std::to_string(ticket);
  CHECK(tickets(desk, "claim " + number + " ivan").status == 0);
  const TicketsRan ran =
      tickets(desk, "note " + number, "printf 'He called.\\nSay yes.\\n' | SUDO_USER=ivan");
  CHECK(ran.status == 0);
  const std::vector<std::string> both{"Support/Иван/In progress", "Support/Иван/In progress"};
  CHECK(folders_of(desk, ticket) == both);
  const Message note = read_message(read_file(only_file_with(desk, "He called.\nSay yes.\n")), {});
  CHECK(note.subject == "[#" + number + "] Note: He called.");
  CHECK(note.references == std::vector<std::string>{"4A1@customer.test"});

  const MessageRow row = desk.store()->messages(ticket).back();
  CHECK(row.kind == "note");
  CHECK(row.published);
  const auto record = read_record(note.headers, ticket, row.number, desk.live.current()->keys);
  REQUIRE(record);
  REQUIRE(record->change);
  CHECK(record->change->why == "He called.\nSay yes.");
  CHECK(record->change->who == "ivan");
  CHECK_THAT(events_of(desk, ticket), Catch::EndsWith("ivan: noted; "));

  CHECK(tickets(desk, "priority " + number + " high").status == 0);
  CHECK(desk.store()->ticket(ticket)->priority == "high");
  CHECK_THAT(only_file_with(desk, "Subject: [#" + number + "] Priority: high"),
             Catch::Contains("In progress"));
  CHECK(desk.store()->verify() == std::vector<std::string>{});
}

TEST_CASE("a note that cannot be put into its folder yet does not hide that the change is done", "[schema]") {
  TestDesk desk{operators};
  const TicketNumber ticket = arrive(desk, letter("4A1"));
  const std::string number = std::to_string(ticket);
  REQUIRE(tickets(desk, "claim " + number + " olga").status == 0);
  const std::string folder = desk.maildir.directory("Support", {"Ольга", "In progress"});
  std::filesystem::rename(folder + "/new", folder + "/away");
  std::ofstream{folder + "/new"} << "in the way";

  const TicketsRan ran = tickets(desk, "priority " + number + " high");
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, Catch::Contains("ticket " + number + " is changed, and its note (message "));
  CHECK_THAT(ran.out, Catch::Contains("priority high\n"));
  CHECK(desk.files("tmp").size() == 1);
  CHECK(desk.store()->unpublished().size() == 1);

  std::filesystem::remove(folder + "/new");
  std::filesystem::rename(folder + "/away", folder + "/new");
  CHECK(tickets(desk, "wait " + number).status == 0);  // the next command puts it there, and moves it on
  CHECK(desk.files("tmp").empty());
  CHECK(desk.store()->unpublished().empty());
  CHECK(folders_of(desk, ticket) == std::vector<std::string>(2, "Support/Waiting"));
}

TEST_CASE("tickets are linked, merged and split", "[schema]") {
  TestDesk desk{operators};
  const TicketNumber one = arrive(desk, letter("4A1")), two = arrive(desk, letter("4A2"));
  const std::string both = std::to_string(one) + " " + std::to_string(two);
  CHECK(tickets(desk, "link " + both).status == 0);
  CHECK(desk.store()->links(one) == std::vector<Link>{{two, Relation::linked}});
  for (const std::string& again : {both, std::to_string(two) + " " + std::to_string(one)}) {
    const TicketsRan ran = tickets(desk, "link " + again);
    CHECK(ran.status == 1);
    CHECK_THAT(ran.out, Catch::Contains("are linked already"));
  }

  CHECK(tickets(desk, "assign " + std::to_string(two) + " olga").status == 0);
  const auto merged = tickets(desk, "merge --json --why 'the same lamp' " + both);
  CHECK(merged.status == 0);
  CHECK(merged.json()["merged_into"] == two);
  CHECK(folders_of(desk, one).empty());
  CHECK(folders_of(desk, two) == std::vector<std::string>(4, "Support/Ольга"));  // two letters, two notes
  CHECK_THAT(tickets(desk, "note " + std::to_string(one) + " x").out, Catch::Contains("was merged into"));

  const MessageNumber first = desk.store()->messages(two).front().number;
  const auto split = tickets(desk, "split --json " + std::to_string(two) + " " + std::to_string(first));
  CHECK(split.status == 0);
  const TicketNumber opened = split.json()["opened"].get<TicketNumber>();
  CHECK(desk.store()->messages(opened).front().number == first);
  CHECK(folders_of(desk, opened) == std::vector<std::string>{"Support/Ольга"});
  CHECK(desk.store()->verify() == std::vector<std::string>{});
}

TEST_CASE("a command that is killed anywhere leaves a whole note, or none", "[schema][I1]") {
  if (!can_be_killed()) {
    WARN("skipped: there is no strace that may trace");
    return;
  }
  TestDesk desk{operators};
  const TicketNumber ticket = arrive(desk, letter("4A1"));
  const std::string note = "note " + std::to_string(ticket) + " remember";
  bool finished = false;
  std::size_t recorded = 0;
  for (int n = 1; !finished; ++n) {
    REQUIRE(n < 200);
    desk.stop();
    finished = tickets(desk, note, killed_at("fsync,fdatasync,rename,renameat2,link,unlink", n)).status == 0;
    desk.start();  // publishes what was recorded
    INFO("killed at call " << n);
    const auto messages = desk.store()->messages(ticket);
    const auto notes = std::ranges::count(messages, "note", &MessageRow::kind);
    CHECK((notes == static_cast<std::ptrdiff_t>(recorded) ||
           notes == static_cast<std::ptrdiff_t>(recorded) + 1));
    recorded = static_cast<std::size_t>(notes);
    CHECK(desk.files().size() == 1 + recorded);
    CHECK(desk.store()->unpublished().empty());
    CHECK(desk.store()->verify() == std::vector<std::string>{});
  }
  CHECK(recorded > 1);  // some were killed behind the commit
}

}  // namespace postroom::tests
