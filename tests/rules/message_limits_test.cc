// Mail that is larger, deeper or more broken than anybody reads.

#include <catch2/catch.hpp>

#include "rules/automatic.h"
#include "rules/charset.h"
#include "rules/message.h"

using namespace postroom;

namespace {

Message body(const std::string& headers_and_body, const MessageLimits& limits) {
  return read_message("From: a@b.test\nMIME-Version: 1.0\n" + headers_and_body, limits);
}

}  // namespace

TEST_CASE("headers without end: it is read within the limits, and says so", "[rules]") {
  MessageLimits limits;
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += "X-A: " + std::to_string(i) + "\n";
  const Message message = read_message(bytes + "\ntext\n", limits);
  CHECK(message.headers.size() == limits.headers);
  CHECK(message.problems.size() == 1);
}

TEST_CASE("a header section of megabytes: it is read within the limits, and says so", "[rules]") {
  MessageLimits limits;
  const Message message =
      read_message("Subject: a\nX-A: " + std::string(1 << 20, 'x') + "\n\nthe text\n", limits);
  CHECK(message.subject == "a");
  CHECK(message.text == "the text\n");
  CHECK(message.problems.size() == 1);
}

TEST_CASE("multiparts nested thousands deep: it is read within the limits, and says so", "[rules]") {
  MessageLimits limits;
  std::string bytes = "Subject: nested\n";
  for (int i = 0; i < 10000; ++i) {
    const std::string mark = "b" + std::to_string(i);
    bytes += "Content-Type: multipart/mixed; boundary=" + mark + "\n\n--" + mark + "\n";
  }
  const Message message = read_message(bytes, limits);
  CHECK(message.subject == "nested");
  CHECK_FALSE(message.problems.empty());
}

TEST_CASE("mails within mails: it is read within the limits, and says so", "[rules]") {
  MessageLimits limits;
  std::string bytes = "Subject: nested\n";
  for (int i = 0; i < 10000; ++i) bytes += "Content-Type: message/rfc822\n\n";
  CHECK(read_message(bytes, limits).subject == "nested");
}

TEST_CASE("more text than is kept: it is read within the limits, and says so", "[rules]") {
  MessageLimits limits;
  limits.text = 1000;
  const Message message =
      body("Content-Type: text/plain; charset=utf-8\n\n" + std::string(999, 'a') + "яяя\n", limits);
  CHECK(message.text.size() <= 1000);
  CHECK(is_valid_utf8(message.text));
  CHECK(message.problems.size() == 1);
}

TEST_CASE("more parts than are read: it is read within the limits, and says so", "[rules]") {
  MessageLimits limits;
  limits.parts = 10;
  std::string bytes = "Content-Type: multipart/mixed; boundary=x\n\n";
  for (int i = 0; i < 100; ++i) bytes += "--x\nContent-Type: image/png\n\nx\n";
  const Message message = body(bytes, limits);
  CHECK(message.attachments.size() < 10);
  CHECK(message.problems.size() == 1);
}

TEST_CASE("nothing at all is a message too", "[rules]") {
  for (const std::string& bytes :
       {std::string{}, std::string{"\n"}, std::string{"\0\0\0", 3}, std::string{"\n\n\n"},
        std::string{"no header at all"}, std::string{":\n:\n"}, std::string{"From "}}) {
    for (const Reading reading : {Reading::whole, Reading::headers}) {
      const Message message = read_message(bytes, MessageLimits{}, reading);
      CHECK(message.from.empty());
      CHECK(find_automatic(message, std::nullopt).kind == Automatic::Kind::none);
    }
  }
}
