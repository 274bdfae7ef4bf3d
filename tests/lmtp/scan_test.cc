#include "lmtp/scan.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "lmtp/maildir.h"
#include "lmtp/mutf7.h"
#include "rules/message.h"
#include "tests/support/tempdir.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

const Keys keys{"secret of the desk"};

Desk nested_desk() {
  Desk desk;
  Queue support, sales;
  support.name = "support";
  support.mailbox = "Desk/Support";
  sales.name = "sales";
  sales.mailbox = "Sales";
  desk.queues = {support, sales};
  return desk;
}

void put(const fs::path& path, const std::string& text) { std::ofstream{path} << text; }

std::string stored(TicketNumber ticket, MessageNumber message, const Keys& with) {
  Decision decision;
  const auto lines = write_stored_tags(decision, {with, "v", "", "", "", ""}, ticket, message);
  return lines.front().name + ": " + lines.front().value + "\n";
}

const FolderOnDisk* find_where(const std::vector<FolderOnDisk>& folders, const Where& where) {
  const auto found = std::ranges::find(folders, where, &FolderOnDisk::where);
  return found == folders.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("folders are found in both layouts, under the names that people see", "[lmtp][R13]") {
  const tests::TempDir dir;
  const Layout layout = GENERATE(Layout::fs, Layout::maildirpp);
  const Maildir maildir{dir.path(), layout, 0700};
  const std::vector<Where> wheres{{"Desk/Support", {}},
                                  {"Desk/Support", {"Иван & Co"}},
                                  {"Desk/Support", {"Иван & Co", "В работе"}},
                                  {"Sales", {}},
                                  {"Sales", {"Junk"}},
                                  {"Unknown", {"Deep", "Deeper"}}};
  for (const Where& where : wheres) maildir.make_folder(where.mailbox, where.folder);
  const auto folders = folders_on_disk(dir.path(), layout, nested_desk());
  for (const Where& where : wheres) {
    const FolderOnDisk* folder = find_where(folders, where);
    REQUIRE(folder);
    CHECK(folder->path == maildir.directory(where.mailbox, where.folder));
  }
  CHECK(find_where(folders, {"Desk", {}}));  // a parent is a folder, too, and no queue's
}

TEST_CASE("files are listed by name from new and cur, and nothing else is", "[lmtp]") {
  const tests::TempDir dir;
  const Maildir maildir{dir.path(), Layout::fs, 0700};
  maildir.make_folder("Sales", {});
  const fs::path folder = fs::path{dir.path()} / "Sales";
  put(folder / "new/1.M1.host", "a");
  put(folder / "cur/2.M2.host:2,S", "b");
  put(folder / "tmp/3.M3.host", "c");
  put(folder / "cur/.hidden", "d");
  put(folder / "dovecot-uidlist", "e");
  fs::create_directory(folder / "cur/nested");
  fs::create_symlink(folder / "new/1.M1.host", folder / "cur/link");
  const auto folders = folders_on_disk(dir.path(), Layout::fs, nested_desk());
  REQUIRE(folders.size() == 1);
  auto files = files_on_disk(folders.front());
  std::ranges::sort(files);
  CHECK(files == std::vector<std::string>{"cur/2.M2.host:2,S", "new/1.M1.host"});
  CHECK(base_of_file(files.front()) == "2.M2.host");
  CHECK_FALSE(fs::exists(folder / "dovecot-uidlist.lock"));

  SECTION("a folder that vanishes holds nothing") {
    fs::remove_all(folder);
    CHECK_FALSE(fs::exists(folder));
    CHECK(files_on_disk(folders.front()).empty());
  }
  SECTION("a link out of the desk is not followed") {
    fs::create_directory_symlink("/", dir / "World");
    CHECK(folders_on_disk(dir.path(), Layout::fs, nested_desk()).size() == 1);
  }
}

TEST_CASE("a file is known by its signed line", "[lmtp][R12]") {
  CHECK(identity_in("Subject: x\n\n", keys).claim == Claim::none);
  const auto ours = identity_in("Received: x\n" + stored(7, 9, keys) + "Subject: x\n\n", keys);
  CHECK(ours.claim == Claim::ours);
  CHECK(ours.ticket == 7);
  CHECK(ours.message == 9);
  CHECK(identity_in(stored(7, 9, Keys{"another desk"}) + "\n", keys).claim == Claim::forged);
  CHECK(identity_in("X-Postroom-Ticket: 7; message=9\n\n", keys).claim == Claim::forged);
  CHECK(identity_in("\n" + stored(7, 9, keys), keys).claim == Claim::none);  // in the body
}

TEST_CASE("only the header section of a file is read", "[lmtp]") {
  const tests::TempDir dir;
  const std::string path = dir / "file";
  const std::string header = "Subject: x\nX: " + std::string(40000, 'y') + "\n\n";
  for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {header + "body\n\nmore", header},
           {"Subject: x\r\n\r\nbody", "Subject: x\r\n\r\n"},
           {"\nbody", "\n"},
           {"", ""},
           {"Subject: no end", "Subject: no end"},
           {std::string(1U << 20U, 'z'), std::string(256U << 10U, 'z')}}) {
    put(path, text);
    CHECK((header_section(path) == expected));
  }
  fs::remove(path);
  CHECK_FALSE(header_section(path));
}

TEST_CASE("names of folders survive modified UTF-7", "[lmtp][R13]") {
  for (const char* name : {"", "Ivan", "В работе", "a&b", "&", "台北", "😀 und ß", "A\tB", "R&D-日本"}) {
    CHECK(from_mutf7(to_mutf7(name)) == name);
  }
  CHECK(from_mutf7("&BBgEMgQwBD0-") == "Иван");  // as Dovecot writes it
  for (const char* broken : {"&", "&BBg", "&$$$-", "&AGE-", "&2D0-", "&BBgEMgQwBD0", "Иван", "&-&"})
    CHECK_FALSE(from_mutf7(broken));
}

}  // namespace postroom
