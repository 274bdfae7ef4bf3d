#include "rules/record_line.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "rules/digest.h"
#include "tests/rules/desk_for_tests.h"
#include "tests/support/growth.h"

namespace postroom {
namespace {

const Keys keys{"secret of the desk"};

FileRecord ordinary() {
  FileRecord record;
  record.ticket = 48213;
  record.message = 99120;
  record.at = Time{std::chrono::milliseconds{1795400000123}};
  record.digest = sha256_hex("a mail");
  record.queue_id = "4Xy1Zq6ZrTz3b";
  record.keys = {{"support@desk.test", "rfc822;help@desk.test"}};
  record.opens = true;
  record.queue = "support";
  record.channel = "support@desk.test";
  record.priority = "normal";
  record.tags = {"order"};
  record.customer = {"Анна Петрова", "anna.petrova@mail.example.net"};
  record.why = "rule 'orders': subject 'заказ'";
  record.automatic = "none";
  record.content = sha256_hex("text").substr(0, 32);
  return record;
}

TicketChange split() {
  TicketChange change;
  change.kind = TicketChange::Kind::split;
  change.ticket = 48213;
  change.who = "ivan";
  change.why = "two matters\nin one mail";
  change.person = "olga";
  change.queue = "sales";
  change.other = 48300;
  change.messages = {99121, 99130};
  return change;
}

// A second writing of what was read, to compare all fields at once.
std::string as_text(const FileRecord& record) { return write_record(record, keys).value; }

std::optional<FileRecord> read_back(const std::vector<Header>& headers) {
  return read_record(headers, 48213, 99120, keys);
}

// As it stands in a file, and as GMime reads it from there.
std::vector<Header> from_file(const Header& line, std::string_view end = "\n") {
  std::string bytes = line.name + ": " + line.value + "\n\n";
  std::string wired;
  for (const char c : bytes) wired += c == '\n' ? std::string{end} : std::string(1, c);
  return read_message(wired, {}, Reading::headers).headers;
}

}  // namespace

TEST_CASE("the record of a stored file comes out as it was written", "[rules][record]") {
  FileRecord record = ordinary();
  SECTION("of the first message of a ticket") {}
  SECTION("of a further message") {
    record = {};
    record.ticket = 48213;
    record.message = 99120;
    record.at = ordinary().at;
    record.automatic = "bounce";
  }
  SECTION("of one that is linked to others") {
    record.links = {{7, Relation::possibly_same}, {8, Relation::continues}};
    record.participants = {{"Борис", "boris@home.test"}, {"", "vera@home.test"}};
  }
  SECTION("of a note that splits") {
    record.kind = "note";
    record.change = split();
  }
  SECTION("of a note that changes the priority") {
    record.change = split();
    record.change->kind = TicketChange::Kind::set_priority;
    record.change->priority = Priority::high;
  }
  const auto read = read_back(from_file(write_record(record, keys)));
  REQUIRE(read);
  CHECK(as_text(*read) == as_text(record));
  CHECK(read->at == record.at);
  CHECK(read->customer == record.customer);
  CHECK(read->tags == record.tags);
  CHECK(read->keys == record.keys);
  CHECK(read->links == record.links);
  CHECK(read->participants == record.participants);
  CHECK(read->kind == record.kind);
  CHECK(read->opens == record.opens);
  REQUIRE(read->change.has_value() == record.change.has_value());
  if (!record.change) return;
  CHECK(read->change->kind == record.change->kind);
  CHECK(read->change->priority == record.change->priority);
  CHECK(read->change->messages == record.change->messages);
  CHECK(read->change->why == record.change->why);
}

TEST_CASE("the record of an ordinary message is short, printable and folded", "[rules][record]") {
  const Header line = write_record(ordinary(), keys);
  CHECK(line.name == "X-Postroom-Record");
  CHECK(line.name.size() + line.value.size() + 3 < 700);
  std::istringstream lines{line.value};
  for (std::string each; std::getline(lines, each);) CHECK(each.size() <= 78);
  CHECK(std::ranges::all_of(line.value, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
}

TEST_CASE("mail systems may fold a record otherwise", "[rules][record]") {
  const Header line = write_record(ordinary(), keys);
  CHECK(read_back(from_file(line, "\r\n")));
  Header other = line;
  std::erase(other.value, '\n');
  CHECK(read_back({other}));
  std::erase(other.value, ' ');
  CHECK(read_back({other}));
  for (std::size_t at = 40; at < other.value.size(); at += 43) other.value.insert(at, "\r\n\t ");
  CHECK(read_back({other}));
  other.name = "x-postroom-RECORD";
  CHECK(read_back({other}));
}

TEST_CASE("a record is believed only with the desk's signature and on its own message", "[rules][record]") {
  const Header line = write_record(ordinary(), keys);
  REQUIRE(read_back({line}));
  CHECK_FALSE(read_back({}));
  CHECK_FALSE(read_record({line}, 48214, 99120, keys));
  CHECK_FALSE(read_record({line}, 48213, 99121, keys));
  CHECK_FALSE(read_record({line}, 48213, 99120, Keys{"another desk"}));
  CHECK_FALSE(read_record({line}, 48213, 99120, Keys{}));
  CHECK(read_record({line}, 48213, 99120, Keys{"new key", {"secret of the desk"}}));

  SECTION("a forged line beside it takes nothing away") {
    const Header forged = write_record(ordinary(), Keys{"another desk"});
    CHECK(read_back({forged, line}));
    CHECK_FALSE(read_back(std::vector<Header>(50, forged)));
  }
  SECTION("each changed letter is noticed") {
    for (std::size_t i = 0; i < line.value.size(); ++i) {
      if (line.value[i] == ' ' || line.value[i] == '\n') continue;
      Header changed = line;
      changed.value[i] = changed.value[i] == 'A' ? 'B' : 'A';
      CHECK_FALSE(read_back({changed}));
    }
  }
  SECTION("half a line is none") {
    for (std::size_t size = 0; size < line.value.size(); size += 7)
      CHECK_FALSE(read_back({{line.name, line.value.substr(0, size)}}));
  }
  SECTION("nor is rubbish") {
    for (const char* value :
         {"", "v1;", "v1;;mac=", "v1;mac=", ";mac=;mac=", "v1;e30=;mac=00", "v2;e30=;mac="})
      CHECK_FALSE(read_back({{line.name, value}}));
  }
}

TEST_CASE("a line that is signed but says something else is none", "[rules][record]") {
  for (const char* text :
       {"", "[]", "{}", "null", R"({"ticket":48213})", R"({"ticket":48213,"message":99120,"at":"now"})",
        R"({"ticket":48213,"message":99120,"at":1,"keys":[["a"]]})",
        R"({"ticket":48213,"message":99120,"at":1,"tags":"a"})",
        R"({"ticket":48213,"message":99120,"at":1,"change":{"do":7}})"}) {
    const std::string mac = keys.mac(std::string{"postroom record v1\n"} + text).substr(0, 32);
    CHECK_FALSE(read_back({{"X-Postroom-Record", "v1;" + base64(text) + ";mac=" + mac}}));
  }
}

TEST_CASE("what a later version adds to a record is passed over", "[rules][record]") {
  const std::string text =
      R"({"ticket":48213,"message":99120,"at":99999999999999999,"moon":"full","change":{"do":"paint","ticket":1}})";
  const std::string mac = keys.mac("postroom record v1\n" + text).substr(0, 32);
  const auto read = read_back({{"X-Postroom-Record", "v1;" + base64(text) + ";mac=" + mac}});
  REQUIRE(read);
  CHECK_FALSE(read->change);
  CHECK(read->at > Time{std::chrono::hours{24 * 365 * 200}});
}

TEST_CASE("hostile values make a record long at most, never unreadable", "[rules][record]") {
  const std::string long_text(200000, GENERATE('\xFF', '\x01', '"', 'a'));
  FileRecord record = ordinary();
  record.why = record.channel = record.queue = record.priority = record.customer.name =
      record.customer.address = long_text;
  record.tags = std::vector<std::string>(500, long_text);
  record.links = std::vector<Link>(5000, Link{1, Relation::linked});
  record.keys =
      std::vector<std::pair<std::string, std::string>>(20000, {"a@b.test", long_text.substr(0, 90)});
  record.participants = std::vector<Address>(500, Address{long_text, long_text});
  record.change = split();
  record.change->why = long_text;
  record.change->messages = std::vector<MessageNumber>(50000, 99999999);
  const Header line = write_record(record, keys);
  CHECK(line.value.size() < 250000);
  const auto read = read_back(from_file(line));
  REQUIRE(read);
  CHECK(read->customer.name.size() <= 1000);
  CHECK((as_text(*read) == line.value));
}

TEST_CASE("time for a record grows with its length only", "[rules][record]") {
  const double slope = tests::growth(200000, [](std::size_t size) {
    FileRecord record = ordinary();
    record.why.assign(size, 'x');
    read_back({write_record(record, keys), {"X-Postroom-Record", "v1;" + std::string(size, ';')}});
  });
  CHECK(slope < tests::linear);
}

TEST_CASE("changes have names that can be read back", "[rules][record]") {
  for (int i = 0; i <= static_cast<int>(TicketChange::Kind::split); ++i) {
    const auto kind = static_cast<TicketChange::Kind>(i);
    CHECK(change_from(change_name(kind)) == kind);
  }
  CHECK(change_name(TicketChange::Kind::hand_over) == "hand over");
  CHECK(change_name(TicketChange::Kind::set_priority) == "set priority");
  CHECK_FALSE(change_from("set  priority"));
}

}  // namespace postroom
