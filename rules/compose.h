#pragma once
// The mail that postroom sends. MIME by GMime, texts by mustache. Pure: time and ids are arguments.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "rules/desk.h"
#include "rules/message.h"

namespace postroom {

// Everything an acknowledgement says.
struct Acknowledgement {
  std::string text;  // mustache; first line "Subject: ...", an empty line, the body
  std::string language;
  Address from;            // the queue's
  std::string reply_to;    // signed reply address (rules/reference.h); empty: answers go to `from`
  Address to;              // the customer
  std::string queue;       // name for people
  std::string ticket_tag;  // "[#1042]", "[SUP#1042]"
  long long ticket = 0;
  std::string original_subject;
  std::string original_message_id;  // of the customer's message; may be empty
  std::vector<std::string> original_references;
  std::chrono::seconds answer_within{0};
  std::string message_id;  // of the acknowledgement, without <>
  std::chrono::system_clock::time_point date;
};

// A complete RFC 5322 message, CRLF line ends, RFC 3834 headers (Auto-Submitted: auto-replied,
// In-Reply-To, References, Precedence: bulk, X-Auto-Response-Suppress: All). Values from the customer are
// data: they reach neither the header structure nor the template language.
std::string compose_acknowledgement(const Acknowledgement& acknowledgement);

// Problem with a text in plain words ("line 3: section 'name' is not closed"), empty if it is good.
std::string check_text(std::string_view mustache);

// "4 hours", "2 days"; in Russian the genitive that follows "в течение": "4 часов", "2 дней".
std::string duration_text(std::chrono::seconds duration, std::string_view language);

// "[#1042]", or "[SUP#1042]" with a prefix.
std::string ticket_tag(std::string_view prefix, long long ticket);

}  // namespace postroom
