#pragma once
// What the admin has configured, as far as decisions need it: plain values, filled by conf/. Pure.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/message.h"

namespace postroom {

enum class Priority { low, normal, high };
enum class Assignment { pull, round_robin };  // pull: into the queue's incoming folder
enum class Switch { off, on };
enum class FollowUp { owner, queue };  // where further mail goes: his folder, or the queue's incoming one
enum class WhichChannel { first, specific, queue };  // queue: a message to several queues is a ticket in each
enum class AutomaticMail { ticket, file };  // file: bounces and replies of robots open no tickets (R7)

// Where a web form writes a value: `Имя: *` (a label and what follows it) or a pattern with one group.
struct FormField {
  std::string name;     // "name", "email" and "phone" say who the customer is; others are free
  std::string pattern;  // "Имя: *", or "/RE2 pattern/"
};

// How the mails of a web form on a site are read (R6).
struct WebForm {
  std::vector<FormField> fields;  // in written order
  Switch reply_to = Switch::off;  // on: the customer is who stands in Reply-To, where no field names him
};

// An address customers write to.
struct Channel {
  std::string address{};                       // normalised
  std::string queue;                           // name of a Queue
  std::optional<WebForm> form = std::nullopt;  // the channel is written to by a web form
  AutomaticMail automatic = AutomaticMail::ticket;
  Switch general =
      Switch::off;  // on: for everything and nothing, as info@; any other channel is more specific
};

// A customer whose standing decides about rules (R9), from the admin's list.
struct KnownCustomer {
  std::string address;  // normalised; "@example.org": everybody there, and in the domains below
  std::string status;   // "vip"
};

struct Queue {
  std::string name;
  std::string mailbox;          // folder below the root of the desk: "Support"
  std::string group;            // whose operators work here
  std::string prefix;           // before the ticket number, where people see it: "SUP" -> [SUP#1042]
  std::string language = "en";  // of texts, where the customer's is not known or has no text
  Assignment assignment = Assignment::pull;
  Switch acknowledgement = Switch::off;
  std::string from;                          // sender of acknowledgements; empty: the channel written to
  std::string from_name;                     // display name of that sender
  std::chrono::seconds answer_within{0};     // expected time of answer told to the customer; 0: not told
  std::map<std::string, std::string> texts;  // language -> acknowledgement, mustache, "Subject: ..." first
  FollowUp follow_up = FollowUp::owner;
  std::chrono::seconds reopen_within{30 * 24 * 3600};  // after it was resolved; later a new ticket is linked
  Switch thanks = Switch::on;                          // short thanks do not reopen
  Switch conversation = Switch::on;  // all messages of a ticket go where the newest one goes
};

struct Operator {
  std::string login;
  std::string name;  // name of his folder: "Ivan"
  std::vector<std::string> groups;
  Switch absent = Switch::off;  // on: nothing is put into his folder
};

enum class Field {
  recipient,   // envelope recipients
  channel,     // address of the channel
  queue,       // of the channel
  from,        // name and address
  to,          // names and addresses in To and Cc
  subject,     //
  body,        // new text and forwarded mail
  text,        // whole text, quoted history included
  mentions,    // subject or body
  attachment,  // names of attached files
  header,      // the one of that name
  form,        // the form field of that name
  language,    // of the new text: "ru"
  customer,    // status: "vip"
  size,        // of the message in bytes
  hour,        // of the arrival, in the desk's time zone
};

// True if the field contains any of the words (case ignored, whole words in any script). Fields of text:
//   заказ              any form of the word, by the languages of the desk
//   не прошла ... счёт the words in this order; "..." stands for up to `longest_gap` others
//   "Заказ"            in double quotes: exactly these letters (case ignored)
//   заказ*             words that begin so
//   /з[ао]каз \d+/     an RE2 pattern, looked for in the folded text
// Field::size and Field::hour compare numbers: words are ranges, as rules/range.h reads them: ">5M",
// "1M-5M", "18-9" (from 18:00 until 9:00). In all other fields every word stands for exactly its letters.
struct Condition {
  Field field = Field::subject;
  std::string name{};  // of the header or the form field
  std::vector<std::string> words;
};

// Applies if every `all` holds, some `any` holds (or there is none), and no `none` holds. A rule without a
// weight decides: the first that names a queue (a priority) wins. Where none decides, rules with a weight
// vote: each gives its queue (its priority) that many points for every different word that hit; the most
// points win, of equals the one written first.
struct Rule {
  std::string name;
  std::optional<double> weight;
  std::vector<Condition> all, any, none;
  std::optional<std::string> queue;
  std::optional<Priority> priority;
  std::vector<std::string> tags;
  std::optional<std::string> template_name;
  Switch spam = Switch::off;
};

struct FolderNames {
  std::string in_progress = "In progress";
  std::string done = "Done";
  std::string waiting = "Waiting";  // of a queue: waiting for the customer
  std::string junk = "Junk";
  std::string automatic = "Automatic";  // of what Channel::automatic files
};

struct Duplicates {
  std::chrono::seconds window{600};  // mails of the same content (and another Message-ID) are one within it
  WhichChannel channel = WhichChannel::first;  // of several that one message came to
};

struct AcknowledgementLimits {
  int per_address = 3;  // acknowledgements to one address ...
  std::chrono::seconds per_address_window{24 * 3600};
  int global = 600;  // ... and to everybody
  std::chrono::seconds global_window{3600};
};

struct Desk {
  std::string host;                // host name for Message-IDs, Received lines and file names
  char recipient_delimiter = '+';  // '\0': none
  std::vector<Channel> channels;   // in written order
  std::vector<Queue> queues;
  std::vector<Operator> operators;
  std::vector<Rule> rules;  // in written order
  std::vector<std::string>
      languages;                  // ISO 639-1, whose word forms the rules know; empty: those of the texts
  std::string time_zone = "UTC";  // IANA name, for Field::hour
  std::vector<KnownCustomer> customers;
  std::vector<std::vector<std::string>> same_people;  // normalised addresses of one customer each
  Duplicates duplicates;
  FolderNames folders;
  AcknowledgementLimits acknowledgements;
  MessageLimits message;
};

std::string_view priority_name(Priority priority);  // "high", "normal", "low"
std::optional<Priority> priority_from(std::string_view name);
std::string_view field_name(Field field);  // as the enumerator is called
std::optional<Field> field_from(std::string_view name);

// The channel that an envelope recipient means: the address itself, else without its extension.
// nullptr if the address is not for the desk.
const Channel* find_channel(const Desk& desk, std::string_view recipient);
// The channel of a message: of those its envelope recipients mean, the one written first; if
// duplicates.channel is `specific`, a general one only where there is no other. nullptr if none.
const Channel* first_channel(const Desk& desk, const std::vector<std::string>& recipients);
const Queue* find_queue(const Desk& desk, std::string_view name);
std::vector<const Operator*> operators_of(const Desk& desk, std::string_view group);  // in written order

}  // namespace postroom
