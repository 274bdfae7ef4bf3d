#include "rules/text.h"

#include <cld2/public/compact_lang_det.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "rules/charset.h"

namespace postroom {
namespace {

// Enough to be sure, and a bound on the time.
constexpr std::size_t language_sample = 1024;

}  // namespace

std::string valid_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  const auto length = static_cast<int32_t>(bytes.size());
  int32_t begin = 0;  // of what is well-formed and not copied yet
  const auto copy_to = [&](int32_t end) {
    text.append(bytes, static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  };
  for (int32_t i = 0; i < length;) {
    if (data[i] < 0x80 && data[i] != 0) {
      ++i;
      continue;
    }
    const int32_t start = i;
    UChar32 c;
    U8_NEXT(data, i, length, c);
    if (c > 0) continue;
    copy_to(start);
    if (c < 0) text += "\xef\xbf\xbd";
    begin = i;
  }
  copy_to(length);
  return text;
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::string bounded_utf8(std::string_view bytes, std::size_t most) {
  return std::string{cut_utf8(valid_utf8(bytes), most)};
}

std::string language_of(std::string_view text) {
  const std::string_view sample = cut_utf8(text, language_sample);
  if (!is_valid_utf8(sample)) return {};
  CLD2::Language languages[3];
  int percent[3];
  int text_bytes = 0;
  bool reliable = false;
  const CLD2::Language language = CLD2::DetectLanguageSummary(
      sample.data(), static_cast<int>(sample.size()), true, languages, percent, &text_bytes, &reliable);
  if (!reliable || language == CLD2::UNKNOWN_LANGUAGE) return {};
  const std::string code = CLD2::LanguageCode(language);
  return code.substr(0, code.find('-'));  // "zh-Hant" is "zh"
}

}  // namespace postroom
