#include "rules/encoded_word.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "rules/charset.h"

namespace postroom {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::array<std::int8_t, 256> digits_of_alphabet() {
  std::array<std::int8_t, 256> digits;
  digits.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return digits;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// RFC 2047, section 4.2
std::string decode_q(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '=' && i + 2 < text.size();
    const int high = escape ? hex_digit(text[i + 1]) : -1;
    const int low = escape ? hex_digit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      bytes += static_cast<char>(high * 16 + low);
      i += 2;
      continue;
    }
    bytes += text[i] == '_' ? ' ' : text[i];
  }
  return bytes;
}

struct Word {
  std::string charset;
  std::string bytes;
  std::size_t end = 0;  // behind "?="
};

// The encoded word that begins at `at`, where "=?" stands.
std::optional<Word> word_at(std::string_view value, std::size_t at) {
  const std::size_t charset = at + 2;
  const std::size_t mark = value.find('?', charset);
  if (mark == value.npos || mark == charset || mark - charset > 60 || mark + 2 >= value.size())
    return std::nullopt;
  const char encoding = value[mark + 1];
  const bool known = encoding == 'B' || encoding == 'b' || encoding == 'Q' || encoding == 'q';
  if (!known || value[mark + 2] != '?') return std::nullopt;
  const std::size_t begin = mark + 3;
  const std::size_t end = value.find("?=", begin);
  // A word without its end would reach for the next one's.
  if (end == value.npos || value.substr(begin, end - begin).find("=?") != value.npos) return std::nullopt;

  Word word;
  const std::string_view name = value.substr(charset, mark - charset);
  word.charset = name.substr(0, name.find('*'));  // RFC 2231, section 5: "=?utf-8*de?..."
  const std::string_view text = value.substr(begin, end - begin);
  word.bytes = encoding == 'Q' || encoding == 'q' ? decode_q(text) : decode_base64(text);
  word.end = end + 2;
  return word;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool same_charset(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

// Line breaks inside a word would become line breaks of whoever writes the value.
std::string one_line(std::string text) {
  std::replace_if(text.begin(), text.end(), is_space, ' ');
  return text;
}

// A run of words with nothing but white space between them, which belongs to none (RFC 2047, 6.2).
struct Run {
  std::string text;
  std::size_t end = 0;
};

std::optional<Run> run_at(std::string_view value, std::size_t at) {
  std::optional<Word> word = word_at(value, at);
  if (!word) return std::nullopt;
  Run run;
  while (true) {
    run.end = word->end;
    std::size_t next = word->end;
    while (next < value.size() && is_space(value[next])) ++next;
    std::optional<Word> following;
    if (value.substr(next, 2) == "=?") following = word_at(value, next);
    if (following && same_charset(following->charset, word->charset)) {
      following->bytes.insert(0, word->bytes);  // a character may be split between the two
      word = std::move(following);
      continue;
    }
    run.text += to_utf8(word->bytes, word->charset);
    if (!following) break;
    word = std::move(following);
  }
  run.text = one_line(std::move(run.text));
  return run;
}

template <class Write>
std::string rewrite(std::string_view value, Write write) {
  if (value.find("=?") == value.npos) return guess_utf8(value);
  std::string text;
  while (!value.empty()) {
    std::size_t at = value.find("=?");
    std::optional<Run> run;
    while (at != value.npos && !(run = run_at(value, at))) at = value.find("=?", at + 2);
    text += guess_utf8(value.substr(0, at));
    if (!run) break;
    text += write(run->text);
    value.remove_prefix(run->end);
  }
  return text;
}

}  // namespace

std::string decode_base64(std::string_view text) {
  static const std::array<std::int8_t, 256> digits = digits_of_alphabet();
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  char* out = bytes.data();
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    const int digit = digits[static_cast<unsigned char>(c)];
    if (digit < 0) {
      if (c == '=') count = 0;  // another piece may follow behind the padding
      continue;
    }
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if (++count == 1) continue;
    *out++ = static_cast<char>(bits >> (8 - 2 * count) & 0xff);
    if (count == 4) count = 0;
  }
  bytes.resize(static_cast<std::size_t>(out - bytes.data()));
  return bytes;
}

std::string encode_base64(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= count ? alphabet[bits >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

std::string decode_words(std::string_view value) {
  return rewrite(value, [](const std::string& text) { return text; });
}

std::string normal_words(std::string_view value) {
  return rewrite(value, [](const std::string& text) { return "=?utf-8?B?" + encode_base64(text) + "?="; });
}

}  // namespace postroom
