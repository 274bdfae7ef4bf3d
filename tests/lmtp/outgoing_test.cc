#include "lmtp/outgoing.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "lmtp/smtp_client.h"
#include "tests/lmtp/desk.h"
#include "tests/lmtp/smtp_peer.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

constexpr std::chrono::seconds step{2};
const std::string mail = "From: <support@desk.test>\r\nTo: <a@b.test>\r\n\r\n.dot first\r\nend\r\n";

std::string config(const std::string& url, const std::string& outbox) {
  return "sockets: {submit: \"" + url + "\"}\noutbox: {" + outbox + "}\n";
}

bool has(const std::vector<std::string>& commands, const std::string& start) {
  return std::any_of(commands.begin(), commands.end(),
                     [&](const auto& line) { return line.starts_with(start); });
}

bool logs(const TestDesk& desk, const std::string& text) {
  return eventually([&] { return desk.log_text().find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("mail goes out with the null sender, over one connection, byte for byte", "[lmtp][R18]") {
  const SmtpPeer peer;
  SmtpClient client{[] { return false; }};
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.send(peer.url() + "/mx.desk.test", step, "anna@customer.test", mail);
    CHECK(answer.result == SmtpClient::Result::sent);
    CHECK(answer.why == "250 2.0.0 queued");
  }
  client.send(peer.url() + "/mx.desk.test", step, "анна@customer.test", mail);
  CHECK(peer.connections() == 1);
  const auto commands = peer.commands();
  REQUIRE(commands.size() > 3);
  CHECK(commands[0] == "EHLO mx.desk.test");
  CHECK(commands[1].starts_with("MAIL FROM:<>"));
  CHECK(commands[2] == "RCPT TO:<anna@customer.test>");
  CHECK(has(commands, "RCPT TO:<анна@customer.test>"));
  CHECK(std::any_of(commands.begin(), commands.end(),
                    [](const auto& line) { return line.starts_with("MAIL") && line.ends_with("SMTPUTF8"); }));
  REQUIRE(peer.mails().size() == 4);
  CHECK(peer.mails()[0] == "From: <support@desk.test>\r\nTo: <a@b.test>\r\n\r\n..dot first\r\nend\r\n");
}

TEST_CASE("what the peer does decides whether a mail may be tried again", "[lmtp][R18]") {
  using Result = SmtpClient::Result;
  struct Row {
    const char* what;
    SmtpPeer::Answers answers;
    Result result;
  };
  const Row rows[] = {
      {"greets with 421", {{"greeting", "421 busy"}}, Result::again},
      {"greets with 554", {{"greeting", "554 5.7.1 no service"}}, Result::again},
      {"refuses our name", {{"EHLO", "550 5.7.1 no"}, {"HELO", "550 5.7.1 no"}}, Result::again},
      {"refuses the sender", {{"MAIL", "550 5.7.1 no null sender"}}, Result::again},
      {"refuses DATA", {{"DATA", "554 5.5.1 not now"}}, Result::again},
      {"says nothing at all", {{"greeting", "silence"}}, Result::again},
      {"defers the recipient", {{"RCPT", "451 4.7.1 wait"}}, Result::again},
      {"refuses the recipient", {{"RCPT", "550 5.1.1 unknown"}}, Result::refused},
      {"drops at DATA", {{"DATA", "drop"}}, Result::again},
      {"defers the mail", {{".", "451 4.3.0 disk full"}}, Result::again},
      {"refuses the mail", {{".", "554 5.7.1 no"}}, Result::refused},
      {"drops after the dot", {{".", "drop"}}, Result::uncertain},
      {"says nothing after the dot", {{".", "silence"}}, Result::uncertain},
  };
  for (const Row& row : rows) {
    const SmtpPeer peer{row.answers};
    SmtpClient client{[] { return false; }};
    const auto answer = client.send(peer.url(), step, "anna@customer.test", mail);
    INFO(row.what << ": " << answer.why);
    CHECK(answer.result == row.result);
    const bool told = answer.result != Result::uncertain && row.answers.begin()->second.size() > 8;
    if (told) CHECK(answer.why == row.answers.begin()->second);
  }
}

TEST_CASE("nobody listening is tried again later", "[lmtp]") {
  std::string url;
  {
    const SmtpPeer peer;
    url = peer.url();
  }
  SmtpClient client{[] { return false; }};
  CHECK(client.send(url, step, "a@b.test", mail).result == SmtpClient::Result::again);
}

TEST_CASE("a stop does not wait for a slow peer", "[lmtp]") {
  const SmtpPeer peer{{{"RCPT", "silence"}}};
  std::atomic<bool> stop{false};
  SmtpClient client{[&stop] { return stop.load(); }};
  std::jthread stopper{[&] {
    eventually([&] { return has(peer.commands(), "RCPT"); });
    stop = true;
  }};
  const auto start = std::chrono::steady_clock::now();
  CHECK(client.send(peer.url(), std::chrono::seconds{60}, "a@b.test", mail).result ==
        SmtpClient::Result::stopped);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{10});
}

TEST_CASE("an acknowledgement leaves after the message lies in its folder", "[lmtp][R18]") {
  SmtpPeer peer;
  TestDesk desk{config(peer.url(), "retry: 1s, timeout: 5s")};
  const Outbox outbox{desk.live, *desk.committer, desk.log};
  REQUIRE(desk.deliver->deliver(letter("A1"))[0].code == 250);
  REQUIRE(eventually([&] { return peer.mails().size() == 1; }));
  CHECK(has(peer.commands(), "RCPT TO:<anna@customer.test>"));
  CHECK(peer.mails()[0].find("In-Reply-To: <A1@customer.test>") != std::string::npos);
  CHECK(logs(desk, "outbox: ticket=1 mail=1 status=sent"));
  desk.deliver->deliver(letter("A1"));  // Postfix has not heard us
  desk.deliver->deliver(letter("B2"));
  REQUIRE(eventually([&] { return peer.mails().size() == 2; }));
  CHECK(peer.mails()[1].find("In-Reply-To: <B2@customer.test>") != std::string::npos);
}

TEST_CASE("an acknowledgement that Postfix defers comes again, one it refuses does not", "[lmtp][R18]") {
  SmtpPeer peer{{{"RCPT", "451 4.7.1 wait"}}};
  TestDesk desk{config(peer.url(), "retry: 1s, timeout: 5s")};
  const Outbox outbox{desk.live, *desk.committer, desk.log};
  desk.deliver->deliver(letter("A1"));
  REQUIRE(logs(desk, "status=again reason=\"451 4.7.1 wait\""));
  peer.answer("RCPT", "250 ok");
  CHECK(eventually([&] { return peer.mails().size() == 1; }));
  peer.answer("RCPT", "550 5.1.1 unknown");
  desk.deliver->deliver(letter("B2"));
  CHECK(logs(desk, "status=failed reason=\"550 5.1.1 unknown\""));
  CHECK_FALSE(desk.committer->next_due());
}

TEST_CASE("an acknowledgement whose fate is unknown is not sent twice", "[lmtp][R18]") {
  SmtpPeer peer{{{".", "drop"}}};
  TestDesk desk{config(peer.url(), "retry: 1s, timeout: 5s")};
  const Outbox outbox{desk.live, *desk.committer, desk.log};
  desk.deliver->deliver(letter("A1"));
  REQUIRE(logs(desk, "status=uncertain"));
  CHECK(eventually([&] { return !desk.committer->next_due(); }));
  CHECK(peer.mails().size() == 1);
}

TEST_CASE("an acknowledgement older than its lifetime is given up", "[lmtp][R18]") {
  const SmtpPeer peer{{{"greeting", "421 busy"}}};
  TestDesk desk{config(peer.url(), "retry: 5s, lifetime: 1s, timeout: 5s")};
  const Outbox outbox{desk.live, *desk.committer, desk.log};
  desk.deliver->deliver(letter("A1"));
  CHECK(logs(desk, "status=failed reason=\"given up after"));
}

TEST_CASE("an acknowledgement that waits outlives a restart", "[lmtp][R18]") {
  SmtpPeer peer{{{"RCPT", "silence"}}};
  TestDesk desk{config(peer.url(), "retry: 1s, timeout: 60s")};
  {
    const Outbox outbox{desk.live, *desk.committer, desk.log};
    desk.deliver->deliver(letter("A1"));
    REQUIRE(eventually([&] { return has(peer.commands(), "RCPT"); }));
  }
  desk.stop();
  peer.answer("RCPT", "250 ok");
  desk.start();
  const Outbox outbox{desk.live, *desk.committer, desk.log};
  CHECK(eventually([&] { return peer.mails().size() == 1; }));
}
