#include "conf/archive.h"

#include <catch2/catch.hpp>

#include "tests/support/tempdir.h"

namespace postroom::tests {
namespace {

std::string mail(const std::string& subject) { return "Subject: " + subject + "\n\ntext\n"; }

std::vector<std::string> subjects(std::vector<std::string> paths, std::size_t most = 1000) {
  Archive archive{std::move(paths), most};
  std::vector<std::string> found;
  while (const auto stored = archive.next()) {
    if (!stored->error.empty()) found.push_back("error");
    if (stored->bytes.starts_with("Subject: "))
      found.push_back(stored->bytes.substr(9, stored->bytes.find('\n') - 9));
  }
  return found;
}

void make_file(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path{path}.parent_path());
  write_file(path, text);
}

using Subjects = std::vector<std::string>;

}  // namespace

TEST_CASE("a Maildir is read with all its folders, and only what is delivered", "[conf]") {
  const TempDir dir;
  make_file(dir / "M/cur/1.a:2,S", mail("one"));
  make_file(dir / "M/new/2.a", mail("two"));
  make_file(dir / "M/tmp/3.a", mail("not yet"));
  make_file(dir / "M/cur/.hidden", mail("hidden"));
  make_file(dir / "M/dovecot-uidlist", "3 V1\n");
  make_file(dir / "M/.Sent/cur/4.a:2,", mail("maildir++"));
  make_file(dir / "M/Ivan/In progress/cur/5.a:2,", mail("fs"));
  const Subjects all = subjects({dir / "M"});
  CHECK(all == Subjects{"maildir++", "fs", "one", "two"});
  CHECK(subjects({dir / "M/cur"}) == Subjects{});
  CHECK(Archive::size({dir / "M/new"}) == mail("two").size());
}

TEST_CASE("a directory of messages is read without what lies beside them", "[conf]") {
  const TempDir dir;
  make_file(dir / "a.eml", mail("eml"));
  make_file(dir / "b/17", mail("MH"));
  make_file(dir / "README", "Subject: no mail\n\n");
  make_file(dir / "z.mbox", "From a Fri Jul  8 12:08:34 2011\n" + mail("mbox"));
  CHECK(subjects({dir.path()}) == Subjects{"eml", "MH", "mbox"});
  CHECK(subjects({dir / "README"}) == Subjects{"no mail"});
  CHECK(subjects({dir / "none"}) == Subjects{"error"});
}

TEST_CASE("an mbox is cut at its From lines and nowhere else", "[conf]") {
  const TempDir dir;
  const std::string path = dir / "archive";
  write_file(path,
             "From anna@home.test Fri Jul  8 12:08:34 2011\n"
             "Subject: one\n\n>From me\n>>From you\n\nFrom here on it is a sentence of 2011.\n"
             "From x Fri Jul  8 12:08:34 2011 without an empty line before\n\n"
             "From bob@home.test Fri Jul  8 12:09:00 2011\n"
             "Subject: two\r\n\r\n" +
                 std::string(200000, 'x') +
                 "\r\n\r\n"
                 "From carol Fri Jul  8 12:10:00 2011 +0200\n"
                 "Subject: three\n\nlast line without end");
  Archive archive{{path}, 300};
  const auto one = archive.next(), two = archive.next(), three = archive.next();
  REQUIRE((one && two && three));
  CHECK(!archive.next());
  CHECK(one->name == path + ":1");
  CHECK(one->bytes ==
        "Subject: one\n\nFrom me\n>From you\n\nFrom here on it is a sentence of 2011.\n"
        "From x Fri Jul  8 12:08:34 2011 without an empty line before\n\n");
  CHECK(two->name == path + ":10");
  CHECK(two->bytes.size() == 300);
  CHECK(three->name == path + ":15");
  CHECK(three->bytes == "Subject: three\n\nlast line without end");
  CHECK(three->read == std::filesystem::file_size(path));
}

TEST_CASE("a file that cannot be read is told, and the others are read", "[conf]") {
  const TempDir dir;
  make_file(dir / "a.eml", mail("a"));
  make_file(dir / "b.eml", mail("b"));
  CHECK(subjects({dir / "a.eml", dir / "missing.eml", dir / "b.eml"}) == Subjects{"a", "error", "b"});
}

TEST_CASE("a message of a Maildir is found after a reader has moved it", "[conf]") {
  const TempDir dir;
  make_file(dir / "M/cur/1.a,S=17:2,RS", mail("moved"));
  CHECK(read_message_file(dir / "M/new/1.a,S=17", 1000) == mail("moved"));
  CHECK(read_message_file(dir / "M/cur/1.a,S=17:2,S", 9) == "Subject: ");
  CHECK_THROWS_AS(read_message_file(dir / "M/new/2.a", 1000), Unreadable);
  CHECK_THROWS_AS(read_message_file(dir.path(), 1000), Unreadable);
}

TEST_CASE("the From line before a single message is none of it", "[conf]") {
  const TempDir dir;
  write_file(dir / "a", "From a Fri Jul  8 12:08:34 2011\nSubject: x\n\n");
  CHECK(read_message_file(dir / "a", 1000) == "Subject: x\n\n");
}

}  // namespace postroom::tests
