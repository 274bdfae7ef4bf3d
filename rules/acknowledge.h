#pragma once
// May this message be answered automatically? RFC 3834 section 2, RFC 5230 section 4.6. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "rules/classify.h"

namespace postroom {

// Does the local part say that nobody reads there?
bool is_robot_address(std::string_view address);

struct MayAcknowledge {
  bool send = false;
  std::string reason;  // always a sentence: why, or why not
};

// What the message itself and the configuration say. Limits that need the history are plan_inbound()'s.
MayAcknowledge may_acknowledge(const Rulebook& rulebook, const Message& message, const Envelope& envelope,
                               const Decision& decision);

// The queue's text for the customer's language, else for the queue's own; nullopt if it has neither.
struct ChosenText {
  std::string language;
  std::string text;
};
std::optional<ChosenText> choose_text(const Queue& queue, std::string_view language);

}  // namespace postroom
