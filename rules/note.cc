#include "rules/note.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "rules/encode.h"
#include "rules/text.h"

namespace postroom {
namespace {

using Kind = TicketChange::Kind;

// {other}, {priority}, {messages}, {person} and {queue} are filled in.
struct NoteWords {
  Kind kind;
  std::string_view language, title, body;
};

constexpr NoteWords notes[] = {
    {Kind::note, "en", "Note", ""},
    {Kind::note, "ru", "Заметка", ""},
    {Kind::set_priority, "en", "Priority: {priority}", "The priority of this ticket is now {priority}."},
    {Kind::set_priority, "ru", "Приоритет: {priority}", "У этого обращения теперь {priority} приоритет."},
    {Kind::link, "en", "Linked to #{other}", "This ticket is linked to ticket {other}."},
    {Kind::link, "ru", "Связано с #{other}", "Это обращение связано с обращением {other}."},
    {Kind::merge, "en", "Merged with #{ticket}",
     "Ticket {ticket} was merged into this one. Its messages, and whatever is written to it, belong here "
     "now."},
    {Kind::merge, "ru", "Объединено с #{ticket}",
     "Обращение {ticket} объединено с этим. Его письма и всё, что на него ответят, теперь относятся сюда."},
    {Kind::split, "en", "Split: #{other}", "Messages {messages} of this ticket became ticket {other}."},
    {Kind::split, "ru", "Разделено: #{other}", "Письма {messages} этого обращения стали обращением {other}."},
};

constexpr std::pair<std::string_view, std::string_view> ends[] = {
    {"en", "Only the desk sees this note; it was sent to nobody."},
    {"ru", "Эту запись видят только сотрудники; она никому не отправлялась."},
};

constexpr std::pair<Priority, std::string_view> russian_priorities[] = {
    {Priority::low, "низкий"}, {Priority::normal, "обычный"}, {Priority::high, "высокий"}};

std::string_view known_language(std::string_view language) { return language == "ru" ? "ru" : "en"; }

std::string_view priority_word(Priority priority, std::string_view language) {
  if (language != "ru") return priority_name(priority);
  return std::ranges::find(russian_priorities, priority, [](const auto& row) { return row.first; })->second;
}

const NoteWords& words_of(Kind kind, std::string_view language) {
  const auto fits = [&](const NoteWords& row) { return row.kind == kind && row.language == language; };
  const auto found = std::ranges::find_if(notes, fits);
  return found == std::end(notes) ? notes[language == "ru" ? 1 : 0] : *found;
}

std::string filled(std::string_view words, const TicketChange& change, std::string_view language) {
  return fmt::format(fmt::runtime(words), fmt::arg("ticket", change.ticket), fmt::arg("other", change.other),
                     fmt::arg("priority", priority_word(change.priority, language)),
                     fmt::arg("messages", fmt::join(change.messages, ", ")));
}

std::string body_of(const NoteMail& note) {
  const std::string_view language = known_language(note.language);
  const std::string words = filled(words_of(note.change.kind, language).body, note.change, language);
  const auto end = std::ranges::find(ends, language, [](const auto& row) { return row.first; })->second;
  std::string text = words;
  if (!text.empty() && !note.change.why.empty()) text += "\n\n";
  text += valid_utf8(note.change.why);
  std::erase(text, '\r');
  std::erase(text, '\0');
  return fmt::format("{}\n\n-- \n{}\n{}\n", text, one_line(note.change.who, 100), end);
}

void put(std::string& mail, std::string_view name, std::string_view value) {
  if (!value.empty()) mail += fmt::format("{}: {}\n", name, value);
}

// As in rules/compose.cc, RFC 5322, 3.6.4.
bool can_stand_in_header(std::string_view id) {
  const auto visible = [](char c) { return c > ' ' && c <= '~' && c != '<' && c != '>'; };
  return id.size() <= 250 && id.find('@') != std::string_view::npos && std::ranges::all_of(id, visible);
}

}  // namespace

std::string note_title(const TicketChange& change, std::string_view language) {
  constexpr std::size_t longest = 80;
  const std::string_view known = known_language(language);
  const std::string title = filled(words_of(change.kind, known).title, change, known);
  if (change.kind != Kind::note) return title;
  return fmt::format("{}: {}", title, one_line(change.why.substr(0, change.why.find('\n')), longest));
}

std::string compose_note(const NoteMail& note) {
  std::string mail;
  for (const Header& line : note.lines) put(mail, line.name, line.value);
  const std::string from = header_address(note.from.name, note.from.address);
  put(mail, "From", from);
  put(mail, "To", from);
  put(mail, "Subject", header_value(fmt::format("{} {}", note.tag, note_title(note.change, note.language))));
  put(mail, "Date",
      fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                  fmt::gmtime(std::chrono::system_clock::to_time_t(note.date))));
  put(mail, "Message-ID", "<" + note.message_id + ">");
  if (can_stand_in_header(note.first_id)) {
    put(mail, "In-Reply-To", "<" + note.first_id + ">");
    put(mail, "References", "<" + note.first_id + ">");
  }
  put(mail, "Auto-Submitted", "auto-generated");  // RFC 3834, 5
  put(mail, "MIME-Version", "1.0");
  put(mail, "Content-Type", "text/plain; charset=utf-8");
  put(mail, "Content-Transfer-Encoding", "8bit");
  return mail + "\n" + body_of(note);
}

}  // namespace postroom
