#include <pthread.h>

#include <catch2/catch.hpp>
#include <functional>

#include "rules/message.h"

using namespace postroom;

namespace {

void* call(void* work) {
  (*static_cast<std::function<void()>*>(work))();
  return nullptr;
}

// Runs `work` where recursion ends soon.
void on_small_stack(std::function<void()> work) {
  pthread_attr_t attributes;
  pthread_t thread;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, 256U << 10) == 0);
  REQUIRE(pthread_create(&thread, &attributes, call, &work) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

std::string repeat(const std::string& piece, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}

// The field on top, in an attached message, and in an attached message among other parts.
std::vector<std::string> mails_with(const std::string& field) {
  const std::string inner = "Content-Type: message/rfc822\n\n" + field + "\nSubject: in\n\nhello\n";
  return {
      field + "\nSubject: out\n\nhello\n", "Subject: out\n" + inner,
      "Subject: out\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n--x\n" + inner + "--x--\n"};
}

}  // namespace

TEST_CASE("a field of nested groups, comments or quotes costs no stack", "[rules]") {
  const std::string piece =
      GENERATE("a:", "a:\n ", "a :;\r\n\t", "a:\n To:", "<", "(", "\"", ",", "a:<", "@a,", "[");
  const std::string name =
      GENERATE("From", "To", "Cc", "Bcc", "Reply-To", "sender ", "Content-Type", "Message-ID", "Date",
               "Content-ID", "Content-Disposition", "References", "Subject");
  MessageLimits limits;
  limits.header_bytes = limits.bytes;
  for (const std::string& bytes : mails_with(name + ": " + repeat(piece, 200000))) {
    std::string subject;
    on_small_stack([&] {
      subject = read_message(bytes, limits, Reading::headers).subject;
      const Message message = read_message(bytes, limits);
      if (message.text != "hello\n" && message.attachments.empty()) subject = "no body";
    });
    INFO(name << " " << piece);
    if (name != "Subject" && name != "Content-Type" && name != "Content-Disposition") CHECK(subject == "out");
  }
}

TEST_CASE("a field with too many groups is told, and its first address still found", "[rules]") {
  const std::string mail = "From: Kim <kim@x.test>, " + repeat("a:", 4000) + "\n\nhello\n";
  const Message message = read_message(mail, MessageLimits{});
  REQUIRE(message.problems.size() == 1);
  CHECK(message.problems[0] == "more than 100 groups in a field of addresses: read as one");
  REQUIRE_FALSE(message.from.empty());
  CHECK(message.from[0] == Address{"Kim", "kim@x.test"});
  CHECK(message.text == "hello\n");
  CHECK(read_message("X: " + repeat("a:", 4000) + "\n\nTo: a:b\n", MessageLimits{}).problems.empty());
}
