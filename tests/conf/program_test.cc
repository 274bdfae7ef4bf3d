#include "conf/program.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <future>
#include <set>
#include <thread>

#include "conf/live.h"
#include "conf/log.h"
#include "conf/reload.h"
#include "tests/conf/support.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

bool eventually(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!condition())
    if (std::chrono::steady_clock::now() > limit) return false;
  return true;
}

unsigned mode_of(const std::string& path) {
  struct stat what {};
  return ::stat(path.c_str(), &what) == 0 ? what.st_mode & 07777U : 0;
}

std::string with_secret(const std::string& yaml) { return yaml + "paths: {secret: secret}\n"; }

}  // namespace

TEST_CASE("a line of mail cannot forge a line of the log", "[conf][R31]") {
  const TempDir dir;
  Log log{"postroom-test", dir / "log"};
  log.info("from=a\nb\x1b[31m\xc2\x9b");
  log.warning("slow");
  std::filesystem::rename(dir / "log", dir / "log.1");
  log.reopen();
  log.error("after rotation");

  const std::string old = read_file(dir / "log.1"), fresh = read_file(dir / "log");
  const std::string head = " postroom-test[" + std::to_string(::getpid()) + "]: ";
  CHECK(old.substr(24) == head + "from=a?b?[31m??\n" + old.substr(old.find('\n') + 1));
  CHECK(old.ends_with(head + "warning: slow\n"));
  CHECK(old[10] == 'T');
  CHECK(old[23] == 'Z');
  CHECK(fresh.ends_with(head + "error: after rotation\n"));
}

TEST_CASE("many threads write whole lines into one log", "[conf][R31]") {
  const TempDir dir;
  {
    Log log{"p", dir / "log"};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&log] {
        for (int i = 0; i < 100; ++i) log.info("0123456789");
      });
    log.reopen();
  }
  std::istringstream lines{read_file(dir / "log")};
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) CHECK(line.ends_with("]: 0123456789"));
  CHECK(count == 400);
}

TEST_CASE("a second daemon of the same name does not start", "[conf][R31]") {
  const TempDir dir;
  const std::string path = dir / "run/postroom-test.pid";
  {
    const PidFile first{dir / "run", "postroom-test"};
    CHECK(read_file(path) == std::to_string(::getpid()) + "\n");
    CHECK_THROWS_WITH((PidFile{dir / "run", "postroom-test"}),
                      Catch::Contains("postroom-test is already running"));
  }
  CHECK(!std::filesystem::exists(path));
  CHECK_NOTHROW(PidFile{dir / "run", "postroom-test"});
}

TEST_CASE("signals reach the handler, and reload reaches a daemon that lives", "[conf][R31]") {
  const TempDir dir;
  std::atomic<int> seen = 0;
  {
    Signals signals{{SIGUSR1, SIGUSR2}};
    signals.handle([&](int signal) { seen += signal == SIGUSR1 ? 1 : 100; });
    CHECK(!tell_reload(dir.path(), "postroom-test").runs);
    {
      const PidFile pid{dir.path(), "postroom-test"};
      CHECK(tell_reload(dir.path(), "postroom-test").runs);
      CHECK(eventually([&] { return seen == 1; }));
    }
    write_file(dir / "postroom-test.pid", std::to_string(::getpid()) + "\n");
    CHECK(!tell_reload(dir.path(), "postroom-test").runs);  // left behind: nobody holds the lock
  }
  CHECK(seen == 1);  // the end of Signals is no signal
}

TEST_CASE("the key is made once, however many daemons start together", "[conf][R31]") {
  const TempDir dir;
  std::set<std::string> keys;
  std::vector<std::future<std::string>> starts;
  starts.reserve(2);
  for (int i = 0; i < 2; ++i)
    starts.push_back(std::async(std::launch::async, [&] { return load_secret(dir / "secret"); }));
  for (auto& start : starts) keys.insert(start.get());
  keys.insert(load_secret(dir / "secret"));
  CHECK(keys.size() == 1);
  CHECK(keys.begin()->size() == 32);
  CHECK(mode_of(dir / "secret") == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator{dir.path()}, {}) == 1);
}

TEST_CASE("a key that others can read, or a short one, is refused", "[conf][R31]") {
  const TempDir dir;
  write_file(dir / "open", std::string(32, 'k'));
  std::filesystem::permissions(dir / "open", std::filesystem::perms{0644});
  CHECK_THROWS_WITH(load_secret(dir / "open"), Catch::Contains("open to others (mode 0644)"));
  write_file(dir / "short", "k");
  std::filesystem::permissions(dir / "short", std::filesystem::perms{0600});
  CHECK_THROWS_WITH(load_secret(dir / "short"), Catch::Contains("has 1 bytes and needs 32"));
  CHECK_THROWS_WITH(load_secret(dir / "none/secret"), Catch::Contains("cannot be made"));
}

TEST_CASE("a broken new configuration is refused and the old one stays", "[conf][R31]") {
  const TempDir dir;
  const std::string path = dir / "postroom.yaml";
  write_file(path, with_secret(good_yaml) + "folders: {junk: Junk}\n");
  Live live{path};
  const auto before = live.current();

  write_file(path, with_secret(good_yaml) + "folders: {junk: a/b}\n");
  CHECK(live.reload().size() == 1);
  CHECK(live.current() == before);

  write_file(path, with_secret(good_yaml) +
                       "folders: {junk: Spam}\nlimits: {depth: 3}\n"
                       "sockets: {lmtp: \"unix:/run/other\"}\n");
  CHECK(live.reload().empty());
  CHECK(live.current()->settings.desk.folders.junk == "Spam");
  CHECK(live.current()->rulebook.desk().message.depth == 3);
  CHECK(live.current()->settings.sockets.lmtp == "unix:/run/postroom/lmtp");
  CHECK(before->settings.desk.folders.junk == "Junk");

  write_file(path, "nonsense\n");
  CHECK_THROWS_AS(Live{path}, ConfigError);
}

TEST_CASE("a program ends with the status that sysexits.h gives", "[conf][R31]") {
  CHECK(run_program("p", [] { return 3; }) == 3);
  CHECK(run_program("p", []() -> int { throw std::runtime_error("disk"); }) == 75);
  CHECK(run_program("p", []() -> int { throw ConfigError({{"f", 1, 2, "x"}}); }) == 78);
}
