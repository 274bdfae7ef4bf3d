// libFuzzer: any text of a mail, as HTML, as a reply, as a forwarded mail, in any charset.

#include <cstdint>

#include "rules/flowed.h"
#include "rules/text.h"
#include "tests/fuzz/require.h"

using namespace postroom;
using fuzz::require;
using fuzz::require_utf8;

namespace {

constexpr std::string_view charsets[] = {
    "utf-8",   "koi8-r",    "windows-1251",    "ibm866", "iso-8859-5", "iso-2022-jp", "utf-7",
    "gb18030", "shift_jis", "no such charset", "",       "utf-16",     "us-ascii",    "koi8-u"};

// At most this many bytes for each byte of HTML: "> " before every line of a quote.
constexpr std::size_t html_growth = 130;

void read_text(std::string_view text) {
  const std::string kept = new_text(text);
  require(kept.size() <= text.size() + 1);  // a last line gets its end
  require_utf8({kept, unflow(std::string{text}, false), unflow(std::string{text}, true)});
  if (const auto forwarded = forwarded_in(text)) {
    require(forwarded->text.size() <= text.size());
    require_utf8({forwarded->from.name, forwarded->from.address, forwarded->subject, forwarded->text});
  }
  require(language_of(text).size() <= 3);
  for (const std::size_t bytes : {0U, 1U, 5U, 100U}) {
    const std::string_view cut = cut_utf8(text, bytes);
    require(cut.size() <= bytes && text.starts_with(cut));
    require_utf8({cut});
  }
}

void read_html(std::string_view html) {
  const std::string text = html_to_text(html);
  require_utf8({text});
  require(text.size() <= html.size() * html_growth + 100);
}

}  // namespace

// The first byte chooses the charset.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  const std::string text = to_utf8(bytes, charsets[data[0] % std::size(charsets)]);
  require_utf8({text, guess_utf8(bytes), valid_utf8(bytes)});
  read_text(text);
  read_html(text);
  read_html(valid_utf8(bytes));
  html_to_text(bytes);  // not UTF-8: no promise but to come back
  fuzz::require_linear(text, [](std::string_view repeated) {
    read_text(repeated);
    read_html(repeated);
  });
  return 0;
}
