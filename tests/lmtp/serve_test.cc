#include "lmtp/serve.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>

#include "tests/lmtp/client.h"
#include "tests/support/tempdir.h"

using namespace postroom;
using namespace postroom::tests;
using namespace std::chrono_literals;

namespace {

// What was delivered, and a gate that a test can close.
class FakeDelivery {
 public:
  std::vector<Reply> operator()(const Incoming& incoming) {
    std::unique_lock lock{mutex_};
    if (incoming.data.starts_with("throw")) throw std::runtime_error{"disk on fire"};
    texts_.push_back(incoming.data);
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
    return std::vector<Reply>(incoming.recipients.size(), {250, "2.0.0", "filed"});
  }

  void close_gate() { set_gate(false); }
  void open_gate() { set_gate(true); }

  bool wait_for(std::size_t count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, 10s, [&] { return texts_.size() >= count; });
  }

  std::vector<std::string> texts() {
    const std::lock_guard lock{mutex_};
    return texts_;
  }

 private:
  void set_gate(bool open) {
    const std::lock_guard lock{mutex_};
    open_ = open;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  std::vector<std::string> texts_;
};

struct Service {
  explicit Service(const Settings::Limits& limits = {}, const std::string& address = "")
      : log{"postroom-lmtp", dir / "log"},
        server{{"mx.desk.test", {.lmtp = address.empty() ? "unix:" + (dir / "lmtp") : address}, limits},
               [this](const Incoming& incoming) { return delivery(incoming); },
               [](const std::string&) { return std::optional<Reply>{}; },
               log},
        result{std::async(std::launch::async, [this] { server.run(); })} {}
  ~Service() {
    delivery.open_gate();
    server.stop();
  }

  Client connect() const { return Client{server.address()}; }
  bool over(std::chrono::milliseconds limit = 10s) const {
    return result.wait_for(limit) == std::future_status::ready;
  }
  bool logged(const std::string& text) const {
    return read_file(dir / "log").find(text) != std::string::npos;
  }

  TempDir dir;
  Log log;
  FakeDelivery delivery;
  Server server;
  std::future<void> result;
};

// Polls, as there is nothing to wait on.
bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace

TEST_CASE("mail arrives through the unix socket and through a loopback port", "[lmtp]") {
  for (const char* address : {"", "inet:127.0.0.1:0"}) {
    Service service{{}, address};
    Client client = service.connect();
    CHECK(client.deliver("one") == "250 2.0.0 filed");
    CHECK(client.deliver("two") == "250 2.0.0 filed");
    CHECK(client.ask("QUIT").starts_with("221"));
    CHECK(client.line() == "");
    CHECK(service.delivery.texts() == std::vector<std::string>{"one\r\n", "two\r\n"});
  }
}

TEST_CASE("many connections at a time deliver everything", "[lmtp]") {
  Service service;
  constexpr int clients = 20, messages = 20;
  std::vector<std::future<int>> filed;
  for (int i = 0; i < clients; ++i)
    filed.push_back(std::async(std::launch::async, [&service] {
      Client client = service.connect();
      int good = 0;
      for (int each = 0; each < messages; ++each) good += client.deliver("text") == "250 2.0.0 filed";
      return good;
    }));
  for (auto& each : filed) CHECK(each.get() == messages);
  CHECK(service.delivery.texts().size() == clients * messages);
}

TEST_CASE("a client that goes away at any step leaves nothing and stops nobody", "[lmtp]") {
  Service service;
  const std::vector<std::string> commands{"LHLO a", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA"};
  for (std::size_t count = 0; count <= commands.size(); ++count) {
    Client client = service.connect();
    CHECK(client.reply().starts_with("220"));
    for (std::size_t at = 0; at < count; ++at) CHECK(client.ask(commands[at]) != "");
  }
  for (const char* part : {"half of a mess", "line\r\n", "line\r\n.", "line\r\n.\r"}) {
    Client client = service.connect();
    client.begin();
    client.send(part);
  }
  Client other = service.connect();
  CHECK(other.deliver("whole") == "250 2.0.0 filed");
  CHECK(service.delivery.texts() == std::vector<std::string>{"whole\r\n"});
  CHECK(eventually([&] { return service.logged("phase=data status=lost"); }));
}

TEST_CASE("a client that goes away during its delivery does not cut it short", "[lmtp]") {
  Service service;
  service.delivery.close_gate();
  {
    Client client = service.connect();
    client.begin();
    client.send("text\r\n.\r\n");
    REQUIRE(service.delivery.wait_for(1));
  }
  service.delivery.open_gate();
  Client other = service.connect();
  CHECK(other.deliver("next") == "250 2.0.0 filed");
}

TEST_CASE("an exception in one delivery ends that connection only", "[lmtp]") {
  Service service;
  Client unlucky = service.connect(), lucky = service.connect();
  CHECK(unlucky.deliver("throw") == "451 4.3.0 internal error, try again");
  CHECK(unlucky.line() == "");
  CHECK(lucky.deliver("text") == "250 2.0.0 filed");
  CHECK(service.logged("status=broken error=\"disk on fire\""));
}

TEST_CASE("connections over the limit are asked to come again", "[lmtp]") {
  Service service{{.connections = 2}};
  Client one = service.connect(), two = service.connect();
  CHECK(one.line().starts_with("220"));
  CHECK(two.line().starts_with("220"));
  Client three = service.connect();
  CHECK(three.line().starts_with("421 4.3.2"));
  CHECK(three.line() == "");
  CHECK(service.logged("status=refused reason=\"too many connections\""));

  one.close();
  CHECK(eventually([&] { return service.connect().line().starts_with("220"); }));
}

TEST_CASE("a silent client is left", "[lmtp]") {
  Service service{{.idle = 1s}};

  SECTION("between commands") {
    Client client = service.connect();
    CHECK(client.line().starts_with("220"));
    CHECK(client.line().starts_with("421 4.4.2"));
    CHECK(client.line() == "");
  }
  SECTION("inside a message, which is then nowhere") {
    Client client = service.connect();
    client.begin();
    client.send("half");
    CHECK(client.line().starts_with("421 4.4.2"));
    CHECK(service.delivery.texts().empty());
    CHECK(service.logged("peer=client.test phase=data status=timeout"));
  }
}

TEST_CASE("a stop finishes what is in progress and sends the others away", "[lmtp]") {
  Service service;
  service.delivery.close_gate();
  Client idle = service.connect(), delivering = service.connect(), sending = service.connect();
  CHECK(idle.line().starts_with("220"));
  sending.begin();
  delivering.begin();
  delivering.send("text\r\n.\r\n");
  REQUIRE(service.delivery.wait_for(1));

  service.server.stop();
  CHECK(idle.line().starts_with("421 4.3.2"));
  CHECK(idle.line() == "");
  CHECK(!service.over(0s));
  CHECK(eventually([&] { return !std::filesystem::exists(service.dir / "lmtp"); }));
  CHECK_THROWS(service.connect());

  service.delivery.open_gate();
  CHECK(delivering.line() == "250 2.0.0 filed");
  CHECK(delivering.line().starts_with("421 4.3.2"));
  CHECK(sending.ask("rest\r\n.") == "250 2.0.0 filed");
  CHECK(sending.line().starts_with("421 4.3.2"));
  CHECK(service.over());
  CHECK(service.delivery.texts().size() == 2);
}

TEST_CASE("a stop waits for a slow sender only as long as the limit says", "[lmtp]") {
  Service service{{.stop = 1s}};
  Client client = service.connect();
  client.begin();
  client.send("half");
  service.server.stop();
  CHECK(service.over());
  CHECK(client.line() == "");
  CHECK(service.delivery.texts().empty());
}

TEST_CASE("out of descriptors, the server says so once and serves on when there are some again", "[lmtp]") {
  Service service;
  Client early = service.connect();
  CHECK(early.line().starts_with("220"));
  Client late{AF_UNIX};
  const Fd log{open((service.dir / "log").c_str(), O_RDONLY | O_CLOEXEC)};
  rlimit usual{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &usual) == 0);

  rlimit none = usual;
  none.rlim_cur = 3;                // poll() needs as many as it looks at
  setrlimit(RLIMIT_NOFILE, &none);  // open descriptors stay open, there are just no new ones
  late.connect_to(service.server.address());
  const bool told = eventually([&] {
    char text[4096];
    const auto size = pread(log.get(), text, sizeof text, 0);
    return size > 0 &&
           std::string_view{text, static_cast<std::size_t>(size)}.find("accept: ") != std::string::npos;
  });
  const std::string reply = early.ask("NOOP");
  setrlimit(RLIMIT_NOFILE, &usual);

  CHECK(told);
  CHECK(reply.starts_with("250"));
  CHECK(late.deliver("text") == "250 2.0.0 filed");
  const std::string lines = read_file(service.dir / "log");
  CHECK(lines.find("accept: ") == lines.rfind("accept: "));
}

TEST_CASE("a socket left by a dead program is taken over, one in use is not", "[lmtp]") {
  const TempDir dir;
  const std::string path = dir / "lmtp";

  SECTION("dead") {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.copy(name.sun_path, sizeof name.sun_path - 1);
    {
      const Fd dead{socket(AF_UNIX, SOCK_STREAM, 0)};
      REQUIRE(bind(dead.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
    }
    const mode_t before = umask(0077);
    {
      const Listener listener{"unix:" + path, 0660};
      struct stat file {};
      REQUIRE(stat(path.c_str(), &file) == 0);
      CHECK((file.st_mode & 0777) == 0660);
      CHECK_NOTHROW(Client{"unix:" + path});
    }
    umask(before);
    CHECK(!std::filesystem::exists(path));
  }
  SECTION("in use") {
    const Listener first{"unix:" + path, 0660};
    CHECK_THROWS_WITH((Listener{"unix:" + path, 0660}), Catch::Contains("another program listens there"));
    CHECK_NOTHROW(Client{"unix:" + path});
  }
  SECTION("a file that is no socket stays") {
    write_file(path, "precious");
    CHECK_THROWS_WITH((Listener{"unix:" + path, 0660}), Catch::Contains("no socket"));
    CHECK(read_file(path) == "precious");
  }
  SECTION("a socket that another program has put there meanwhile stays") {
    Listener old{"unix:" + path, 0660};
    std::filesystem::remove(path);
    const Listener other{"unix:" + path, 0660};
    old.stop();
    CHECK_NOTHROW(Client{"unix:" + path});
  }
}

TEST_CASE("nobody beyond this machine can deliver", "[lmtp]") {
  for (const char* address : {"inet:0.0.0.0:0", "inet:192.0.2.1:24", "inet:[::]:0"})
    CHECK_THROWS_WITH((Listener{address, 0660}), Catch::Contains("no loopback address"));
  for (const char* address :
       {"inet:24", "inet::24", "inet:127.0.0.1:", "inet:mx.example.org:24", "lmtp", "unix:", "unix:lmtp"})
    CHECK_THROWS_WITH((Listener{address, 0660}), Catch::Contains(address));
  CHECK_THROWS_WITH((Listener{"unix:/" + std::string(200, 'x'), 0660}), Catch::Contains("longer than"));
  CHECK(Listener{"inet:localhost:0", 0660}.address() != "inet:localhost:0");
}
