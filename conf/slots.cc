#include "conf/slots.h"

namespace postroom {
namespace {

constexpr SlotRow<Settings> of_settings[] = {
    {"host", [](Settings& s) -> Slot { return &s.desk.host; }},
    {"recipient_delimiter", [](Settings& s) -> Slot { return &s.desk.recipient_delimiter; }},
    {"time_zone", [](Settings& s) -> Slot { return &s.desk.time_zone; }},
    {"log", [](Settings& s) -> Slot { return &s.log; }},
    {"paths.mailboxes", [](Settings& s) -> Slot { return &s.paths.mailboxes; }},
    {"paths.database", [](Settings& s) -> Slot { return &s.paths.database; }},
    {"paths.secret", [](Settings& s) -> Slot { return &s.paths.secret; }},
    {"paths.run", [](Settings& s) -> Slot { return &s.paths.run; }},
    {"paths.texts", [](Settings& s) -> Slot { return &s.paths.texts; }},
    {"mailboxes.layout", [](Settings& s) -> Slot { return &s.mailboxes.layout; }},
    {"mailboxes.folder_mode", [](Settings& s) -> Slot { return &s.mailboxes.folder_mode; }},
    {"sockets.milter", [](Settings& s) -> Slot { return &s.sockets.milter; }},
    {"sockets.lmtp", [](Settings& s) -> Slot { return &s.sockets.lmtp; }},
    {"sockets.mode", [](Settings& s) -> Slot { return &s.sockets.mode; }},
    {"sockets.submit", [](Settings& s) -> Slot { return &s.sockets.submit; }},
    {"limits.line", [](Settings& s) -> Slot { return &s.limits.line; }},
    {"limits.message", [](Settings& s) -> Slot { return &s.limits.message; }},
    {"limits.recipients", [](Settings& s) -> Slot { return &s.limits.recipients; }},
    {"limits.connections", [](Settings& s) -> Slot { return &s.limits.connections; }},
    {"limits.idle", [](Settings& s) -> Slot { return &s.limits.idle; }},
    {"limits.stop", [](Settings& s) -> Slot { return &s.limits.stop; }},
    {"limits.database", [](Settings& s) -> Slot { return &s.limits.database; }},
    {"limits.read", [](Settings& s) -> Slot { return &s.desk.message.bytes; }},
    {"limits.text", [](Settings& s) -> Slot { return &s.desk.message.text; }},
    {"limits.header_bytes", [](Settings& s) -> Slot { return &s.desk.message.header_bytes; }},
    {"limits.headers", [](Settings& s) -> Slot { return &s.desk.message.headers; }},
    {"limits.parts", [](Settings& s) -> Slot { return &s.desk.message.parts; }},
    {"limits.depth", [](Settings& s) -> Slot { return &s.desk.message.depth; }},
    {"outbox.retry", [](Settings& s) -> Slot { return &s.outbox.retry; }},
    {"outbox.retry_most", [](Settings& s) -> Slot { return &s.outbox.retry_most; }},
    {"outbox.lifetime", [](Settings& s) -> Slot { return &s.outbox.lifetime; }},
    {"outbox.timeout", [](Settings& s) -> Slot { return &s.outbox.timeout; }},
    {"acknowledgements.per_address",
     [](Settings& s) -> Slot { return &s.desk.acknowledgements.per_address; }},
    {"acknowledgements.per_address_window",
     [](Settings& s) -> Slot { return &s.desk.acknowledgements.per_address_window; }},
    {"acknowledgements.global", [](Settings& s) -> Slot { return &s.desk.acknowledgements.global; }},
    {"acknowledgements.global_window",
     [](Settings& s) -> Slot { return &s.desk.acknowledgements.global_window; }},
    {"folders.in_progress", [](Settings& s) -> Slot { return &s.desk.folders.in_progress; }},
    {"folders.done", [](Settings& s) -> Slot { return &s.desk.folders.done; }},
    {"folders.waiting", [](Settings& s) -> Slot { return &s.desk.folders.waiting; }},
    {"folders.junk", [](Settings& s) -> Slot { return &s.desk.folders.junk; }},
    {"folders.automatic", [](Settings& s) -> Slot { return &s.desk.folders.automatic; }},
    {"duplicates.window", [](Settings& s) -> Slot { return &s.desk.duplicates.window; }},
    {"duplicates.channel", [](Settings& s) -> Slot { return &s.desk.duplicates.channel; }},
    {"retention.resolved", [](Settings& s) -> Slot { return &s.retention.resolved; }},
    {"retention.spam", [](Settings& s) -> Slot { return &s.retention.spam; }},
    {"retention.automatic", [](Settings& s) -> Slot { return &s.retention.automatic; }},
};

constexpr SlotRow<Channel> of_channel[] = {
    {"channels[].address", [](Channel& c) -> Slot { return &c.address; }},
    {"channels[].queue", [](Channel& c) -> Slot { return &c.queue; }},
    {"channels[].general", [](Channel& c) -> Slot { return &c.general; }},
    {"channels[].automatic", [](Channel& c) -> Slot { return &c.automatic; }},
};

constexpr SlotRow<KnownCustomer> of_customer[] = {
    {"customers[].address", [](KnownCustomer& c) -> Slot { return &c.address; }},
    {"customers[].status", [](KnownCustomer& c) -> Slot { return &c.status; }},
};

constexpr SlotRow<QueueDraft> of_queue[] = {
    {"queues.*.mailbox", [](QueueDraft& q) -> Slot { return &q.queue.mailbox; }},
    {"queues.*.group", [](QueueDraft& q) -> Slot { return &q.queue.group; }},
    {"queues.*.prefix", [](QueueDraft& q) -> Slot { return &q.queue.prefix; }},
    {"queues.*.language", [](QueueDraft& q) -> Slot { return &q.queue.language; }},
    {"queues.*.assignment", [](QueueDraft& q) -> Slot { return &q.queue.assignment; }},
    {"queues.*.acknowledgement", [](QueueDraft& q) -> Slot { return &q.queue.acknowledgement; }},
    {"queues.*.from", [](QueueDraft& q) -> Slot { return &q.queue.from; }},
    {"queues.*.from_name", [](QueueDraft& q) -> Slot { return &q.queue.from_name; }},
    {"queues.*.answer_within", [](QueueDraft& q) -> Slot { return &q.queue.answer_within; }},
    {"queues.*.follow_up", [](QueueDraft& q) -> Slot { return &q.queue.follow_up; }},
    {"queues.*.reopen_within", [](QueueDraft& q) -> Slot { return &q.queue.reopen_within; }},
    {"queues.*.thanks", [](QueueDraft& q) -> Slot { return &q.queue.thanks; }},
    {"queues.*.conversation", [](QueueDraft& q) -> Slot { return &q.queue.conversation; }},
    {"queues.*.text", [](QueueDraft& q) -> Slot { return &q.text; }},
};

constexpr SlotRow<Operator> of_operator[] = {
    {"operators[].login", [](Operator& o) -> Slot { return &o.login; }},
    {"operators[].name", [](Operator& o) -> Slot { return &o.name; }},
    {"operators[].absent", [](Operator& o) -> Slot { return &o.absent; }},
};

}  // namespace

std::span<const SlotRow<Settings>> setting_slots() { return of_settings; }
std::span<const SlotRow<Channel>> channel_slots() { return of_channel; }
std::span<const SlotRow<KnownCustomer>> customer_slots() { return of_customer; }
std::span<const SlotRow<QueueDraft>> queue_slots() { return of_queue; }
std::span<const SlotRow<Operator>> operator_slots() { return of_operator; }

}  // namespace postroom
