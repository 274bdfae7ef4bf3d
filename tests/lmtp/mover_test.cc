#include "lmtp/mover.h"

#include <catch2/catch.hpp>

#include "tests/lmtp/moving.h"

using namespace postroom;
using namespace postroom::tests;
namespace fs = std::filesystem;

namespace {

// A store's moves, without the store.
struct Waiting {
  std::vector<Move> moves;
  std::vector<Moved> done;
  std::vector<std::string> problems;
  bool forgets = false;  // what is done waits on

  MoveWork work() {
    return {[this](int most) {
              const auto count = std::min(moves.size(), static_cast<std::size_t>(most));
              return std::vector<Move>(moves.begin(), moves.begin() + static_cast<std::ptrdiff_t>(count));
            },
            [this](const std::vector<Moved>& moved) {
              for (const Moved& each : moved) {
                done.push_back(each);
                if (!forgets) std::erase_if(moves, [&](const Move& move) { return move.id == each.move.id; });
              }
            },
            [this](const Moved&, const std::string& problem) {
              if (!problem.empty()) problems.push_back(problem);
            }};
  }
};

}  // namespace

TEST_CASE("a conversation moves together", "[lmtp][R14]") {
  const Folders desk;
  Waiting waiting;
  for (int i = 1; i <= 50; ++i) waiting.moves.push_back(move_of(i, desk.letter(i), i, {"Ivan"}));
  CHECK(move_files(waiting.work(), desk.maildir, desk.keys) == 0);
  CHECK(waiting.moves.empty());
  REQUIRE(waiting.done.size() == 50);
  for (const Moved& moved : waiting.done) CHECK(desk.maildir.is_in({"Support", {"Ivan"}, moved.file}));
}

TEST_CASE("a file that cannot be moved hinders no other, and is told", "[lmtp][R14]") {
  const Folders desk;
  Waiting waiting;
  fs::create_directory(desk.dir / "mail");
  write_file(desk.dir / "mail/Closed", "no directory");
  for (int i = 1; i <= 30; ++i) {
    waiting.moves.push_back(move_of(i, desk.letter(i), i, {"Ivan"}));
    if (i <= 25) waiting.moves.back().to = {"Closed", {}};
  }
  CHECK(move_files(waiting.work(), desk.maildir, desk.keys) == 25);
  CHECK(waiting.done.size() == 5);
  CHECK(waiting.moves.size() == 25);
  REQUIRE(waiting.problems.size() == 25);
  CHECK(waiting.problems[0].find("mail/Closed") != std::string::npos);
}

TEST_CASE("a file that is nowhere is reported so, once", "[lmtp][R14]") {
  const Folders desk;
  Waiting waiting;
  waiting.forgets = true;
  waiting.moves = {move_of(1, {"Support", {}, "gone"}, 1, {"Ivan"})};
  CHECK(move_files(waiting.work(), desk.maildir, desk.keys) == 0);
  REQUIRE(waiting.done.size() == 1);
  CHECK(waiting.done[0].file.empty());
  CHECK(waiting.done[0].nowhere);
}

TEST_CASE("a file that was nowhere is not looked for again, but seen at its place and in the target",
          "[lmtp][R14]") {
  const Folders desk;
  Waiting waiting;
  for (int i = 1; i <= 3; ++i) waiting.moves.push_back(move_of(i, desk.letter(i), i, {"Ivan"}));
  for (Move& move : waiting.moves) move.lost = true;
  for (const char* name : {"Olga", "Ivan"}) desk.maildir.make_folder("Support", {name});
  const std::string support = desk.dir / "mail/Support/", third = waiting.moves[2].from.file;
  const auto arrived = desk.maildir.move(waiting.moves[1], desk.keys);
  REQUIRE(arrived);
  fs::rename(support + "new/" + third, support + "Olga/new/" + third);
  CHECK(move_files(waiting.work(), desk.maildir, desk.keys) == 0);
  REQUIRE(waiting.done.size() == 3);
  CHECK_FALSE(waiting.done[0].file.empty());  // was at its place
  CHECK(waiting.done[1].file == *arrived);
  CHECK(waiting.done[2].file.empty());  // in Olga's folder, where only a walk would find it
  CHECK(waiting.done[2].nowhere);
}

TEST_CASE("what operators have put elsewhere is not nowhere", "[lmtp][R14]") {
  const Folders desk;
  Waiting waiting;
  waiting.moves = {move_of(1, desk.letter(1), 1, {"Ivan"})};
  desk.maildir.make_folder("Support", {"Olga"});
  const std::string support = desk.dir / "mail/Support/", file = waiting.moves[0].from.file;
  fs::rename(support + "new/" + file, support + "Olga/cur/renamed:2,S");
  CHECK(move_files(waiting.work(), desk.maildir, desk.keys) == 0);
  REQUIRE(waiting.done.size() == 1);
  CHECK(waiting.done[0].file.empty());
  CHECK_FALSE(waiting.done[0].nowhere);
}
