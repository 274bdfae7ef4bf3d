#include "rules/note.h"

#include <catch2/catch.hpp>

#include "rules/tags.h"

namespace postroom::tests {
namespace {

using Kind = TicketChange::Kind;

NoteMail mail_about(Kind kind, const std::string& why, const std::string& language = "en") {
  NoteMail mail;
  mail.change.kind = kind;
  mail.change.ticket = 1042;
  mail.change.other = 1050;
  mail.change.who = "ivan";
  mail.change.why = why;
  mail.change.priority = Priority::high;
  mail.change.messages = {7, 9};
  mail.from = {"Поддержка", "support@desk.test"};
  mail.tag = "[SUP#1042]";
  mail.language = language;
  mail.message_id = "t1042.m12.x@desk.test";
  mail.first_id = "first@customer.test";
  mail.lines = {identity_line({1042, 12}, Keys{"0123456789abcdef0123456789abcdef"})};
  mail.date = Time{std::chrono::seconds{1795374000}};
  return mail;
}

Message read(const NoteMail& mail) { return read_message(compose_note(mail), {}); }

}  // namespace

TEST_CASE("a note stands in the thread of its ticket and is answered by no robot", "[rules]") {
  const Message note = read(mail_about(Kind::note, "He called again.\nSay yes."));
  CHECK(note.subject == "[SUP#1042] Note: He called again.");
  CHECK(note.from == std::vector<Address>{{"Поддержка", "support@desk.test"}});
  CHECK(note.to == note.from);
  CHECK(note.references == std::vector<std::string>{"first@customer.test"});
  CHECK(note.message_id == "t1042.m12.x@desk.test");
  CHECK(*find_header(note.headers, "Auto-Submitted") == "auto-generated");
  CHECK_THAT(note.text, Catch::StartsWith("He called again.\nSay yes.\n") && Catch::Contains("ivan"));
  CHECK(note.headers.front().name == "X-Postroom-Ticket");
}

TEST_CASE("what was done to a ticket is told in the queue's language", "[rules]") {
  struct Row {
    Kind kind;
    const char *language, *subject, *text;
  };
  const Row rows[] = {
      {Kind::set_priority, "en", "[SUP#1042] Priority: high", "priority of this ticket is now high"},
      {Kind::set_priority, "ru", "[SUP#1042] Приоритет: высокий", "теперь высокий приоритет"},
      {Kind::link, "en", "[SUP#1042] Linked to #1050", "linked to ticket 1050"},
      {Kind::link, "ru", "[SUP#1042] Связано с #1050", "обращением 1050"},
      {Kind::merge, "en", "[SUP#1042] Merged with #1042", "Ticket 1042 was merged"},
      {Kind::merge, "ru", "[SUP#1042] Объединено с #1042", "Обращение 1042 объединено"},
      {Kind::split, "en", "[SUP#1042] Split: #1050", "Messages 7, 9"},
      {Kind::split, "de", "[SUP#1042] Split: #1050", "became ticket 1050"},
      {Kind::note, "ru", "[SUP#1042] Заметка: because", "because"},
  };
  for (const Row& row : rows) {
    const Message note = read(mail_about(row.kind, "because", row.language));
    CHECK(note.subject == row.subject);
    CHECK_THAT(note.text, Catch::Contains(row.text) && Catch::Contains("because"));
  }
}

TEST_CASE("nothing that people write becomes a header line of a note", "[rules]") {
  NoteMail mail = mail_about(Kind::note, "x\r\nBcc: a@b.test\n\n\xff");
  mail.change.who = "ivan\nBcc: c@d.test";
  mail.from.name = "Desk\nBcc: e@f.test";
  mail.first_id = "a b\n@c";
  const Message note = read(mail);
  CHECK(find_header(note.headers, "Bcc") == nullptr);
  CHECK(note.references.empty());
  CHECK(note.subject == "[SUP#1042] Note: x");
}

}  // namespace postroom::tests
