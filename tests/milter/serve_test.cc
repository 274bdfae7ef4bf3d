#include "milter/serve.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

#include "tests/support/tempdir.h"

namespace postroom {
namespace {

// A listening unix socket; the file stays when the object goes, as after kill -9.
class Listener {
 public:
  explicit Listener(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(fd_, 0) == 0);
  }
  ~Listener() { ::close(fd_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  int fd_;
};

}  // namespace

TEST_CASE("the socket of an instance that died is removed, and of one that lives is not", "[milter]") {
  const tests::TempDir dir;
  const std::string path = dir / "milter";
  CHECK_NOTHROW(clear_socket("unix:" + path));

  {
    const Listener alive{path};
    CHECK_THROWS_WITH(clear_socket("unix:" + path), Catch::Contains("listens there"));
    for (int i = 0; i < 10; ++i) {  // its queue of connections is full by now
      CHECK_THROWS_WITH(clear_socket("unix:" + path), Catch::Contains("listens there"));
    }
  }
  CHECK(std::filesystem::exists(path));
  CHECK_NOTHROW(clear_socket("unix:" + path));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("what is no socket is left alone", "[milter]") {
  const tests::TempDir dir;
  tests::write_file(dir / "milter", "precious");
  CHECK_THROWS_WITH(clear_socket("unix:" + (dir / "milter")), Catch::Contains("no socket"));
  CHECK(tests::read_file(dir / "milter") == "precious");
  CHECK_NOTHROW(clear_socket("inet:8891@127.0.0.1"));
}

}  // namespace postroom
