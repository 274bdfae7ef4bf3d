#include "rules/html_style.h"

#include <algorithm>
#include <cstddef>

namespace postroom {
namespace {

constexpr std::size_t longest = 4000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

struct Number {
  bool is_number = false;
  int hundredths = 0;
  std::string_view unit;
};

Number number_of(std::string_view value) {
  Number number;
  int scale = 100;
  bool fraction = false;
  std::size_t at = 0;
  for (; at < value.size() && at < 8; ++at) {
    const char c = value[at];
    if (c == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    number.is_number = true;
    if (!fraction) number.hundredths = std::min(number.hundredths * 10 + (c - '0') * 100, 100000);
    if (fraction) number.hundredths += (c - '0') * (scale /= 10);
  }
  number.unit = trimmed(value.substr(at));
  return number;
}

bool is_zero(std::string_view value) {
  const Number number = number_of(value);
  return number.is_number && number.hundredths == 0;
}

FontSize font_size(std::string_view value) {
  const Number number = number_of(value);
  if (!number.is_number) return FontSize::readable;
  const bool points = same(number.unit, "px") || same(number.unit, "pt") || number.unit.empty();
  return number.hundredths == 0 || (points && number.hundredths <= 100) ? FontSize::none : FontSize::readable;
}

// What is said of one element, as far as it can hide it.
struct Declared {
  Style style;
  std::string_view color, background;
  bool no_height = false, cut_off = false;

  void take(std::string_view name, std::string_view value) {
    if (same(name, "display")) style.hidden = style.hidden || same(value, "none");
    if (same(name, "visibility")) style.hidden = style.hidden || same(value, "hidden");
    if (same(name, "mso-hide")) style.hidden = style.hidden || same(value, "all");
    if (same(name, "opacity")) style.hidden = style.hidden || is_zero(value);
    if (same(name, "max-height") || same(name, "height")) no_height = no_height || is_zero(value);
    if (same(name, "overflow")) cut_off = same(value, "hidden");
    if (same(name, "font-size")) style.font = font_size(value);
    if (same(name, "color")) color = value;
    if (same(name, "background-color") || same(name, "background")) background = value;
  }
};

}  // namespace

Style read_style(std::string_view declarations) {
  Declared declared;
  declarations = declarations.substr(0, longest);
  while (!declarations.empty()) {
    const std::size_t end = std::min(declarations.find(';'), declarations.size());
    const std::string_view one = declarations.substr(0, end);
    declarations.remove_prefix(std::min(end + 1, declarations.size()));
    const std::size_t colon = one.find(':');
    if (colon == one.npos) continue;
    std::string_view value = one.substr(colon + 1);
    value = trimmed(value.substr(0, value.find('!')));  // "!important"
    declared.take(trimmed(one.substr(0, colon)), value);
  }
  const bool cut_off = declared.no_height && declared.cut_off;
  const bool no_contrast = !declared.color.empty() && same(declared.color, declared.background);
  declared.style.hidden = declared.style.hidden || cut_off || no_contrast;
  return declared.style;
}

}  // namespace postroom
