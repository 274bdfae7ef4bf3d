#pragma once
// A mail as a reader sees it: bytes in, decoded fields out. GMime inside, our limits around it. Pure.
// Sources: RFC 5322, 2045-2047, 2231, 6532.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/address.h"

namespace postroom {

// How much of a hostile message is looked at. What lies beyond is not read, and the message says so.
struct MessageLimits {
  std::size_t bytes = 2U << 20;           // raw bytes read from the start of the message
  std::size_t text = 1U << 20;            // bytes of decoded text kept (UTF-8)
  std::size_t header_bytes = 256U << 10;  // raw bytes of the header section
  std::size_t headers = 1000;             // header fields
  std::size_t parts = 500;                // MIME parts, all levels together
  std::size_t depth = 20;                 // nesting of multiparts and attached messages
};

struct Header {
  std::string name;   // as written
  std::string value;  // unfolded, RFC 2047 words decoded, valid UTF-8

  bool operator==(const Header&) const = default;
};

struct Attachment {
  std::string name;      // decoded file name; may be empty
  std::string type;      // "image/png", lower case
  std::size_t size = 0;  // decoded bytes
  std::string md5;       // of the decoded bytes, lower-case hex
};

struct Forwarded {
  Address from;
  std::string subject;
  std::string text;
};

// One part of multipart/report that automatic.cc reads: message/delivery-status and its relatives.
struct ReportPart {
  std::string type;  // "message/delivery-status", "text/rfc822-headers", "message/rfc822", ...
  std::string text;  // its text, bounded to 64 KiB
};

struct Message {
  std::vector<Address> from, to, cc, reply_to;
  std::string subject;
  std::optional<std::string> date;                   // RFC 3339, UTC: "2026-11-22T18:00:00Z"
  std::string message_id;                            // without angle brackets; may be empty
  std::vector<std::string> in_reply_to, references;  // without angle brackets, oldest first
  std::string content_type;                          // of the whole message: "multipart/report", lower case
  std::string report_type;                           // parameter report-type of multipart/report, lower case
  std::vector<Header> headers;                       // all of them, in order of the message
  std::string text;                                  // whole readable text; HTML turned into text
  std::string new_text;                              // without quoted history and signature
  std::string beside;  // digests of the parts that say the same in another form (HTML beside plain text)
  std::optional<Forwarded> forwarded;
  std::string language;  // ISO 639-1 ("ru"); empty when unsure
  std::vector<Attachment> attachments;
  std::vector<ReportPart> reports;
  std::size_t size = 0;               // raw bytes of the whole message
  std::vector<std::string> problems;  // "more than 500 parts: the rest was not read"
};

enum class Reading {
  whole,    // everything
  headers,  // only the header section: text, attachments, reports and language stay empty
};

// Reads a message; line ends CRLF, LF or both. Never throws for any input (only std::bad_alloc);
// thread-safe. Same bytes and limits, same result.
Message read_message(std::string_view bytes, const MessageLimits& limits, Reading reading = Reading::whole);

// Value of the first header of that name (ASCII case ignored); nullptr if there is none.
const std::string* find_header(const std::vector<Header>& headers, std::string_view name);

}  // namespace postroom
