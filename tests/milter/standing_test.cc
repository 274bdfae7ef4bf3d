#include "milter/standing.h"

#include <catch2/catch.hpp>

#include "tests/support/tempdir.h"

namespace postroom::tests {

TEST_CASE("a database that cannot be read has no answer, and is asked again", "[milter][R9]") {
  const TempDir dir;
  const Log log{"test", dir / "log"};
  Standing standing{dir / "db", std::chrono::milliseconds{100}, log};
  CHECK_FALSE(standing.status_of("anna@customer.test"));
  CHECK_FALSE(standing.status_of("anna@customer.test"));

  const auto store = open_store(dir / "db", OpenMode::create);
  CHECK(standing.status_of("anna@customer.test") == "");
  store->set_customer_status({"anna@customer.test", "", "vip"}, {"anton", std::chrono::system_clock::now()});
  CHECK(standing.status_of("ANNA@customer.test") == "vip");

  const std::string told = read_file(dir / "log");
  CHECK(told.find("untagged") != std::string::npos);
  CHECK(told.find("untagged") == told.rfind("untagged"));  // once for a row of failures
}

}  // namespace postroom::tests
