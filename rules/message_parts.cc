// The MIME tree below a message: which parts are text to read, which are attachments, which are reports.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rules/charset.h"
#include "rules/encoded_word.h"
#include "rules/flowed.h"
#include "rules/message_gmime.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t report_bytes = 64U << 10;

// Parts that automatic.cc reads, wherever in the tree they stand.
constexpr std::array<std::string_view, 7> report_types{"message/delivery-status",
                                                       "message/global-delivery-status",
                                                       "message/disposition-notification",
                                                       "message/feedback-report",
                                                       "text/rfc822-headers",
                                                       "message/global-headers",
                                                       "message/global-disposition-notification"};

bool is_report_type(std::string_view type) {
  return std::find(report_types.begin(), report_types.end(), type) != report_types.end();
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\xc2\xa0") == text.npos; }

std::string lower(const char* text) {
  const OwnedText lowered{g_ascii_strdown(text ? text : "", -1)};
  return valid_utf8(lowered.get());
}

std::string type_of(GMimeContentType* type) {
  if (!type) return "text/plain";
  const OwnedText text{g_mime_content_type_get_mime_type(type)};
  return lower(text.get());
}

std::string parameter(GMimeObject* part, const char* name) {
  GMimeContentType* type = g_mime_object_get_content_type(part);
  return lower(type ? g_mime_content_type_get_parameter(type, name) : nullptr);
}

std::string memory_of(GMimeStream* stream) {
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
  if (!bytes || bytes->len == 0) return {};
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

std::string written(GMimeDataWrapper* content) {
  const Owned<GMimeStream> memory{g_mime_stream_mem_new()};
  g_mime_data_wrapper_write_to_stream(content, memory.get());
  return memory_of(memory.get());
}

std::string decoded_bytes(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (!content) return {};
  if (g_mime_data_wrapper_get_encoding(content) != GMIME_CONTENT_ENCODING_BASE64) return written(content);
  // GMime drops the last bytes of base64 that lacks its padding.
  const Owned<GMimeDataWrapper> encoded{g_mime_data_wrapper_new_with_stream(
      g_mime_data_wrapper_get_stream(content), GMIME_CONTENT_ENCODING_DEFAULT)};
  return decode_base64(written(encoded.get()));
}

std::string source_of(GMimeMessage* message) {
  const Owned<GMimeStream> memory{g_mime_stream_mem_new()};
  g_mime_object_write_to_stream(GMIME_OBJECT(message), nullptr, memory.get());
  return memory_of(memory.get());
}

std::string md5_of(std::string_view bytes) {
  const OwnedText sum{g_compute_checksum_for_data(
      G_CHECKSUM_MD5, reinterpret_cast<const guchar*>(bytes.data()), bytes.size())};
  return sum.get();
}

// Clients make the names of inlaid pictures anew each time that they send, and lines are wrapped on the way.
std::string comparable(std::string_view source) {
  std::string out;
  out.reserve(source.size());
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (g_ascii_isspace(source[i])) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    out += source[i];
    if (!out.ends_with("cid:")) continue;
    const std::size_t end = source.find_first_of("\"'>) \t\r\n", i);
    i = (end == source.npos ? source.size() : end) - 1;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

const char* raw_header(GMimeObject* part, const char* name) {
  GMimeHeader* header = g_mime_header_list_get_header(g_mime_object_get_header_list(part), name);
  return header ? g_mime_header_get_raw_value(header) : nullptr;
}

// GMime guesses the charset of raw bytes in parameters by itself; ours is the same guess as for headers.
std::string parameter_of_raw(GMimeObject* part, const char* header, const char* name) {
  const char* raw = raw_header(part, header);
  if (!raw) return {};
  const std::string plain = normal_words(unfold(raw));
  const bool is_type = g_ascii_strcasecmp(header, "Content-Type") == 0;
  const char* value = nullptr;
  Owned<GObject> owner;
  if (is_type) {
    GMimeContentType* type = g_mime_content_type_parse(nullptr, plain.c_str());
    owner.reset(G_OBJECT(type));
    value = g_mime_content_type_get_parameter(type, name);
  } else {
    GMimeContentDisposition* disposition = g_mime_content_disposition_parse(nullptr, plain.c_str());
    owner.reset(G_OBJECT(disposition));
    value = g_mime_content_disposition_get_parameter(disposition, name);
  }
  return value ? decode_value(value) : std::string{};
}

std::string file_name(GMimeObject* part) {
  std::string name = parameter_of_raw(part, "Content-Disposition", "filename");
  return name.empty() ? parameter_of_raw(part, "Content-Type", "name") : name;
}

std::string readable(GMimeObject* part, const std::string& type, std::string_view bytes) {
  std::string text = to_utf8(bytes, parameter(part, "charset"));
  if (type == "text/html" || type == "text/enriched" || type == "text/richtext") return html_to_text(text);
  text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
  if (parameter(part, "format") == "flowed") return unflow(text, parameter(part, "delsp") == "yes");
  return text;
}

bool is_tnef(std::string_view type) {
  return type == "application/ms-tnef" || type == "application/vnd.ms-tnef";
}

Owned<GMimeMessage> parse_entity(const std::string& bytes) {
  const Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
  const Owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
  return Owned<GMimeMessage>{g_mime_parser_construct_message(parser.get(), nullptr)};
}

enum class Enclosed { read, listed };  // attached messages: the first is read too, or all are only listed

class Reader {
 public:
  Reader(const MessageLimits& limits, Enclosed enclosed) : limits_{limits}, enclosed_{enclosed} {}

  void read(GMimeObject* object, std::size_t depth) {
    if (depth > limits_.depth)
      return tell(fmt::format("nested deeper than {}: the rest was not read", limits_.depth));
    if (++parts_ > limits_.parts)
      return tell(fmt::format("more than {} parts: the rest was not read", limits_.parts));
    if (GMIME_IS_MULTIPART(object)) return multipart(GMIME_MULTIPART(object), depth);
    if (GMIME_IS_MESSAGE_PART(object)) return enclosed(GMIME_MESSAGE_PART(object));
    if (GMIME_IS_PART(object)) leaf(GMIME_PART(object), depth);
  }

  DecodedBody take() {
    if (is_pgp_text(body_.text)) tell(sealed_problem("multipart/encrypted", "pgp"));
    return std::move(body_);
  }

 private:
  enum class Wanted { yes, no };

  void tell(std::string problem) {
    if (std::find(body_.problems.begin(), body_.problems.end(), problem) == body_.problems.end()) {
      body_.problems.push_back(std::move(problem));
    }
  }

  void multipart(GMimeMultipart* multipart, std::size_t depth) {
    const std::string type = type_of(g_mime_object_get_content_type(GMIME_OBJECT(multipart)));
    if (type == "multipart/alternative") return alternative(multipart, depth);
    const std::string sealed = sealed_problem(type, parameter(GMIME_OBJECT(multipart), "protocol"));
    if (!sealed.empty()) tell(sealed);
    if (g_mime_multipart_get_count(multipart) == 0) return without_parts(multipart);
    for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) {
      read(g_mime_multipart_get_part(multipart, i), depth + 1);
    }
  }

  // The boundary is missing or never stands alone on its line.
  void without_parts(GMimeMultipart* multipart) {
    const char* text = g_mime_multipart_get_prologue(multipart);
    if (!text || is_blank(text)) return;
    tell("no parts in a multipart: read as text");
    if (wanted_ == Wanted::yes) add_text(to_utf8(text, ""));
  }

  // The same thing said several times: the first text/plain that says anything, else the last of the others.
  void alternative(GMimeMultipart* multipart, std::size_t depth) {
    const std::string before = body_.text;
    const Wanted outer = wanted_;
    ++alternatives_;
    std::string chosen;
    for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) {
      body_.text.clear();
      plain_ = false;
      read(g_mime_multipart_get_part(multipart, i), depth + 1);
      if (is_blank(body_.text)) continue;
      chosen = body_.text;
      if (plain_) wanted_ = Wanted::no;
    }
    --alternatives_;
    wanted_ = outer;
    body_.text = before;
    add_text(chosen);
  }

  void leaf(GMimePart* part, std::size_t depth) {
    GMimeObject* object = GMIME_OBJECT(part);
    const std::string type = type_of(g_mime_object_get_content_type(object));
    if (is_report_type(type)) {
      body_.reports.push_back(
          {type, std::string{cut_utf8(to_utf8(decoded_bytes(part), "utf-8"), report_bytes)}});
      return;
    }
    const std::string name = file_name(object);
    if (!is_body(object, type, name)) return attached(part, type, name, depth);
    const std::string bytes = decoded_bytes(part);
    const bool passed_over = wanted_ == Wanted::no || body_.text.size() >= limits_.text;
    if (passed_over || (alternatives_ > 0 && type != "text/plain"))
      body_.beside += type + " " + md5_of(comparable(bytes)) + "\n";
    if (passed_over) return;
    const std::string text = readable(object, type, bytes);
    plain_ = plain_ || (type == "text/plain" && !is_blank(text));
    add_text(text);
  }

  void attached(GMimePart* part, const std::string& type, const std::string& name, std::size_t depth) {
    GMimeObject* object = GMIME_OBJECT(part);
    const std::string bytes = decoded_bytes(part);
    const bool unnamed = name.empty() && is_tnef(type);
    body_.attachments.push_back({unnamed ? "winmail.dat" : name, type, bytes.size(), md5_of(bytes)});
    if (is_tnef(type)) tell("winmail.dat (TNEF): kept, what it holds was not read");
    if (type == "message/partial") {
      tell(fmt::format("part {} of {} of a divided message: the others are not here",
                       parameter(object, "number"), parameter(object, "total")));
    }
    const std::string problem = sealed_problem(type, parameter(object, "smime-type"));
    if (problem.empty()) return;
    const std::string content = signed_content(bytes);
    const Owned<GMimeMessage> opened{content.empty() ? nullptr : parse_entity(content)};
    GMimeObject* root = opened ? g_mime_message_get_mime_part(opened.get()) : nullptr;
    root ? read(root, depth + 1) : tell(problem);
  }

  bool is_body(GMimeObject* object, const std::string& type, const std::string& name) const {
    if (type != "text/plain" && type != "text/html" && type != "text/enriched" && type != "text/richtext") {
      return false;
    }
    GMimeContentDisposition* disposition = g_mime_object_get_content_disposition(object);
    const std::string how =
        lower(disposition ? g_mime_content_disposition_get_disposition(disposition) : nullptr);
    if (how == "attachment") return false;
    return name.empty() || is_blank(body_.text);
  }

  void add_text(std::string_view text) {
    if (text.empty()) return;
    if (!body_.text.empty() && body_.text.back() != '\n') body_.text += '\n';
    body_.text += text;
    if (body_.text.size() <= limits_.text) return;
    body_.text.resize(cut_utf8(body_.text, limits_.text).size());
    tell(fmt::format("more than {} bytes of text: the rest was not kept", limits_.text));
  }

  void enclosed(GMimeMessagePart* part) {
    GMimeMessage* message = g_mime_message_part_get_message(part);
    if (!message) return;
    const std::string bytes = source_of(message);
    std::string name = file_name(GMIME_OBJECT(part));
    const char* subject = raw_header(GMIME_OBJECT(message), "Subject");
    if (name.empty() && subject) name = decode_value(subject);
    const std::string type = type_of(g_mime_object_get_content_type(GMIME_OBJECT(part)));
    body_.attachments.push_back({name, type, bytes.size(), md5_of(bytes)});
    body_.reports.push_back(
        {type, std::string{cut_utf8(valid_utf8(bytes.substr(0, report_bytes)), report_bytes)}});
    if (enclosed_ == Enclosed::read && !body_.enclosed) read_enclosed(message);
  }

  void read_enclosed(GMimeMessage* message) {
    const char* from = raw_header(GMIME_OBJECT(message), "From");
    const char* subject = raw_header(GMIME_OBJECT(message), "Subject");
    const std::vector<Address> senders = from ? parse_addresses(from) : std::vector<Address>{};
    body_.enclosed.emplace();
    if (!senders.empty()) body_.enclosed->from = senders.front();
    if (subject) body_.enclosed->subject = decode_value(subject);
    GMimeObject* root = g_mime_message_get_mime_part(message);
    if (!root) return;
    Reader inner{limits_, Enclosed::listed};
    inner.read(root, 0);
    body_.enclosed->text = inner.take().text;
  }

  const MessageLimits& limits_;
  const Enclosed enclosed_;
  DecodedBody body_;
  std::size_t parts_ = 0;
  Wanted wanted_ = Wanted::yes;
  int alternatives_ = 0;  // multiparts of that kind around the part
  bool plain_ = false;
};

}  // namespace

DecodedBody read_body(GMimeObject* root, const MessageLimits& limits) {
  Reader reader{limits, Enclosed::read};
  reader.read(root, 0);
  return reader.take();
}

}  // namespace postroom
