#include "rules/maillog.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "rules/text.h"

namespace postroom {
namespace {

using What = MailLogLine::What;
using namespace std::chrono;

constexpr std::size_t longest_line = 8192;   // Postfix cuts at 2000, syslog earlier
constexpr std::size_t longest_value = 1000;  // an address has 320

struct Tag {
  std::string_view instance, service, text;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes a number of 1 to 4 digits off the front.
std::optional<int> take_number(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && size < 4 && is_digit(text[size])) ++size;
  int number = 0;
  if (size == 0) return std::nullopt;
  std::from_chars(text.data(), text.data() + size, number);
  text.remove_prefix(size);
  return number;
}

bool take(std::string_view& text, std::string_view token) {
  if (!text.starts_with(token)) return false;
  text.remove_prefix(token.size());
  return true;
}

std::optional<seconds> take_clock(std::string_view& text) {
  const auto hour = take_number(text);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text);
  if (!minute || !take(text, ":")) return std::nullopt;
  const auto second = take_number(text);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return hours{*hour} + minutes{*minute} + seconds{*second};
}

std::optional<sys_seconds> at(int year_number, int month_number, int day_number, seconds clock) {
  const year_month_day date{year{year_number}, month{static_cast<unsigned>(month_number)},
                            day{static_cast<unsigned>(day_number)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date} + clock;
}

std::optional<seconds> take_zone(std::string_view& text) {
  if (take(text, "Z")) return seconds{0};
  const int sign = text.starts_with('-') ? -1 : 1;
  if (!take(text, "+") && !take(text, "-")) return std::nullopt;
  const auto hour = take_number(text);
  if (!hour) return std::nullopt;
  const auto minute = take(text, ":") ? take_number(text) : std::optional<int>{0};
  if (!minute || *hour > 2359 || *minute > 59) return std::nullopt;
  if (*hour > 99) return sign * (hours{*hour / 100} + minutes{*hour % 100});  // "+0300"
  return sign * (hours{*hour} + minutes{*minute});
}

// "2026-11-22T18:00:00.123456+03:00 "
std::optional<sys_seconds> take_rfc3339(std::string_view& text) {
  const auto year_number = take_number(text);
  if (!year_number || !take(text, "-")) return std::nullopt;
  const auto month_number = take_number(text);
  if (!month_number || !take(text, "-")) return std::nullopt;
  const auto day_number = take_number(text);
  if (!day_number || !(take(text, "T") || take(text, " "))) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  if (take(text, ".") || take(text, ","))
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  const auto zone = take_zone(text);
  const auto local = at(*year_number, *month_number, *day_number, *clock);
  if (!zone || !local) return std::nullopt;
  return *local - *zone;
}

// "Nov 22 18:00:00 ": the latest such date that is not to come.
std::optional<sys_seconds> take_classic(std::string_view& text, const LogClock& clock) {
  static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto month_name = std::ranges::find(months, text.substr(0, 3));
  if (month_name == months.end()) return std::nullopt;
  text.remove_prefix(3);
  while (take(text, " ")) continue;
  const auto day_number = take_number(text);
  if (!day_number || !take(text, " ")) return std::nullopt;
  const auto of_day = take_clock(text);
  if (!of_day) return std::nullopt;
  const int this_year = static_cast<int>(year_month_day{floor<days>(clock.now + days{1})}.year());
  for (int back = 0; back < 8; ++back) {  // February 29th
    const auto time =
        at(this_year - back, static_cast<int>(month_name - months.begin()) + 1, *day_number, *of_day);
    if (time && *time - clock.east <= clock.now + days{1}) return *time - clock.east;
  }
  return std::nullopt;
}

// " host postfix-in/smtpd[123]: text"
std::optional<Tag> tag_of(std::string_view text) {
  const auto end = text.find("]: ");
  if (end == text.npos) return std::nullopt;
  std::string_view head = text.substr(0, end);
  const auto open = head.rfind('[');
  if (open == head.npos ||
      !std::all_of(head.begin() + static_cast<std::ptrdiff_t>(open) + 1, head.end(), is_digit))
    return std::nullopt;
  head = head.substr(0, open);
  head.remove_prefix(head.find_last_of(' ') + 1);
  const auto first = head.find('/'), last = head.rfind('/');
  if (first == head.npos) return std::nullopt;
  return Tag{head.substr(0, first), head.substr(last + 1), text.substr(end + 3)};
}

// Short ones are hexadecimal; long ones have no vowels, so that they look like no word.
bool is_queue_id(std::string_view text) {
  constexpr std::string_view hexadecimal = "0123456789ABCDEF";
  constexpr std::string_view consonants = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
  if (text.size() < 5 || text.size() > 40) return false;
  return text.find_first_not_of(hexadecimal) == text.npos ||
         (text.size() >= 10 && text.find_first_not_of(consonants) == text.npos);
}

std::string cleaned(std::string_view text) {
  return std::string{cut_utf8(valid_utf8(text.substr(0, longest_value)), longest_value)};
}

// "name=<value>" in a list of such; empty if it is not there. What stands between <> may hold anything.
std::string_view value_in(std::string_view text, std::string_view name) {
  for (auto found = text.find(name); found != text.npos; found = text.find(name, found + 1)) {
    if (found != 0 && text[found - 1] != ' ' && text[found - 1] != ',') continue;
    const std::string_view rest = text.substr(found + name.size());
    return rest.substr(0, rest.find('>'));
  }
  return {};
}

// "status=sent (250 2.0.0 ticket 1 in Support)"
void read_status(std::string_view text, MailLogLine& line) {
  constexpr std::string_view name = ", status=";
  const auto found = text.find(name);
  if (found == text.npos) return;
  std::string_view rest = text.substr(found + name.size());
  line.status = cleaned(rest.substr(0, rest.find_first_of(" ,")));
  const auto open = rest.find('(');
  if (open == rest.npos) return;
  rest.remove_prefix(open + 1);
  if (rest.ends_with(')')) rest.remove_suffix(1);
  line.reply = cleaned(rest);
}

bool read_attempt(std::string_view text, MailLogLine& line) {
  if (!text.starts_with("to=<")) return false;
  line.what = What::attempt;
  line.recipient = cleaned(value_in(text, "to=<"));
  line.original_recipient = cleaned(value_in(text, "orig_to=<"));
  read_status(text, line);
  return !line.status.empty();
}

bool read_queue_manager(std::string_view text, MailLogLine& line) {
  line.sender = cleaned(value_in(text, "from=<"));
  if (text.starts_with("removed")) line.what = What::removed;
  if (text.starts_with("from=<")) {
    line.what = What::active;
    const std::string_view count = value_in(text, "nrcpt=");
    std::from_chars(count.data(), count.data() + count.size(), line.recipients);
  }
  if (text.starts_with("from=<") && text.find(", status=expired") != text.npos) line.what = What::expired;
  return line.what != What::accepted;
}

struct Verb {
  std::string_view begins;
  What what;
};
constexpr Verb verbs[] = {
    {"reject: ", What::rejected},   {"milter-reject: ", What::rejected},
    {"discard: ", What::discarded}, {"milter-discard: ", What::discarded},
    {"hold: ", What::held},         {"milter-hold: ", What::held},
    {"placed on hold", What::held}, {"released from hold", What::released},
    {"requeued", What::requeued},
};

bool read_verb(std::string_view text, MailLogLine& line) {
  const auto row =
      std::ranges::find_if(verbs, [&](const Verb& verb) { return text.starts_with(verb.begins); });
  if (row == std::end(verbs)) return false;
  line.what = row->what;
  // The client's own words stand before the envelope: the last one counts.
  const auto envelope = text.rfind("; from=<");
  if (envelope != text.npos) {
    line.sender = cleaned(value_in(text.substr(envelope), "from=<"));
    line.recipient = cleaned(value_in(text.substr(envelope), "to=<"));
  }
  text = text.substr(0, envelope);
  line.reply = cleaned(text.substr(std::min(text.find(": ") + 2, text.size())));
  return true;
}

bool read_text(const Tag& tag, std::string_view text, MailLogLine& line) {
  if (tag.service == "postsuper" && text.starts_with("removed")) {
    line.what = What::discarded;  // by the admin's hand
    line.reply = "removed from the queue by hand";
    return true;
  }
  if (read_verb(text, line)) return true;
  if (tag.service == "cleanup" && text.starts_with("message-id=")) {
    line.message_id = cleaned(value_in(text, "message-id=<"));
    return true;
  }
  if (tag.service == "qmgr" || tag.service == "nqmgr" || tag.service == "oqmgr")
    return read_queue_manager(text, line);
  return read_attempt(text, line);
}

}  // namespace

std::optional<MailLogLine> read_mail_log(std::string_view text, const LogClock& clock) {
  text = text.substr(0, longest_line);
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  const auto time = is_digit(text.front()) ? take_rfc3339(text) : take_classic(text, clock);
  if (!time) return std::nullopt;
  const auto tag = tag_of(text);
  if (!tag) return std::nullopt;
  const auto colon = tag->text.find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view id = tag->text.substr(0, colon);
  MailLogLine line;
  line.time = *time;
  line.instance = cleaned(tag->instance);
  if (id != "NOQUEUE" && !is_queue_id(id)) return std::nullopt;
  if (id != "NOQUEUE") line.queue_id = std::string{id};
  if (!read_text(*tag, tag->text.substr(colon + 2), line)) return std::nullopt;
  if (line.queue_id.empty() && line.what != What::rejected) return std::nullopt;
  return line;
}

}  // namespace postroom
