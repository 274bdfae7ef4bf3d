#pragma once
// What a received message is, for whom, and what is remembered and sent for it. Pure but for its arguments.

#include <string>

#include "conf/live.h"
#include "lmtp/deliver.h"
#include "rules/acknowledge.h"
#include "rules/tags.h"
#include "schema/store.h"

namespace postroom {

// A message with its decision, under one configuration.
struct Decided {
  Message message;
  Envelope envelope;
  Binding binding;
  Decision decision;
  MayAcknowledge may_acknowledge;
  bool automatic_only = false;   // kept without a ticket (rules/plan.h)
  const Queue* queue = nullptr;  // belongs to the configuration
};

// The sealed decision of the milter where there is one, else our own. Throws std::runtime_error if the
// message is not for a queue of this desk. `status_of` is asked only if we decide and a rule depends on it.
Decided decide_arrival(const Running& running, const Incoming& incoming, const StatusOf& status_of);

// False for spam and filed automatic mail: they have a number of their own, but no ticket.
bool opens_ticket(const Decided& decided);

// The file's text: our lines on top of what was received, with the ticket that the delivery says (0: none).
std::string file_text(const Running& running, const Incoming& incoming, const Decided& decided,
                      const Delivery& delivery);

// Fills in what the store plans with, and the acknowledgement if one may be sent. `random`: makes its
// Message-ID unguessable.
void complete(Delivery& delivery, const Running& running, Decided decided, const std::string& random);

}  // namespace postroom
