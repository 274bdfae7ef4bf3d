#pragma once
// The texts of a message that conditions are looked for in. Pure.

#include <string>
#include <vector>

#include "rules/classify.h"

namespace postroom {

// What a decision is about.
struct Evidence {
  const Message& message;
  const Envelope& envelope;
  const Findings& findings;
  const Channel& channel;
};

// A text and the fields that ask for it, as passage_name() calls them.
struct Passage {
  std::vector<std::string> fields;
  std::string text;
};

// Where a condition's words are looked for: "subject", "header x-spam-level". The names of headers know no
// case (RFC 5322, 1.2.2), nor do those of form fields.
std::string passage_name(const Condition& condition);

// All passages of all fields but size and hour; a field with several values has one for each.
std::vector<Passage> passages_of(const Evidence& evidence, char recipient_delimiter);

}  // namespace postroom
