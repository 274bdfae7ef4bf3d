#pragma once
// What the files behind rules/message.h share about GMime: ownership and header values. Only they include it.

#include <gmime/gmime.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/address.h"
#include "rules/message.h"

namespace postroom {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(gpointer memory) const { g_free(memory); }
};
using OwnedText = std::unique_ptr<char, Free>;

// A header's value on one line, bytes as they stand.
std::string unfold(std::string_view raw);

// What a header means: unfolded, in UTF-8, RFC 2047 words decoded.
std::string decode_value(std::string_view raw);

std::vector<Address> parse_addresses(std::string_view raw);
std::optional<std::string> parse_date(std::string_view raw);  // RFC 3339, UTC
std::vector<std::string> parse_ids(std::string_view value);   // without <>, the first and the last 199

// Parameters of Content-Type, lower case.
struct ContentType {
  std::string type;         // "text/plain"
  std::string report_type;  // of multipart/report
};
ContentType parse_content_type(std::string_view raw);

struct DecodedBody {
  std::string text;
  std::string beside;                 // as Message::beside
  std::optional<Forwarded> enclosed;  // the first attached message
  std::vector<Attachment> attachments;
  std::vector<ReportPart> reports;
  std::vector<std::string> problems;
};

// What an opaque S/MIME signature (RFC 8551, section 3.5.2) encloses: a MIME entity; empty if it is none.
std::string signed_content(std::string_view der);

// What to say of a part of that type, if we cannot read it: `detail` is its smime-type or protocol, lower
// case. Empty if nothing is to be said.
std::string sealed_problem(std::string_view type, std::string_view detail);

// PGP's ASCII armor of something encrypted (RFC 4880, section 6.2).
bool is_pgp_text(std::string_view text);

// The parts below `root`, read within the limits.
DecodedBody read_body(GMimeObject* root, const MessageLimits& limits);

}  // namespace postroom
