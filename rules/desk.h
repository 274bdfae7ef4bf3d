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

// An address customers write to.
struct Channel {
  std::string address;  // normalised
  std::string queue;    // name of a Queue
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
};

struct Operator {
  std::string login;
  std::string name;  // name of his folder: "Ivan"
  std::vector<std::string> groups;
};

enum class Field { recipient, queue, from, subject, body, header };

// True if the field contains any of the words (case ignored, whole words in any script).
struct Condition {
  Field field = Field::subject;
  std::string header;  // name of the header, for Field::header
  std::vector<std::string> words;
};

// Applies if every `all` holds, some `any` holds (or there is none), and no `none` holds.
struct Rule {
  std::string name;
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
  std::string junk = "Junk";
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
  FolderNames folders;
  AcknowledgementLimits acknowledgements;
  MessageLimits message;
};

std::string_view priority_name(Priority priority);  // "high", "normal", "low"
std::optional<Priority> priority_from(std::string_view name);

// The channel that an envelope recipient means: the address itself, else without its extension.
// nullptr if the address is not for the desk.
const Channel* find_channel(const Desk& desk, std::string_view recipient);
const Queue* find_queue(const Desk& desk, std::string_view name);
std::vector<const Operator*> operators_of(const Desk& desk, std::string_view group);  // in written order

}  // namespace postroom
