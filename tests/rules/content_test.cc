#include "rules/content.h"

#include <catch2/catch.hpp>

using namespace postroom;

namespace {

std::string digest(const std::string& text) { return content_digest(read_message(text, MessageLimits{})); }

const std::string header =
    "From: Anna Berg <anna@x.test>\nTo: support@desk.test\nSubject: lamp\n"
    "Date: Mon, 23 Nov 2026 10:00:00 +0000\nMessage-ID: <1@x.test>\n";
const std::string plain = header + "\nHello,\n\nmy lamp is broken.\n\nAnna\n";

// As a list passes it on.
std::string by_list(const std::string& footer) {
  return "From: Anna Berg <anna@x.test>\nTo: sales@lists.test\nReply-To: sales@lists.test\n"
         "Subject: [sales] lamp\nList-Id: <sales.lists.test>\nMessage-ID: <1@x.test>\n\n"
         "Hello,\n\nmy lamp is broken.\n\nAnna\n" +
         footer;
}

const std::string mailman =
    "_______________________________________________\nSales mailing list\n"
    "Sales@lists.test\nhttps://lists.test/mailman/listinfo/sales\n";
const std::string google =
    "\n-- \nYou received this message because you are subscribed to the Google Groups "
    "\"Sales\" group.\nTo unsubscribe from this group and stop receiving emails from it, send "
    "an email to sales+unsubscribe@lists.test.\n"
    "To view this discussion visit https://groups.google.com/d/msgid/sales/1.\n";

std::string with_attachment(const std::string& boundary, const std::string& content) {
  return header + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=" + boundary + "\n\n--" +
         boundary + "\n\nsee the picture\n--" + boundary +
         "\nContent-Type: image/png; name=a.png\n"
         "Content-Transfer-Encoding: base64\n\n" +
         content + "\n--" + boundary + "--\n";
}

}  // namespace

TEST_CASE("arrivals of one mail have one digest", "[rules][content]") {
  const std::string first = digest(plain);
  REQUIRE(first.size() == 32);
  CHECK(first.find_first_not_of("0123456789abcdef") == first.npos);
  const std::string body = "Hello,\n\nmy lamp is broken.\n\nAnna\n";

  SECTION("sent again, with another date and Message-ID") {
    CHECK(
        digest(
            "From: anna@X.test\nTo: support@desk.test\nSubject: lamp\nDate: Tue, 24 Nov 2026 10:00:00 +0000\n"
            "Message-ID: <2@x.test>\n\n" +
            body) == first);
  }
  SECTION("to another address, with and without Bcc") {
    CHECK(digest("From: anna@x.test\nTo: sales@desk.test\nBcc: support@desk.test\nSubject: lamp\n\n" +
                 body) == first);
    CHECK(digest("From: anna@x.test\nSubject: lamp\n\n" + body) == first);
  }
  SECTION("in another transfer encoding, with other line ends") {
    CHECK(
        digest(
            "From: anna@x.test\nSubject: lamp\nContent-Type: text/plain; charset=utf-8\n"
            "Content-Transfer-Encoding: quoted-printable\n\nHello,\n\nmy lamp is=20\nbroken=2E\n\nAnna\n") ==
        first);
    CHECK(digest("From: anna@x.test\r\nSubject: lamp\r\n\r\nHello,\r\n\r\nmy lamp\r\nis broken.\r\n\r\nAnna  "
                 "\r\n") == first);
    CHECK(digest("From: anna@x.test\nSubject: lamp\nContent-Transfer-Encoding: base64\n\n"
                 "SGVsbG8sCgpteSBsYW1wIGlzIGJyb2tlbi4KCkFubmEK\n") == first);
  }
  SECTION("with prefix or without") {
    CHECK(digest("From: anna@x.test\nSubject: Re: lamp\n\n" + body) == first);
  }
}

TEST_CASE("a mail that a list passes on has the digest of the one sent directly", "[rules][content]") {
  const std::string first = digest(plain);
  const std::string body = "Hello,\n\nmy lamp is broken.\n\nAnna\n";
  SECTION("by a list with its tag and footer") {
    CHECK(digest(by_list("")) == first);
    CHECK(digest(by_list(mailman)) == first);
    CHECK(digest(by_list(google)) == first);
    CHECK(digest(by_list(mailman + google)) == first);
  }
  SECTION("by a list that writes itself into From") {
    const std::string top = "Subject: [sales] lamp\nList-Id: <sales.lists.test>\n";
    const std::string rest = "\n" + body + mailman;
    CHECK(digest("From: Anna Berg via Sales <sales@lists.test>\nReply-To: Anna Berg <anna@x.test>\n"
                 "To: sales@lists.test\n" +
                 top + rest) == first);
    CHECK(digest("From: \"'Anna Berg' via Sales\" <sales@lists.test>\nReply-To: sales@lists.test\n"
                 "X-Original-From: Anna Berg <anna@x.test>\nTo: sales@lists.test\n" +
                 top + rest) == first);
    CHECK(digest("From: Anna via groups.test <anna=x.test@groups.test>\nReply-To: sales@groups.test\n"
                 "To: sales@groups.test\n" +
                 top + rest) == first);
  }
}

TEST_CASE("a digest covers the attachments, not their boundary", "[rules][content]") {
  CHECK(digest(with_attachment("one", "aGVsbG8=")) == digest(with_attachment("two", "aGVs\nbG8=")));
  CHECK(digest(with_attachment("one", "aGVsbG8=")) != digest(with_attachment("one", "aGVsbGE=")));
}

TEST_CASE("mails that a reader would call different have different digests", "[rules][content]") {
  const std::string first = digest(plain);
  CHECK(digest(header + "\nHello,\n\nmy lamp is not broken.\n\nAnna\n") != first);
  const std::string body = "\nHello,\n\nmy lamp is broken.\n\nAnna\n";
  CHECK(digest("From: boris@x.test\nSubject: lamp\n" + body) != first);
  CHECK(digest("From: anna@x.test\nSubject: chair\n" + body) != first);
  CHECK(digest("From: anna@x.test\nSubject: [#5] lamp\n" + body) != first);
  CHECK(digest("From: anna@x.test\nSubject: lamp\n" + body + "-- \nAnna, write to anna@x.test\n") != first);
  CHECK(digest(plain + mailman) != first);  // no list has passed it on
  CHECK(digest(by_list("____________\nPlease send the new one to http://x.test\n")) != first);
}

TEST_CASE("a mail that was not read to its end is the same only by its Message-ID", "[rules][content]") {
  MessageLimits limits;
  limits.bytes = 4000;
  const auto great = [&](const std::string& id, const std::string& end) {
    return content_digest(read_message(
        "From: anna@x.test\nSubject: lamp\n" + id + "\nsee the log\n" + std::string(5000, 'x') + end,
        limits));
  };
  const std::string first = great("Message-ID: <1@x.test>\n", "\nit broke\n");
  CHECK_FALSE(first.empty());
  CHECK(great("Message-ID: <1@x.test>\n", "\nit broke\n") == first);
  CHECK(great("Message-ID: <2@x.test>\n", "\nit broke again\n") != first);
  CHECK(great("", "\nit broke\n").empty());
}

TEST_CASE("a mail in two forms is the same if both say the same, whatever its Message-ID",
          "[rules][content]") {
  const auto order = [](const std::string& id, const std::string& html, const std::string& more = "") {
    return "From: shop@x.test\nSubject: order\nMessage-ID: <" + id + "@x.test>\nMIME-Version: 1.0\n" +
           "Content-Type: multipart/mixed; boundary=m" + id + "\n\n--m" + id +
           "\nContent-Type: multipart/alternative; boundary=a" + id + "\n\n--a" + id +
           "\n\nPlease view this message as HTML.\n--a" + id + "\nContent-Type: text/html\n\n" + html +
           "\n--a" + id + "--\n--m" + id + "\nContent-Type: application/pdf\n\n%PDF" + more + "\n--m" + id +
           "--\n";
  };
  const std::string html = "<p>order 17 <img src='cid:one@x'></p>", first = digest(order("1", html));
  REQUIRE(first.size() == 48);
  CHECK(digest(order("2", html)) == first);
  CHECK(digest(order("2", "<p>order  17\n<img src='cid:two@x'></p>")) == first);
  const std::string rewritten = digest(order("1", "<p>order 17 <img src='https://x.test/two'></p>"));
  CHECK(rewritten != first);
  CHECK(words_of_content(rewritten) == words_of_content(first));
  CHECK(digest(order("2", "<p>order 18 <img src='cid:one@x'></p>")) != first);
  CHECK(words_of_content(digest(order("2", html, "2"))) != words_of_content(first));
}

TEST_CASE("of several forms the one that was not chosen counts, too", "[rules][content]") {
  const auto mail = [](const std::string& one, const std::string& two) {
    return "From: shop@x.test\nSubject: order\nContent-Type: multipart/alternative; boundary=b\n\n--b\n" +
           one + "\n--b\n" + two + "\n--b--\n";
  };
  const std::string empty = "Content-Type: text/plain\n\n ", look = "Content-Type: text/plain\n\nlook",
                    html = "Content-Type: text/html\n\n<img src=17.png>",
                    words = "Content-Type: text/html\n\n<p>order 17</p>";
  const auto other = [](std::string text) { return text.replace(text.find("17"), 2, "18"); };
  CHECK(digest(mail(html, look)) != digest(mail(other(html), look)));
  CHECK(digest(mail(words, html)) != digest(mail(other(words), html)));
  CHECK(digest(mail(words, html)) != digest(mail(words, other(html))));
  CHECK(digest(mail(empty, words)) != digest(mail(empty, other(words))));
  CHECK(digest(mail(empty, words)) == digest(mail(empty, words)));
}

TEST_CASE("reports of mail systems are the same only by their Message-ID", "[rules][content]") {
  const auto report = [](const std::string& id, const std::string& recipient) {
    return "From: MAILER-DAEMON@x.test\nSubject: failed\n" + id +
           "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt "
           "failed.\n--b\n"
           "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.test\n\nFinal-Recipient: "
           "rfc822; " +
           recipient + "\nAction: failed\n--b--\n";
  };
  CHECK(digest(report("Message-ID: <1@x.test>\n", "a@y.test")) !=
        digest(report("Message-ID: <2@x.test>\n", "b@y.test")));
  CHECK(digest(report("", "a@y.test")).empty());
}

TEST_CASE("a mail that says nothing has no digest", "[rules][content]") {
  CHECK(digest(header + "\n").empty());
  CHECK(digest(header + "\n \n\t\n").empty());
  CHECK(digest("").empty());
}
