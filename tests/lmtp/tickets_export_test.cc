// export and backup: what leaves the desk is whole.

#include <fmt/chrono.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <ctime>

#include "tests/lmtp/tickets.h"

namespace postroom::tests {
namespace {

// What mboxrd says: one '>' less before "From ".
std::string first_of_mbox(const std::string& mbox) {
  std::istringstream in{mbox};
  std::string line, text;
  std::getline(in, line);
  while (std::getline(in, line)) {
    if (line.starts_with("From ")) break;
    const std::size_t angles = std::min(line.find_first_not_of('>'), line.size());
    text += (angles > 0 && line.substr(angles).starts_with("From ") ? line.substr(1) : line) + "\n";
  }
  return text;
}

unsigned mode_of(const std::string& path) {
  struct stat file {};
  return stat(path.c_str(), &file) == 0 ? file.st_mode & 0777U : 0;
}

int lines_starting(const std::string& text, const std::string& start) {
  std::istringstream in{text};
  int found = 0;
  for (std::string line; std::getline(in, line);) found += line.starts_with(start) ? 1 : 0;
  return found;
}

}  // namespace

TEST_CASE("an exported ticket holds every message byte for byte, and its rows", "[schema]") {
  TestDesk desk;
  Incoming tricky = letter("4A1");
  tricky.data += "From here on\r\n>From there\r\n>>From everywhere\r\nFromage\r\n> From\r\nFrom";
  const TicketNumber ticket = arrive(desk, tricky);
  const std::string stem = desk.dir / ("ticket-" + std::to_string(ticket));
  REQUIRE(eventually([&] { return desk.store()->unpublished().empty(); }));  // the rows rest
  const TicketsRan ran = tickets(desk, "export " + std::to_string(ticket));
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, Catch::Contains("1 messages"));
  const std::string stored = read_file(desk.files().at(0));
  CHECK(first_of_mbox(read_file(stem + ".mbox")) == stored + "\n\n");
  CHECK(lines_starting(read_file(stem + ".mbox"), "From ") == 1);
  CHECK(mode_of(stem + ".mbox") == 0600);
  CHECK(mode_of(stem + ".json") == 0600);
  const auto json = nlohmann::json::parse(read_file(stem + ".json"));
  CHECK(json["ticket"] == ticket);
  CHECK(json["messages"].size() == 2);  // and the acknowledgement
  CHECK(json["events"].size() > 1);
  CHECK(tickets(desk, "export --to - " + std::to_string(ticket)).json() == json);
}

TEST_CASE("all of a customer is exported, wherever operators have put it, and what is missing is named",
          "[schema]") {
  TestDesk desk;
  const TicketNumber first = arrive(desk, letter("4A1"));
  arrive(desk, letter("4A2", "sales@desk.test"));
  Incoming other = letter("4A3");
  other.sender = "boris@customer.test";
  other.data.replace(other.data.find("anna@customer.test"), 18, "boris@customer.test");
  arrive(desk, other);
  // Dovecot gave a new name to a file that somebody moved.
  desk.maildir.make_folder("Support", {"Archive"});
  std::filesystem::create_directories(desk.dir / "out");
  const Place place = desk.store()->messages(first).front().place.value();
  std::filesystem::rename(desk.maildir.directory("Support", {}) + "/new/" + place.file,
                          desk.maildir.directory("Support", {"Archive"}) + "/cur/1795.M1P1.mx:2,S");
  const std::string command = "export --customer Anna@Customer.test --to " + (desk.dir / "out");
  CHECK(tickets(desk, command).status == 0);
  const std::string stem = desk.dir / "out/customer-anna@customer.test";
  CHECK(lines_starting(read_file(stem + ".mbox"), "From ") == 2);
  CHECK(lines_starting(read_file(stem + ".json"), "{") == 2);

  std::filesystem::remove(desk.maildir.directory("Support", {"Archive"}) + "/cur/1795.M1P1.mx:2,S");
  const TicketsRan ran = tickets(desk, command);
  CHECK(ran.status == 1);
  CHECK_THAT(ran.out, Catch::Contains("of ticket " + std::to_string(first) +
                                      " is in no folder: its file was " + place.file));
  CHECK(lines_starting(read_file(stem + ".mbox"), "From ") == 1);
  CHECK(tickets(desk, "export --customer nobody@x.test").status == 1);
  CHECK(tickets(desk, "export").status == 64);
  CHECK(tickets(desk, "export 99").status == 1);
}

TEST_CASE("a backup made while mail comes can be restored, and is sound", "[schema][I9]") {
  TestDesk desk;
  for (int i = 0; i < 20; ++i) arrive(desk, letter("4A" + std::to_string(i)));
  std::atomic<bool> stop{false};
  std::atomic<int> sent{0};
  std::thread mail{[&] {
    for (int i = 100; !stop; ++i, ++sent) desk.deliver->deliver(letter("4B" + std::to_string(i)));
  }};
  REQUIRE(eventually([&] { return sent > 3; }));
  const TicketsRan ran = tickets(desk, "backup --json --mail " + (desk.dir / "backups"));
  stop = true;
  mail.join();
  INFO(ran.out);
  REQUIRE(ran.status == 0);
  const std::string path = ran.json()["backup"];
  CHECK(mode_of(path + "/secret") == 0600);
  CHECK(mode_of(path + "/postroom.db") == 0600);
  CHECK(read_file(path + "/secret") == read_file(desk.dir / "secret"));
  CHECK(read_file(path + "/postroom.yaml") == read_file(desk.dir / "postroom.yaml"));
  CHECK_FALSE(std::filesystem::exists(path + "/postroom.db-wal"));
  CHECK(ran.json()["linked"] >= 20);

  // Restored: everything the copied database speaks of lies in the copied folders.
  desk.stop();
  std::filesystem::remove_all(desk.dir / "mail");
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(desk.dir / "db" + end);
  std::filesystem::rename(path + "/mail", desk.dir / "mail");
  std::filesystem::rename(path + "/postroom.db", desk.dir / "db");
  desk.start();
  const auto store = desk.store();
  CHECK(store->verify() == std::vector<std::string>{});
  CHECK(store->count("tickets") >= 20);
  store->each_message([&](const MessageRow& message) {
    if (message.place && message.published) CHECK(desk.maildir.is_in(*message.place));
  });
  arrive(desk, letter("4C1"));
}

TEST_CASE("backups made within one second have names of their own", "[schema]") {
  TestDesk desk;
  const std::time_t now = std::time(nullptr);
  for (int second = 0; second < 600; ++second) {  // whenever it runs, its first name is taken
    const std::string name = fmt::format("backups/postroom-{:%Y%m%dT%H%M%SZ}", fmt::gmtime(now + second));
    std::filesystem::create_directories(desk.dir / (name + (second % 2 == 0 ? "" : ".part")));
  }
  for (const char* end : {"-2", "-3"}) {
    const TicketsRan ran = tickets(desk, "backup --json " + (desk.dir / "backups"));
    INFO(ran.out);
    REQUIRE(ran.status == 0);
    const std::string path = ran.json()["backup"];
    CHECK_THAT(path, Catch::EndsWith("-2") || Catch::EndsWith(end));
    CHECK(std::filesystem::exists(path + "/postroom.db"));
  }
}

TEST_CASE("a backup that fails leaves nothing that looks like one", "[schema]") {
  TestDesk desk;
  std::filesystem::remove(desk.dir / "secret");
  std::filesystem::create_directory(desk.dir / "secret");
  CHECK(tickets(desk, "backup " + (desk.dir / "backups")).status == 75);
  CHECK(std::filesystem::is_empty(desk.dir / "backups"));
}

}  // namespace postroom::tests
