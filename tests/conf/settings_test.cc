#include "conf/settings.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "conf/doc.h"
#include "conf/show.h"
#include "conf/slots.h"
#include "tests/conf/support.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

const std::string conf_dir = std::string{SOURCE_DIR} + "/conf/";

std::string last_name(std::string_view key) { return std::string{key.substr(key.rfind('.') + 1)}; }

}  // namespace

TEST_CASE("a configuration that says nothing has the defaults of the table", "[conf][R31]") {
  const TempDir dir;
  Settings loaded = good_settings(dir, good_yaml), plain;
  for (const auto& slot : setting_slots()) {
    INFO(slot.key);
    const SettingRow* row = find_setting(slot.key);
    REQUIRE(row);
    if (slot.key == "host" || slot.key == "time_zone") continue;  // the machine's
    CHECK(write_value(*row, slot.slot(loaded)) == write_value(*row, slot.slot(plain)));
  }
  CHECK(!loaded.desk.host.empty());
  const Queue& queue = loaded.desk.queues.at(0);
  CHECK(queue.mailbox == "support");
  CHECK(queue.language == "en");
  CHECK(queue.assignment == Assignment::pull);
  CHECK(queue.acknowledgement == Switch::off);
  CHECK(loaded.desk.operators.at(0).name == "ivan");
}

TEST_CASE("what is written is what the daemons get", "[conf][R31]") {
  const TempDir dir;
  const Settings s = good_settings(
      dir,
      "host: mx.desk.test\nrecipient_delimiter: \"\"\nlog: ./log/mail\n"
      "paths: {database: data/../db, run: /run/x/}\nmailboxes: {layout: maildir++, folder_mode: \"2770\"}\n"
      "sockets: {milter: \"inet:8891@127.0.0.1\", lmtp: \"unix:s\", mode: \"0666\", submit: "
      "\"smtp://localhost\"}\n"
      "limits: {line: 8K, database: 3s, read: 1M, depth: 7}\noutbox: {retry: 1s, lifetime: 4h}\n"
      "acknowledgements: {per_address: 9, global_window: 2d}\nfolders: {in_progress: В работе}\n"
      "channels: [{address: Support@Desk.test, queue: поддержка}]\n"
      "queues:\n  поддержка: {mailbox: Support, group: g, prefix: SUP, language: ru, assignment: "
      "round-robin,\n"
      "    acknowledgement: no, from: a@b.test, from_name: Иван, answer_within: 90m}\n"
      "operators:\n  - {login: ivan@desk.test, name: Иван, groups: g}\n");
  CHECK(s.desk.host == "mx.desk.test");
  CHECK(s.desk.recipient_delimiter == '\0');
  CHECK(s.log == dir / "log/mail");
  CHECK(s.paths.database == dir / "db");
  CHECK(s.paths.run == "/run/x");
  CHECK(s.mailboxes.layout == Layout::maildirpp);
  CHECK(s.mailboxes.folder_mode == 02770);
  CHECK(s.sockets.milter == "inet:8891@127.0.0.1");
  CHECK(s.sockets.lmtp == "unix:" + (dir / "s"));
  CHECK(s.sockets.mode == 0666);
  CHECK(s.sockets.submit == "smtp://localhost:25");
  CHECK(s.limits.line == 8192);
  CHECK(s.limits.database == std::chrono::seconds{3});
  CHECK(s.desk.message.bytes == 1U << 20);
  CHECK(s.desk.message.depth == 7);
  CHECK(s.outbox.retry == std::chrono::seconds{1});
  CHECK(s.outbox.lifetime == std::chrono::hours{4});
  CHECK(s.desk.acknowledgements.per_address == 9);
  CHECK(s.desk.acknowledgements.global_window == std::chrono::hours{48});
  CHECK(s.desk.folders.in_progress == "В работе");
  CHECK(s.desk.channels.at(0).address == "support@desk.test");
  const Queue& queue = s.desk.queues.at(0);
  CHECK(queue.name == "поддержка");
  CHECK(queue.assignment == Assignment::round_robin);
  CHECK(queue.acknowledgement == Switch::off);
  CHECK(queue.answer_within == std::chrono::minutes{90});
  CHECK(s.desk.operators.at(0).groups == std::vector<std::string>{"g"});
}

TEST_CASE("a rule's conditions and consequences are read as written", "[conf][R31]") {
  const TempDir dir;
  const Settings s =
      good_settings(dir, good_yaml +
                             "rules:\n"
                             "  - name: payment failures\n"
                             "    when:\n"
                             "      subject: [оплата, payment]\n"
                             "      any: [{body: не прошла}, {header: {X-Spam-Level: \"*****\"}}]\n"
                             "      none: {from: \"@newsletter.example\"}\n"
                             "    then: {queue: support, priority: high, tags: payment, "
                             "template: failed, spam: on}\n");
  const Rule& rule = s.desk.rules.at(0);
  REQUIRE(rule.all.size() == 1);
  CHECK(rule.all[0].field == Field::subject);
  CHECK(rule.all[0].words == std::vector<std::string>{"оплата", "payment"});
  REQUIRE(rule.any.size() == 2);
  CHECK(rule.any[0].field == Field::body);
  CHECK(rule.any[1].name == "X-Spam-Level");
  CHECK(rule.any[1].words == std::vector<std::string>{"*****"});
  REQUIRE(rule.none.size() == 1);
  CHECK(rule.none[0].field == Field::from);
  CHECK(rule.queue == "support");
  CHECK(rule.priority == Priority::high);
  CHECK(rule.tags == std::vector<std::string>{"payment"});
  CHECK(rule.template_name == "failed");
  CHECK(rule.spam == Switch::on);
}

TEST_CASE("every field that has words can be asked, and show prints it as it was", "[conf][R2]") {
  const TempDir dir;
  const Settings s = good_settings(dir, good_yaml + "paths: {texts: " + conf_dir + "texts}\n" +
                                            "rules:\n"
                                            "  - name: everything\n"
                                            "    when:\n"
                                            "      any: [{recipient: a}, {channel: b}, {queue: support}, "
                                            "{from: c}, {to: d}, {subject: e}, {body: f}, {text: g}, "
                                            "{mentions: h}, {attachment: i}, {language: ru}, {customer: "
                                            "vip}, {size: [\">5M\", 1K-2K]}, {hour: 18-9}]\n"
                                            "    then: {queue: support, weight: 2.25}\n");
  const Rule& rule = s.desk.rules.at(0);
  CHECK(rule.weight == 2.25);
  REQUIRE(rule.any.size() == 14);
  CHECK(rule.any[8].field == Field::mentions);
  const Settings again = good_settings(dir, show_yaml(s));
  REQUIRE(again.desk.rules.at(0).any.size() == 14);
  for (std::size_t i = 0; i < 14; ++i) {
    CHECK(again.desk.rules[0].any[i].field == rule.any[i].field);
    CHECK(again.desk.rules[0].any[i].words == rule.any[i].words);
  }
  CHECK(again.desk.rules[0].weight == 2.25);
  CHECK(nlohmann::json::parse(show_json(s))["rules"][0]["then"]["weight"] == 2.25);
}

TEST_CASE("the shipped sample is good, and what show prints means the same", "[conf][R31]") {
  const TempDir dir;
  const Loaded sample = load_settings(conf_dir + "postroom.yaml");
  REQUIRE(sample.settings);
  CHECK(sample.settings->desk.queues.at(0).texts.size() == 2);
  const std::string shown = show_yaml(*sample.settings);
  CHECK(show_yaml(good_settings(dir, shown)) == shown);
  const auto json = nlohmann::json::parse(show_json(*sample.settings));
  CHECK(json["limits"]["idle"] == 300);
  CHECK(json["limits"]["line"] == 65536);
  CHECK(json["queues"]["support"]["acknowledgement"] == false);
}

TEST_CASE("the manual page is what the table says", "[conf][R31]") {
  const std::string page = read_file(conf_dir + "postroom.yaml.5");
  const std::string begin = ".\\\" Made by: postroom-conf doc --mdoc\n";
  const std::size_t start = page.find(begin), end = page.find(".\\\" End of what postroom-conf made\n");
  REQUIRE(start != std::string::npos);
  REQUIRE(end != std::string::npos);
  CHECK(page.substr(start + begin.size(), end - start - begin.size()) == doc_mdoc());
}

TEST_CASE("every setting stands in the page, in doc and in the sample or its comments", "[conf][R31]") {
  const std::string page = read_file(conf_dir + "postroom.yaml.5"),
                    sample = read_file(conf_dir + "postroom.yaml");
  for (const SettingRow& row : setting_rows()) {
    INFO(row.key);
    CHECK(page.find(std::string{row.key}) != std::string::npos);
    CHECK(doc_text().find(std::string{row.key}) != std::string::npos);
    CHECK(sample.find(last_name(row.key) + ":") != std::string::npos);
    CHECK(row.text.ends_with('.'));
  }
}
