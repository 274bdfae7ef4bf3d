#include "lmtp/committer.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <thread>

#include "tests/lmtp/desk.h"

using namespace postroom;
using namespace postroom::tests;
namespace fs = std::filesystem;

namespace {

// What Deliver submits, file in tmp/ included.
Delivery delivery_of(TestDesk& desk, const std::string& digest) {
  const Numbers numbers = desk.committer->draw();
  Delivery delivery;
  delivery.digest = digest;
  delivery.keys = {{"support@desk.test", ""}};
  delivery.ticket = numbers.ticket;
  delivery.message = numbers.message;
  delivery.at = std::chrono::system_clock::now();
  delivery.arrival.decision.verdict.channel = "support@desk.test";
  delivery.arrival.decision.verdict.queue = "support";
  delivery.arrival.decision.customer = {"Anna", "anna@customer.test", "from"};
  delivery.arrival.sender = "anna@customer.test";
  delivery.file = desk.maildir.write_tmp("Support", numbers.message, "Subject: x\n\n", "mx");
  return delivery;
}

std::string digest(int number) {
  std::string text(64, '0');
  const std::string end = std::to_string(number);
  return text.replace(64 - end.size(), end.size(), end);
}

}  // namespace

TEST_CASE("numbers are never given out twice, also not after a restart", "[lmtp][R12]") {
  TestDesk desk;
  std::set<TicketNumber> tickets;
  std::set<MessageNumber> messages;
  const auto draw_some = [&] {
    for (int i = 0; i < 100; ++i) {
      const Numbers numbers = desk.committer->draw();
      tickets.insert(numbers.ticket);
      messages.insert(numbers.message);
    }
  };
  draw_some();
  desk.stop();
  desk.start();
  draw_some();
  CHECK(tickets.size() == 200);
  CHECK(messages.size() == 200);
}

TEST_CASE("one message that cannot be recorded does not defer the others", "[lmtp]") {
  TestDesk desk;
  std::vector<Delivery> deliveries;
  for (int i = 0; i < 10; ++i) deliveries.push_back(delivery_of(desk, digest(i)));
  desk.faults.bad_message = deliveries[4].message;
  desk.faults.hold = true;
  std::atomic<int> done{0}, failed{0};
  std::vector<std::jthread> threads;
  for (const Delivery& delivery : deliveries) {
    threads.emplace_back([&, delivery] {
      try {
        desk.committer->deliver(delivery);
        ++done;
      } catch (const StoreError&) {
        ++failed;
      }
    });
  }
  desk.faults.hold = false;
  threads.clear();
  CHECK(done == 9);
  CHECK(failed == 1);
}

TEST_CASE("a locked database defers the whole group after two tries, not after one for each", "[lmtp]") {
  TestDesk desk;
  std::vector<Delivery> deliveries;
  for (int i = 0; i < 30; ++i) deliveries.push_back(delivery_of(desk, digest(i)));
  const int before = desk.faults.applies;
  desk.faults.hold = true;
  desk.faults.failing_applies = 1000;
  std::atomic<int> failed{0};
  std::vector<std::jthread> threads;
  for (const Delivery& delivery : deliveries) {
    threads.emplace_back([&, delivery] {
      try {
        desk.committer->deliver(delivery);
      } catch (const StoreError&) {
        ++failed;
      }
    });
  }
  desk.faults.hold = false;
  threads.clear();
  CHECK(failed == 30);
  CHECK(desk.faults.applies - before <= 30);
  desk.faults.failing_applies = 0;
  CHECK(desk.committer->deliver(deliveries[0]).published);
}

TEST_CASE("marks of published files are written soon, and also when it fails at first", "[lmtp]") {
  TestDesk desk;
  REQUIRE(desk.committer->deliver(delivery_of(desk, digest(1))).published);
  desk.faults.failing_applies = 1;
  CHECK(eventually([&] { return desk.store()->unpublished().empty(); }));
  CHECK(desk.faults.durable == 1);  // the marks wait for no disk
}

TEST_CASE("the end writes what was published", "[lmtp]") {
  TestDesk desk;
  REQUIRE(desk.committer->deliver(delivery_of(desk, digest(1))).published);
  desk.stop();
  CHECK(desk.store()->unpublished().empty());
}

TEST_CASE("the end writes marks and reports that could not be written before", "[lmtp][R18]") {
  TestDesk desk;
  Delivery delivery = delivery_of(desk, digest(1));
  delivery.arrival.may_acknowledge = {true, "a person wrote"};
  delivery.acknowledgement = "From: <support@desk.test>\r\n\r\nThank you.\r\n";
  delivery.acknowledgement_id = "1@desk.test";
  REQUIRE(desk.committer->deliver(delivery).acknowledged);
  std::vector<Outgoing> mails;
  REQUIRE(eventually([&] { return !(mails = desk.committer->claim(1)).empty(); }));
  desk.faults.failing_applies = 1;
  desk.committer->report({{mails[0].id, Handed::Result::sent, "250 ok", {}}});
  desk.stop();
  CHECK(desk.store()->settle_claimed(std::chrono::system_clock::now()) == 0);
  CHECK(desk.store()->unpublished().empty());
}

TEST_CASE("a message whose queue got another mailbox on its way is not recorded, but filed anew", "[lmtp]") {
  TestDesk desk;
  Delivery delivery = delivery_of(desk, digest(1));
  delivery.mailbox = "Help";
  CHECK(desk.committer->deliver(delivery).stale);
  CHECK(desk.store()->count("messages") == 0);
  delivery.mailbox = "Support";
  CHECK(desk.committer->deliver(delivery).published);
}

TEST_CASE("a failure after the commit never looks like one of the store", "[lmtp][R12]") {
  CHECK_THROWS_AS(Failure::after_commit(std::bad_alloc{}).raise(), std::system_error);
  CHECK_THROWS_AS(Failure{std::bad_alloc{}}.raise(), StoreError);
}

TEST_CASE("a start publishes what a crash left between commit and folder", "[lmtp][R12]") {
  TestDesk desk;
  const Delivery delivery = delivery_of(desk, digest(1)), moved = delivery_of(desk, digest(2)),
                 lost = delivery_of(desk, digest(3));
  desk.stop();
  Changes changes;
  changes.deliveries = {delivery, moved, lost};
  changes.now = delivery.at;
  desk.store()->apply(changes, desk.live.current()->settings.desk, Durable::yes);
  desk.maildir.make_folder("Support", {"Ivan"});
  fs::rename(desk.dir / "mail/Support/tmp/" + moved.file,
             desk.dir / "mail/Support/Ivan/cur/" + moved.file + ":2,S");
  fs::remove(desk.dir / "mail/Support/tmp/" + lost.file);

  desk.start();
  CHECK(desk.maildir.is_in({"Support", {}, delivery.file}));
  const auto left = desk.store()->unpublished();
  REQUIRE(left.size() == 1);  // Postfix brings it again
  CHECK(left[0].number == lost.message);
  const Recorded again = desk.committer->deliver(delivery);
  CHECK(again.repeated == Repeated::yes);
  CHECK(again.published);
  CHECK_FALSE(desk.committer->deliver(lost).published);
}

TEST_CASE("the same message on two connections at once is recorded once", "[lmtp][R12]") {
  TestDesk desk;
  const Delivery one = delivery_of(desk, digest(1)), two = delivery_of(desk, digest(1));
  desk.faults.hold = true;
  Recorded first, second;
  std::jthread a{[&] { first = desk.committer->deliver(one); }};
  std::jthread b{[&] { second = desk.committer->deliver(two); }};
  desk.faults.hold = false;
  a.join();
  b.join();
  CHECK(first.ticket == second.ticket);
  CHECK(first.published);
  CHECK(second.published);
  CHECK((first.repeated == Repeated::yes) != (second.repeated == Repeated::yes));
  CHECK(desk.files().size() == 1);
}
