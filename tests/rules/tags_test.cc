#include "rules/tags.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "rules/digest.h"
#include "rules/encode.h"
#include "rules/text.h"
#include "tests/rules/desk_for_tests.h"

namespace postroom {
namespace {

using namespace tests;

Decision full_decision() {
  Decision decision;
  decision.verdict = {"support@desk.test",
                      "billing",
                      Priority::high,
                      {"payment", "важно"},
                      "payment-failed",
                      false,
                      {{"payment failures", "subject", "не прошла оплата"}, {"all", "every message", ""}}};
  decision.verdict.decided_by = "payment failures";
  decision.automatic.kind = Automatic::Kind::bounce;
  decision.automatic.reason = "multipart/report";
  decision.automatic.failed = {{"a@b.test", "5.1.1", "failed", true},
                               {"c@d.test", "4.2.2", "delayed", false}};
  decision.automatic.original_message_id = "orig@desk.test";
  decision.automatic.original_ids = {"b@desk.test", "a@home.test"};
  decision.automatic.original_reply_to = {"support+1.abc@desk.test"};
  decision.content = "00112233445566778899aabbccddeeff";
  decision.thanks = true;
  decision.customer = {"Анна", "anna@home.test", "from"};
  decision.language = "ru";
  return decision;
}

const Binding binding{std::string{"secret of the desk"},
                      "0011223344556677",
                      "Anna <anna@home.test>",
                      "Оплата",
                      "Mon, 1 Jan 2026",
                      "<1@x>"};

bool same(const Decision& one, const Decision& other) {
  const auto rows = [](const Automatic& automatic) {
    std::vector<std::string> list{std::string{kind_name(automatic.kind)}, automatic.reason,
                                  automatic.original_message_id.value_or("-")};
    for (const Failed& failed : automatic.failed) {
      list.insert(list.end(),
                  {failed.recipient, failed.status, failed.action, failed.permanent ? "yes" : "no"});
    }
    return list;
  };
  return one.verdict == other.verdict && one.customer == other.customer && one.language == other.language &&
         one.content == other.content && one.thanks == other.thanks &&
         one.automatic.original_ids == other.automatic.original_ids &&
         one.automatic.original_reply_to == other.automatic.original_reply_to &&
         rows(one.automatic) == rows(other.automatic);
}

// What a mail system and a reader make of the lines: unfolded, decoded.
std::vector<Header> carried(const std::vector<Header>& lines) {
  std::string bytes;
  for (const Header& line : lines) {
    bytes += line.name + ": ";
    for (const char c : line.value) bytes += c == '\n' ? "\r\n" : std::string(1, c);
    bytes += "\r\n";
  }
  return read_message(bytes + "\r\n", {}, Reading::headers).headers;
}

std::string value_of(const std::vector<Header>& headers, std::string_view name) {
  const std::string* value = find_header(headers, name);
  return value ? *value : "absent";
}

}  // namespace

TEST_CASE("digests are those of the standards", "[rules]") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");  // RFC 4231, 4.3
  for (const auto& [plain, encoded] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {std::string("\0\xFF", 2), "AP8="}}) {
    CHECK(base64(plain) == encoded);
    CHECK(from_base64(encoded) == plain);
  }
  for (const char* bad : {"Zg", "Z===", "Zg=a", "Z g=", "Zm9v\n", "====", "Zh==", "Zm9\xD0"})
    CHECK_FALSE(from_base64(bad));
}

TEST_CASE("a sealed decision comes out of the headers as it went in", "[rules]") {
  for (const Decision& decision : {full_decision(), [] {
                                     Decision plain;
                                     plain.verdict.channel = "sales@desk.test";
                                     return plain;
                                   }()}) {
    const auto read = read_tags(carried(write_tags(decision, binding)), binding);
    REQUIRE(read);
    CHECK(same(*read, decision));
  }
}

TEST_CASE("a seal of another message, other rules or another desk is not believed", "[rules]") {
  const std::vector<Header> lines = write_tags(full_decision(), binding);
  const auto refused = [&](std::string Binding::*field) {
    Binding other = binding;
    other.*field += "x";
    return !read_tags(lines, other);
  };
  Binding keyless = binding;
  keyless.keys = Keys{std::string{"secret of another desk"}};
  CHECK_FALSE(read_tags(lines, keyless));
  CHECK(refused(&Binding::version));
  CHECK(refused(&Binding::from));
  CHECK(refused(&Binding::subject));
  CHECK(refused(&Binding::date));
  CHECK(refused(&Binding::message_id));
}

TEST_CASE("a damaged or forged seal is no seal", "[rules]") {
  std::vector<Header> lines = write_tags(full_decision(), binding);
  Header& seal = lines.back();
  REQUIRE(seal.name == "X-Postroom-Seal");
  SECTION("one character changed anywhere") {
    const std::string good = seal.value;
    for (std::size_t i = 0; i < good.size(); ++i) {
      if (good[i] == ' ' || good[i] == '\n') continue;
      seal.value = good;
      seal.value[i] = good[i] == 'A' ? 'B' : 'A';
      CHECK_FALSE(read_tags(lines, binding));
    }
  }
  SECTION("nonsense") {
    for (const char* value :
         {"", "v1", "v1;", "v1;;", "v1; e30=; mac=", "v2; e30=; mac=00", ";;;;", "mac=", "v1; e30="}) {
      seal.value = value;
      CHECK_FALSE(read_tags(lines, binding));
    }
  }
  SECTION("none at all") {
    lines.pop_back();
    CHECK_FALSE(read_tags(lines, binding));
  }
}

TEST_CASE("a seal survives long lines that a mail system folds anew", "[rules]") {
  Binding spaced = binding;
  spaced.subject = "Опл ата";
  CHECK(read_tags(write_tags(full_decision(), binding), spaced));
}

TEST_CASE("the readable lines tell people and other filters the verdict", "[rules][R9]") {
  const std::vector<Header> headers = carried(write_tags(full_decision(), binding));
  CHECK(value_of(headers, "X-Postroom-Queue") == "billing");
  CHECK(value_of(headers, "X-Postroom-Channel") == "support@desk.test");
  CHECK(value_of(headers, "X-Postroom-Priority") == "high");
  CHECK(value_of(headers, "X-Postroom-Tags") == "payment, важно");
  CHECK(value_of(headers, "X-Postroom-Rules") ==
        "payment failures: subject 'не прошла оплата'; all: every message");
  CHECK(value_of(headers, "X-Postroom-Automatic") == "bounce; multipart/report");
}

TEST_CASE("header lines of ours are short printable ASCII whatever the message held", "[rules]") {
  Decision decision = full_decision();
  const std::string evil =
      "a\r\nBcc: x@y.test\n\nbody\x01\x7F" + std::string(3000, 'w') + "=?utf-8?q?=0d=0a?=";
  decision.verdict.tags = {evil, "\xFF\xFE"};
  decision.verdict.rules = {{evil, evil, evil}};
  decision.automatic.reason = evil;
  decision.customer.name = evil;
  for (const Header& line : write_stored_tags(decision, binding, 1042, 3217)) {
    std::size_t length = line.name.size() + 2;
    for (std::size_t i = 0; i < line.value.size(); ++i) {
      const char c = line.value[i];
      length = c == '\n' ? 0 : length + 1;
      CHECK(length < 900);
      if (c == '\n') CHECK(line.value.substr(i + 1, 1) == " ");
      if (c != '\n') CHECK((c >= ' ' && c <= '~'));
    }
  }
}

TEST_CASE("mail that is not for the desk gets no lines", "[rules]") {
  CHECK(write_tags(Decision{}, binding).empty());
}

TEST_CASE("the stored message tells its ticket, and only the desk can say so", "[rules]") {
  const std::vector<Header> lines = write_stored_tags(full_decision(), binding, 1042, 3217);
  REQUIRE(lines.front().name == "X-Postroom-Ticket");
  const std::string value = lines.front().value;
  CHECK(value.starts_with("1042; message=3217; mac="));

  const auto identity = read_identity(value, binding.keys);
  REQUIRE(identity);
  CHECK(identity->ticket == 1042);
  CHECK(identity->message_number == 3217);
  CHECK_FALSE(read_identity(value, std::string{"another secret"}));
  CHECK_FALSE(read_identity("1043" + value.substr(4), binding.keys));
  for (const char* bad : {"", "1042", "1042; message=3217", "-1; message=1; mac=0", "x; message=y; mac=z",
                          ";;", "1042; mac=1"}) {
    CHECK_FALSE(read_identity(bad, binding.keys));
  }
  CHECK(
      read_identity(write_stored_tags(full_decision(), binding, 0, 5).front().value, binding.keys)->ticket ==
      0);
}

TEST_CASE("a decision too long for a milter to carry goes without its seal", "[rules][R6]") {
  Decision decision = full_decision();
  for (int i = 0; i < 50; ++i) decision.form.push_back({std::to_string(i), std::string(500, 'x')});
  CHECK(read_tags(carried(write_tags(decision, binding)), binding));
  for (FormValue& one : decision.form) one.value = std::string(500, '"');
  const std::vector<Header> lines = write_tags(decision, binding);
  CHECK(value_of(lines, "X-Postroom-Queue") == decision.verdict.queue);
  CHECK(value_of(lines, "X-Postroom-Seal") == "absent");
  for (const Header& line : lines) CHECK(line.value.size() < 65000);
}

TEST_CASE("high and low priority show in every mail program", "[rules][R9]") {
  Decision decision = full_decision();
  CHECK(value_of(write_stored_tags(decision, binding, 1, 1), "Importance") == "high");
  CHECK(value_of(write_stored_tags(decision, binding, 1, 1), "X-Priority") == "1 (Highest)");
  decision.verdict.priority = Priority::low;
  CHECK(value_of(write_stored_tags(decision, binding, 1, 1), "X-Priority") == "5 (Lowest)");
  decision.verdict.priority = Priority::normal;
  CHECK(value_of(write_stored_tags(decision, binding, 1, 1), "Importance") == "absent");
}

TEST_CASE("our headers and requests of receipts are known in any case of letters", "[rules][R16]") {
  for (const char* name : {"X-Postroom-Ticket", "x-postroom-anything", "X-POSTROOM-", "X-Postroom-Seal "})
    CHECK(is_ours(name));
  for (const char* name : {"X-Postroo", "Subject", "X-Postroomer", ""}) CHECK_FALSE(is_ours(name));
  for (const char* name : {"Disposition-Notification-To", "RETURN-RECEIPT-TO", "X-Confirm-Reading-To ",
                           "Generate-Delivery-Report"}) {
    CHECK(asks_for_receipt(name));
  }
  for (const char* name : {"Return-Path", "Disposition", "To", ""}) CHECK_FALSE(asks_for_receipt(name));
}

TEST_CASE("what an old key has sealed is believed after the key was replaced, and nothing else", "[rules]") {
  Binding next = binding;
  next.keys = Keys{"a new secret", {binding.keys.all().front()}};
  CHECK(read_tags(write_tags(full_decision(), binding), next));
  CHECK(read_tags(write_tags(full_decision(), next), next));
  CHECK_FALSE(read_tags(write_tags(full_decision(), next), binding));
  const std::string value = write_stored_tags(full_decision(), binding, 7, 8).front().value;
  CHECK(read_identity(value, next.keys));
}

TEST_CASE("a binding takes the message's own headers", "[rules]") {
  const Binding made = binding_of(mail_from("a@b.test", "Hi", ""), std::string{"s"}, "v");
  CHECK(made.from == "Anna <a@b.test>");
  CHECK(made.subject == "Hi");
  CHECK(made.date.empty());
  CHECK(made.message_id == "<1@home.test>");
}

TEST_CASE("a header value of any length is folded and decodes to itself", "[rules]") {
  for (const std::string& text :
       {std::string("short"), std::string("много слов ") + std::string(100, 'x') + " конец",
        std::string("one two three four five six seven eight nine ten eleven twelve thirteen fourteen")}) {
    CHECK(value_of(carried({{"X-Test", header_value(text)}}), "X-Test") == text);
  }
  CHECK(header_value("a\r\nb\tc\u2028d\u202Ee") == "a b c d e");
  CHECK(one_line("  абв  ", 3) == "а");
}

}  // namespace postroom
