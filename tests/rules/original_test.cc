#include <catch2/catch.hpp>

#include "rules/classify.h"
#include "rules/reference.h"

using namespace postroom;

namespace {

const std::string sender = "From: MAILER-DAEMON@mx.x.test (Mail Delivery System)\nTo: support@desk.test\n";

const std::string header =
    "From: Desk <support@desk.test>\nTo: anna@x.test\nReply-To: Desk <support+5.aaaaaaaaaa@desk.test>\n"
    "Message-ID: <answer@desk.test>\nIn-Reply-To: <second@x.test>\n"
    "References: <first@x.test>\n\t<between@desk.test> <second@x.test>\nSubject: Re: lamp\n";

std::string report(const std::string& type, const std::string& enclosed) {
  return sender +
         "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
         "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nYour mail did "
         "not "
         "arrive.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.x.test\n\n"
         "Final-Recipient: rfc822; anna@x.test\nAction: failed\nStatus: 5.1.1\n--b\nContent-Type: " +
         type + "\n\n" + enclosed + "\n--b--\n";
}

Automatic read(const std::string& text) {
  return find_automatic(read_message(text, MessageLimits{}), std::string{});
}

const std::vector<std::string> nearest_first{"second@x.test", "between@desk.test", "first@x.test"};

}  // namespace

TEST_CASE("a bounce tells what the mail refers to that came back", "[rules][reference]") {
  for (const char* type : {"message/rfc822", "text/rfc822-headers"}) {
    INFO(type);
    const Automatic automatic = read(report(type, header + "\nReferences: <body@x.test>\n"));
    CHECK(automatic.kind == Automatic::Kind::bounce);
    CHECK(automatic.original_message_id == "answer@desk.test");
    CHECK(automatic.original_ids == nearest_first);
    CHECK(automatic.original_reply_to == std::vector<std::string>{"support+5.aaaaaaaaaa@desk.test"});
  }
}

TEST_CASE("a bounce written for people quotes the header that came back", "[rules][reference]") {
  const std::string text =
      sender +
      "Subject: Mail delivery failed: returning message to sender\n\nThis message was "
      "created automatically by mail delivery software.\n\nA message that you sent could "
      "not be delivered to one or more of its recipients.\n\n  anna@x.test\n    550 5.1.1 "
      "User unknown\n\n------ This is a copy of the message, including all the headers. "
      "------\n\nReturn-path: <support@desk.test>\n";
  SECTION("as it stands") {
    const Automatic automatic = read(text + header + "\nHello\n");
    CHECK(automatic.original_message_id == "answer@desk.test");
    CHECK(automatic.original_ids == nearest_first);
    CHECK(automatic.original_reply_to.size() == 1);
  }
  SECTION("marked as quoted") {
    std::string quoted = "> ";
    for (const char c : header.substr(0, header.size() - 1)) quoted += c == '\n' ? "\n> " : std::string(1, c);
    CHECK(read(text + quoted + "\n").original_ids == nearest_first);
  }
}

TEST_CASE("what a report says of its original is bounded", "[rules][reference]") {
  std::string many = "Message-ID: <answer@desk.test>\nReferences:";
  for (int i = 0; i < 1000; ++i) many += " <" + std::to_string(i) + "@x.test>\n";
  const Automatic automatic = read(report("text/rfc822-headers", many));
  REQUIRE(automatic.original_ids.size() == 10);
  CHECK(automatic.original_ids.back() == "0@x.test");
}

TEST_CASE("a person's mail has no original, whatever it encloses", "[rules][reference]") {
  const Message message =
      read_message("From: anna@x.test\nSubject: lamp\n\nYour mail said:\n" + header, MessageLimits{});
  const Automatic automatic = find_automatic(message, std::string{"anna@x.test"});
  CHECK(automatic.kind == Automatic::Kind::none);
  CHECK(automatic.original_ids.empty());
  CHECK_FALSE(automatic.original_message_id);
}

TEST_CASE("a bounce leads to the ticket of the answer that came back", "[rules][reference]") {
  const Keys keys{"secret"};
  const std::string own = "Message-ID: <" + signed_message_id({7, 3}, "r", "desk.test", keys) + ">\n";
  const std::string reply = "Reply-To: " + reply_address("support@desk.test", 9, '+', keys) + "\n";
  const auto lead = [&](const std::string& enclosed) {
    const Message message =
        read_message(report("message/rfc822", enclosed + "Subject: x\n\nx\n"), MessageLimits{});
    const Automatic automatic = find_automatic(message, std::string{});
    return references_of(message, Envelope{std::string{}, {"support@desk.test"}}, automatic, '+', keys);
  };
  CHECK(lead(own).signed_ids == std::vector<TicketNumber>{7});
  CHECK(lead(reply).addressed == std::vector<TicketNumber>{9});
  CHECK(lead("Message-ID: <customer@x.test>\n").ids == std::vector<std::string>{"customer@x.test"});
}
