#pragma once
// Text of a mail for people: HTML to text, the new part of a reply, the forwarded mail, the language. Pure.
// All functions are linear in the size of their input and never throw for any input.

#include <optional>
#include <string>
#include <string_view>

#include "rules/message.h"
#include "rules/subject_prefix.h"

namespace postroom {

// HTML (UTF-8) to readable text: no scripts, styles or comments; paragraphs, list items and table rows on
// lines of their own; links as "text (address)" when the address says more than the text.
std::string html_to_text(std::string_view html);

// The text without quoted history and without the signature. When unsure, text is kept.
std::string new_text(std::string_view text);

// The mail that stands forwarded inside the text, if one does. Replies quote a mail in much the same way:
// what the subject of the whole mail says, `outer`, decides where both are written alike.
std::optional<Forwarded> forwarded_in(std::string_view text, SubjectKind outer = SubjectKind::plain);

// ISO 639-1 code of the language of a text in UTF-8; empty when unsure.
std::string language_of(std::string_view text);

// Any bytes to valid UTF-8: ill-formed sequences become U+FFFD, NUL is dropped.
std::string valid_utf8(std::string_view bytes);

// At most `bytes` of valid UTF-8, cut at a character.
std::string_view cut_utf8(std::string_view text, std::size_t bytes);

// The same of any bytes, which become valid UTF-8 first.
std::string bounded_utf8(std::string_view bytes, std::size_t most);

}  // namespace postroom
