#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <system_error>
#include <thread>

#include "lmtp/maildir_name.h"
#include "tests/lmtp/moving.h"

using namespace postroom;
using namespace postroom::tests;
namespace fs = std::filesystem;

TEST_CASE("a message follows its ticket as it lay: new stays new", "[lmtp][R14]") {
  const Folders desk;
  const Place place = desk.letter(7);
  const std::string text = read_file(desk.dir / "mail/Support/new/" + place.file);
  const auto file = desk.maildir.move(move_of(5, place, 7, {"Ivan", "In progress"}), desk.keys);
  REQUIRE(file);
  CHECK(*file != place.file);  // Dovecot would warn of a name that comes back
  CHECK(desk.files() == std::vector<std::string>{"Support/Ivan/In progress/new/" + *file});
  CHECK(read_file(desk.dir / "mail/Support/Ivan/In progress/new/" + *file) == text);
  CHECK(file->substr(0, file->find('.')) == place.file.substr(0, place.file.find('.')));
  CHECK(file->substr(file->find(".mx.test,S=")) == place.file.substr(place.file.find(".mx.test,S=")));
  CHECK(is_our_name(*file));
}

TEST_CASE("flags go with the message, keyword letters do not", "[lmtp][R14]") {
  struct Row {
    const char *before, *after;
  };
  const Row rows[] = {{"FSab", "FS"}, {"", ""}, {"S", "S"}, {"bz", ""}, {"PRa", "PR"}};
  for (const Row& row : rows) {
    const Folders desk;
    const Place place = desk.letter(7);
    desk.flag(place, row.before);
    const auto file = desk.maildir.move(move_of(5, place, 7, {"Ivan"}), desk.keys);
    REQUIRE(file);
    CHECK(desk.files() == std::vector<std::string>{"Support/Ivan/cur/" + *file + ":2," + row.after});
  }
}

TEST_CASE("the sizes in the name are those of the file, whoever has changed it", "[lmtp][R14]") {
  const Folders desk;
  const Place place = desk.letter(7);
  const std::string path = desk.dir / "mail/Support/new/" + place.file;
  const std::string text = "X-Mozilla-Keys: \n" + read_file(path);
  write_file(path, text);
  const auto file = desk.maildir.move(move_of(5, place, 7, {"Ivan"}), desk.keys);
  REQUIRE(file);
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  CHECK(file->ends_with(",S=" + std::to_string(text.size()) + ",W=" + std::to_string(text.size() + lines)));
}

TEST_CASE("a move that is asked for again gives the same answer", "[lmtp][R14]") {
  const Folders desk;
  const Place place = desk.letter(7);
  const Move move = move_of(5, place, 7, {"Ivan"});
  const auto first = desk.maildir.move(move, desk.keys);
  CHECK(desk.maildir.move(move, desk.keys) == first);
  fs::rename(desk.dir / "mail/Support/Ivan/new/" + *first,
             desk.dir / "mail/Support/Ivan/cur/" + *first + ":2,S");
  CHECK(desk.maildir.move(move, desk.keys) == first);
  CHECK(desk.files().size() == 1);
}

TEST_CASE("what operators have moved themselves stays where they put it", "[lmtp][R14][R15]") {
  const Folders desk;
  const Place third = desk.letter(7), target = desk.letter(8), gone = desk.letter(9);
  for (const char* name : {"Olga", "Ivan"}) desk.maildir.make_folder("Support", {name});
  const std::string support = desk.dir / "mail/Support/";
  fs::rename(support + "new/" + third.file, support + "Olga/cur/" + third.file + ":2,S");
  fs::rename(support + "new/" + target.file, support + "Ivan/cur/renamed-by-dovecot:2,S");
  fs::remove(support + "new/" + gone.file);
  CHECK_FALSE(desk.maildir.move(move_of(5, third, 7, {"Ivan"}), desk.keys));
  CHECK(fs::exists(support + "Olga/cur/" + third.file + ":2,S"));
  CHECK(desk.maildir.move(move_of(6, target, 8, {"Ivan"}), desk.keys) == "renamed-by-dovecot");
  CHECK_FALSE(desk.maildir.move(move_of(7, gone, 9, {"Ivan"}), desk.keys));
  CHECK(desk.files().size() == 2);
}

TEST_CASE("a file to which Dovecot gave another name is known by its header", "[lmtp][R14]") {
  const Folders desk;
  const Place place = desk.letter(7);
  const std::string support = desk.dir / "mail/Support/";
  fs::rename(support + "new/" + place.file, support + "cur/1700000000.M1P2.mx,S=1,W=2:2,S");
  const auto file = desk.maildir.move(move_of(5, place, 7, {"Ivan"}), desk.keys);
  REQUIRE(file);
  CHECK(desk.files() == std::vector<std::string>{"Support/Ivan/cur/" + *file + ":2,S"});
}

TEST_CASE("what is to stay where it is stays", "[lmtp][R14]") {
  const Folders desk;
  const Place place = desk.letter(7);
  CHECK(desk.maildir.move(move_of(5, place, 7, {}), desk.keys) == place.file);
  CHECK(desk.files() == std::vector<std::string>{"Support/new/" + place.file});
}

TEST_CASE("a move that nobody recorded before the ticket moved on is carried on", "[lmtp][R14]") {
  const Folders desk;
  const Place place = desk.letter(7);
  REQUIRE(desk.maildir.move(move_of(5, place, 7, {"Ivan"}), desk.keys));
  const auto file = desk.maildir.move(move_of(6, place, 7, {"Olga"}), desk.keys);
  REQUIRE(file);
  CHECK(desk.files() == std::vector<std::string>{"Support/Olga/new/" + *file});

  // A program that was slow, and does not know of the later one, takes nothing back.
  CHECK_FALSE(desk.maildir.move(move_of(5, place, 7, {"Ivan"}), desk.keys));
  CHECK(desk.files() == std::vector<std::string>{"Support/Olga/new/" + *file});
}

TEST_CASE("a folder that cannot be written is an error with its path, and the message stays", "[lmtp]") {
  const Folders desk;
  const Place place = desk.letter(7);
  write_file(desk.dir / "mail/Support/Ivan", "no directory");
  CHECK_THROWS_WITH(desk.maildir.move(move_of(5, place, 7, {"Ivan"}), desk.keys),
                    Catch::Contains("mail/Support/Ivan"));
  CHECK(fs::exists(desk.dir / "mail/Support/new/" + place.file));
}

TEST_CASE("a mailbox on another disk gets a copy, and the original goes", "[lmtp][R14]") {
  const Folders desk;
  std::string other = "/dev/shm/postroom-test-XXXXXX";
  struct stat here {
  }, there{};
  REQUIRE(mkdtemp(other.data()));
  REQUIRE(stat(other.c_str(), &there) == 0);
  REQUIRE(stat(desk.dir.path().c_str(), &here) == 0);
  if (here.st_dev == there.st_dev) WARN("/dev/shm is on the same disk: only a move within it is tested");
  const Place place = desk.letter(7);
  const std::string path = desk.flag(place, "S"), text = read_file(path);
  fs::last_write_time(path, fs::file_time_type{} + std::chrono::hours{1});
  fs::create_directory_symlink(other, desk.dir / "mail/Other");
  const auto file = desk.maildir.move({5, 7, 1, place, {"Other", {}}}, desk.keys);
  REQUIRE(file);
  const std::string arrived = other + "/cur/" + *file + ":2,S";
  CHECK(read_file(arrived) == text);
  CHECK(fs::last_write_time(arrived) == fs::file_time_type{} + std::chrono::hours{1});
  CHECK(fs::is_empty(other + "/tmp"));
  CHECK(desk.files().empty());

  fs::copy_file(arrived, path);  // a crash before the original went
  CHECK(desk.maildir.move({5, 7, 1, place, {"Other", {}}}, desk.keys) == file);
  CHECK(desk.files().empty());
  fs::remove_all(other);
}

TEST_CASE("what still lies at its place has not gone, and the target is not looked through", "[lmtp][R14]") {
  const Folders desk;
  const Move move = move_of(5, desk.letter(7), 7, {"Ivan"});
  const std::string folder = desk.maildir.directory("Support", {"Ivan"});
  const auto file = desk.maildir.move(move, desk.keys);
  REQUIRE(file);
  fs::rename(folder + "/new/" + *file, folder + "/new/" + *file + "0");  // would be taken for the moved one
  write_file(desk.maildir.directory("Support", {}) + "/new/" + move.from.file, "its own text");
  CHECK(desk.maildir.move(move, desk.keys));
  CHECK(desk.files().size() == 2);
}

TEST_CASE("a crash at any line of a move leaves one message, and the next attempt ends it", "[lmtp][R12]") {
  int kills = 0;
  for (int n = 1; n < 2000; ++n) {
    const Folders desk;
    const Place place = desk.letter(7);
    const Move move = move_of(5, place, 7, {"Ivan", "In progress"});
    if (kill_at(n, [&] { desk.maildir.move(move, desk.keys); }) == Killed::ended) break;
    ++kills;
    INFO("killed at system call " << n);
    desk.maildir.clear_dead_locks();  // as the next start does
    REQUIRE(desk.mails().size() == 1);
    const auto file = desk.maildir.move(move, desk.keys);
    REQUIRE(file);
    REQUIRE(desk.mails() == std::vector<std::string>{"Support/Ivan/In progress/new/" + *file});
  }
  CHECK(kills > 40);
}

TEST_CASE("two programs that do the same moves at once move every message once", "[lmtp][R14]") {
  const Folders desk;
  std::vector<Move> moves;
  for (int i = 0; i < 40; ++i) {
    moves.push_back(move_of(i + 1, desk.letter(i + 1), i + 1, {"Ivan"}));
    if (i % 2) desk.flag(moves.back().from, "S");
  }
  std::vector<std::optional<std::string>> one, two;
  {
    std::jthread first{[&] {
      for (const Move& move : moves) one.push_back(desk.maildir.move(move, desk.keys));
    }};
    std::jthread second{[&] {
      for (const Move& move : moves) two.push_back(desk.maildir.move(move, desk.keys));
    }};
  }
  CHECK(one == two);
  const auto files = desk.files();
  CHECK(files.size() == moves.size());
  CHECK(
      std::all_of(files.begin(), files.end(), [](const auto& f) { return f.starts_with("Support/Ivan/"); }));
}

TEST_CASE("a message that clients move about is found, or its absence was no guess", "[lmtp][R12][R15]") {
  const Folders desk;
  const Place place = desk.letter(7);
  for (int i = 0; i < 30; ++i) desk.letter(100 + i);
  for (const char* name : {"A", "B"}) desk.maildir.make_folder("Support", {name});
  const std::string support = desk.dir / "mail/Support";
  const std::string a = support + "/A/cur/renamed:2,", b = support + "/B/cur/renamed:2,";
  fs::rename(support + "/new/" + place.file, a);
  for (int i = 0; i < 20; ++i) {
    std::jthread client{[&] { fs::rename(i % 2 ? b : a, i % 2 ? a : b); }};
    REQUIRE(desk.maildir.find(place, 7, desk.keys));
  }
}
