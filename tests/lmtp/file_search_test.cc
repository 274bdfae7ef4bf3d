#include "lmtp/file_search.h"

#include <catch2/catch.hpp>

#include "tests/lmtp/moving.h"

using namespace postroom;
using namespace postroom::tests;
namespace fs = std::filesystem;

TEST_CASE("one walk finds all that are missing, by name and by header", "[lmtp][R14]") {
  const Folders desk;
  for (const char* name : {"Ivan", "Olga"}) desk.maildir.make_folder("Support", {name});
  const std::string support = desk.dir / "mail/Support/";
  FileSearch search = desk.maildir.search(desk.keys);
  std::vector<Place> places;
  for (int i = 0; i <= 5; ++i) {
    places.push_back(desk.letter(i + 1));
    search.add(i + 1, places.back().file);
  }
  fs::rename(support + "new/" + places[0].file, support + "Ivan/cur/" + places[0].file + ":2,S");
  fs::rename(support + "new/" + places[1].file, support + "Olga/new/renamed");
  fs::rename(support + "new/" + places[2].file, support + "Olga/cur/renamed-too:2,S");
  for (const std::size_t i : {3U, 4U})
    fs::rename(support + "new/" + places[i].file, desk.dir / std::to_string(i));
  CHECK(search.find(1) == support + "Ivan/cur/" + places[0].file + ":2,S");
  CHECK(search.find(2) == support + "Olga/new/renamed");
  CHECK(search.find(6) == support + "new/" + places[5].file);
  CHECK_FALSE(search.find(4));

  // The first walk has answered for the others, too.
  fs::rename(desk.dir / "4", support + "Ivan/new/later");
  CHECK_FALSE(search.find(5));
  CHECK(search.is_nowhere(5));
  CHECK(search.find(3) == support + "Olga/cur/renamed-too:2,S");
  CHECK_FALSE(search.is_nowhere(3));
  CHECK(desk.maildir.find(places[4], 5, desk.keys) == support + "Ivan/new/later");
}

TEST_CASE("a file that has left the place where it was found is looked for again", "[lmtp][R14]") {
  const Folders desk;
  const Place place = desk.letter(1);
  const std::string support = desk.dir / "mail/Support/";
  FileSearch search = desk.maildir.search(desk.keys);
  search.add(1, place.file);
  REQUIRE(search.find(1) == support + "new/" + place.file);
  fs::rename(support + "new/" + place.file, support + "cur/renamed:2,S");
  CHECK(search.find(1) == support + "cur/renamed:2,S");
  fs::remove(support + "cur/renamed:2,S");
  CHECK_FALSE(search.find(1));
}

TEST_CASE("who is given up is not looked for", "[lmtp][R14]") {
  const Folders desk;
  const Place place = desk.letter(1), other = desk.letter(2);
  FileSearch search = desk.maildir.search(desk.keys);
  search.add(1, place.file);
  search.add(2, other.file);
  search.give_up(1);
  CHECK_FALSE(search.find(1));
  CHECK(search.find(2));
}
