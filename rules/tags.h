#pragma once
// The decision as header lines and back: the only place that knows their format. Pure.
// Readable lines (X-Postroom-Queue, -Channel, -Priority, -Tags, -Rules, -Automatic, -Form) are for people and
// other filters; X-Postroom-Seal carries the whole decision and a MAC (HMAC-SHA-256), and only it is
// believed. A decision too long for one header goes without it, and is made anew where it is needed.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/classify.h"
#include "rules/keys.h"

namespace postroom {

// What the MAC covers besides the decision, so that a seal fits one message under one set of rules only.
struct Binding {
  Keys keys;                                    // the desk's
  std::string version;                          // Rulebook::version()
  std::string from, subject, date, message_id;  // values of the message's own headers, decoded
};

Binding binding_of(const Message& message, Keys keys, std::string version);

// True for every header of ours, whoever wrote it: "X-Postroom-..." in any case.
bool is_ours(std::string_view header_name);

// True for requests of read or delivery receipts (R16): Disposition-Notification-To (RFC 8098),
// Return-Receipt-To, X-Confirm-Reading-To, Generate-Delivery-Report and relatives.
bool asks_for_receipt(std::string_view header_name);

// Readable lines and the seal. Values are printable ASCII (RFC 2047 where needed), folded with "\n ",
// and hold no other line break.
std::vector<Header> write_tags(const Decision& decision, const Binding& binding);

// The sealed decision; nullopt if there is none, or it is damaged, forged, or of other rules.
std::optional<Decision> read_tags(const std::vector<Header>& headers, const Binding& binding);

// Lines put on top of the stored message: the tags, and the ticket with its message number and MAC,
// and Importance/X-Priority for high and low. ticket 0: a message without a ticket (spam).
std::vector<Header> write_stored_tags(const Decision& decision, const Binding& binding, long long ticket,
                                      long long message_number);

// Lines that lead the operator's reply to the person in a web form instead of its robot; none if the message
// is no form's, names nobody, or leads there by itself. "Reply-To" replaces that of the message: a mail has
// at most one (RFC 5322, 3.6), and of two many clients answer both. What the form wrote is kept beside it. A
// DKIM signature over Reply-To is broken in the stored copy then; it was the site's own, and checked on
// arrival.
std::vector<Header> reply_lines(const Message& message, const Decision& decision);

struct StoredIdentity {
  long long ticket = 0, message_number = 0;
};
// X-Postroom-Ticket alone.
Header identity_line(const StoredIdentity& identity, const Keys& keys);
// Reads X-Postroom-Ticket; nullopt if absent or forged.
std::optional<StoredIdentity> read_identity(std::string_view header_value, const Keys& keys);

}  // namespace postroom
