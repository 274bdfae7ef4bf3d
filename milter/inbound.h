#pragma once
// A customer's message: what the milter changes in it, and what it says about it. Pure; no libmilter.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/collect.h"
#include "rules/classify.h"
#include "rules/keys.h"

namespace postroom {

// One change of the header section. Apply in order: every index counts the fields as they are by then.
struct Edit {
  enum class Kind { remove, insert };

  Kind kind = Kind::remove;
  std::string name;
  int index = 0;      // remove: which of the fields of this name (ASCII case ignored), from 1
  std::string value;  // insert: on top of the message; folded with "\n "

  bool operator==(const Edit&) const = default;
};

struct Inbound {
  Decision decision;
  std::vector<Edit> edits;  // none if the decision has no channel
  bool tagged = false;      // false: the decision is left to postroom-lmtp, if there is a channel at all
};

// What the store knows of a customer's standing ("" for nothing); nullopt: it cannot be asked now.
using AskStatus = std::function<std::optional<std::string>(const std::string& address)>;

// Removes foreign X-Postroom-* fields and requests of receipts, then puts our own tags on top. `ask` is
// called only if a rule depends on the answer; if it has none, there are no tags, for a decision without it
// might be another. Throws only std::bad_alloc.
Inbound tag_inbound(const Rulebook& rulebook, const Keys& keys, const Collected& collected,
                    const AskStatus& ask = {});

// The line for the log: `4Xy1Zq: channel=... queue=... ... micros=180`. No text of the message.
std::string outcome_line(std::string_view queue_id, const Inbound& inbound, std::chrono::microseconds spent);

}  // namespace postroom
