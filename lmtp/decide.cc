#include "lmtp/decide.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "lmtp/stored.h"
#include "rules/compose.h"
#include "rules/stored.h"

namespace postroom {
namespace {

bool leads_somewhere(const Desk& desk, const Verdict& verdict) {
  return find_channel(desk, verdict.channel) && find_queue(desk, verdict.queue);
}

Envelope envelope_of(const Incoming& incoming) {
  Envelope envelope;
  envelope.sender = incoming.sender;
  for (const Recipient& recipient : incoming.recipients) envelope.recipients.push_back(recipient.address);
  return envelope;
}

Acknowledgement acknowledgement_of(const Decided& decided, const Delivery& delivery, ChosenText text) {
  const Queue& queue = *decided.queue;
  Acknowledgement mail;
  mail.text = std::move(text.text);
  mail.language = std::move(text.language);
  mail.from = {queue.from_name, queue.from.empty() ? decided.decision.verdict.channel : queue.from};
  mail.to = {decided.decision.customer.name, decided.decision.customer.address};
  mail.queue = queue.from_name.empty() ? queue.name : queue.from_name;
  mail.ticket_tag = ticket_tag(queue.prefix, delivery.ticket);
  mail.ticket = delivery.ticket;
  mail.original_subject = decided.message.subject;
  mail.original_message_id = decided.message.message_id;
  mail.original_references = decided.message.references;
  mail.answer_within = queue.answer_within;
  mail.message_id = delivery.acknowledgement_id;
  mail.date = delivery.at;
  return mail;
}

}  // namespace

Decided decide_arrival(const Running& running, const Incoming& incoming, const StatusOf& status_of) {
  const Desk& desk = running.rulebook.desk();
  Decided decided;
  decided.envelope = envelope_of(incoming);
  decided.message = read_message(incoming.data, desk.message, Reading::headers);
  decided.binding = binding_of(decided.message, running.keys, running.rulebook.version());
  if (auto sealed = read_tags(decided.message.headers, decided.binding);
      sealed && leads_somewhere(desk, sealed->verdict)) {
    decided.decision = std::move(*sealed);
  } else {
    decided.message = read_message(incoming.data, desk.message);
    decided.envelope.arrived = arrival_of(decided.message);  // a retry must not be decided by another hour
    const bool matters = running.rulebook.people().matters();
    decided.decision =
        decide(running.rulebook, decided.message, decided.envelope, matters ? status_of : StatusOf{});
  }
  decided.queue = find_queue(desk, decided.decision.verdict.queue);
  if (!decided.queue) throw std::runtime_error{"no queue of the desk takes this message"};
  decided.automatic_only = is_automatic_only(desk, decided.decision);
  decided.may_acknowledge =
      may_acknowledge(running.rulebook, decided.message, decided.envelope, decided.decision);
  return decided;
}

bool opens_ticket(const Decided& decided) {
  return !decided.decision.verdict.spam && !decided.automatic_only;
}

std::string file_text(const Running& running, const Incoming& incoming, const Decided& decided,
                      const Delivery& delivery) {
  std::vector<Header> own = trace_lines(incoming, running.settings.desk.host, delivery.message, delivery.at);
  for (Header& header :
       write_stored_tags(decided.decision, decided.binding, delivery.ticket, delivery.message)) {
    own.push_back(std::move(header));
  }
  for (Header& header : reply_lines(decided.message, decided.decision)) own.push_back(std::move(header));
  return stored_text(incoming.data, own);
}

void complete(Delivery& delivery, const Running& running, Decided decided, const std::string& random) {
  if (decided.may_acknowledge.send) {
    delivery.acknowledgement_id =
        fmt::format("t{}.{}.{}@{}", delivery.ticket, delivery.message, random, running.settings.desk.host);
    ChosenText text = choose_text(*decided.queue, decided.decision.language).value();
    delivery.acknowledgement =
        compose_acknowledgement(acknowledgement_of(decided, delivery, std::move(text)));
  }
  delivery.subject = std::move(decided.message.subject);
  delivery.message_id = std::move(decided.message.message_id);
  delivery.arrival.decision = std::move(decided.decision);
  delivery.arrival.may_acknowledge = std::move(decided.may_acknowledge);
  delivery.arrival.automatic_only = decided.automatic_only;
  delivery.arrival.sender = *decided.envelope.sender;
  delivery.arrival.recipients = std::move(decided.envelope.recipients);
}

}  // namespace postroom
