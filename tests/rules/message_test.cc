#include "rules/message.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "rules/automatic.h"
#include "rules/charset.h"
#include "rules/encoded_word.h"
#include "tests/support/tempdir.h"

using namespace postroom;

namespace {

Message mail(const std::string& name) {
  return read_message(tests::read_file(std::string{TESTS_DIR} + "/mail/" + name), MessageLimits{});
}

Message body(const std::string& headers_and_body, const MessageLimits& limits = {}) {
  return read_message("From: a@b.test\nMIME-Version: 1.0\n" + headers_and_body, limits);
}

Message subject(const std::string& raw) {
  return read_message("Subject: " + raw + "\n\n", MessageLimits{}, Reading::headers);
}

std::string der(unsigned tag, const std::string& content) {
  const auto byte = [](std::size_t value) { return std::string(1, static_cast<char>(value)); };
  return byte(tag) + (content.size() < 128 ? "" : "\x81") + byte(content.size()) + content;
}

// RFC 5652, section 5.1, without signers.
std::string signed_data(const std::string& entity) {
  const std::string pkcs7 = "\x2a\x86\x48\x86\xf7\x0d\x01\x07";
  const std::string data = der(0x30, der(0x06, pkcs7 + "\x01") + der(0xa0, der(0x04, entity)));
  const std::string body = der(0x30, der(0x02, "\x01") + der(0x31, "") + data + der(0x31, ""));
  return der(0x30, der(0x06, pkcs7 + "\x02") + der(0xa0, body));
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a Russian mail is read as its writer sees it", "[rules][R2]") {
  const Message message = mail("russian-utf8.eml");
  REQUIRE(message.from.size() == 1);
  CHECK(message.from[0] == Address{"Анна Петрова", "anna@shop.example"});
  CHECK(message.subject == "Не прошла оплата заказа 1512");
  CHECK(message.message_id == "ru1@shop.example");
  CHECK(message.date == "2026-11-22T07:00:00Z");
  CHECK(has(message.text, "платёж не прошёл"));
  CHECK(has(message.text, "-- \nАнна Петрова"));
  CHECK_FALSE(has(message.new_text, "Анна Петрова"));
  CHECK(message.language == "ru");
  CHECK(message.problems.empty());
}

TEST_CASE("old Cyrillic charsets are read, named or not", "[rules][R2]") {
  CHECK(mail("koi8-r.eml").subject == "Когда вы открыты?");
  CHECK(mail("koi8-r.eml").from.at(0).name == "Иван");
  CHECK(has(mail("koi8-r.eml").text, "подскажите часы работы"));
  CHECK(mail("cp1251-qp.eml").subject == "Прайс-лист");
  CHECK(has(mail("cp1251-qp.eml").text, "прайс-лист на кабель"));
  const Message raw = mail("raw-8bit.eml");
  CHECK(raw.subject == "Не работает личный кабинет");
  CHECK(raw.from.at(0) == Address{"Сергей", "sergey@firma.test"});
  CHECK(has(raw.text, "Не могу войти в личный кабинет"));
}

TEST_CASE("a charset that lies is not believed", "[rules]") {
  CHECK(has(body("Content-Type: text/plain; charset=iso-8859-1\n\nПривет, мир\n").text, "Привет, мир"));
  CHECK(has(body("Content-Type: text/plain; charset=no-such\n\nПривет, мир\n").text, "Привет, мир"));
  CHECK(to_utf8("\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0", "koi8-r") == "Привет, как дела");
  CHECK(to_utf8("M\xfcller", "utf-8") == "Müller");
  CHECK(to_utf8("caf\xe9", "") == "café");
}

TEST_CASE("encoded words are read in the forms that real mail has", "[rules]") {
  CHECK(subject("=?utf-8?Q?caf=C3=A9_?= =?utf-8?Q?au_lait?=").subject == "café au lait");
  CHECK(subject("=?UTF-8?B?0J/RgNC40LLQtdGC?= all").subject == "Привет all");
  CHECK(subject("=?utf-8?B?0J/RgNA=?= =?utf-8?B?uNCy0LXRgg==?=").subject == "Привет");
  CHECK(subject("=?iso-8859-1?Q?M\xfcller?=").subject == "Müller");
  CHECK(subject("=?utf-8?Q?not closed").subject == "=?utf-8?Q?not closed");
  CHECK(subject("=?utf-8?Q?a=0D=0ABcc:_x@y.test?=").subject == "a  Bcc: x@y.test");
  CHECK(subject("=?no-such-charset?Q?plain?=").subject == "plain");
  CHECK(is_valid_utf8(subject("\xff\xfe\xd0").subject));
}

TEST_CASE("a comma inside an encoded name does not divide the address", "[rules]") {
  const Message message = read_message(
      "From: =?utf-8?Q?Petrov=2C_Ivan?= <ivan@desk.test>\nTo: \"A, B\" <ab@x.test>, friends: c@x.test;\n\n",
      MessageLimits{});
  REQUIRE(message.from.size() == 1);
  CHECK(message.from[0] == Address{"Petrov, Ivan", "ivan@desk.test"});
  REQUIRE(message.to.size() == 2);
  CHECK(message.to[0].address == "ab@x.test");
  CHECK(message.to[1].address == "c@x.test");
}

TEST_CASE("lists of addresses are read as their writers meant them", "[rules]") {
  const auto to = [](const std::string& raw) {
    std::string list;
    for (const Address& one : read_message("To: " + raw + "\n\n", MessageLimits{}, Reading::headers).to)
      list += one.name + "|" + one.address + " ";
    return list;
  };
  CHECK(to("A <a@x.test>; B <b@x.test>") == "A|a@x.test B|b@x.test ");
  CHECK(to("undisclosed-recipients:;").empty());
  CHECK(to("Friends: a@x.test, b@x.test;, c@x.test") == "|a@x.test |b@x.test |c@x.test ");
  CHECK(to("A <a@x.test>, , <b@x.test") == "A|a@x.test |b@x.test ");
  CHECK(to("a@x.test b@x.test") == "|a@x.test |b@x.test ");
  CHECK(to("\"unterminated <a@x.test>") == "unterminated|a@x.test ");
  CHECK(to("<mailto:a@x.test>") == "|a@x.test ");
  CHECK(to("<@r.test,@s.test:a@x.test>") == "|a@x.test ");
  CHECK(to("\xc9\xd7\xc1\xce <i@x.test>") == "иван|i@x.test ");
}

TEST_CASE("file names are read in the forms that RFC 2231 knows and in those it does not", "[rules]") {
  const auto name = [](const std::string& parameters) {
    const Message message =
        body("Content-Type: image/png\nContent-Disposition: attachment; " + parameters + "\n\nx\n");
    return message.attachments.at(0).name;
  };
  CHECK(name("filename*=utf-8''%D0%A1%20x.png") == "С x.png");
  CHECK(name("filename*0*=utf-8''%D0; filename*1*=%A1.png") == "С.png");
  CHECK(name("filename*=%D0%A1.png") == "С.png");
  CHECK(name("filename=\"=?utf-8?B?0KE=?==?utf-8?B?LnBuZw==?=\"") == "С.png");
  CHECK(name("filename==?utf-8?B?0KEucG5n?=") == "С.png");
  CHECK(name("filename=my file.pdf") == "my file.pdf");
  CHECK(name("filename=\"\xf3\xd0\xc9\xd3\xcf\xcb.png\"") == "Список.png");
  CHECK(name("filename*0=\"abc\";\n filename*2=\"ghi\";\n filename*1=\"def\"") == "abcdefghi");
  CHECK(name("filename*=iso-8859-1'de'M%FCller.pdf; filename=Mueller.pdf") == "Müller.pdf");
  CHECK(name("filename*=unknown''a%D0%A1.png") == "aС.png");
}

TEST_CASE("an HTML mail becomes text", "[rules]") {
  const Message message = mail("html-only.eml");
  CHECK(has(message.text, "the invoice is wrong, see this page (https://kunde.example/invoice/7)."));
  CHECK(has(message.text, "- first item\n- second item"));
  CHECK_FALSE(has(message.text, "alert"));
  CHECK_FALSE(has(message.text, "color"));
  CHECK_FALSE(has(message.text, "hidden title"));
  CHECK_FALSE(has(message.new_text, "Your invoice is attached"));
}

TEST_CASE("the plain alternative is preferred, unless it is empty", "[rules]") {
  const std::string head =
      "Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\n";
  const std::string tail = "\n--x\nContent-Type: text/html\n\n<p>the html\n--x--\n";
  CHECK(body(head + "the plain" + tail).text == "the plain");
  CHECK(body(head + " " + tail).text == "the html\n");
}

TEST_CASE("a message that is attached is a forwarded one, where little is written beside it", "[rules][R6]") {
  const std::string inner =
      "From: Clara <clara@x.test>\nSubject: =?utf-8?Q?L=C3=A1mpa?=\nContent-Type: text/plain; "
      "charset=iso-8859-1\n\n"
      "caf\xe9 is broken\n";
  const auto mail_with = [&](const std::string& text) {
    return body("Content-Type: multipart/mixed; boundary=x\n\n--x\n\n" + text +
                "\n--x\nContent-Type: message/rfc822\n\n" + inner + "\n--x--\n");
  };
  const Message message = mail_with("see below");
  REQUIRE(message.forwarded);
  CHECK(message.forwarded->from == Address{"Clara", "clara@x.test"});
  CHECK(message.forwarded->subject == "Lámpa");
  CHECK(message.forwarded->text == "café is broken\n");
  CHECK(message.text == "see below");
  CHECK_FALSE(mail_with(std::string(400, 'x')).forwarded);
  CHECK_FALSE(body("Content-Type: multipart/report; boundary=x\n\n--x\n\nfailed\n--x\nContent-Type: "
                   "message/rfc822\n\n" +
                   inner + "\n--x--\n")
                  .forwarded);
}

TEST_CASE("what cannot be read is said", "[rules]") {
  const auto problem = [](const Message& message) {
    return message.problems.size() == 1 ? message.problems.front() : std::string{};
  };
  CHECK(problem(body("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nxx\n")) ==
        "encrypted (S/MIME): the text cannot be read");
  CHECK(problem(body("Content-Type: application/x-pkcs7-mime; smime-type=signed-data\n\nxx\n")) ==
        "signed (S/MIME): the text cannot be read");
  CHECK(problem(body(
            "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; "
            "boundary=x\n\n--x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--x\nContent-Type: "
            "application/octet-stream\n\nxx\n--x--\n")) == "encrypted (PGP): the text cannot be read");
  CHECK(problem(body("\n-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----\n")) ==
        "encrypted (PGP): the text cannot be read");
  CHECK(problem(body("Content-Type: message/partial; id=a; number=2; total=5\n\nmore\n")) ==
        "part 2 of 5 of a divided message: the others are not here");
  const Message tnef = body("Content-Type: application/ms-tnef\n\nxx\n");
  CHECK(problem(tnef) == "winmail.dat (TNEF): kept, what it holds was not read");
  CHECK(tnef.attachments.at(0).name == "winmail.dat");
}

TEST_CASE("what is signed is read", "[rules]") {
  CHECK(body("Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; "
             "boundary=x\n\n--x\n\nthe "
             "text\n--x\nContent-Type: application/pkcs7-signature\n\nxx\n--x--\n")
            .text == "the text");
  const Message inlined = body(
      "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nthe text\n\n-----BEGIN PGP "
      "SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n");
  CHECK(inlined.new_text == "the text\n");
  CHECK(inlined.problems.empty());
  // An opaque signature without certificates (RFC 5652): ContentInfo of SignedData around the entity.
  const std::string entity = "Content-Type: text/plain\r\n\r\nthe text\r\n";
  const Message opaque = body(
      "Content-Type: application/pkcs7-mime; smime-type=signed-data\nContent-Transfer-Encoding: "
      "base64\n\n" +
      encode_base64(signed_data(entity)) + "\n");
  CHECK(opaque.text == "the text\n");
  CHECK(opaque.problems.empty());
  CHECK(opaque.attachments.size() == 1);
}

TEST_CASE("a multipart whose boundary never stands, and a mail without a header, lose no text", "[rules]") {
  const Message message =
      body("Content-Type: multipart/mixed; boundary=x\n\n--x and more\n\nthe text\n--x-- end\n");
  CHECK(has(message.text, "the text"));
  CHECK(message.problems.size() == 1);
  CHECK(has(body("Content-Type: multipart/mixed\n\nthe text\n").text, "the text"));
  const Message bare = read_message("My lamp is broken.\nPlease help.\n", MessageLimits{});
  CHECK(bare.text == "My lamp is broken.\nPlease help.\n");
  CHECK(read_message("junk line\nSubject: a\n\ntext\n", MessageLimits{}).subject == "a");
}

TEST_CASE("an attachment is told by name, type, size and MD5", "[rules]") {
  const Message message = mail("attachment.eml");
  CHECK(message.text == "See the picture.\n");
  REQUIRE(message.attachments.size() == 1);
  CHECK(message.attachments[0].name == "Снимок.png");
  CHECK(message.attachments[0].type == "image/png");
  CHECK(message.attachments[0].size == 5);
  CHECK(message.attachments[0].md5 == "5d41402abc4b2a76b9719d911017c592");
}

TEST_CASE("a mail whose boundary never closes is read as far as it goes", "[rules]") {
  const Message message = mail("broken-boundary.eml");
  CHECK(has(message.text, "The text is still here."));
  REQUIRE(message.attachments.size() == 1);
  CHECK(message.attachments[0].name == "bill.pdf");
  CHECK(message.attachments[0].size == 8);
}

TEST_CASE("wrapped lines of format=flowed become paragraphs", "[rules]") {
  const Message message = mail("reply.eml");
  CHECK(message.new_text == "Thank you, this is a long line that the mail program has wrapped.\n");
  CHECK(message.in_reply_to == std::vector<std::string>{"a2@desk.test"});
  CHECK(message.references == std::vector<std::string>{"a1@desk.test", "a2@desk.test"});
}

TEST_CASE("reading headers alone gives the same headers and no text", "[rules]") {
  for (const char* name : {"russian-utf8.eml", "bounce.eml", "attachment.eml"}) {
    const std::string bytes = tests::read_file(std::string{TESTS_DIR} + "/mail/" + name);
    const Message whole = read_message(bytes, MessageLimits{});
    const Message headers = read_message(bytes, MessageLimits{}, Reading::headers);
    CHECK(whole.headers == headers.headers);
    CHECK(whole.from == headers.from);
    CHECK(whole.content_type == headers.content_type);
    CHECK(whole.report_type == headers.report_type);
    CHECK(headers.text.empty());
    CHECK(headers.attachments.empty());
    CHECK(headers.language.empty());
  }
}

TEST_CASE("line ends CRLF and LF give the same message", "[rules]") {
  std::string crlf, lf = tests::read_file(std::string{TESTS_DIR} + "/mail/forwarded.eml");
  for (char c : lf) crlf += c == '\n' ? std::string{"\r\n"} : std::string{c};
  CHECK(read_message(crlf, MessageLimits{}).text == read_message(lf, MessageLimits{}).text);
  CHECK(read_message(crlf, MessageLimits{}).headers == read_message(lf, MessageLimits{}).headers);
}

TEST_CASE("every mail of the corpus is read, with valid UTF-8 throughout", "[rules][corpus]") {
  const std::filesystem::path corpus = std::filesystem::path{SOURCE_DIR} / ".." / "shared" / "corpus";
  if (!std::filesystem::exists(corpus)) {
    WARN("no corpus beside the source tree: this test reads nothing");
    return;
  }
  std::size_t count = 0, bad = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{corpus}) {
    if (entry.path().extension() != ".eml") continue;
    ++count;
    const std::string bytes = tests::read_file(entry.path().string());
    const Message message = read_message(bytes, MessageLimits{});
    const Automatic automatic = find_automatic(message, std::nullopt);
    find_automatic(read_message(bytes, MessageLimits{}, Reading::headers), std::string{});
    bool valid = is_valid_utf8(message.text) && is_valid_utf8(message.new_text) &&
                 is_valid_utf8(message.subject) && is_valid_utf8(automatic.reason);
    for (const Header& header : message.headers) valid = valid && is_valid_utf8(header.name + header.value);
    for (const Attachment& one : message.attachments) valid = valid && is_valid_utf8(one.name + one.type);
    for (const Address& one : message.from) valid = valid && is_valid_utf8(one.name + one.address);
    if (valid) continue;
    ++bad;
    UNSCOPED_INFO(entry.path().string());
  }
  CHECK(bad == 0);
  CHECK(count > 1000);
}
