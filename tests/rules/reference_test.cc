#include "rules/reference.h"

#include <catch2/catch.hpp>

#include "rules/classify.h"

using namespace postroom;

namespace {

const Keys keys{"new secret", {"old secret"}};

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return text;
}

Envelope to(std::vector<std::string> recipients) {
  return {std::string{"anna@x.test"}, std::move(recipients)};
}

Message mail(std::string_view header) {
  return read_message(std::string{header} + "\n\ntext\n", MessageLimits{});
}

References read(const Message& message, const Envelope& envelope = to({}), const Automatic& automatic = {}) {
  return references_of(message, envelope, automatic, '+', keys);
}

}  // namespace

TEST_CASE("a reply address names its ticket", "[rules][reference]") {
  const std::string address = reply_address("support@desk.test", 48213, '+', keys);
  REQUIRE(address.starts_with("support+48213."));
  REQUIRE(address.ends_with("@desk.test"));
  CHECK(address.size() == std::string_view{"support+48213.k7q2m9p4xa@desk.test"}.size());
  CHECK(ticket_of_address(address, '+', keys) == 48213);

  const std::string local = address.substr(0, address.find('@'));
  for (const std::string& form : {upper(address), "<" + address + ">", "\"" + local + "\"@desk.test",
                                  local + "+more@desk.test", "prvs=1234abcdef=" + address,
                                  local + "@relay.other.test", "x+first+" + local.substr(8) + "@desk.test"}) {
    INFO(form);
    CHECK(ticket_of_address(form, '+', keys) == 48213);
  }
}

TEST_CASE("a forged reply address names no ticket", "[rules][reference]") {
  const std::string address = reply_address("support@desk.test", 48213, '+', keys);
  const std::string token = address.substr(14, 10);
  for (const std::string& form : std::vector<std::string>{
           "support+48214." + token + "@desk.test", "support+048213." + token + "@desk.test",
           "support+48213." + token.substr(1) + "@desk.test", "support+48213." + token + "a@desk.test",
           "support+48213.aaaaaaaaaa@desk.test", "support+48213@desk.test", "support+48213." + token,
           "support-48213." + token + "@desk.test", "support@desk.test", "", "@", "+@", "+1.@x",
           "support+99999999999999999999." + token + "@desk.test",
           "support+-48213." + token + "@desk.test"}) {
    INFO(form);
    CHECK_FALSE(ticket_of_address(form, '+', keys));
  }
  CHECK_FALSE(ticket_of_address(address, '\0', keys));
  CHECK_FALSE(ticket_of_address(address, '+', Keys{"another"}));
  CHECK_FALSE(ticket_of_address(address, '+', Keys{}));
}

TEST_CASE("addresses signed with the key before still fit", "[rules][reference]") {
  CHECK(ticket_of_address(reply_address("a@desk.test", 7, '+', Keys{"old secret"}), '+', keys) == 7);
  const std::string id = signed_message_id({7, 9}, "abc", "desk.test", Keys{"old secret"});
  CHECK(read_message_id(id, keys)->ticket == 7);
}

TEST_CASE("mail goes without a reply address where there is no room or no delimiter", "[rules][reference]") {
  CHECK(reply_address("support@desk.test", 1, '\0', keys).empty());
  CHECK(reply_address(std::string(53, 'a') + "@desk.test", 1, '+', keys).empty());
  CHECK_FALSE(reply_address(std::string(51, 'a') + "@desk.test", 1, '+', keys).empty());
  CHECK(reply_address("support", 1, '+', keys).empty());
  CHECK(reply_address("support@desk.test", 0, '+', keys).empty());
}

TEST_CASE("delimiters that stand in addresses of channels are no obstacle", "[rules][reference]") {
  for (const char delimiter : {'+', '-', '=', '.', '_', '#'}) {
    for (const char* channel : {"help-desk@desk.test", "help.desk@desk.test", "help_desk+eu@desk.test"}) {
      const std::string address = reply_address(channel, 12, delimiter, keys);
      INFO(address);
      CHECK(ticket_of_address(address, delimiter, keys) == 12);
    }
  }
}

TEST_CASE("a Message-ID of ours names ticket and message", "[rules][reference]") {
  const std::string id = signed_message_id({48213, 991}, "k2j4", "desk.test", keys);
  CHECK(id.starts_with("t48213.m991.k2j4."));
  CHECK(id.ends_with("@desk.test"));
  for (const std::string& form : {id, upper(id), "<" + id + ">"}) {
    const auto read = read_message_id(form, keys);
    REQUIRE(read);
    CHECK(read->ticket == 48213);
    CHECK(read->message == 991);
  }
  const std::string token = id.substr(17, 10);
  for (const std::string& forged : std::vector<std::string>{
           "t48214.m991.k2j4." + token + "@desk.test", "t48213.m992.k2j4." + token + "@desk.test",
           "t48213.m991.k2j5." + token + "@desk.test", "t48213.m991.k2j4.aaaaaaaaaa@desk.test",
           "t48213.m991.k2j4@desk.test", "t48213.m991.." + token + "@desk.test", "t.m.x.y@z", "", "@",
           "t1"}) {
    INFO(forged);
    CHECK_FALSE(read_message_id(forged, keys));
  }
}

TEST_CASE("a message refers to tickets by its recipients, To and Cc", "[rules][reference]") {
  const std::string one = reply_address("support@desk.test", 1, '+', keys);
  const std::string two = reply_address("sales@desk.test", 2, '+', keys);
  const std::string three = reply_address("sales@desk.test", 3, '+', keys);
  const Message message =
      mail("From: anna@x.test\nTo: " + two + ", " + upper(one) + "\nCc: b@x.test, " + three);
  const References references = read(message, to({one, "sales@desk.test"}));
  CHECK(references.addressed == std::vector<TicketNumber>{1, 2, 3});
}

TEST_CASE("references are read nearest first", "[rules][reference]") {
  const std::string own = signed_message_id({5, 6}, "r", "desk.test", keys);
  const std::string older = signed_message_id({4, 2}, "r", "desk.test", keys);
  const Message message = mail(
      "From: anna@x.test\nMessage-ID: <self@x.test>\nIn-Reply-To: <c@x.test>\n"
      "References: <a@x.test>\n <" +
      older + ">\n <b@x.test> <self@x.test> <" + own + ">\n <c@x.test>\nSubject: Re: [SUP#12] lamp [#13]");
  const References references = read(message);
  CHECK(references.signed_ids == std::vector<TicketNumber>{5, 4});
  CHECK(references.ids == std::vector<std::string>{"c@x.test", "b@x.test", "a@x.test"});
  CHECK(references.tagged == std::vector<TicketNumber>{12, 13});
  CHECK(references.addressed.empty());
}

TEST_CASE("ids that mail systems have folded or put into lower case are known", "[rules][reference]") {
  const std::string own = signed_message_id({5, 6}, "random", "desk.test", keys);
  const Message message = mail("From: anna@x.test\nReferences: junk <" + own.substr(0, 9) + "\n " +
                               own.substr(9) + "> (comment) <c@x.test\n\t> trailing");
  const References references = read(message);
  CHECK(references.signed_ids == std::vector<TicketNumber>{5});
  CHECK(references.ids == std::vector<std::string>{"c@x.test"});
}

TEST_CASE("of very many references the nearest and the first are kept", "[rules][reference]") {
  std::string header = "From: anna@x.test\nReferences:";
  for (int i = 0; i < 3000; ++i) header += " <" + std::to_string(i) + "@x.test>\n";
  const References references = read(mail(header));
  REQUIRE(references.ids.size() == 20);
  CHECK(references.ids.front() == "2999@x.test");
  CHECK(references.ids[18] == "2981@x.test");
  CHECK(references.ids.back() == "0@x.test");
}

TEST_CASE("a bounce refers to what the mail refers to that came back", "[rules][reference]") {
  Automatic bounce;
  bounce.kind = Automatic::Kind::bounce;
  bounce.original_message_id = signed_message_id({8, 1}, "r", "desk.test", keys);
  bounce.original_ids = {"customer@x.test", signed_message_id({9, 1}, "r", "desk.test", keys)};
  const References references = read(mail("From: mailer-daemon@x.test"), to({}), bounce);
  CHECK(references.signed_ids == std::vector<TicketNumber>{8, 9});
  CHECK(references.ids == std::vector<std::string>{"customer@x.test"});
}
