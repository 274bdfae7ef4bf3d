#include "rules/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>

#include "rules/text.h"

namespace postroom {
namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

struct CloseDetector {
  void operator()(UCharsetDetector* detector) const { ucsdet_close(detector); }
};
using Detector = std::unique_ptr<UCharsetDetector, CloseDetector>;

// What mail programs write where they mean a larger charset (WHATWG Encoding Standard, section 4.2).
struct Alias {
  std::string_view written, meant;
};
constexpr std::array<Alias, 19> aliases{{
    {"iso-8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"gb2312", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"ks_c_5601-1987", "windows-949"},
    {"euc-kr", "windows-949"},
    {"tis-620", "windows-874"},
    {"iso-8859-11", "windows-874"},
    {"cp1251", "windows-1251"},
    {"cp-1251", "windows-1251"},
    {"win-1251", "windows-1251"},
    {"x-sjis", "windows-31j"},
    {"shift_jis", "windows-31j"},
    {"koi8r", "koi8-r"},
    {"iso-8859-8-i", "iso-8859-8"},
}};

// Enough for a guess, and a bound on its time.
constexpr std::size_t sample_bytes = 2048;

constexpr std::array<const char*, 4> cyrillic{"windows-1251", "koi8-r", "iso-8859-5", "ibm866"};

std::string lower(std::string_view name) {
  std::string text;
  for (char c : name.substr(0, 60)) {
    if (c == ' ' || c == '"' || c == '\'') continue;
    text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

std::string meant_charset(std::string_view charset) {
  std::string name = lower(charset);
  for (const Alias& alias : aliases) {
    if (name == alias.written) return std::string{alias.meant};
  }
  return name;
}

Converter open_converter(const char* name) {
  UErrorCode error = U_ZERO_ERROR;
  Converter converter{ucnv_open(name, &error)};
  if (U_FAILURE(error)) return nullptr;
  return converter;
}

icu::UnicodeString decode(std::string_view bytes, UConverter* converter) {
  UErrorCode error = U_ZERO_ERROR;
  return {bytes.data(), static_cast<int32_t>(bytes.size()), converter, error};
}

std::string to_string(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  utf8.erase(std::remove(utf8.begin(), utf8.end(), '\0'), utf8.end());
  return utf8;
}

// How frequent a letter is in Russian and Ukrainian: 4 frequent, 2 usual, -2 rare or of another language.
int frequency(UChar letter) {
  static constexpr std::u16string_view frequent = u"оеаинтсрвлі", usual = u"кмдпуяыьє";
  if (frequent.find(letter) != std::u16string_view::npos) return 4;
  return usual.find(letter) != std::u16string_view::npos ? 2 : -2;
}

// Points per letter above ASCII if the text is Cyrillic; a wrong charset turns the case of the letters
// around, makes rare letters frequent, and gives frames and signs.
double cyrillic_score(const icu::UnicodeString& text) {
  double points = 0;
  int letters = 0;
  bool after_lower = false;
  for (int32_t i = 0; i < text.length(); ++i) {
    const UChar c = text[i];
    if (c < 0x80) {
      after_lower = false;
      continue;
    }
    ++letters;
    const bool is_lower = (c >= 0x430 && c <= 0x45f) || c == 0x491;
    const bool is_upper = (c >= 0x400 && c <= 0x42f) || c == 0x490;
    if (is_lower) points += frequency(c);
    if (is_upper) points += after_lower ? -3 : 0.7 * frequency(static_cast<UChar>(c + (c < 0x410 ? 80 : 32)));
    if (!is_lower && !is_upper && c != 0xab && c != 0xbb && c != 0x2116 && c != 0x2014) points -= 3;
    after_lower = is_lower;
  }
  return letters == 0 ? 0 : points / letters;
}

struct Guess {
  const char* charset = nullptr;
  double score = 0;
};

Guess best_cyrillic(std::string_view sample) {
  Guess best;
  for (const char* name : cyrillic) {
    const Converter converter = open_converter(name);
    if (!converter) continue;
    const double score = cyrillic_score(decode(sample, converter.get()));
    if (!best.charset || score > best.score) best = {name, score};
  }
  return best;
}

// Share of the letters that stand above ASCII: nearly all in Cyrillic or Chinese, few in German or French.
double high_share(std::string_view bytes) {
  std::size_t high = 0, letters = 0;
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) ++high;
    if (byte >= 0x80 || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z')) ++letters;
  }
  return letters == 0 ? 0 : static_cast<double>(high) / static_cast<double>(letters);
}

// Three letters above ASCII in a row: no Western word has them.
bool has_high_word(std::string_view bytes) {
  int run = 0;
  for (char c : bytes) {
    run = static_cast<unsigned char>(c) >= 0x80 ? run + 1 : 0;
    if (run == 3) return true;
  }
  return false;
}

std::string detected_charset(std::string_view sample) {
  UErrorCode error = U_ZERO_ERROR;
  const Detector detector{ucsdet_open(&error)};
  if (U_FAILURE(error)) return {};
  ucsdet_setText(detector.get(), sample.data(), static_cast<int32_t>(sample.size()), &error);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &error);
  if (U_FAILURE(error) || !match) return {};
  const char* name = ucsdet_getName(match, &error);
  if (U_FAILURE(error) || !name || ucsdet_getConfidence(match, &error) < 10) return {};
  return meant_charset(name);
}

std::string guess_charset(std::string_view bytes) {
  if (bytes.find("\x1b$") != std::string_view::npos) return "iso-2022-jp";
  const std::string_view sample = bytes.substr(0, sample_bytes);
  const double share = high_share(sample);
  if (share > 0.3 || has_high_word(sample)) {
    const Guess guess = best_cyrillic(sample);
    if (guess.charset && guess.score >= 1.0) return guess.charset;
  }
  // Detection by statistics fails on a few words: a short text with a few umlauts is Western.
  if (share < 0.3 && sample.size() < 64) return "windows-1252";
  const std::string detected = detected_charset(sample);
  return detected.empty() || detected == "utf-8" ? "windows-1252" : detected;
}

std::size_t multibyte_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0xc0; }));
}

// Ill-formed sequences are few: UTF-8 that something has cut or broken.
bool is_mostly_utf8(std::string_view bytes) {
  const std::string repaired = valid_utf8(bytes);
  std::size_t broken = 0;
  for (std::size_t at = repaired.find("\xef\xbf\xbd"); at != std::string::npos;
       at = repaired.find("\xef\xbf\xbd", at + 3)) {
    ++broken;
  }
  return broken * 4 < multibyte_characters(repaired) + 1;
}

bool is_cyrillic(std::string_view charset) {
  return std::any_of(cyrillic.begin(), cyrillic.end(), [&](const char* name) { return charset == name; });
}

std::string convert(std::string_view bytes, const std::string& charset) {
  const Converter converter = open_converter(charset.c_str());
  return converter ? to_string(decode(bytes, converter.get())) : valid_utf8(bytes);
}

// Names that say nothing about bytes above 127.
bool says_nothing(std::string_view charset) {
  return charset.empty() || charset == "us-ascii" || charset == "ascii" || charset == "unknown-8bit" ||
         charset == "x-unknown" || charset == "8bit" || charset == "default_charset";
}

}  // namespace

bool is_plain_ascii(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\x1b' && c != '\0'; });
}

bool is_valid_utf8(std::string_view bytes) {
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  const auto length = static_cast<int32_t>(bytes.size());
  for (int32_t i = 0; i < length;) {
    if (static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]) < 0x80) {
      ++i;
      continue;
    }
    UChar32 c;
    U8_NEXT(data, i, length, c);
    if (c < 0) return false;
  }
  return true;
}

std::string guess_utf8(std::string_view bytes) {
  if (is_plain_ascii(bytes)) return std::string{bytes};
  const bool shifted = bytes.find("\x1b$") != std::string_view::npos;
  if (!shifted && (is_valid_utf8(bytes) || is_mostly_utf8(bytes))) return valid_utf8(bytes);
  return convert(bytes, guess_charset(bytes));
}

std::string to_utf8(std::string_view bytes, std::string_view charset) {
  const std::string name = meant_charset(charset);
  const bool seven_bit = name == "utf-7" || name.starts_with("iso-2022") || name.starts_with("hz") ||
                         name.starts_with("utf-16") || name.starts_with("utf-32");
  if (!seven_bit && is_plain_ascii(bytes)) return std::string{bytes};
  if (says_nothing(name) || name == "utf-8" || name == "utf8") return guess_utf8(bytes);

  const Converter converter = open_converter(name.c_str());
  if (!converter) return guess_utf8(bytes);
  const bool one_byte = ucnv_getMaxCharSize(converter.get()) == 1;
  if (one_byte && is_valid_utf8(bytes) && multibyte_characters(bytes) > 1) return valid_utf8(bytes);
  if (is_cyrillic(name) && high_share(bytes.substr(0, sample_bytes)) > 0.3) {
    const Guess guess = best_cyrillic(bytes.substr(0, sample_bytes));
    const double score = cyrillic_score(decode(bytes.substr(0, sample_bytes), converter.get()));
    const bool lied = guess.charset && name != guess.charset && score < 1.0 && guess.score > score + 1.5;
    if (lied) return convert(bytes, guess.charset);
  }
  return to_string(decode(bytes, converter.get()));
}

}  // namespace postroom
