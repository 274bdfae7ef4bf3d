#pragma once
// One signed line on top of every stored file that says what the database recorded of it, so that folders and
// headers suffice to rebuild the tickets (invariant: the mail is the truth). Pure.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/change.h"
#include "rules/keys.h"
#include "rules/message.h"
#include "rules/ticket.h"

namespace postroom {

// What a stored file was when it was written.
struct FileRecord {
  TicketNumber ticket = 0;  // 0: none
  MessageNumber message = 0;
  std::string kind = "inbound";
  Time at{};           // milliseconds count
  std::string digest;  // of the delivery; lower-case hex
  std::string queue_id;
  std::vector<std::pair<std::string, std::string>> keys;  // recipient, ORCPT
  bool opens = false;  // the first message of its ticket; the following are set only then
  std::string queue, channel, priority;
  std::vector<std::string> tags;
  Address customer;
  std::string why;  // of the event "created"
  std::vector<Link> links;
  std::vector<Address> participants;   // who are new in the ticket with this message
  std::string automatic;               // kind_name()
  std::string content;                 // content_digest()
  std::optional<TicketChange> change;  // a note: what a person did to the ticket with it
};

// The header field, folded with "\n ", printable ASCII.
// Texts are cut (a note to 4000 bytes), and so are lists: 32 tags, 100 links, 5000
// messages, 20000 bytes of keys and as many of participants.
Header write_record(const FileRecord& record, const Keys& keys);

// White space in it does not count, for mail systems fold anew.
// nullopt if absent, damaged or forged, or if it belongs to another message (`ticket` and `message` are those
// of X-Postroom-Ticket).
std::optional<FileRecord> read_record(const std::vector<Header>& headers, TicketNumber ticket,
                                      MessageNumber message, const Keys& keys);

}  // namespace postroom
