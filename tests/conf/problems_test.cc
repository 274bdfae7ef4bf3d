#include <catch2/catch.hpp>

#include "tests/conf/support.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

struct Row {
  std::string yaml;
  std::vector<std::string> problems;
};

void check_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.yaml);
    CHECK(problems_of(row.yaml) == row.problems);
  }
}

// good_yaml with lines behind it; they begin in line 7.
std::string with(const std::string& lines) { return good_yaml + lines; }

// good_yaml with one piece replaced.
std::string changed(const std::string& from, const std::string& to) {
  std::string yaml = good_yaml;
  const std::size_t at = yaml.find(from);
  if (at == std::string::npos) throw std::runtime_error("no '" + from + "' in the good configuration");
  return yaml.replace(at, from.size(), to);
}

std::string rule(const std::string& when_and_then) {
  return with("rules:\n  - {name: r, " + when_and_then + "}\n");
}

}  // namespace

TEST_CASE("the least configuration that can receive mail is good", "[conf][R31]") {
  CHECK(problems_of(good_yaml) == std::vector<std::string>{});
}

TEST_CASE("a file that is no YAML is reported with its place", "[conf][R31]") {
  check_rows({
      {"channels: [\n", {"2:1: not YAML: end of sequence flow not found"}},
      {"a: b: c\n", {"1:5: not YAML: illegal map value"}},
      {"",
       {"1:1: the configuration: 'name: value' lines are expected here",
        "1:1: the configuration: 'channels' is missing", "1:1: the configuration: 'queues' is missing",
        "1:1: the configuration: 'operators' is missing"}},
      {good_yaml + "---\nhost: x\n", {"8:1: a second YAML document begins here; one is expected"}},
      {"# \xff\n" + good_yaml, {"1:1: this line is not UTF-8 text; convert the file to UTF-8"}},
  });
}

TEST_CASE("an unknown or repeated setting is reported where it stands", "[conf][R31]") {
  check_rows({
      {with("hots: mx\n"), {"7:1: the configuration: 'hots' is not a setting; did you mean 'host'?"}},
      {with("limits: {idel: 5m}\n"), {"7:10: limits: 'idel' is not a setting; did you mean 'idle'?"}},
      {with("folders: {archive: x}\n"),
       {"7:11: folders: 'archive' is not a setting; known here: in_progress, done, waiting, junk, "
        "automatic"}},
      {with("host: a\nhost: b\n"), {"8:1: 'host' is written twice; it is also in line 7"}},
      {with("queues: {}\n"), {"7:1: 'queues' is written twice; it is also in line 3"}},
      {changed("  support: {group: firstline}\n", "  support: {group: firstline}\n  support: {group: b}\n"),
       {"5:3: 'support' is written twice; it is also in line 4"}},
      {with("? [a]\n: b\n"), {"7:3: the configuration: one value is expected here"}},
  });
}

TEST_CASE("a value of the wrong kind is reported where it stands", "[conf][R31]") {
  const std::string duration = "write a number with s, m, h or d, as in 30s or 4h";
  check_rows({
      {with("limits: {idle: 5x}\n"), {"7:16: idle: '5x' is not a duration; " + duration}},
      {with("limits: {idle: 300}\n"), {"7:16: idle: '300' is not a duration; " + duration}},
      {with("limits: {idle: 99999999999999999999d}\n"),
       {"7:16: idle: '99999999999999999999d' is not a duration; " + duration}},
      {with("limits: {idle: -5s}\n"), {"7:16: idle: '-5s' is not a duration; " + duration}},
      {with("limits: {idle: 0s}\n"), {"7:16: idle: '0s' is out of range; it must be from 1s to 1d"}},
      {with("limits: {line: 64Q}\n"),
       {"7:16: line: '64Q' is not a size; write a number of bytes, or 64K, 2M, 1G"}},
      {with("limits: {line: 100}\n"), {"7:16: line: '100' is out of range; it must be from 1000 to 1G"}},
      {with("limits: {depth: 3.5}\n"), {"7:17: depth: '3.5' is not a number"}},
      {with("limits: {depth: [3]}\n"), {"7:17: depth: one value is expected here"}},
      {with("limits: 5\n"), {"7:9: limits: 'name: value' lines are expected here"}},
      {with("host:\n"), {"7:1: host: the value is missing; write one or leave the line out"}},
      {with("host: a_b\n"), {"7:7: host: 'a_b' is not a host name"}},
      {with("host: \"a\\nb\"\n"),
       {"7:7: host: the value contains a line break or another control character"}},
      {with("recipient_delimiter: ab\n"),
       {"7:22: recipient_delimiter: 'ab' cannot separate an extension; write one character such as \"+\""}},
      {with("log: sysloog\n"), {"7:6: log: 'sysloog' is neither syslog nor stderr nor the path of a file"}},
      {with("mailboxes: {layout: mbox}\n"),
       {"7:21: layout: 'mbox' is not known here; write one of: fs, maildir++"}},
      {with("mailboxes: {folder_mode: \"0890\"}\n"),
       {"7:26: folder_mode: '0890' is not a mode; write it in octal, as in \"0660\""}},
      {with("mailboxes: {folder_mode: \"0600\"}\n"),
       {"7:26: folder_mode: mode '0600' does not work; it must be from 0700 to 2777, open to the owner"}},
      {with("paths: {run: \"\"}\n"), {"7:14: run: a path is missing"}},
      {changed("support@desk.test", "support"), {"2:15: address: 'support' is not a mail address"}},
      {changed("firstline}", "firstline, acknowledgement: maybe}"),
       {"4:48: acknowledgement: 'maybe' is not known here; write one of: off, on, false, true, no, yes"}},
      {changed("firstline}", "firstline, language: russian}"),
       {"4:41: language: 'russian' is not a language; write its two letters, as in en or ru"}},
      {changed("firstline}", "firstline, prefix: \"[#\"}"),
       {"4:39: prefix: prefix '[#' does not work; write up to 20 Latin letters and digits"}},
      {changed("firstline}", "firstline, text: ../x}"),
       {"4:37: text: '../x' is not the name of a text; write the file's name without directory and .txt"}},
      {changed("login: ivan", "login: a b"),
       {"6:13: login: 'a b' is not a login; it is made of Latin letters, digits and . - _ @ +"}},
      {changed("[firstline]", "[]"),
       {"4:20: no operator is in group 'firstline'", "6:27: groups: the list is empty"}},
      {changed("[firstline]}", "[firstline, \" \"]}"), {"6:39: groups: the word is empty"}},
  });
}

TEST_CASE("a socket that others could reach or that cannot be is refused", "[conf][R31]") {
  const std::string remote = "is not on this machine; whoever can connect is believed, so write ";
  check_rows({
      {with("sockets: {lmtp: inet:0.0.0.0:24}\n"),
       {"7:17: lmtp: 'inet:0.0.0.0:24' " + remote + "inet:127.0.0.1:PORT"}},
      {with("sockets: {milter: inet:8891@mx.test}\n"),
       {"7:19: milter: 'inet:8891@mx.test' " + remote + "inet:PORT@127.0.0.1"}},
      {with("sockets: {lmtp: inet:127.0.0.1:99999}\n"),
       {"7:17: lmtp: 'inet:127.0.0.1:99999' is not a socket; write unix:PATH or inet:127.0.0.1:PORT"}},
      {with("sockets: {lmtp: /run/x}\n"),
       {"7:17: lmtp: '/run/x' is not a socket; write unix:PATH or inet:127.0.0.1:PORT"}},
      {with("sockets: {lmtp: \"unix:\"}\n"), {"7:17: lmtp: the socket has no path; write unix:PATH"}},
      {with("sockets:\n  milter: unix:/run/a\n  lmtp: unix:/run/a\n"),
       {"9:9: the milter and LMTP cannot listen on the same socket"}},
      {with("sockets: {submit: \"http://x\"}\n"),
       {"7:19: submit: 'http://x' is not an SMTP server; write smtp://HOST:PORT"}},
      {with("sockets: {submit: \"smtp://[::1\"}\n"),
       {"7:19: submit: 'smtp://[::1' is not an SMTP server; write smtp://HOST:PORT"}},
  });
  const std::string path(200, 'x');
  CHECK(problems_of(with("sockets: {lmtp: unix:/" + path + "}\n")) ==
        std::vector<std::string>{"7:17: lmtp: socket path '/" + path + "' is longer than 107 bytes"});
}

TEST_CASE("a name that leads nowhere is reported with the nearest one", "[conf][R31]") {
  check_rows({
      {changed("queue: support", "queue: suport"),
       {"2:41: queue 'suport' is not defined; did you mean 'support'?"}},
      {changed("{group: firstline}", "{group: fristline}"),
       {"4:20: no operator is in group 'fristline'; did you mean 'firstline'?",
        "6:27: no queue belongs to group 'firstline'; did you mean 'fristline'?"}},
      {rule("when: {queue: sales, subject: x}, then: {queue: supprt}"),
       {"8:29: queue 'sales' is not defined",
        "8:63: queue 'supprt' is not defined; did you mean 'support'?"}},
      {changed(", queue: support", ""), {"2:5: channel: 'queue' is missing"}},
      {changed("  support: {group: firstline}", "  support: {mailbox: Support}"),
       {"4:12: queue 'support': 'group' is missing", "6:27: no queue belongs to group 'firstline'"}},
  });
}

TEST_CASE("places count characters, so that Cyrillic text does not shift them", "[conf][R31]") {
  CHECK(problems_of(with("folders: {done: Обработанные, junk: cur}\n")) ==
        std::vector<std::string>{"7:37: junk: folder name 'cur' is reserved by the Maildir format"});
  CHECK(problems_of(changed("queue: support", "queue: саппорт")) ==
        std::vector<std::string>{"2:41: queue 'саппорт' is not defined"});
}

TEST_CASE("what is used twice is reported with the first use", "[conf][R31]") {
  const std::string second_queue = "{group: firstline}\n  sales: {group: firstline, mailbox: support}";
  const std::string second_operator = "[firstline]}\n  - {login: ivan, name: Olga, groups: [firstline]}";
  const std::string same_name = "[firstline]}\n  - {login: olga, name: ivan, groups: [firstline]}";
  check_rows({
      {changed("queue: support}", "queue: support}\n  - {address: Support@DESK.test, queue: support}"),
       {"3:15: channel 'support@desk.test' is used twice; it is also in line 2"}},
      {changed("{group: firstline}", second_queue),
       {"5:38: mailbox 'support' is used twice; it is also in line 4"}},
      {changed("[firstline]}", second_operator), {"7:13: login 'ivan' is used twice; it is also in line 6"}},
      {changed("[firstline]}", same_name),
       {"7:25: operator name 'ivan' is used twice; it is also in line 6"}},
      {with("rules:\n  - {name: a, when: {subject: x}, then: {spam: on}}\n"
            "  - {name: a, when: {subject: y}, then: {spam: on}}\n"),
       {"9:12: rule name 'a' is used twice; it is also in line 8"}},
  });
}

TEST_CASE("a folder name that IMAP or Maildir cannot carry is refused", "[conf][R31]") {
  const std::string junk = "7:17: junk: ";
  check_rows({
      {with("folders: {junk: a/b}\n"), {junk + "folder name 'a/b' contains '/'"}},
      {with("folders: {junk: \"~x\"}\n"),
       {junk + "folder name '~x' begins with '~', which IMAP clients could not open"}},
      {with("folders: {junk: a*}\n"),
       {junk + "folder name 'a*' contains '*' or '%', which IMAP takes for wildcards"}},
      {with("folders: {junk: tmp}\n"), {junk + "folder name 'tmp' is reserved by the Maildir format"}},
      {with("folders: {junk: \"x \"}\n"), {junk + "folder name 'x ' begins or ends with a space"}},
      {with("folders: {junk: ivan}\n"),
       {"6:5: operator name 'ivan' is also the junk folder of the queues; give him another"}},
      {with("folders: {done: In progress}\n"),
       {"7:17: folder 'In progress' cannot be both in_progress and done"}},
      {changed("login: ivan", "login: ivan.petrov") + "mailboxes: {layout: maildir++}\n",
       {"6:5: folder name 'ivan.petrov' contains a dot, which layout maildir++ does not allow"}},
      {changed("  support: {", "  a/b: {"),
       {"2:41: queue 'support' is not defined",
        "4:3: queue 'a/b': folder name 'a/b' contains '/'; give the queue a 'mailbox'"}},
  });
}

TEST_CASE("a rule that cannot mean anything is reported", "[conf][R31]") {
  check_rows({
      {rule("then: {spam: on}"), {"8:5: rule 'r': 'when' is missing"}},
      {rule("when: {subject: x}"), {"8:5: rule 'r': 'then' is missing"}},
      {rule("when: {}, then: {spam: on}"), {"8:21: rule 'r', when: 'name: value' lines are expected here"}},
      {rule("when: {subject: []}, then: {spam: on}"), {"8:31: rule 'r', subject: the list is empty"}},
      {rule("when: {subjetc: x}, then: {spam: on}"),
       {"8:22: rule 'r', when: 'subjetc' is not a setting; did you mean 'subject'?"}},
      {rule("when: {any: [{body: x, subject: y}]}, then: {spam: on}"),
       {"8:28: rule 'r', any: write each condition as an item of its own"}},
      {rule("when: {any: [{all: [{body: x}]}]}, then: {spam: on}"),
       {"8:29: rule 'r', any: 'all' cannot stand inside another group"}},
      {rule("when: {header: {\"X Y\": z}}, then: {spam: on}"), {"8:31: 'X Y' is not the name of a header"}},
      {rule("when: {subject: x}, then: {priority: urgent}"),
       {"8:52: priority 'urgent' is not high, normal or low"}},
      {rule("when: {subject: x}, then: {queue: support, weight: 0}"),
       {"8:66: weight '0' is not a number above 0 and up to 1000"}},
      {rule("when: {subject: x}, then: {queue: support, weight: 1000.5}"),
       {"8:66: weight '1000.5' is not a number above 0 and up to 1000"}},
      {rule("when: {subject: x}, then: {queue: support, weight: nan}"),
       {"8:66: weight 'nan' is not a number above 0 and up to 1000"}},
      {rule("when: {subject: x}, then: {tags: a, weight: 2}"),
       {"8:41: rule 'r': a weight needs a queue or a priority to speak for"}},
      {rule("when: {subject: [x, \"/a(/\"]}, then: {spam: on}"),
       {"8:35: rule 'r', subject '/a(/': the pattern does not work: missing ): a("}},
      {rule("when: {body: \"... x\"}, then: {spam: on}"),
       {"8:28: rule 'r', body '... x': a gap, ..., stands between words"}},
      {rule("when: {size: 5M}, then: {spam: on}"),
       {"8:28: rule 'r', size '5M': '5M' is no range of sizes; write >5M, <10K or 1M-5M"}},
      {rule("when: {hour: 9-25}, then: {spam: on}"),
       {"8:28: rule 'r', hour '9-25': '9-25' is no hours; write 18-9 for 18:00 until 9:00, or one hour from "
        "0 "
        "to 23"}},
      {rule("when: {form: {Town: x}}, then: {spam: on}"),
       {"8:29: no channel has a form with the field 'Town'"}},
      {with("time_zone: Mars/Olympus\n"),
       {"7:12: time_zone: 'Mars/Olympus' is not a time zone; write its IANA name, as in Europe/Berlin or "
        "UTC"}},
      {with("languages: [en, xx]\n"),
       {"7:17: no word forms for 'xx'; known: ar, ca, da, de, el, en, es, eu, fi, fr, ga, hi, hu, hy, id, "
        "it, "
        "lt, ne, nl, no, pt, ro, ru, sr, sv, ta, tr, yi"}},
      {rule("when: {subject: x}, then: {tags: [a, \"b c\"]}"),
       {"8:52: tag 'b c' contains a space, comma or semicolon"}},
      {rule("when: {subject: x}, then: {spam: perhaps}"),
       {"8:48: rule 'r', spam: 'perhaps' is not known here; write one of: off, on, false, true, no, yes"}},
  });
}

TEST_CASE("all mistakes of a file are told at once, in its order", "[conf][R31]") {
  CHECK(problems_of("hots: a\n"
                    "channels:\n"
                    "  - {address: support, queue: sup}\n"
                    "queues:\n"
                    "  support: {group: g, answer_within: soon}\n"
                    "operators: []\n")
            .size() == 6);
}

TEST_CASE("a hostile file is a list of problems, never a crash", "[conf][R31]") {
  const std::vector<std::string> files{std::string(20000, '['),
                                       "&a [*a]\n",
                                       "a: &x {b: *x}\n",
                                       "channels: &c [*c]\nqueues: *c\n",
                                       "<<: {a: b}\n",
                                       std::string("a\0b: c", 6),
                                       "!!binary x\n",
                                       "- a\n",
                                       "channels: {}\nqueues: []\noperators: x\nrules: {}\n",
                                       "%YAML 9.9\n---\na",
                                       "\t\t",
                                       "*nobody"};
  for (const std::string& file : files) {
    INFO(file.substr(0, 60));
    CHECK(!problems_of(file).empty());
  }
}

TEST_CASE("a configuration that cannot be read is one problem without a place", "[conf][R31]") {
  const auto missing = load_settings("/nonexistent/postroom.yaml").problems;
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].str() == "/nonexistent/postroom.yaml: cannot be read: No such file or directory");
  CHECK(load_settings("/").problems.at(0).str() == "/: cannot be read: is not a file");
}
