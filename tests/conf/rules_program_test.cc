// postroom-rules as the admin runs it.

#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tests/conf/support.h"

namespace postroom::tests {
namespace {

struct Ran {
  int status = -1;
  std::string out;  // standard output and error
};

Ran run(const std::string& arguments) {
  Ran ran;
  std::FILE* pipe = ::popen((PROGRAMS_DIR "/postroom-rules " + arguments + " 2>&1").c_str(), "r");
  if (!pipe) return ran;
  std::array<char, 4096> piece{};
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe))
    ran.out.append(piece.data(), got);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ran.status = WEXITSTATUS(status);
  return ran;
}

nlohmann::json last_line(const std::string& out) {
  const std::size_t end = out.find_last_not_of('\n');
  const std::size_t start = out.rfind('\n', end);
  return nlohmann::json::parse(out.substr(start == std::string::npos ? 0 : start + 1), nullptr, false);
}

std::string mail(const std::string& to, const std::string& subject, const std::string& text) {
  return "From: Anna <anna@home.test>\nTo: " + to + "\nSubject: " + subject +
         "\nMessage-ID: <1@home.test>\nDate: Sun, 22 Nov 2026 12:00:00 +0000\n\n" + text + "\n";
}

// A desk with two queues, its configuration and an archive.
struct Site {
  TempDir dir;
  std::string config = " -c " + (dir / "postroom.yaml") + " ";
  const std::string yaml =
      "channels:\n  - {address: support@desk.test, queue: support}\n"
      "queues:\n  support: {group: g}\n  sales: {group: g}\n"
      "operators:\n  - {login: ivan, groups: [g]}\n";

  Site() {
    write_file(dir / "postroom.yaml", yaml + rules("order", "sales"));
    write_file(dir / "other.yaml", yaml + rules("lamp", "sales"));
    std::filesystem::create_directories(dir / "mail");
  }
  static std::string rules(const std::string& word, const std::string& queue) {
    return "rules:\n  - name: words\n    when: {subject: " + word + "}\n    then: {queue: " + queue +
           "}\n  - name: never\n    when: {subject: xyzzy}\n    then: {tags: [x]}\n";
  }
  void put(const std::string& name, const std::string& text) const {
    write_file(dir / ("mail/" + name), text);
  }
};

}  // namespace

TEST_CASE("the sample's expectations hold for the sample configuration", "[conf]") {
  const Ran ran = run("test -c " SOURCE_DIR "/conf/postroom.yaml " SOURCE_DIR "/conf/rules-test.yaml");
  CHECK(ran.out == "4 passed, 0 failed\n");
  CHECK(ran.status == 0);
}

TEST_CASE("an expectation that fails is told with its place, what was wanted and why", "[conf]") {
  const Site site;
  write_file(site.dir / "e.yaml",
             "- name: it\n  rcpt: support@desk.test\n  message: |\n    Subject: order\n\n    x\n"
             "  expect: {queue: support, rule: never}\n- {file: gone.eml, expect: {queue: support}}\n");
  const Ran ran = run("test" + site.config + (site.dir / "e.yaml"));
  const std::string path = site.dir / "e.yaml";
  CHECK_THAT(ran.out, Catch::Contains(path + ":1: it: queue: wanted support, got sales\n"));
  CHECK_THAT(ran.out, Catch::Contains(path + ":1: it: rule: wanted never, got words\n"));
  CHECK_THAT(ran.out, Catch::Contains("why: rule 'words': subject 'order'"));
  CHECK_THAT(ran.out, Catch::Contains("gone.eml: No such file or directory"));
  CHECK_THAT(ran.out, Catch::Contains("0 passed, 2 failed\n"));
  CHECK(ran.status == 1);

  write_file(site.dir / "e.yaml",
             "- {message: x, rcpt: support@desk.test, expect: {not_rule: nevr}}\n"
             "- {message: x, rcpt: support@desk.test, expect: {not_rule: [never, spam filter]}}\n");
  const Ran misspelt = run("test" + site.config + path);
  CHECK_THAT(misspelt.out, Catch::Contains(path + ":1: not_rule: the configuration has no rule 'nevr'\n"));
  CHECK_THAT(misspelt.out, Catch::Contains("1 passed, 1 failed\n"));

  write_file(site.dir / "e.yaml", "- {file: a, expect: {que: x}}\n");
  CHECK(run("test" + site.config + path).status == 65);
  write_file(site.dir / "postroom.yaml", "nonsense\n");
  CHECK(run("test" + site.config + path).status == 78);
  CHECK(run("test" + site.config).status == 64);
}

TEST_CASE("a replay counts what the rules do over an archive", "[conf]") {
  const Site site;
  site.put("1.eml", mail("support@desk.test", "My order", "Where is it?"));
  site.put("2.eml", mail("support@desk.test", "Re: Broken lamp", "The lamp is broken"));
  site.put("3.eml", mail("Support@desk.test", "Broken lamp", "It flickers, the broken lamp"));
  site.put("4.eml", mail("elsewhere@home.test", "order", "x"));
  const Ran ran = run("replay --json" + site.config + (site.dir / "mail"));
  CHECK_THAT(ran.out, Catch::StartsWith("{"));
  CHECK_THAT(ran.out, Catch::Contains("1 messages name no address of the desk"));
  CHECK(ran.status == 0);

  const auto json = nlohmann::json::parse(ran.out.substr(0, ran.out.find('\n')), nullptr, false);
  CHECK(json["messages"] == 4);
  CHECK(json["queues"] == nlohmann::json{{"sales", 2}, {"support", 2}});
  CHECK(json["rules"] == nlohmann::json{{"words", 2}});
  CHECK(json["never_hit"] == nlohmann::json{"never"});
  CHECK(json["uncovered"] == 2);
  CHECK(json["uncovered_subjects"] == nlohmann::json{{"broken lamp", 2}});
  CHECK(json["uncovered_words"].contains("lamp"));
  CHECK(json["automatic"] == nlohmann::json{{"none", 4}});
}

TEST_CASE("a replay against other rules tells only what would change, in the archive's order", "[conf]") {
  const Site site;
  std::string expected;
  for (int i = 100; i < 200; ++i) {
    const std::string name = std::to_string(i) + ".eml";
    site.put(name, mail("support@desk.test", i % 10 == 0 ? "lamp" : "hello", std::string(100, 'x')));
    if (i % 10 == 0) expected += site.dir / ("mail/" + name) + ": queue support -> sales\n";
  }
  const Ran ran = run("replay --jobs 4" + site.config + "--against " + (site.dir / "other.yaml") + " " +
                      (site.dir / "mail"));
  CHECK(ran.out.substr(0, expected.size()) == expected);
  CHECK_THAT(ran.out, Catch::Contains("changed          10 ( 10.0 %)"));
  CHECK_THAT(ran.out, Catch::Contains("queue support -> sales"));
  CHECK(ran.status == 0);
}

TEST_CASE("what cannot be read does not stop a replay, and is told by its status", "[conf]") {
  const Site site;
  site.put("1.eml", mail("support@desk.test", "a", "b"));
  const Ran ran = run("replay --json" + site.config + (site.dir / "mail") + " " + (site.dir / "gone.mbox"));
  CHECK_THAT(ran.out, Catch::Contains("gone.mbox: No such file or directory"));
  CHECK(last_line(ran.out)["messages"] == 1);
  CHECK(ran.status == 1);
  CHECK(run("replay" + site.config + (site.dir / "gone.mbox")).status == 66);
  CHECK(run("replay" + site.config).status == 64);
  std::filesystem::create_directories(site.dir / "empty");
  CHECK_THAT(run("replay" + site.config + (site.dir / "empty")).out, Catch::Contains("no messages there"));
  CHECK(run("replay" + site.config + "--against /nowhere.yaml " + (site.dir / "mail")).status == 78);
}

TEST_CASE("explain reads several messages, the envelope that it is told and standard input", "[conf]") {
  const Site site;
  site.put("1.eml", mail("x@home.test", "order", "b"));
  const std::string file = site.dir / "mail/1.eml";
  CHECK_THAT(run("explain" + site.config + file).out, Catch::StartsWith(file + ": not for the desk\n"));
  const Ran ran = run("explain" + site.config + "--rcpt support@desk.test " + file + " - < " + file);
  CHECK_THAT(ran.out, Catch::StartsWith(file + ": queue sales, priority normal, not acknowledged\n"));
  CHECK_THAT(ran.out, Catch::Contains("\n-: queue sales"));
  CHECK(ran.status == 0);
  CHECK(run("explain" + site.config + "--at noon " + file).status == 64);
  CHECK(run("explain" + site.config + "/nowhere").status == 66);
  CHECK(run("-c " + (site.dir / "postroom.yaml") + " explain " + file).status == 0);
  CHECK(run("guess").status == 64);
  CHECK(run("").status == 64);
  CHECK_THAT(run("--help").out, Catch::Contains("replay") && Catch::Contains("suggest"));
}

TEST_CASE("rules are suggested from sorted folders and work when they are pasted", "[conf]") {
  const Site site;
  for (const char* queue : {"sales", "support"}) std::filesystem::create_directories(site.dir / queue);
  for (int i = 0; i < 12; ++i) {
    const std::string name = "/" + std::to_string(i) + ".eml", number = std::to_string(i);
    write_file(site.dir / "sales" + name, mail("a@x.test", "offer " + number, "what is the price of a lamp"));
    write_file(site.dir / "support" + name, mail("a@x.test", "broken " + number, "the lamp does not work"));
  }
  const std::string from =
      " --from sales=" + (site.dir / "sales") + " --from support=" + (site.dir / "support");
  const Ran json = run("suggest --json" + site.config + from);
  CHECK(last_line(json.out)["macro_f1"] == 1.0);
  CHECK(json.status == 0);

  const Ran yaml = run("suggest" + site.config + from);
  CHECK(yaml.out == run("suggest" + site.config + from).out);
  write_file(site.dir / "new.yaml", site.yaml + yaml.out);
  write_file(site.dir / "q.eml", mail("support@desk.test", "Question", "The price, please"));
  const Ran explained = run("explain -c " + (site.dir / "new.yaml") + " " + (site.dir / "q.eml"));
  CHECK_THAT(explained.out, Catch::Contains("queue sales"));
  CHECK(run("suggest" + site.config + " --from sales=" + (site.dir / "sales")).status == 65);
  CHECK(run("suggest" + site.config).status == 64);
}

TEST_CASE("rows with labels are split by the caller, and judged on what was not learnt", "[conf]") {
  const TempDir dir;
  std::string train, judge;
  for (int i = 0; i < 8; ++i) {
    const std::string label = i % 2 == 0 ? "card" : "cash";
    const std::string row = R"({"subject": null, "body": "my )" + label + " " + std::to_string(i) +
                            R"( is gone", "labels": {"category": ")" + label + "\"}}\n";
    (i < 6 ? train : judge) += row;
  }
  write_file(dir / "train.jsonl", train + "{}\n");
  write_file(dir / "judge.jsonl", judge);
  const Ran ran = run("suggest --json --label labels.category --train " + (dir / "train.jsonl") +
                      " --judge " + (dir / "judge.jsonl"));
  CHECK_THAT(ran.out, Catch::Contains("train.jsonl:7: not a row with \"labels.category\""));
  CHECK(last_line(ran.out)["macro_f1"] == 1.0);
  CHECK(last_line(ran.out)["judged"] == 2);
  CHECK(ran.status == 1);
}

}  // namespace postroom::tests
