#include "rules/range.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <optional>

namespace postroom {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t largest = std::uint64_t{1} << 50;  // bytes; keeps the units from overflowing

// first <= value <= last; the other way round: value >= first or value <= last.
struct Bounds {
  std::uint64_t first = 0, last = most;
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size() || value > largest) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> bytes(std::string_view text) {
  constexpr std::string_view units = "KMG";
  const std::size_t unit = text.empty() ? std::string_view::npos : units.find(text.back());
  if (unit == std::string_view::npos) return number(text);
  const auto value = number(text.substr(0, text.size() - 1));
  if (!value || *value > largest >> 10 * (unit + 1)) return std::nullopt;
  return *value << 10 * (unit + 1);
}

std::optional<Bounds> sizes(std::string_view text) {
  if (text.starts_with('>')) {
    const auto value = bytes(text.substr(1));
    if (!value) return std::nullopt;
    return Bounds{*value + 1, most};
  }
  if (text.starts_with('<')) {
    const auto value = bytes(text.substr(1));
    if (!value || *value == 0) return std::nullopt;
    return Bounds{0, *value - 1};
  }
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = bytes(text.substr(0, dash)), last = bytes(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return Bounds{*first, *last};
}

std::optional<Bounds> hours(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = number(text.substr(0, dash));
  if (!first || *first > 23) return std::nullopt;
  if (dash == std::string_view::npos) return Bounds{*first, *first};
  const auto end = number(text.substr(dash + 1));
  if (!end || *end > 24 || *end == *first) return std::nullopt;
  return Bounds{*first, *end == 0 ? 23 : *end - 1};
}

std::optional<Bounds> bounds(Field field, std::string_view range) {
  return field == Field::hour ? hours(range) : sizes(range);
}

}  // namespace

std::string range_problem(Field field, std::string_view range) {
  if (bounds(field, range)) return "";
  if (field == Field::hour)
    return fmt::format("'{}' is no hours; write 18-9 for 18:00 until 9:00, or one hour from 0 to 23", range);
  return fmt::format("'{}' is no range of sizes; write >5M, <10K or 1M-5M", range);
}

bool in_range(Field field, std::string_view range, std::uint64_t value) {
  const auto found = bounds(field, range);
  if (!found) return false;
  const auto [first, last] = *found;
  return first <= last ? value >= first && value <= last : value >= first || value <= last;
}

}  // namespace postroom
