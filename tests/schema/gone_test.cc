// Mail that goes by policy, or because its customer wishes it: what the database still knows afterwards.

#include <catch2/catch.hpp>
#include <filesystem>

#include "schema/migrate.h"
#include "schema/sqlite.h"
#include "tests/schema/store_contract.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {
namespace {

using std::chrono::hours;

const Time noon{std::chrono::seconds{1795374000}};
const By admin{"root", noon};

struct Cellar {
  TempDir dir;
  std::unique_ptr<Store> store = open_store(dir / "db", OpenMode::create);

  // Anna writes a letter with a telling subject; its file is published.
  Recorded letter(const std::string& name, const std::string& from = "anna@customer.test") {
    Delivery made = delivery(*store, {.name = name, .from = from});
    made.subject = "secret of " + from;
    made.arrival.decision.customer.name = "Name of " + from;
    const Recorded recorded = record_one(*store, made);
    published(*store, recorded);
    return recorded;
  }
  void sql(const std::string& text) const {
    Db{dir / "db", Db::Access::write, std::chrono::seconds{1}}.execute(text);
  }
  // How many files of the database hold these bytes.
  int holding(const std::string& bytes) const {
    int found = 0;
    for (const auto& entry : std::filesystem::directory_iterator{dir.path()})
      found += read_file(entry.path()).find(bytes) != std::string::npos ? 1 : 0;
    return found;
  }
  Forgotten erase(const std::string& address) {
    store->mark_going(store->messages_of({address}), Going::erased);
    const Forgotten forgotten = store->forget_going(admin);
    store->forget_customer({address}, admin);
    return forgotten;
  }
};

}  // namespace

TEST_CASE("an erased customer leaves figures and no data", "[schema][I4]") {
  Cellar cellar;
  Store& store = *cellar.store;
  const Recorded hers = cellar.letter("one");
  const Recorded his = cellar.letter("two", "boris@customer.test");
  cellar.sql("INSERT INTO participants SELECT " + std::to_string(his.ticket) +
             ", id, 1 FROM customers WHERE address = 'anna@customer.test'; "
             "INSERT INTO events (ticket, at, who, what, why) VALUES (" +
             std::to_string(his.ticket) +
             ", 0, 'postroom', 'participant joined', 'Anna <Anna@Customer.test>')");
  REQUIRE(cellar.holding("anna@customer.test") > 0);

  const Forgotten forgotten = cellar.erase("anna@customer.test");
  CHECK(forgotten.messages == 2);  // hers and the acknowledgement
  CHECK(forgotten.tickets == 1);
  CHECK_THAT(history(store, hers.ticket), Catch::StartsWith("created; ") && Catch::EndsWith("; erased"));
  CHECK(store.events(hers.ticket, 100).back().why == "2 messages");
  CHECK(store.events(hers.ticket, 100).back().who == "root");
  CHECK(store.ticket(hers.ticket)->customer_address.empty());
  CHECK(store.ticket(hers.ticket)->status == "new");
  CHECK(store.messages(hers.ticket).size() == 2);
  CHECK_FALSE(store.messages(hers.ticket).front().place);
  CHECK_FALSE(store.customer("anna@customer.test"));
  CHECK(store.count("participants") == 0);
  CHECK(store.verify() == std::vector<std::string>{});

  CHECK(store.scrub());
  for (const char* bytes : {"anna@customer.test", "Anna@Customer.test", "secret of anna", "Name of anna",
                            "one@customer.test", "digest of one"})
    CHECK(cellar.holding(bytes) == 0);
  CHECK(cellar.holding("secret of boris") > 0);
  CHECK(store.ticket(his.ticket)->customer_address == "boris@customer.test");
}

TEST_CASE("erasing goes on where a crash has stopped it", "[schema]") {
  Cellar cellar;
  const Recorded first = cellar.letter("one"), second = cellar.letter("two");
  cellar.store->mark_going({first.message}, Going::erased);
  CHECK(cellar.store->is_going(first.message));
  CHECK(cellar.store->verify() == std::vector<std::string>{});  // in between it is sound, too
  cellar.store = open_store(cellar.dir / "db", OpenMode::existing);
  const auto still = cellar.store->going(0, 10);
  REQUIRE(still.size() == 1);
  CHECK(still.front().place->file == first.place.file);  // what is to be unlinked is known until it is gone

  CHECK(cellar.erase("anna@customer.test").messages == 4);
  CHECK_FALSE(cellar.store->is_going(first.message));
  CHECK(cellar.store->ticket(second.ticket)->subject.empty());
  const auto events = cellar.store->count("events");
  CHECK(cellar.erase("anna@customer.test").messages == 0);
  CHECK(cellar.store->count("events") == events);
}

TEST_CASE("mail that comes while its customer is erased stays", "[schema]") {
  Cellar cellar;
  cellar.letter("one");
  cellar.store->mark_going(cellar.store->messages_of({"anna@customer.test"}), Going::erased);
  const Recorded late = cellar.letter("late");
  cellar.store->forget_going(admin);
  cellar.store->forget_customer({"anna@customer.test"}, admin);
  CHECK(cellar.store->ticket(late.ticket)->customer_address == "anna@customer.test");
  CHECK(cellar.store->verify() == std::vector<std::string>{});
}

TEST_CASE("the same mail once more is kept, if the first one is being erased", "[schema][I1]") {
  Cellar cellar;
  Store& store = *cellar.store;
  const auto same = [&](const std::string& digest) {
    Delivery made = delivery(store);
    made.digest = digest;
    made.arrival.decision.content = "0123456789abcdef0123456789abcdef";
    return made;
  };
  const Recorded first = record_one(store, same("one"));
  published(store, first);
  CHECK(store.destination(same("two"), desk()).filing == Filing::repeats);
  store.mark_going({first.message}, Going::erased);
  const Recorded again = arrives(store, same("two"));
  CHECK(again.repeated == Repeated::no);
  CHECK(again.message != first.message);
  store.forget_going(admin);
  CHECK(store.messages(again.ticket).size() >= 1);
  CHECK(store.verify() == std::vector<std::string>{});
}

TEST_CASE("an acknowledgement that waits is not sent to an erased customer", "[schema]") {
  Cellar cellar;
  const Recorded waiting = cellar.letter("one");
  cellar.erase("anna@customer.test");
  Changes claim;
  claim.claim = 10;
  claim.now = noon + hours{1};
  CHECK(cellar.store->apply(claim, desk(), Durable::yes).claimed.empty());
  CHECK_THAT(history(*cellar.store, waiting.ticket), Catch::Contains("acknowledgement failed"));
}

TEST_CASE("what was resolved long ago expires, and what is open does not", "[schema]") {
  Cellar cellar;
  const Recorded old = cellar.letter("old"), young = cellar.letter("young"), open = cellar.letter("open");
  const auto resolve = [&](const Recorded& ticket, Time at) {
    cellar.sql(
        "UPDATE tickets SET status = 'resolved', resolved = " +
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count()) +
        " WHERE number = " + std::to_string(ticket.ticket) +
        "; INSERT INTO events (ticket, at, who, what, why) VALUES (" + std::to_string(ticket.ticket) +
        ", 0, 'ivan', 'resolved', '')");
  };
  resolve(old, noon - hours{100});
  resolve(young, noon - hours{1});
  Delivery spam = delivery(*cellar.store, {.name = "spam"});
  spam.ticket = 0;
  spam.arrival.decision.verdict.spam = true;
  spam.arrival.may_acknowledge = {false, "it is spam"};
  published(*cellar.store, record_one(*cellar.store, spam));

  const Expiry expiry{noon - hours{50}, noon, Time{}, "Junk", "Automatic"};
  const Expirable found = cellar.store->expirable(expiry);
  CHECK(found.resolved.size() == 2);  // with its acknowledgement
  CHECK(found.spam == std::vector<MessageNumber>{spam.message});
  CHECK(found.automatic.empty());

  CHECK(cellar.store->mark_going(found.resolved, Going::expired) == 2);
  CHECK(cellar.store->mark_going(found.spam, Going::expired) == 1);
  CHECK(cellar.store->mark_going({open.message}, Going::expired) == 0);
  const Forgotten forgotten = cellar.store->forget_going(admin);
  CHECK(forgotten.messages == 3);
  CHECK(forgotten.tickets == 1);
  CHECK_THAT(history(*cellar.store, old.ticket), Catch::EndsWith("; expired"));
  CHECK(cellar.store->ticket(young.ticket)->subject == "secret of anna@customer.test");
  CHECK(cellar.store->customer("anna@customer.test"));  // others of her tickets remain
  CHECK(cellar.store->expirable(expiry).resolved.empty());
  CHECK(cellar.store->expirable(expiry).spam.empty());
  CHECK(cellar.store->verify() == std::vector<std::string>{});
}

TEST_CASE("who a customer is, is known by all his addresses", "[schema]") {
  Cellar cellar;
  const Recorded one = cellar.letter("one"), two = cellar.letter("two", "anna@home.test");
  CHECK(cellar.store->addresses_of("Anna@Customer.test") == std::vector<std::string>{"anna@customer.test"});
  cellar.sql(
      "UPDATE customers SET same_as = (SELECT id FROM customers WHERE address = 'anna@customer.test') "
      "WHERE address = 'anna@home.test'");
  const std::vector<std::string> both{"anna@home.test", "anna@customer.test"};
  CHECK(cellar.store->addresses_of("anna@home.test") == both);
  CHECK(cellar.store->tickets_of(both, 0, 10) == std::vector<TicketNumber>{one.ticket, two.ticket});
  CHECK(cellar.store->tickets_of(both, one.ticket, 10) == std::vector<TicketNumber>{two.ticket});
  CHECK(cellar.store->messages_of(both).size() == 4);
}

}  // namespace postroom::tests
