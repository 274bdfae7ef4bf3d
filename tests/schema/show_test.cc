#include "schema/show.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "schema/columns.h"
#include "tests/schema/store_contract.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {
namespace {

using nlohmann::json;

// A published message whose file lies where the database says.
struct Filed {
  TempDir dir;
  std::unique_ptr<Store> store = open_store(":memory:", OpenMode::create);
  Recorded recorded = record_one(*store, delivery(*store));
  Filed() {
    Changes changes;
    changes.published = {recorded.message};
    store->apply(changes, desk(), Durable::yes);
  }
};

}  // namespace

TEST_CASE("columns line up whatever script a subject is in", "[schema]") {
  CHECK(display_width("Иван") == 4);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(aligned({{"NAME", "X"}, {"Иван", "1"}, {"Aleksandr", "2"}}) ==
        "NAME       X\n"
        "Иван       1\n"
        "Aleksandr  2\n");
  CHECK(aligned({{"NAME"}}).empty());
}

TEST_CASE("a subject cannot steer the terminal", "[schema]") {
  CHECK(aligned({{"S"},
                 {"a\x1b[2J\xc2\x9b"
                  "b\n"}}) == "S\na?[2J?b?\n");
}

TEST_CASE("a ticket is shown with its messages and events", "[schema]") {
  const Filed filed;
  Whole whole = whole_ticket(*filed.store, *filed.store->ticket(1), 100);
  whole.ticket.merged_into = 9;
  whole.links = {{7, Relation::continues}};
  whole.participants = {{"boris@customer.test", "Boris", ""}};

  SECTION("as text") {
    const std::string text = whole_text(whole);
    CHECK_THAT(text, Catch::Contains("Анна <anna@customer.test>"));
    CHECK_THAT(text, Catch::Contains("inbound"));
    CHECK_THAT(text, Catch::Contains("Boris <boris@customer.test>"));
    CHECK_THAT(text, Catch::Contains("continues ticket 7"));
    CHECK_THAT(text, Catch::Contains("merged into  9"));
    CHECK_THAT(text, Catch::Contains("created"));
  }
  SECTION("as one line of JSON") {
    const std::string line = whole_json(whole);
    CHECK(line.find('\n') == std::string::npos);
    const json parsed = json::parse(line);
    CHECK(parsed["ticket"] == 1);
    CHECK(parsed["owner"].is_null());
    CHECK(parsed["customer"]["address"] == "anna@customer.test");
    CHECK(parsed["created"] == "2026-11-22T17:53:20Z");
    CHECK(parsed["messages"][0]["place"]["mailbox"] == "Support");
    CHECK(parsed["messages"][1]["place"].is_null());
    CHECK(parsed["events"][0]["what"] == "created");
    CHECK(parsed["participants"][0]["address"] == "boris@customer.test");
    CHECK(parsed["links"][0]["relation"] == "continues");
    CHECK(parsed["links"][0]["ticket"] == 7);
    CHECK(parsed["merged_into"] == 9);
  }
  SECTION("in lists") {
    CHECK(json::parse(ticket_json(whole.ticket))["subject"] == "Заказ 17 не оплачен");
    CHECK(json::parse(event_json(whole.events[0]))["who"] == "postroom");
    CHECK_THAT(tickets_text({whole.ticket}), Catch::StartsWith("TICKET  CREATED"));
    CHECK_THAT(tickets_text({whole.ticket}), Catch::Contains("  merged into 9  "));
    whole.ticket.merged_into = 0;
    CHECK_THAT(tickets_text({whole.ticket}), Catch::Contains("  new  "));
    CHECK(tickets_text({}).empty());
  }
}

TEST_CASE("a customer is shown with his other addresses", "[schema][R9]") {
  const CustomerRow anna{"anna@customer.test", "Анна", "vip", {"anna@home.test"}};
  CHECK_THAT(customer_text(anna, ""), Catch::Contains("same as   anna@home.test"));
  CHECK(json::parse(customer_json(anna, ""))["same_as"][0] == "anna@home.test");
}

TEST_CASE("lists and times come back as they were stored", "[schema]") {
  const std::vector<std::string> folder{"Иван", "with \"quotes\" and, comma"};
  CHECK(from_list(to_list(folder)) == folder);
  CHECK(from_list("{}").empty());
  CHECK(from_list("broken [").empty());
  const Time time{std::chrono::milliseconds{1795370000123}};
  CHECK(from_ms(to_ms(time)) == time);
  CHECK(from_ms(std::numeric_limits<std::int64_t>::max()) > time);
  CHECK(rfc3339(time) == "2026-11-22T17:53:20Z");
}

}  // namespace postroom::tests
