#include "lmtp/folder_lock.h"

#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <ctime>
#include <system_error>
#include <thread>

#include "tests/lmtp/moving.h"

using namespace postroom;
using namespace postroom::tests;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

std::string holder(pid_t pid) {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  return std::to_string(pid) + ":" + name;
}

pid_t dead_process() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  return child;
}

void make_old(const std::string& path) {
  const std::time_t then = std::time(nullptr) - 121;
  const utimbuf times{then, then};
  REQUIRE(utime(path.c_str(), &times) == 0);
}

}  // namespace

TEST_CASE("the lock of a folder is Dovecot's, and names its holder as Dovecot does", "[lmtp][R15]") {
  const TempDir dir;
  const std::string path = dir / "dovecot-uidlist.lock";
  {
    const FolderLock lock{dir.path()};
    CHECK(read_file(path) == holder(getpid()));
    CHECK_THROWS_WITH(FolderLock(dir.path(), 5ms), Catch::Contains("dovecot-uidlist.lock"));
  }
  CHECK_FALSE(fs::exists(path));
  CHECK_THROWS_AS(FolderLock(dir / "none", 5ms), std::system_error);
}

TEST_CASE("a lock of Dovecot is waited for, and never removed while its holder lives", "[lmtp][R15]") {
  const TempDir dir;
  const std::string path = dir / "dovecot-uidlist.lock";
  write_file(path, holder(getppid()));
  CHECK_THROWS_AS(FolderLock(dir.path(), 20ms), std::system_error);
  CHECK(read_file(path) == holder(getppid()));
  std::atomic<bool> freed{false};
  std::jthread client{[&] {
    std::this_thread::sleep_for(50ms);
    freed = true;
    fs::remove(path);
  }};
  const FolderLock lock{dir.path(), 60s};
  CHECK(freed);
}

TEST_CASE("a lock whose holder died stops nobody", "[lmtp][R15]") {
  const TempDir dir;
  const std::string path = dir / "dovecot-uidlist.lock";
  write_file(path, holder(dead_process()));
  { const FolderLock lock{dir.path(), 60s}; }

  write_file(path, "");  // of a program that tells nothing
  CHECK_THROWS_AS(FolderLock(dir.path(), 20ms), std::system_error);
  make_old(path);
  { const FolderLock lock{dir.path(), 60s}; }

  write_file(path, std::to_string(dead_process()) + ":another.host");
  CHECK_THROWS_AS(FolderLock(dir.path(), 20ms), std::system_error);
}

TEST_CASE("a lock that was taken for dead meanwhile belongs to the other", "[lmtp][R15]") {
  const TempDir dir;
  const std::string path = dir / "dovecot-uidlist.lock";
  {
    const FolderLock lock{dir.path()};
    fs::remove(path);
    write_file(path, "another one's");
  }
  CHECK(fs::exists(path));
}

TEST_CASE("a start clears the locks that dead programs left, its own of the last run too", "[lmtp][R15]") {
  const Folders desk;
  for (const char* name : {"Dead", "Own", "Alive", "Fresh"}) desk.maildir.make_folder("Support", {name});
  const auto lock = [&](const std::string& name) {
    return desk.dir / "mail/Support/" + name + "/dovecot-uidlist.lock";
  };
  write_file(lock("Dead"), holder(dead_process()));
  write_file(lock("Own"), holder(getpid()));  // a container gives the same ids at every start
  write_file(lock("Alive"), holder(getppid()));
  write_file(lock("Fresh"), "");
  desk.maildir.clear_dead_locks();
  CHECK_FALSE(fs::exists(lock("Dead")));
  CHECK_FALSE(fs::exists(lock("Own")));
  CHECK(fs::exists(lock("Alive")));
  CHECK(fs::exists(lock("Fresh")));
}

TEST_CASE("many who want one lock get it one after the other", "[lmtp][R15]") {
  const TempDir dir;
  std::atomic<int> inside{0}, most{0}, done{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          const FolderLock lock{dir.path(), 60s};
          most = std::max(most.load(), ++inside);
          --inside;
          ++done;
        }
      });
    }
  }
  CHECK(most == 1);
  CHECK(done == 100);
}
