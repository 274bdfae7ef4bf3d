#include "lmtp/maildir.h"

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>
#include <set>
#include <system_error>

#include "rules/message.h"
#include "rules/tags.h"
#include "tests/support/tempdir.h"

using namespace postroom;
using namespace postroom::tests;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat entry {};
  REQUIRE(stat(path.c_str(), &entry) == 0);
  return entry.st_mode & 07777;
}

struct Mail {
  TempDir dir;
  Maildir maildir{dir / "mail", Layout::fs, 0770};

  Place write(const std::vector<std::string>& folder,
              const std::string& text = "Subject: x\n\nbody\n") const {
    return {"Support", folder, maildir.write_tmp("Support", 1, text, "mx.test")};
  }
};

}  // namespace

TEST_CASE("folder names are written as IMAP writes them", "[lmtp][R13]") {
  CHECK(to_mutf7("In progress") == "In progress");
  CHECK(to_mutf7("Иван") == "&BBgEMgQwBD0-");
  CHECK(to_mutf7("В работе") == "&BBI- &BEAEMAQxBD4EQgQ1-");
  CHECK(to_mutf7("~peter/mail/台北/日本語") == "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
  CHECK(to_mutf7("A & B") == "A &- B");
  CHECK(to_mutf7("😀") == "&2D3eAA-");
  CHECK(to_mutf7("\xff"
                 "a") == "&,,0-a");
}

TEST_CASE("a file name tells the sizes that Dovecot counts, and never comes twice", "[lmtp]") {
  const Mail desk;
  const std::string name = desk.maildir.write_tmp("Support", 7, "a\nb\r\nc\n", "mx/1:2");
  CHECK(name.find(".M7P") != std::string::npos);
  CHECK(name.ends_with(".mx_1_2,S=7,W=9"));
  std::set<std::string> names;
  for (int i = 0; i < 20; ++i) names.insert(desk.maildir.write_tmp("Support", 7, "x\n", "h"));
  CHECK(names.size() == 20);
}

TEST_CASE("folders are made with their parents and the configured mode, whatever the umask", "[lmtp][R13]") {
  const mode_t before = umask(0077);
  const Mail desk;
  const Place place = desk.write({"Иван", "В работе"});
  CHECK(desk.maildir.publish(place));
  umask(before);
  const std::string folder = desk.dir / "mail/Support/Иван/В работе";
  CHECK(mode_of(folder) == 0770);
  CHECK(mode_of(folder + "/cur") == 0770);
  CHECK(mode_of(folder + "/new/" + place.file) == 0660);
  CHECK(fs::is_directory(desk.dir / "mail/Support/Иван/tmp"));
  CHECK(read_file(folder + "/new/" + place.file) == "Subject: x\n\nbody\n");
  CHECK(fs::is_empty(desk.dir / "mail/Support/tmp"));
}

TEST_CASE("Maildir++ folders stand side by side", "[lmtp][R13]") {
  const TempDir dir;
  const Maildir maildir{dir / "mail", Layout::maildirpp, 0700};
  CHECK(maildir.directory("Support", {"Ivan", "In progress"}) == dir / "mail/.Support.Ivan.In progress");
  CHECK(maildir.directory("Desk/Support", {"Иван"}) == dir / "mail/.Desk.Support.&BBgEMgQwBD0-");
  maildir.make_folder("Support", {"Ivan"});
  CHECK(fs::is_directory(dir / "mail/.Support.Ivan/new"));
  CHECK(fs::is_directory(dir / "mail/.Support/new"));
  CHECK_THROWS_AS(maildir.directory("Support", {"ivan.petrov"}), std::system_error);
}

TEST_CASE("a mailbox may lie below another folder", "[lmtp]") {
  const Mail desk;
  CHECK(desk.maildir.directory("Desk/Support", {}) == desk.dir / "mail/Desk/Support");
}

TEST_CASE("a folder name cannot lead out of the desk", "[lmtp]") {
  const Mail desk;
  for (const std::string name : {"..", ".", "", "a/b", "new", "cur", "tmp"}) {
    CHECK_THROWS_AS(desk.maildir.directory("Support", {name}), std::system_error);
  }
  CHECK_THROWS_AS(desk.maildir.directory("../Support", {}), std::system_error);
  CHECK_THROWS_AS(desk.maildir.directory("", {}), std::system_error);
}

TEST_CASE("publishing never replaces a message", "[lmtp]") {
  const Mail desk;
  const Place place = desk.write({});
  const std::string there = desk.dir / "mail/Support/new/" + place.file;
  write_file(there, "another message");
  CHECK_THROWS_AS(desk.maildir.publish(place), std::system_error);
  CHECK(read_file(there) == "another message");
  CHECK(fs::exists(desk.dir / "mail/Support/tmp/" + place.file));
}

TEST_CASE("a crash between link and unlink leaves one message", "[lmtp]") {
  const Mail desk;
  const Place place = desk.write({});
  fs::create_hard_link(desk.dir / "mail/Support/tmp/" + place.file,
                       desk.dir / "mail/Support/new/" + place.file);
  CHECK(desk.maildir.publish(place));
  CHECK(fs::is_empty(desk.dir / "mail/Support/tmp"));
  CHECK(fs::hard_link_count(desk.dir / "mail/Support/new/" + place.file) == 1);
}

TEST_CASE("what is not in tmp cannot be published", "[lmtp]") {
  const Mail desk;
  Place place = desk.write({});
  CHECK(desk.maildir.publish(place));
  CHECK_FALSE(desk.maildir.publish(place));
  place.mailbox = "Nowhere";
  CHECK_FALSE(desk.maildir.publish(place));
}

TEST_CASE("a folder that somebody removes is made again", "[lmtp]") {
  const Mail desk;
  REQUIRE(desk.maildir.publish(desk.write({"Ivan"})));
  fs::remove_all(desk.dir / "mail/Support");
  const Place place = desk.write({"Ivan"});
  fs::remove_all(desk.dir / "mail/Support/Ivan");
  CHECK(desk.maildir.publish(place));
  CHECK(desk.maildir.is_in(place));
}

TEST_CASE("a folder that cannot be used is an error with its path", "[lmtp]") {
  const Mail desk;
  const Place place = desk.write({});
  fs::remove_all(desk.dir / "mail/Support/new");
  write_file(desk.dir / "mail/Support/new", "no directory");
  CHECK_THROWS_WITH(desk.maildir.publish(place), Catch::Contains("mail/Support/new"));
  CHECK_THROWS_WITH(desk.maildir.sync_folder("Support", {}), Catch::Contains("mail/Support/new"));
  CHECK(fs::exists(desk.dir / "mail/Support/tmp/" + place.file));
}

TEST_CASE("a message is found under any flags and in any folder", "[lmtp][R15]") {
  const Mail desk;
  const std::string secret = "a secret of more than thirty-two bytes!";
  const Binding binding{secret, "v", "f", "s", "d", "m"};
  std::string text;
  for (const Header& header : write_stored_tags({}, binding, 1042, 99))
    text += header.name + ": " + header.value + "\n";
  const Place place = desk.write({}, text + "Subject: x\n\nbody\n");
  CHECK_FALSE(desk.maildir.find(place, 99, secret));
  REQUIRE(desk.maildir.publish(place));
  desk.maildir.make_folder("Support", {"Ivan"});
  const std::string folder = desk.dir / "mail/Support";

  fs::rename(folder + "/new/" + place.file, folder + "/cur/" + place.file + ":2,FS");
  CHECK(desk.maildir.is_in(place));
  fs::rename(folder + "/cur/" + place.file + ":2,FS", folder + "/Ivan/cur/" + place.file + ":2,S");
  CHECK_FALSE(desk.maildir.is_in(place));
  CHECK(desk.maildir.find(place, 0, secret) == folder + "/Ivan/cur/" + place.file + ":2,S");
  fs::rename(folder + "/Ivan/cur/" + place.file + ":2,S", folder + "/Ivan/cur/renamed:2,S");
  CHECK(desk.maildir.find(place, 99, secret) == folder + "/Ivan/cur/renamed:2,S");
  CHECK_FALSE(desk.maildir.find(place, 98, secret));
  CHECK_FALSE(desk.maildir.find(place, 99, std::string{"another secret, thirty-two bytes or more"}));
}

TEST_CASE("only our own files of yesterday are cleaned out of tmp", "[lmtp]") {
  const Mail desk;
  const Place old = desk.write({}), fresh = desk.write({});
  const std::string tmp = desk.dir / "mail/Support/tmp/";
  write_file(tmp + "1700000000.M1P2.other", "of Dovecot");
  const std::time_t then = std::time(nullptr) - 37 * 3600;
  const utimbuf times{then, then};
  REQUIRE(utime((tmp + old.file).c_str(), &times) == 0);
  REQUIRE(utime((tmp + "1700000000.M1P2.other").c_str(), &times) == 0);
  desk.maildir.clean_tmp();
  CHECK_FALSE(fs::exists(tmp + old.file));
  CHECK(fs::exists(tmp + fresh.file));
  CHECK(fs::exists(tmp + "1700000000.M1P2.other"));
}

TEST_CASE("a directory that may not be read hides no mail in the others", "[lmtp][R12]") {
  const TempDir dir;
  const Maildir maildir{dir / "mail", Layout::fs, 0777};
  const Place place{"Support", {}, maildir.write_tmp("Support", 1, "Subject: x\n\nbody\n", "mx.test")};
  const Place old{"Support", {}, maildir.write_tmp("Support", 2, "Subject: x\n\nbody\n", "mx.test")};
  REQUIRE(maildir.publish(place));
  const std::string mail = dir / "mail";
  const utimbuf times{1700000000, 1700000000};
  REQUIRE(utime((mail + "/Support/tmp/" + old.file).c_str(), &times) == 0);
  fs::create_directories(mail + "/Archive/cur");
  write_file(mail + "/Archive/tmp", "no directory");
  fs::create_directory(mail + "/lost+found");
  fs::create_directories(mail + "/Closed/cur");
  for (const char* closed : {"/lost+found", "/Closed"}) fs::permissions(mail + closed, fs::perms::none);
  for (const char* open : {"", "/mail"}) REQUIRE(chmod((dir.path() + open).c_str(), 0777) == 0);

  if (geteuid() == 0) setfsuid(65534);  // root may read everything
  const Keys keys{"a secret of more than thirty-two bytes!"};
  std::optional<std::string> found, missing;
  CHECK_NOTHROW(found = maildir.find(place, 1, keys));
  CHECK_NOTHROW(missing = maildir.find({"Support", {}, "gone"}, 9, keys));
  CHECK_NOTHROW(maildir.clean_tmp());
  setfsuid(geteuid());
  for (const char* closed : {"/lost+found", "/Closed"}) fs::permissions(mail + closed, fs::perms::all);
  CHECK(found == mail + "/Support/new/" + place.file);
  CHECK_FALSE(missing);
  CHECK_FALSE(fs::exists(mail + "/Support/tmp/" + old.file));
  CHECK_NOTHROW(Maildir(dir / "none", Layout::fs, 0700).clean_tmp());
}
