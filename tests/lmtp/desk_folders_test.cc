#include "lmtp/desk_folders.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/tempdir.h"

using namespace postroom;
using namespace postroom::tests;
namespace fs = std::filesystem;

namespace {

Queue queue(const std::string& name, const std::string& mailbox, const std::string& group) {
  Queue made;
  made.name = name;
  made.mailbox = mailbox;
  made.group = group;
  return made;
}

}  // namespace

TEST_CASE("operators find their folders before the first mail comes", "[lmtp][R13]") {
  const TempDir dir;
  const Maildir maildir{dir / "mail", Layout::fs, 0700};
  Desk desk;
  desk.queues = {queue("support", "Support", "firstline"), queue("sales", "Sales", "salesmen")};
  desk.operators = {{"ivan", "Иван", {"firstline"}}, {"olga", "Ольга", {"firstline", "salesmen"}}};
  make_desk_folders(maildir, desk);

  SECTION("in every queue of their groups, and nowhere else") {
    for (const char* folder : {"Support", "Support/Junk", "Support/Иван", "Support/Иван/In progress",
                               "Support/Иван/Done", "Support/Ольга/Done", "Sales/Ольга/In progress"}) {
      INFO(folder);
      CHECK(fs::is_directory(dir / "mail/" + folder + "/cur"));
      CHECK(fs::is_directory(dir / "mail/" + folder + "/new"));
      CHECK(fs::is_directory(dir / "mail/" + folder + "/tmp"));
    }
    CHECK_FALSE(fs::exists(dir / "mail/Sales/Иван"));
  }
  SECTION("and what lies there already stays") {
    const std::string file = dir / "mail/Support/Иван/Done/cur/1.x:2,S";
    std::ofstream{file} << "Subject: x\n\n";
    make_desk_folders(maildir, desk);
    CHECK(fs::exists(file));
  }
}
