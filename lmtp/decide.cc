#include "lmtp/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>

#include "lmtp/stored.h"
#include "rules/compose.h"
#include "rules/encode.h"
#include "rules/event_words.h"
#include "rules/people.h"
#include "rules/record_line.h"
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

Acknowledgement acknowledgement_of(const Decided& decided, const Delivery& delivery, const Running& running) {
  const Queue& queue = *decided.queue;
  const std::string& channel = decided.decision.verdict.channel;
  ChosenText text = choose_text(queue, decided.decision.language).value();
  Acknowledgement mail;
  mail.text = std::move(text.text);
  mail.language = std::move(text.language);
  mail.from = {queue.from_name, queue.from.empty() ? channel : queue.from};
  mail.reply_to =
      reply_address(channel, delivery.ticket, running.rulebook.desk().recipient_delimiter, running.keys);
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

// Who wrote, and to whom: people, each once, without the desk. A mail may name thousands.
std::vector<Address> people_of(const Desk& desk, const Message& message) {
  constexpr std::size_t most = 50;
  std::vector<Address> people;
  std::set<std::string> seen;
  for (const auto* list : {&message.from, &message.to, &message.cc}) {
    for (const Address& one : *list) {
      if (people.size() == most) return people;
      const bool is_new = is_deliverable(one.address) && seen.insert(normal_address(one.address)).second;
      if (is_new && !is_of_the_desk(desk, one.address)) people.push_back(one);
    }
  }
  return people;
}

bool is_from_desk(const Desk& desk, const Message& message) {
  const auto ours = [&](const Address& one) { return is_of_the_desk(desk, one.address); };
  return !message.from.empty() && std::ranges::all_of(message.from, ours);
}

// The milter decides for all recipients together.
bool is_believed(const Desk& desk, const Decision& sealed) {
  return desk.duplicates.channel != WhichChannel::queue && leads_somewhere(desk, sealed.verdict);
}

// Whatever mail system has lost what says that the mail is automatic: the id is signed.
MayAcknowledge unless_ours(MayAcknowledge may, const Message& message, const Keys& keys) {
  if (!read_message_id(message.message_id, keys)) return may;
  return {false, "the message is one of the desk's own, come back"};
}

std::string why_opened(const Destination& destination, const Verdict& verdict) {
  const auto created = std::ranges::find(destination.events, event::created, &PlannedEvent::what);
  return created == destination.events.end() ? why(verdict) : created->why;
}

FileRecord record_of(const Writing& writing) {
  const Delivery& delivery = writing.delivery;
  const Decision& decision = writing.decided.decision;
  FileRecord record;
  record.ticket = delivery.ticket;
  record.message = delivery.message;
  record.kind = writing.destination.kind;
  record.at = delivery.at;
  record.digest = delivery.digest;
  record.queue_id = delivery.queue_id;
  for (const DeliveryKey& key : delivery.keys) record.keys.emplace_back(key.recipient, key.orcpt);
  record.automatic = kind_name(decision.automatic.kind);
  record.content = decision.content;
  record.links = writing.destination.links;
  record.participants = writing.destination.participants;
  record.opens = writing.destination.filing == Filing::opens;
  if (!record.opens) return record;
  record.queue = decision.verdict.queue;
  record.channel = decision.verdict.channel;
  record.priority = priority_name(decision.verdict.priority);
  record.tags = decision.verdict.tags;
  record.customer = {decision.customer.name, decision.customer.address};
  record.why = why_opened(writing.destination, decision.verdict);
  return record;
}

// For the operators: a stranger in a conversation may be the customer's colleague, or not.
std::vector<Header> new_people_lines(const Destination& destination) {
  constexpr std::size_t most = 10, longest_name = 100;
  if (destination.filing != Filing::joins || destination.participants.empty()) return {};
  std::string line;
  std::size_t count = 0;
  for (const Address& one : destination.participants) {
    if (++count > most) break;
    const std::string name = one_line(one.name, longest_name);
    line +=
        (line.empty() ? "" : ", ") + (name.empty() ? one.address : fmt::format("{} <{}>", name, one.address));
  }
  if (count > most) line += fmt::format(" and {} more", destination.participants.size() - most);
  return {{"X-Postroom-New-Participant", header_value(line)}};
}

void append(std::vector<Header>& lines, std::vector<Header> more) {
  std::ranges::move(more, std::back_inserter(lines));
}

}  // namespace

Decided decide_arrival(const Running& running, const Incoming& incoming, const StatusOf& status_of) {
  const Desk& desk = running.rulebook.desk();
  Decided decided;
  decided.envelope = envelope_of(incoming);
  decided.message = read_message(incoming.data, desk.message, Reading::headers);
  decided.binding = binding_of(decided.message, running.keys, running.rulebook.version());
  if (auto sealed = read_tags(decided.message.headers, decided.binding);
      sealed && is_believed(desk, *sealed)) {
    decided.decision = std::move(*sealed);
  } else {
    decided.message = read_message(incoming.data, desk.message);
    decided.envelope.arrived = arrival_of(decided.message);  // a retry must not be decided by another hour
    decided.decision = decide(running.rulebook, decided.message, decided.envelope, status_of);
  }
  decided.queue = find_queue(desk, decided.decision.verdict.queue);
  if (!decided.queue) throw std::runtime_error{"no queue of the desk takes this message"};
  decided.automatic_only = is_automatic_only(desk, decided.decision);
  decided.may_acknowledge =
      unless_ours(may_acknowledge(running.rulebook, decided.message, decided.envelope, decided.decision),
                  decided.message, running.keys);
  return decided;
}

void describe(Delivery& delivery, const Running& running, const Decided& decided) {
  const Desk& desk = running.rulebook.desk();
  Arrival& arrival = delivery.arrival;
  arrival.decision = decided.decision;
  arrival.may_acknowledge = decided.may_acknowledge;
  arrival.automatic_only = decided.automatic_only;
  arrival.sender = *decided.envelope.sender;
  arrival.recipients = decided.envelope.recipients;
  arrival.references = references_of(decided.message, decided.envelope, decided.decision.automatic,
                                     desk.recipient_delimiter, running.keys);
  arrival.subject = decided.message.subject;
  arrival.people = people_of(desk, decided.message);
  arrival.from_desk = is_from_desk(desk, decided.message);
  arrival.at = delivery.at;
  delivery.subject = decided.message.subject;
  delivery.message_id = decided.message.message_id;
}

void acknowledge(Delivery& delivery, const Running& running, const Decided& decided,
                 const std::string& random) {
  if (!decided.may_acknowledge.send) return;
  delivery.acknowledgement_id = signed_message_id({delivery.ticket, delivery.message}, random,
                                                  running.settings.desk.host, running.keys);
  delivery.acknowledgement = compose_acknowledgement(acknowledgement_of(decided, delivery, running));
}

std::string file_text(const Writing& writing) {
  const Delivery& delivery = writing.delivery;
  const Decided& decided = writing.decided;
  std::vector<Header> own =
      trace_lines(writing.incoming, writing.running.settings.desk.host, delivery.message, delivery.at);
  own.push_back(write_record(record_of(writing), writing.running.keys));
  append(own, write_stored_tags(decided.decision, decided.binding, delivery.ticket, delivery.message));
  append(own, new_people_lines(writing.destination));
  append(own, reply_lines(decided.message, decided.decision));
  return stored_text(writing.incoming.data, own);
}

}  // namespace postroom
