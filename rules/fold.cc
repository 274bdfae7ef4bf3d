// fold(): nearly all mail is ASCII and basic Cyrillic, which is folded by hand; the rest goes through ICU
// in pieces that normalise independently of their neighbours.

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <stdexcept>

#include "rules/lookalike.h"
#include "rules/match.h"
#include "rules/text.h"
#include "rules/utf8.h"

namespace postroom {
namespace {

constexpr unsigned char cyrillic_low = 0xD0;   // lead byte of U+0400..U+043F
constexpr unsigned char cyrillic_high = 0xD1;  // of U+0440..U+047F

bool is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

void add_space(std::string& out) {
  if (out.empty() || out.back() != ' ') out += ' ';
}

void add_ascii(std::string& out, unsigned char c) {
  if (is_space(c)) return add_space(out);
  out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

void add_pair(std::string& out, int first, int second) {
  out += static_cast<char>(first);
  out += static_cast<char>(second);
}

// А..я, Ё and ё; false for every other pair of bytes.
bool add_cyrillic(std::string& out, unsigned char first, unsigned char second) {
  if (first == cyrillic_low && second == 0x81) return add_pair(out, 0xD0, 0xB5), true;   // Ё -> е
  if (first == cyrillic_high && second == 0x91) return add_pair(out, 0xD0, 0xB5), true;  // ё -> е
  if (first == cyrillic_high && second >= 0x80 && second <= 0x8F) return add_pair(out, first, second), true;
  if (first != cyrillic_low || second < 0x90 || second > 0xBF) return false;
  if (second >= 0xB0) return add_pair(out, first, second), true;        // а..п
  if (second < 0xA0) return add_pair(out, first, second + 0x20), true;  // А..П
  return add_pair(out, cyrillic_high, second - 0x20), true;             // Р..Я
}

unsigned char at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

// Dashes and quotation marks that fold to themselves: U+2013, U+2014, U+201A to U+201F. U+2018 and U+2019
// are what telephones write for an apostrophe.
bool add_punctuation(std::string& out, std::string_view text, std::size_t i) {
  if (at(text, i) != 0xE2 || at(text, i + 1) != 0x80) return false;
  const unsigned char third = at(text, i + 2);
  if (third == 0x98 || third == 0x99) return out += '\'', true;
  if (third != 0x93 && third != 0x94 && (third < 0x9A || third > 0x9F)) return false;
  out += text.substr(i, 3);
  return true;
}

// What people type in many ways and mean as one: ё, the apostrophe of Ukrainian (U+02BC) and what is composed
// with the others, the hyphen (U+2010, and U+2011 once normalised).
std::string_view common_form(std::int32_t code) {
  if (code == 0x0451) return "\xD0\xB5";
  if (code == 0x02BC || code == 0x2018 || code == 0x2019) return "'";
  return code == 0x2010 ? "-" : "";
}

// Folds one character by hand if that is possible; returns its length, 0 if not.
std::size_t add_simple(std::string& out, std::string_view text, std::size_t i) {
  const unsigned char c = at(text, i);
  if (c < 0x80) return add_ascii(out, c), 1;
  if (c == cyrillic_low || c == cyrillic_high) return add_cyrillic(out, c, at(text, i + 1)) ? 2 : 0;
  return add_punctuation(out, text, i) ? 3 : 0;
}

// An ASCII character or a letter А..я: nothing before it can change it, or be changed by it.
bool starts_simple(std::string_view text, std::size_t i) {
  const unsigned char c = at(text, i);
  if (c < 0x80) return true;
  std::string ignored;
  return (c == cyrillic_low || c == cyrillic_high) && add_cyrillic(ignored, c, at(text, i + 1));
}

void add_normalized(std::string& out, std::string_view bytes) {
  const std::string piece = valid_utf8(bytes);  // ICU would pass ill-formed sequences on
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
  std::string folded;
  icu::StringByteSink<std::string> sink{&folded};
  if (U_SUCCESS(status)) {
    normalizer->normalizeUTF8(0, {piece.data(), static_cast<int32_t>(piece.size())}, sink, nullptr, status);
  }
  if (U_FAILURE(status)) throw std::runtime_error("ICU cannot fold a text");

  for (std::size_t i = 0; i < folded.size();) {
    const Character c = character_at(folded, i);
    if (u_isUWhiteSpace(c.code)) {
      add_space(out);
    } else if (const std::string_view form = common_form(c.code); !form.empty()) {
      out += form;
    } else {
      out.append(folded, i, c.length);
    }
    i += c.length;
  }
}

// Where the next simple character starts. ICU counts in int32_t, so a piece is bounded; it ends with a
// whole character unless the text is ill-formed.
std::size_t end_of_piece(std::string_view text, std::size_t start) {
  constexpr std::size_t longest = 1U << 20;
  std::size_t end = start + 1;
  while (end < text.size() && end - start < longest && !starts_simple(text, end)) ++end;
  while (end < text.size() && end - start < longest + 3 && (at(text, end) & 0xC0) == 0x80) ++end;
  return end;
}

}  // namespace

std::string fold(std::string_view given) {
  // A mixed word needs a Cyrillic letter, and most mail in English has none.
  const bool cyrillic = std::ranges::any_of(given, [](char c) { return (c & 0xF8) == 0xD0; });
  const std::string mended = cyrillic ? one_script(given) : std::string{};
  const std::string_view utf8 = cyrillic ? mended : given;
  std::string out;
  out.reserve(utf8.size() + 16);
  std::size_t last = 0, last_out = 0;  // the character before i: a following mark may combine with it
  for (std::size_t i = 0; i < utf8.size();) {
    const std::size_t before = out.size();
    if (const std::size_t length = add_simple(out, utf8, i)) {
      last = i;
      last_out = before;
      i += length;
      continue;
    }
    const std::size_t end = end_of_piece(utf8, i);
    const std::size_t start = i > 0 && at(utf8, last) > ' ' ? last : i;
    if (start < i) out.resize(last_out);
    add_normalized(out, utf8.substr(start, end - start));
    last = i = end;
    last_out = out.size();
  }
  return out;
}

}  // namespace postroom
