#include "conf/quantities.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace postroom {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Unit {
  char letter;
  long long factor;
};
constexpr std::array<Unit, 4> durations{{{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};
constexpr std::array<Unit, 3> sizes{{{'G', 1LL << 30}, {'M', 1LL << 20}, {'K', 1LL << 10}}};

// Less would break mail or the program itself; more would only look like a limit.
struct Range {
  std::string_view key;
  long long least, most;
};
constexpr long long ten_years = 3650LL * 86400;
constexpr long long most_number = 1'000'000;
constexpr Range ranges[] = {
    {"limits.line", 1000, 1LL << 30},         // RFC 5321, 4.5.3.1.6
    {"limits.message", 64 << 10, 1LL << 40},  // RFC 5321, 4.5.3.1.7
    {"limits.recipients", 100, most_number},  // RFC 5321, 4.5.3.1.8
    {"limits.connections", 1, 100'000},
    {"limits.read", 64 << 10, 1LL << 30},
    {"limits.text", 1 << 10, 1LL << 30},
    {"limits.header_bytes", 4 << 10, 1LL << 30},
    {"limits.headers", 10, most_number},
    {"limits.parts", 1, most_number},
    {"limits.depth", 1, 100},  // every level costs stack
    {"limits.idle", 1, 86400},
    {"limits.stop", 1, 600},
    {"limits.database", 1, 600},
    {"queues.*.answer_within", 0, ten_years},
    {"queues.*.reopen_within", 0, ten_years},
    {"duplicates.window", 0, 86400},
    {"retention.resolved", 0, ten_years},
    {"retention.spam", 0, ten_years},
    {"retention.automatic", 0, ten_years},
};

Range range_of(const SettingRow& row) {
  for (const Range& range : ranges)
    if (range.key == row.key) return range;
  return {row.key, 1, row.type == "duration" ? ten_years : most_number};
}

template <std::size_t N>
const Unit* unit_of(char letter, const std::array<Unit, N>& units) {
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.letter == letter; });
  return unit == units.end() ? nullptr : &*unit;
}

std::optional<long long> digits(std::string_view text, int base = 10) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

template <std::size_t N>
std::optional<long long> with_unit(std::string_view text, const std::array<Unit, N>& units) {
  const Unit* unit = text.empty() ? nullptr : unit_of(text.back(), units);
  if (unit) text.remove_suffix(1);
  const auto number = digits(text);
  const long long factor = unit ? unit->factor : 1;
  if (!number || *number > std::numeric_limits<long long>::max() / factor) return std::nullopt;
  return *number * factor;
}

template <std::size_t N>
std::string write_with_unit(long long number, const std::array<Unit, N>& units) {
  for (const Unit& unit : units)
    if (number != 0 && number % unit.factor == 0)
      return fmt::format("{}{}", number / unit.factor, unit.letter);
  return std::to_string(number);
}

using Word = std::string (*)(long long);

std::string out_of_range(const Value& v, long long number, Word word) {
  const Range range = range_of(v.row);
  if (number >= range.least && number <= range.most) return "";
  return fmt::format("'{}' is out of range; it must be from {} to {}", v.text, word(range.least),
                     word(range.most));
}

}  // namespace

std::string duration_word(long long number) { return write_with_unit(number, durations); }
std::string size_word(long long number) { return write_with_unit(number, sizes); }

std::string read_number(const Value& v) {
  const auto number = digits(v.text);
  if (!number) return fmt::format("'{}' is not a number", v.text);
  if (auto wrong = out_of_range(v, *number, [](long long n) { return std::to_string(n); }); !wrong.empty())
    return wrong;
  if (int* const* slot = std::get_if<int*>(&v.slot)) **slot = static_cast<int>(*number);
  if (std::size_t* const* slot = std::get_if<std::size_t*>(&v.slot))
    **slot = static_cast<std::size_t>(*number);
  return "";
}

std::string read_size(const Value& v) {
  const auto number = with_unit(v.text, sizes);
  if (!number) return fmt::format("'{}' is not a size; write a number of bytes, or 64K, 2M, 1G", v.text);
  if (auto wrong = out_of_range(v, *number, size_word); !wrong.empty()) return wrong;
  *std::get<std::size_t*>(v.slot) = static_cast<std::size_t>(*number);
  return "";
}

// A bare number could mean seconds or minutes: a unit is asked for, except with 0.
std::string read_duration(const Value& v) {
  const auto number = with_unit(v.text, durations);
  const bool has_unit = !v.text.empty() && unit_of(v.text.back(), durations);
  if (!number || (!has_unit && *number != 0))
    return fmt::format("'{}' is not a duration; write a number with s, m, h or d, as in 30s or 4h", v.text);
  if (auto wrong = out_of_range(v, *number, duration_word); !wrong.empty()) return wrong;
  if (seconds* const* slot = std::get_if<seconds*>(&v.slot)) **slot = seconds{*number};
  if (milliseconds* const* slot = std::get_if<milliseconds*>(&v.slot)) **slot = seconds{*number};
  return "";
}

std::string read_mode(const Value& v) {
  const auto mode = digits(v.text, 8);
  if (!mode || v.text.size() < 3 || v.text.size() > 5)
    return fmt::format("'{}' is not a mode; write it in octal, as in \"0660\"", v.text);
  const bool of_folder = v.row.key == "mailboxes.folder_mode";
  const long long needed = of_folder ? 0700 : 0600, allowed = of_folder ? 02777 : 0666;
  if ((*mode & needed) != needed || (*mode & ~allowed) != 0)
    return fmt::format("mode '{}' does not work; it must be from {:04o} to {:04o}, open to the owner", v.text,
                       needed, allowed);
  *std::get<unsigned*>(v.slot) = static_cast<unsigned>(*mode);
  return "";
}

}  // namespace postroom
