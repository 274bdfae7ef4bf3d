// Settings of threads, duplicates and retention.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "conf/check.h"
#include "conf/show.h"
#include "tests/conf/support.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

using List = std::vector<std::string>;
using std::chrono::hours;
using std::chrono::seconds;

const std::string thread_yaml =
    "paths: {texts: " + std::string{SOURCE_DIR} +
    "/conf/texts, secret: key, old_secrets: [key.2, ./old/key.1]}\n"
    "duplicates: {window: 0, channel: specific}\n"
    "retention: {resolved: 730d, spam: 30d}\n"
    "folders: {waiting: Ждут}\n"
    "channels:\n"
    "  - {address: info@desk.test, queue: support, general: on}\n"
    "  - {address: support@desk.test, queue: support}\n"
    "queues:\n"
    "  support: {group: firstline, follow_up: queue, reopen_within: 0, thanks: reopen, conversation: apart}\n"
    "operators:\n"
    "  - {login: ivan, groups: [firstline], absent: on}\n"
    "customers:\n"
    "  - {address: Anna@Home.test, status: vip, also: [anna@work.test, ANNA@old.test]}\n"
    "  - {address: bob@home.test, also: bob@work.test}\n";

}  // namespace

TEST_CASE("threads are as the admin wants them", "[conf][threads][R31]") {
  const TempDir dir;
  Settings s = good_settings(dir, thread_yaml);
  const auto holds = [&dir](const Settings& one) {
    CHECK(one.paths.old_secrets == List{dir / "key.2", dir / "old/key.1"});
    CHECK(one.desk.duplicates.window == seconds{0});
    CHECK(one.desk.duplicates.channel == WhichChannel::specific);
    CHECK(one.retention.resolved == hours{730 * 24});
    CHECK(one.retention.automatic == seconds{0});
    CHECK(one.desk.folders.waiting == "Ждут");
    CHECK(one.desk.channels.at(0).general == Switch::on);
    CHECK(one.desk.channels.at(1).general == Switch::off);
    const Queue& queue = one.desk.queues.at(0);
    CHECK(queue.follow_up == FollowUp::queue);
    CHECK(queue.reopen_within == seconds{0});
    CHECK(queue.thanks == Switch::off);
    CHECK(queue.conversation == Switch::off);
    CHECK(one.desk.operators.at(0).absent == Switch::on);
    REQUIRE(one.desk.customers.size() == 1);
    CHECK(one.desk.customers[0].address == "anna@home.test");
    CHECK(one.desk.same_people == std::vector<List>{{"anna@home.test", "anna@work.test", "anna@old.test"},
                                                    {"bob@home.test", "bob@work.test"}});
  };
  holds(s);
  holds(good_settings(dir, show_yaml(s)));
  const auto json = nlohmann::json::parse(show_json(s));
  CHECK(json["queues"]["support"]["thanks"] == "reopen");
  CHECK(json["operators"][0]["absent"] == true);
  CHECK(json["retention"]["spam"] == 30 * 86400);
  CHECK(json["paths"]["old_secrets"].size() == 2);
}

TEST_CASE("a configuration that says nothing of threads has their defaults", "[conf][threads][R31]") {
  const TempDir dir;
  const Settings s = good_settings(dir, good_yaml);
  const Queue& queue = s.desk.queues.at(0);
  CHECK(queue.follow_up == FollowUp::owner);
  CHECK(queue.reopen_within == hours{30 * 24});
  CHECK(queue.thanks == Switch::on);
  CHECK(queue.conversation == Switch::on);
  CHECK(s.desk.operators.at(0).absent == Switch::off);
  CHECK(s.paths.old_secrets.empty());
  CHECK(warnings_of(s).empty());
}

TEST_CASE("a spreadsheet may hold the further addresses of a person", "[conf][threads][R9]") {
  const TempDir dir;
  write_file(dir / "people.csv",
             "address,status,name,other addresses\n"
             "anna@home.test,vip,Anna,\"Anna@work.test  anna@old.test\"\nbob@home.test,,Bob,bob@work.test\n");
  const Settings s = good_settings(dir, good_yaml + "customers: {file: people.csv}\n");
  CHECK(s.desk.customers.size() == 1);
  CHECK(s.desk.same_people == std::vector<List>{{"anna@home.test", "anna@work.test", "anna@old.test"},
                                                {"bob@home.test", "bob@work.test"}});
  write_file(dir / "people.csv",
             "@home.test,vip,,anna@work.test\nanna@home.test,vip,,nobody\nbob@home.test,,Bob,\n");
  CHECK(problems_of(dir, good_yaml + "customers: {file: people.csv}\n") ==
        List{"people.csv:1:1: '@home.test' is a whole domain; also belongs to one person's address",
             "people.csv:2:1: also: 'nobody' is not a mail address",
             "people.csv:3:1: status '' does not work; write one word such as vip"});
}

TEST_CASE("an address of two people is complained of, and a customer without anything to say of him",
          "[conf][threads][R31]") {
  CHECK(problems_of(good_yaml + "customers:\n  - {address: a@b.test, also: [c@b.test]}\n"
                                "  - {address: d@b.test, also: [C@b.test]}\n") ==
        List{"8:3: 'c@b.test' belongs to one person twice, or to two"});
  CHECK(problems_of(good_yaml + "customers: [{address: a@b.test}]\n") ==
        List{"7:13: customer: 'status' is missing"});
}

TEST_CASE("folders that stand for different states have different names", "[conf][threads][R31]") {
  const std::string one = GENERATE("waiting: Done", "waiting: Junk", "waiting: Automatic", "junk: Done",
                                   "automatic: Done", "in_progress: Done", "waiting: ivan", "done: ivan");
  CAPTURE(one);
  CHECK(problems_of(good_yaml + "folders: {" + one + "}\n").size() == 1);
}

TEST_CASE("what works but may not be meant is a warning", "[conf][threads][R31]") {
  const TempDir dir;
  CHECK(warnings_of(good_settings(dir, good_yaml + "recipient_delimiter: \"\"\n")).size() == 1);
  CHECK(warnings_of(good_settings(dir, good_yaml + "duplicates: {channel: specific}\n")) ==
        List{"duplicates.channel is specific, but no channel is general: the first one wins"});
  CHECK(warnings_of(good_settings(dir, thread_yaml)) == List{"all operators of queue 'support' are absent"});
}

TEST_CASE("a key without which the daemons would not start is missed by check", "[conf][threads]") {
  const TempDir dir;
  write_file(dir / "postroom.yaml", "paths: {texts: " + std::string{SOURCE_DIR} +
                                        "/conf/texts, secret: key, old_secrets: [key.1]}\n" + good_yaml);
  const std::string command = std::string{PROGRAMS_DIR "/postroom-conf check -c "} + (dir / "postroom.yaml") +
                              " >" + (dir / "told") + " 2>&1";
  CHECK(std::system(command.c_str()) != 0);
  CHECK(read_file(dir / "told") ==
        (dir / "postroom.yaml") + ": old_secrets: there is no key " + (dir / "key.1") + "\n");
  write_file(dir / "key.1", std::string(32, 'k'));
  CHECK(std::system(command.c_str()) == 0);
}
