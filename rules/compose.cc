#include "rules/compose.h"

#include <fmt/format.h>
#include <gmime/gmime.h>

#include <algorithm>
#include <memory>

#include "rules/acknowledgement_text.h"

namespace postroom {
namespace {

constexpr std::size_t most_references = 20;
constexpr std::size_t longest_id = 250;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
struct FreeOptions {
  void operator()(GMimeFormatOptions* options) const { g_mime_format_options_free(options); }
};
struct FreeText {
  void operator()(char* text) const { g_free(text); }
};
struct FreeDate {
  void operator()(GDateTime* date) const { g_date_time_unref(date); }
};

// A customer's id is repeated only if it can stand in a header as it is: visible ASCII, one '@', no
// brackets (RFC 5322, 3.6.4).
bool is_safe_id(std::string_view id) {
  const auto visible = [](char c) { return c > ' ' && c <= '~' && c != '<' && c != '>'; };
  const std::size_t at = id.find('@');
  return id.size() <= longest_id && at != std::string_view::npos && at > 0 && at + 1 < id.size() &&
         std::ranges::all_of(id, visible);
}

// RFC 5322, 3.6.4: the parent's references and then its own id. Of too many, the first and the newest stay.
std::string references(const Acknowledgement& acknowledgement) {
  std::vector<std::string> ids;
  for (const std::string& id : acknowledgement.original_references) {
    if (is_safe_id(id)) ids.push_back(id);
  }
  if (is_safe_id(acknowledgement.original_message_id)) ids.push_back(acknowledgement.original_message_id);
  if (ids.size() > most_references) {
    ids.erase(ids.begin() + 1, ids.end() - static_cast<std::ptrdiff_t>(most_references - 1));
  }
  std::string line;
  for (const std::string& id : ids) line += (line.empty() ? "<" : " <") + id + ">";
  return line;
}

void set_header(GMimeMessage* message, const char* name, const std::string& value) {
  if (value.empty()) return;
  g_mime_object_set_header(GMIME_OBJECT(message), name, value.c_str(), "utf-8");
}

// GMime is started with the first message that is read; g_mime_init() must not run twice at a time.
void start_gmime() {
  static const bool started = (read_message("", {}, Reading::headers), true);
  static_cast<void>(started);
}

// RFC 5646, as far as it can stand in a header.
bool is_language(std::string_view language) {
  return !language.empty() && language.size() <= 35 &&
         std::ranges::all_of(language, [](char c) { return g_ascii_isalnum(c) || c == '-'; });
}

void add_address(GMimeMessage* message, GMimeAddressType type, const Address& address) {
  if (address.address.empty()) return;
  const std::string name = harmless(address.name, 100);
  g_mime_message_add_mailbox(message, type, name.empty() ? nullptr : name.c_str(), address.address.c_str());
}

void set_date(GMimeMessage* message, std::chrono::system_clock::time_point time) {
  const std::unique_ptr<GDateTime, FreeDate> date{
      g_date_time_new_from_unix_utc(std::chrono::system_clock::to_time_t(time))};
  if (date) g_mime_message_set_date(message, date.get());
}

void set_body(GMimeMessage* message, const std::string& body) {
  const std::unique_ptr<GMimeTextPart, Unref> part{g_mime_text_part_new_with_subtype("plain")};
  g_mime_text_part_set_charset(part.get(), "utf-8");
  g_mime_text_part_set_text(part.get(), body.c_str());
  const auto ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  const bool mostly_ascii =
      std::ranges::count_if(body, ascii) * 4 > static_cast<std::ptrdiff_t>(body.size()) * 3;
  g_mime_part_set_content_encoding(GMIME_PART(part.get()), mostly_ascii
                                                               ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
                                                               : GMIME_CONTENT_ENCODING_BASE64);
  g_mime_message_set_mime_part(message, GMIME_OBJECT(part.get()));
}

void set_headers(GMimeMessage* message, const Acknowledgement& acknowledgement) {
  const std::string id = "<" + acknowledgement.message_id + ">";
  const bool answers = is_safe_id(acknowledgement.original_message_id);
  const std::pair<const char*, std::string> headers[] = {
      {"Message-ID", id},
      {"In-Reply-To", answers ? "<" + acknowledgement.original_message_id + ">" : ""},
      {"References", references(acknowledgement)},
      {"Auto-Submitted", "auto-replied"},  // RFC 3834, 5
      {"Precedence", "bulk"},
      {"X-Auto-Response-Suppress", "All"},
      {"MIME-Version", "1.0"},
      {"Content-Language", is_language(acknowledgement.language) ? acknowledgement.language : ""},
  };
  for (const auto& [name, value] : headers) set_header(message, name, value);
}

std::string written(GMimeMessage* message) {
  const std::unique_ptr<GMimeFormatOptions, FreeOptions> options{g_mime_format_options_new()};
  g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
  const std::unique_ptr<char, FreeText> text{g_mime_object_to_string(GMIME_OBJECT(message), options.get())};
  return text ? text.get() : "";
}

}  // namespace

std::string compose_acknowledgement(const Acknowledgement& acknowledgement) {
  start_gmime();
  const RenderedText text = render_text(acknowledgement);
  const std::unique_ptr<GMimeMessage, Unref> message{g_mime_message_new(TRUE)};
  add_address(message.get(), GMIME_ADDRESS_TYPE_FROM, acknowledgement.from);
  add_address(message.get(), GMIME_ADDRESS_TYPE_REPLY_TO,
              {acknowledgement.from.name, acknowledgement.reply_to});
  add_address(message.get(), GMIME_ADDRESS_TYPE_TO, acknowledgement.to);
  g_mime_message_set_subject(message.get(), text.subject.c_str(), "utf-8");
  set_date(message.get(), acknowledgement.date);
  set_headers(message.get(), acknowledgement);
  set_body(message.get(), text.body);
  return written(message.get());
}

}  // namespace postroom
