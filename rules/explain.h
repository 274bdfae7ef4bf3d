#pragma once
// What the desk makes of a message, for scripts and for people. Pure.

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "rules/acknowledge.h"
#include "rules/classify.h"
#include "rules/reference.h"

namespace postroom {

struct Explained {
  std::string file;
  Message message;
  Decision decision;
  MayAcknowledge acknowledge;
  References references{};  // without the desk's keys: signatures are not looked at
  long long micros = 0;     // spent on reading and deciding
};

// Decides about a message as the daemons would. micros stays 0.
Explained explain(const Rulebook& rulebook, Message message, const Envelope& envelope);

// The object that `postroom-rules explain --json` prints; other people's scripts rely on its shape.
nlohmann::ordered_json explain_json(const Explained& explained);

// One JSON line without its line end. Never throws for ill-formed UTF-8.
std::string explain_line(const Explained& explained);

// For people: first the verdict in one short line, then why. Ends with a line end, and holds no control
// characters of the message.
std::string explain_text(const Explained& explained);

}  // namespace postroom
