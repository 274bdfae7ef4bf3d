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

// The sealed decision of the milter where there is one, else our own; always our own where every queue has a
// ticket of its own, for the milter has decided for all recipients together. Throws std::runtime_error if the
// message is not for a queue of this desk. `status_of` is asked only if we decide and a rule depends on it.
Decided decide_arrival(const Running& running, const Incoming& incoming, const StatusOf& status_of);

// Fills in everything that the store plans with. `delivery.at` is set.
void describe(Delivery& delivery, const Running& running, const Decided& decided);

// The mail that tells the customer his ticket, if one may be sent; the delivery is complete but for the file.
// `random`: makes its Message-ID unguessable.
void acknowledge(Delivery& delivery, const Running& running, const Decided& decided,
                 const std::string& random);

// All that a stored file is made of.
struct Writing {
  const Running& running;
  const Incoming& incoming;
  const Decided& decided;
  const Delivery& delivery;
  const Destination& destination;
};

// The file's text: our lines on top of what was received, with the ticket that the delivery says (0: none),
// what the database records of it (rules/record_line.h), and who is new in the ticket.
std::string file_text(const Writing& writing);

}  // namespace postroom
