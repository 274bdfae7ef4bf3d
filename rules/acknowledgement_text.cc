#include "rules/acknowledgement_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <kainjow/mustache.hpp>
#include <optional>

#include "rules/encode.h"

namespace postroom {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

constexpr std::string_view subject_name = "Subject:";
constexpr std::string_view variables[] = {"name", "ticket", "number", "queue", "subject", "expected", "from"};

struct Parts {
  std::string subject;  // behind "Subject:"
  std::string body;
  std::size_t body_line = 3;  // where it starts
};

// A text in its two parts; nullopt if it does not start with a line "Subject: ...".
std::optional<Parts> split(std::string_view text) {
  std::string plain{text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text};
  std::erase(plain, '\r');
  if (!plain.starts_with(subject_name)) return std::nullopt;

  const std::size_t end = std::min(plain.find('\n'), plain.size());
  Parts parts;
  parts.subject = plain.substr(subject_name.size(), end - subject_name.size());
  parts.body = plain.substr(std::min(end + 1, plain.size()));
  if (!parts.body.starts_with('\n')) {
    parts.body_line = 2;
    return parts;
  }
  parts.body.erase(0, 1);
  return parts;
}

data values_of(const Acknowledgement& acknowledgement) {
  const std::pair<const char*, std::string> values[] = {
      {"name", harmless(acknowledgement.to.name, 100)},
      {"ticket", acknowledgement.ticket_tag},
      {"number", std::to_string(acknowledgement.ticket)},
      {"queue", acknowledgement.queue},
      {"subject", harmless(acknowledgement.original_subject, 200)},
      {"expected", duration_text(acknowledgement.answer_within, acknowledgement.language)},
      {"from", acknowledgement.from.address},
  };
  data known;
  for (const auto& [name, value] : values) {
    if (!value.empty()) known.set(name, value);
  }
  return known;
}

std::string render(const std::string& text, const data& values) {
  mustache parsed{text};
  if (!parsed.is_valid()) return text;                                       // check_text() told the admin
  parsed.set_custom_escape([](const std::string& value) { return value; });  // mail is not HTML
  return parsed.render(values);
}

struct Complaint {
  std::string_view theirs, ours;
};
constexpr Complaint complaints[] = {
    {"Unclosed section", "section {} is not closed"},
    {"Unopened section", "section {} is closed, but was not opened"},
    {"Unclosed tag", "'{{{{' without '}}}}'"},
    {"Invalid set delimiter", "these delimiters cannot be set"},
};

// `Unclosed section "name" at 42` -> "line 3: section 'name' is not closed"
std::string in_plain_words(std::string_view error, std::string_view text, std::size_t first_line) {
  const std::size_t at = error.rfind(' ');
  std::size_t position = 0;
  if (at != std::string_view::npos)
    std::from_chars(error.data() + at + 1, error.data() + error.size(), position);
  const auto newlines = std::ranges::count(text.substr(0, position), '\n');
  const std::size_t line = first_line + static_cast<std::size_t>(newlines);

  const std::size_t open = error.find('"'), close = error.rfind('"');
  const std::string name = open < close ? fmt::format("'{}'", error.substr(open + 1, close - open - 1)) : "";
  for (const Complaint& row : complaints) {
    if (error.starts_with(row.theirs))
      return fmt::format("line {}: {}", line, fmt::format(fmt::runtime(row.ours), name));
  }
  return fmt::format("line {}: {}", line, error);
}

std::string_view trimmed(std::string_view text, std::string_view what) {
  const std::size_t first = std::min(text.find_first_not_of(what), text.size());
  const std::size_t last = text.find_last_not_of(what);
  return last == std::string_view::npos ? std::string_view{} : text.substr(first, last - first + 1);
}

// A misspelt variable would silently be empty in every mail.
std::string unknown_variable(std::string_view text, std::size_t first_line) {
  if (text.find("{{=") != std::string_view::npos) return "";  // other delimiters: not looked into
  for (std::size_t start = text.find("{{"); start != std::string_view::npos;
       start = text.find("{{", start + 2)) {
    const std::string_view tag = text.substr(start + 2, text.find("}}", start) - start - 2);
    if (tag.starts_with('!')) continue;
    const std::string_view name = trimmed(tag, "#^/&{} \t\n");
    if (std::ranges::find(variables, name) != std::end(variables)) continue;
    const auto line = first_line + static_cast<std::size_t>(std::ranges::count(text.substr(0, start), '\n'));
    return fmt::format("line {}: '{}' is unknown; known are {}", line, name, fmt::join(variables, ", "));
  }
  return "";
}

std::string problem_in(const std::string& text, std::size_t first_line) {
  const mustache parsed{text};
  if (!parsed.is_valid()) return in_plain_words(parsed.error_message(), text, first_line);
  return unknown_variable(text, first_line);
}

struct Unit {
  std::chrono::seconds length;
  const char* english;
  const char* russian_one;   // в течение 1 часа, 21 часа
  const char* russian_many;  // 2, 4, 5, 11 часов
};
constexpr Unit units[] = {
    {std::chrono::hours{24}, "day", "дня", "дней"},
    {std::chrono::hours{1}, "hour", "часа", "часов"},
    {std::chrono::minutes{1}, "minute", "минуты", "минут"},
};

std::string in_units(long long count, const Unit& unit, std::string_view language) {
  const bool russian_one = count % 10 == 1 && count % 100 != 11;
  if (language == "ru")
    return fmt::format("{} {}", count, russian_one ? unit.russian_one : unit.russian_many);
  return fmt::format("{} {}{}", count, unit.english, count == 1 ? "" : "s");
}

}  // namespace

RenderedText render_text(const Acknowledgement& acknowledgement) {
  const Parts parts =
      split(acknowledgement.text).value_or(Parts{"{{ticket}} {{subject}}", acknowledgement.text, 1});
  const data values = values_of(acknowledgement);
  return {one_line(render(parts.subject, values), 400), render(parts.body, values)};
}

std::string harmless(std::string_view value, std::size_t bytes) {
  std::string line = one_line(value, bytes);
  for (auto at = line.find("=?"); at != std::string::npos; at = line.find("=?")) line.erase(at, 2);
  return line;
}

std::string check_text(std::string_view mustache_text) {
  const std::optional<Parts> parts = split(mustache_text);
  if (!parts) return "line 1: the first line has to be 'Subject: ...'";
  if (trimmed(parts->subject, " \t").empty()) return "line 1: the subject is empty";
  if (parts->body_line != 3) return "line 2: an empty line has to follow the subject";
  if (trimmed(parts->body, " \t\n").empty()) return "line 3: the text is empty";
  const std::string problem = problem_in(parts->subject, 1);
  return problem.empty() ? problem_in(parts->body, parts->body_line) : problem;
}

std::string duration_text(std::chrono::seconds duration, std::string_view language) {
  if (duration.count() <= 0) return "";
  const std::chrono::seconds whole = std::chrono::ceil<std::chrono::minutes>(duration);
  for (const Unit& unit : units) {
    if (whole % unit.length == std::chrono::seconds{0}) return in_units(whole / unit.length, unit, language);
  }
  return "";
}

std::string ticket_tag(std::string_view prefix, long long ticket) {
  return fmt::format("[{}#{}]", prefix, ticket);
}

}  // namespace postroom
