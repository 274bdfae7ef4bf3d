#pragma once
// Who is to be answered: the sender, the person in a web form, or the writer of a forwarded mail. Pure.

#include <string>
#include <vector>

#include "rules/automatic.h"
#include "rules/form.h"
#include "rules/message.h"

namespace postroom {

struct Customer {
  std::string name, address;
  std::string source;    // "from", "reply-to", "form", "forwarded"
  std::string phone{};   // from a form
  std::string status{};  // "vip"; empty: nothing is known

  bool operator==(const Customer&) const = default;
};

// What is found out about a message before it is classified.
struct Findings {
  Automatic automatic;
  Customer customer;
  std::vector<FormValue> form;  // in the order of the channel's fields; empty: no mail of a form
  std::string language;
};

// By the header alone: Reply-To is not trusted over From, unless From is a robot's. The address is empty if
// there is none that can be written to.
Customer find_customer(const Message& message);

class Rulebook;
struct Envelope;

// With what the channel knows of forms and the desk of its operators: fills in customer and form, but not the
// customer's status. `findings.automatic` is already there.
// - A message to the channel of a form is the form's if its address stands there, if half of the fields do,
// or
//   if any does and its sender is a machine or writes from the channel's own domain (bulk mail: only if its
//   address and half of the fields stand there, for newsletters have footers). The customer is then who
//   the fields name, else (where the form says so) who stands in Reply-To, else nobody: never the sender.
// - Where the desk itself or an operator at a domain of the desk forwards a mail, the customer is its writer.
// - Bounces, replies of robots, lists and receipts are neither; a person's answer is no form's.
void find_customer(const Rulebook& rulebook, const Message& message, const Envelope& envelope,
                   Findings& findings);

}  // namespace postroom
