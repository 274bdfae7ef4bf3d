#include "rules/audit.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/rules/desk_for_tests.h"
#include "tests/support/growth.h"

namespace postroom {
namespace {

using What = MailLogLine::What;
using namespace std::chrono;

const LogClock clock_of_tests{sys_days{2026y / 11 / 23} + hours{12}, hours{3}};

std::optional<MailLogLine> read(const std::string& line) { return read_mail_log(line, clock_of_tests); }

// One mail in, delivered: what Postfix 3.7 writes.
const std::string one_mail =
    "Nov 23 10:00:00 mx postfix/smtpd[100]: connect from client.test[192.0.2.1]\n"
    "Nov 23 10:00:00 mx postfix/smtpd[100]: 4Xy1Zq6ZrTz3b: client=client.test[192.0.2.1]\n"
    "Nov 23 10:00:00 mx postfix/cleanup[101]: 4Xy1Zq6ZrTz3b: message-id=<1@home.test>\n"
    "Nov 23 10:00:00 mx postfix/qmgr[102]: 4Xy1Zq6ZrTz3b: from=<anna@home.test>, size=900, nrcpt=1 (queue "
    "active)\n"
    "Nov 23 10:00:01 mx postfix/lmtp[103]: 4Xy1Zq6ZrTz3b: to=<support@desk.test>, orig_to=<help@desk.test>, "
    "relay=desk.test[/run/postroom/lmtp], delay=0.1, delays=0.05/0/0/0.05, dsn=2.0.0, status=sent (250 2.0.0 "
    "ticket 12 in Support)\n"
    "Nov 23 10:00:01 mx postfix/qmgr[102]: 4Xy1Zq6ZrTz3b: removed\n";

std::string cut(const std::string& text, int first, int last) {
  std::istringstream in{text};
  std::string out;
  int number = 0;
  for (std::string line; std::getline(in, line); ++number)
    if (number >= first && number < last) out += line + "\n";
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// What the desk has.
struct Asked {
  std::set<TicketNumber> tickets{12};
  std::set<std::string> arrived{}, without_file{};  // queue ids

  DeskSays operator()(const AuditPair& pair, const std::optional<ToldNumbers>& told) const {
    if (without_file.contains(pair.queue_id)) return {DeskSays::Answer::file_missing, "no file"};
    const bool here = arrived.contains(pair.queue_id) || (told && tickets.contains(told->ticket));
    return here ? DeskSays{} : DeskSays{DeskSays::Answer::unknown, "no row"};
  }
};

void feed(Audit& audit, const std::string& log) {
  std::istringstream in{log};
  for (std::string line; std::getline(in, line);)
    if (const auto parsed = read(line)) audit.add(*parsed);
}

Audit::Result audited(const std::string& log, const Asked& asked = {},
                      const std::vector<QueuedMail>& queue = {}) {
  static const Desk desk = tests::small_desk();
  Audit audit{desk, asked};
  for (const QueuedMail& mail : queue) audit.add(mail);
  feed(audit, log);
  return audit.finish();
}

std::string problems(const Audit::Result& result) {
  std::string text;
  for (const AuditProblem& one : result.problems)
    text += one.kind + " " + one.pair.queue_id + " " + one.pair.recipient + "\n";
  return text;
}

}  // namespace

TEST_CASE("Postfix's log is read in every format it is written in", "[rules][audit]") {
  const std::string rest =
      "postfix/lmtp[7]: 3F2A91C0A1: to=<support@desk.test>, relay=x, status=sent (250 ok)";
  for (const std::string& head :
       {std::string{"Nov 23 10:00:05 mx "}, std::string{"2026-11-23T10:00:05.123456+03:00 mx "},
        std::string{"2026-11-23T07:00:05Z mx "}, std::string{"2026-11-23T10:00:05+0300 mx "},
        std::string{"2026-11-23 10:00:05.5+03:00 mx "}}) {
    const auto line = read(head + rest);
    REQUIRE(line);
    CHECK(line->what == What::attempt);
    CHECK(line->queue_id == "3F2A91C0A1");
    CHECK(line->recipient == "support@desk.test");
    CHECK(line->status == "sent");
    CHECK(line->reply == "250 ok");
    CHECK(line->time == sys_days{2026y / 11 / 23} + hours{7} + seconds{5});
  }
  CHECK(read("Dec 31 10:00:05 mx " + rest)->time < sys_days{2026y / 1 / 1});  // of last year
  CHECK(read("Nov  3 10:00:05 mx " + rest)->time == sys_days{2026y / 11 / 3} + hours{7} + seconds{5});
  CHECK(read("Feb 29 10:00:05 mx " + rest)->time == sys_days{2024y / 2 / 29} + hours{7} + seconds{5});
  CHECK(read("Nov 23 10:00:05 mx postfix-in/submission/smtpd[7]: NOQUEUE: reject: RCPT from x[192.0.2.1]: "
             "450 no; "
             "from=<a@b.test> to=<support@desk.test> proto=ESMTP helo=<x>")
            ->instance == "postfix-in");
}

TEST_CASE("lines that say nothing about a message are passed over", "[rules][audit]") {
  for (const char* line :
       {"", "\n", "Nov 23", "Nov 23 10:00:00", "Nov 32 10:00:00 mx postfix/qmgr[1]: 3F2A91C0A1: removed",
        "Nov 23 25:00:00 mx postfix/qmgr[1]: 3F2A91C0A1: removed",
        "Now 23 10:00:00 mx postfix/qmgr[1]: x: removed",
        "Nov 23 10:00:00 mx postfix/smtpd[1]: warning: hostname x does not resolve",
        "Nov 23 10:00:00 mx postfix/smtpd[1]: fatal: open lock file: x",
        "Nov 23 10:00:00 mx postfix/smtpd[1]: connect from x[192.0.2.1]",
        "Nov 23 10:00:00 mx postfix/smtpd[1]: 3F2A91C0A1: client=x[192.0.2.1]",
        "Nov 23 10:00:00 mx postfix/anvil[1]: statistics: max connection rate 1/60s",
        "Nov 23 10:00:00 mx dovecot: imap(ivan)<1><x>: Logged out",
        "Nov 23 10:00:00 mx sshd[1]: 3F2A91C0A1: removed",
        "2026-13-23T10:00:05Z mx postfix/qmgr[1]: 3F2A91C0A1: removed",
        "2026-11-23T10:00:05 mx postfix/qmgr[1]: 3F2A91C0A1: removed"})
    CHECK_FALSE(read(line));
}

TEST_CASE("a mail that was taken by the desk is delivered", "[rules][audit]") {
  const auto good = [](const Audit::Result& result) {
    CHECK(problems(result).empty());
    CHECK(result.counts.accepted() == 1);
    CHECK(result.counts.delivered == 1);
  };
  good(audited(one_mail));
  SECTION("with short queue ids") { good(audited(replaced(one_mail, "4Xy1Zq6ZrTz3b", "3F2A91C0A1"))); }
  SECTION("by a Postfix of another name") { good(audited(replaced(one_mail, "postfix/", "postfix-in/"))); }
  SECTION("when the newer log is read first") { good(audited(cut(one_mail, 4, 6) + cut(one_mail, 0, 4))); }
  SECTION("when it was deferred before") {
    const std::string deferred = replaced(cut(one_mail, 4, 5), "status=sent (250 2.0.0 ticket 12 in Support)",
                                          "status=deferred (connect to /run/postroom/lmtp: No such file)");
    good(audited(cut(one_mail, 0, 4) + deferred + deferred + cut(one_mail, 4, 6)));
  }
  SECTION("when the log begins in the middle") { good(audited(cut(one_mail, 4, 6))); }
  SECTION("with an extension that a reply brings") {
    good(audited(replaced(one_mail, "to=<support@", "to=<support+12.abc@")));
  }
  SECTION("and mail to others is no business of ours") {
    const auto result = audited(replaced(one_mail, "to=<support@desk.test>", "to=<ivan@desk.test>"));
    CHECK(result.counts.accepted() == 0);
    CHECK(problems(result).empty());
  }
}

TEST_CASE("a delivery that the desk does not have is named", "[rules][audit]") {
  CHECK(problems(audited(one_mail, {{}})) == "not-in-database 4Xy1Zq6ZrTz3b support@desk.test\n");
  Asked asked;
  asked.without_file = {"4Xy1Zq6ZrTz3b"};
  const auto result = audited(one_mail, asked);
  CHECK(problems(result) == "missing-file 4Xy1Zq6ZrTz3b support@desk.test\n");
  REQUIRE(result.problems.size() == 1);
  CHECK(result.problems[0].pair.sender == "anna@home.test");
  CHECK(result.problems[0].pair.time == sys_days{2026y / 11 / 23} + hours{7} + seconds{1});
  const std::string elsewhere = replaced(one_mail, "250 2.0.0 ticket 12 in Support", "delivered to maildir");
  CHECK(problems(audited(elsewhere)) == "delivered-elsewhere 4Xy1Zq6ZrTz3b support@desk.test\n");
}

TEST_CASE("a mail that waits is looked for in the queue", "[rules][audit]") {
  const std::string deferred =
      cut(one_mail, 0, 4) + replaced(cut(one_mail, 4, 5), "status=sent (250 2.0.0 ticket 12 in Support)",
                                     "status=deferred (Connection refused)");
  const QueuedMail queued{"4Xy1Zq6ZrTz3b", {"support@desk.test", "ivan@desk.test"}};
  CHECK(audited(deferred, {}, {queued}).counts.queued == 1);
  CHECK(problems(audited(deferred, {}, {queued})).empty());
  CHECK(problems(audited(deferred)) == "missing 4Xy1Zq6ZrTz3b support@desk.test\n");
  CHECK(audited(deferred).counts.missing == 1);
  SECTION("and the log of before its first attempt does not say for whom it is") {
    CHECK(problems(audited(cut(one_mail, 0, 4))) == "missing 4Xy1Zq6ZrTz3b \n");
    CHECK(problems(audited(cut(one_mail, 0, 4), {}, {queued})).empty());
  }
  SECTION("unless it has come, which the log is too old to tell") {
    Asked asked;
    asked.arrived = {"4Xy1Zq6ZrTz3b"};
    CHECK(problems(audited(deferred, asked)).empty());
    CHECK(audited(deferred, asked).counts.delivered == 1);
  }
  SECTION("and is not counted twice if it left the queue after that was listed") {
    const auto result = audited(one_mail, {}, {queued});
    CHECK(result.counts.queued == 0);
    CHECK(result.counts.delivered == 1);
  }
  SECTION("and removed without a delivery it is missing") {
    CHECK(problems(audited(deferred + cut(one_mail, 5, 6))) == "missing 4Xy1Zq6ZrTz3b support@desk.test\n");
  }
  SECTION("and after a week it goes back") {
    const std::string expired = deferred +
                                "Nov 23 11:00:00 mx postfix/qmgr[102]: 4Xy1Zq6ZrTz3b: from=<anna@home.test>, "
                                "status=expired, returned to "
                                "sender\n" +
                                cut(one_mail, 5, 6);
    CHECK(audited(expired).counts.bounced == 1);
    CHECK(problems(audited(expired)).empty());
  }
  SECTION("or is deleted by the admin") {
    const std::string deleted =
        deferred + "Nov 23 11:00:00 mx postfix/postsuper[9]: 4Xy1Zq6ZrTz3b: removed\n";
    CHECK(audited(deleted).counts.removed == 1);
    CHECK(problems(audited(deleted)).empty());
  }
}

TEST_CASE("mail that was not accepted is not missed", "[rules][audit]") {
  const std::string envelope = "from=<anna@home.test> to=<support@desk.test> proto=ESMTP helo=<home>\n";
  const auto refused = audited(
      "Nov 23 10:00:00 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 450 4.1.1 "
      "<support@desk.test>: Recipient address rejected; " +
      envelope);
  CHECK(refused.counts.rejected == 1);
  CHECK(refused.counts.accepted() == 0);
  const auto at_the_end =
      audited(cut(one_mail, 0, 3) +
              "Nov 23 10:00:00 mx postfix/cleanup[1]: 4Xy1Zq6ZrTz3b: milter-reject: END-OF-MESSAGE from "
              "x[192.0.2.1]: 5.7.1 spam; " +
              envelope);
  CHECK(at_the_end.counts.rejected == 1);
  CHECK(problems(at_the_end).empty());
  const auto discarded =
      audited(cut(one_mail, 0, 3) +
              "Nov 23 10:00:00 mx postfix/cleanup[1]: 4Xy1Zq6ZrTz3b: milter-discard: END-OF-MESSAGE from "
              "x[192.0.2.1]: milter triggers DISCARD action; " +
              envelope);
  CHECK(discarded.counts.removed == 1);
  CHECK(problems(discarded).empty());
}

TEST_CASE("a mail to several addresses of the desk is several deliveries", "[rules][audit]") {
  const std::string other = replaced(cut(one_mail, 4, 5), "to=<support@", "to=<sales@");
  const std::string log =
      replaced(cut(one_mail, 0, 4), "nrcpt=1", "nrcpt=2") + cut(one_mail, 4, 5) +
      replaced(other, "status=sent (250 2.0.0 ticket 12 in Support)", "status=bounced (550 no)") +
      cut(one_mail, 5, 6);
  const auto result = audited(log);
  CHECK(result.counts.accepted() == 2);
  CHECK(result.counts.delivered == 1);
  CHECK(result.counts.bounced == 1);
  CHECK(problems(result).empty());
}

TEST_CASE("a mail that Postfix hands to another Postfix is followed there", "[rules][audit]") {
  const std::string passed =
      replaced(replaced(one_mail, "250 2.0.0 ticket 12 in Support", "250 2.0.0 Ok: queued as 3F2A91C0A1"),
               "postfix/", "postfix-in/");
  const auto result = audited(passed + replaced(one_mail, "4Xy1Zq6ZrTz3b", "3F2A91C0A1"));
  CHECK(result.counts.passed == 1);
  CHECK(result.counts.delivered == 1);
  CHECK(problems(result).empty());
}

TEST_CASE("our replies tell a ticket or a message", "[rules][audit]") {
  CHECK(numbers_in_reply("250 2.0.0 ticket 12 in Support")->ticket == 12);
  CHECK(numbers_in_reply("250 2.0.0 message 7 in Support")->message == 7);
  for (const char* other : {"", "250 ok", "250 ticket 12", "250 ticket -1 in x", "250 ticket x in y",
                            "250 ticket ", "250 ticket 99999999999999999999 in x", "250 noticket 12 in x"})
    CHECK_FALSE(numbers_in_reply(other));
}

TEST_CASE("a long log costs time by its length only", "[rules][audit]") {
  const double slope = tests::growth(2000, [](std::size_t size) {
    std::string log;
    for (std::size_t i = 0; i < size; ++i)
      log += replaced(one_mail, "4Xy1Zq6ZrTz3b", "A" + std::to_string(100000 + i));
    CHECK(audited(log).counts.delivered == static_cast<std::int64_t>(size));
  });
  CHECK(slope < tests::linear);
  const double line = tests::growth(100000, [](std::size_t size) {
    std::string text = "Nov 23 10:00:00 mx postfix/lmtp[7]: 3F2A91C0A1: to=<";
    while (text.size() < size) text += "to=<a, status=sent (";
    read(text);
  });
  CHECK(line < tests::linear);
}

}  // namespace postroom
