#pragma once
// What the admin expects of his rules, and where they do something else. Pure.

#include <optional>
#include <string>
#include <vector>

#include "rules/explain.h"

namespace postroom {

// What is expected of one message; what is not named is not looked at.
struct Expected {
  std::optional<std::string> queue, channel, template_name, automatic, customer;  // automatic: the kind
  std::optional<Priority> priority;
  std::optional<bool> spam, acknowledge;
  std::vector<std::string> tags, not_tags;    // among the message's tags; not among them
  std::vector<std::string> rules, not_rules;  // apply; do not apply
};

struct Expectation {
  std::string name;     // for people; may be empty
  int line = 0;         // where it stands
  std::string message;  // bytes, or empty and then:
  std::string file;     // where they are
  Envelope told;
  Expected expected;
};

struct Mismatch {
  std::string what, wanted, got;  // "queue", "sales", "support"

  bool operator==(const Mismatch&) const = default;
};

// Empty if everything is as expected.
std::vector<Mismatch> mismatches(const Expected& expected, const Explained& explained);

}  // namespace postroom
