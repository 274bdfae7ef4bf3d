#pragma once
// The text of the file in the folder: our own lines, and below them what was received. Pure, linear time.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lmtp/deliver.h"
#include "rules/message.h"
#include "schema/store.h"

namespace postroom {

// One header field as it stands in the message, folded lines and line ends included.
struct RawField {
  std::string_view name;  // empty for a line that is no field ("From " of mbox, rubbish)
  std::string_view bytes;
};

// Walks through the header section, which ends at the first empty line or with the text. A line ends with
// LF; a CR before it belongs to the line end.
class RawFields {
 public:
  explicit RawFields(std::string_view text) : rest_{text} {}
  std::optional<RawField> next();
  std::string_view rest() const { return rest_; }  // what has not been walked through

 private:
  std::string_view rest_;
};

// From the first "Received:" field to the end, or everything if there is none: a retry of Postfix is equal
// from there on, while the lines that it may put above differ from recipient to recipient.
std::string_view from_first_received(std::string_view data);

// Postfix's queue id in the first Received field; empty if there is none.
std::string queue_id_in(std::string_view data);

// Unfolded values of all header fields of that name (ASCII case ignored).
std::vector<std::string> header_values(std::string_view text, std::string_view name);

// Return-Path (RFC 5321, 4.4) and Received (4.4) of a message that we take over.
std::vector<Header> trace_lines(const Incoming& incoming, const std::string& host, MessageNumber number,
                                Time at);

// `own` on top, then the received bytes with LF for CRLF, without X-Postroom-... fields and without requests
// for receipts, and without a Reply-To if `own` has one; everything else byte for byte.
std::string stored_text(std::string_view data, const std::vector<Header>& own);

}  // namespace postroom
