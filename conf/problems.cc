#include "conf/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace postroom {
namespace {

// Characters of UTF-8; ill-formed bytes count as one each.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> list;
  for (std::size_t start = 0; start < text.size();) {
    std::size_t end = start + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) ++end;
    list.push_back(text.substr(start, end - start));
    start = end;
  }
  return list;
}

std::size_t distance(std::string_view first, std::string_view second) {
  const auto a = characters(first), b = characters(second);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

constexpr std::size_t longest_guess = 100;  // the distance is quadratic in the length

}  // namespace

std::string Problem::str() const {
  if (line == 0) return fmt::format("{}: {}", file, text);
  return fmt::format("{}:{}:{}: {}", file, line, column, text);
}

void Problems::add(Position place, std::string text) {
  here_.push_back({file_, place.line, place.column, std::move(text)});
}

void Problems::add_elsewhere(std::string file, std::string text, Position place) {
  elsewhere_.push_back({std::move(file), place.line, place.column, std::move(text)});
}

std::vector<Problem> Problems::sorted() const {
  std::vector<Problem> all = here_;
  std::stable_sort(all.begin(), all.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  all.insert(all.end(), elsewhere_.begin(), elsewhere_.end());
  return all;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  if (word.size() > longest_guess) return "";
  const std::string* best = nullptr;
  std::size_t least = std::max<std::size_t>(2, characters(word).size() / 3) + 1;
  for (const std::string& name : names) {
    if (name.size() > longest_guess) continue;
    const std::size_t d = distance(word, name);
    if (d < least && d < characters(name).size()) least = d, best = &name;
  }
  return best ? fmt::format("; did you mean '{}'?", *best) : "";
}

}  // namespace postroom
