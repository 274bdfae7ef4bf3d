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
std::vector<std::string> parse_ids(std::string_view value);   // without <>, at most 200

// Parameters of Content-Type, lower case.
struct ContentType {
  std::string type;         // "text/plain"
  std::string report_type;  // of multipart/report
};
ContentType parse_content_type(std::string_view raw);

struct DecodedBody {
  std::string text;
  std::vector<Attachment> attachments;
  std::vector<ReportPart> reports;
  std::vector<std::string> problems;
};

// The parts below `root`, read within the limits.
DecodedBody read_body(GMimeObject* root, const MessageLimits& limits);

}  // namespace postroom
