#include "schema/thread_facts.h"

#include <algorithm>
#include <set>

#include "rules/address.h"
#include "rules/subject.h"
#include "schema/columns.h"
#include "schema/known_ticket.h"
#include "schema/same_customer.h"
#include "schema/thread_keys.h"

namespace postroom {
namespace {

using std::chrono::hours;

constexpr std::size_t most_candidates = 10, most_alike = 3, most_failed = 20;
constexpr std::size_t most_strange = 5;    // candidates the sender has no part in must not keep his own out
constexpr std::size_t most_by_id = 200;    // tickets looked at that Message-IDs lead to
constexpr std::int64_t most_events = 200;  // looked at, of one ticket
constexpr hours alike_within{30 * 24};
constexpr hours resent_within{7 * 24};  // longer than any mail system tries; some programs repeat their ids

bool takes_part(Db& db, TicketNumber ticket, const std::vector<std::int64_t>& people) {
  Statement row = db.statement(
      "SELECT 1 FROM tickets WHERE number = ?1 AND customer = ?2 "
      "UNION ALL SELECT 1 FROM participants WHERE ticket = ?1 AND customer = ?2");
  return std::ranges::any_of(people, [&](std::int64_t person) {
    const bool found = row.bind(ticket, person).step();
    row.run();
    return found;
  });
}

// Collects candidates, each ticket once and with its best proof.
class Candidates {
 public:
  Candidates(Db& db, const std::vector<std::int64_t>& sender) : db_{db}, sender_{sender} {}

  void add(TicketNumber number, Proof proof) {
    if (auto candidate = find(number, proof)) found_.push_back(std::move(*candidate));
  }

  void add_id(const std::string& id, ThreadKey key) {
    for (const ThreadHit& hit : find_thread_key(db_, key, id)) {
      if (looked_at_.size() >= most_by_id) return;
      add(hit.ticket, Proof::message_id);
      if (key == ThreadKey::id && hit.by_desk) set_by_desk(hit.ticket);
    }
  }

  void add_copied(const std::string& id) {
    for (const ThreadHit& hit : find_thread_key(db_, ThreadKey::id, id)) {
      auto candidate = find(hit.ticket, Proof::copied_id);
      if (candidate && !candidate->takes_part) found_.push_back(std::move(*candidate));
    }
  }

  std::vector<Candidate> take() { return std::move(found_); }

 private:
  std::optional<Candidate> find(TicketNumber number, Proof proof) {
    if (found_.size() >= most_candidates) return std::nullopt;
    const TicketNumber today = surviving(db_, number);
    if (today == 0 || !looked_at_.insert(today).second) return std::nullopt;
    const bool is_his = takes_part(db_, today, sender_);
    if (!is_his && strange_ == most_strange) return std::nullopt;
    auto ticket = known_ticket(db_, today);
    if (!ticket) return std::nullopt;
    if (!is_his) ++strange_;
    return Candidate{std::move(*ticket), proof, is_his};
  }

  // Nearer ids of the same ticket may have been a customer's.
  void set_by_desk(TicketNumber number) {
    const TicketNumber today = surviving(db_, number);
    for (Candidate& one : found_)
      if (one.ticket.number == today) one.by_desk = true;
  }

  Db& db_;
  const std::vector<std::int64_t>& sender_;
  std::vector<Candidate> found_;
  std::set<TicketNumber> looked_at_;
  std::size_t strange_ = 0;
};

// One mail that somebody has sent once, seen again.
struct Earlier {
  std::string subject, automatic;
  Time at;
};

std::optional<Earlier> earlier(Db& db, MessageNumber message) {
  Statement row = db.statement(
      "SELECT subject, automatic, at FROM messages WHERE number = ? AND kind = 'inbound' AND gone = ''");
  if (!row.bind(message).step()) return std::nullopt;
  return Earlier{row.text(0), row.text(1), from_ms(row.integer(2))};
}

// A list changes the mails that pass through it: of the mail sent directly and the list's copy the subject
// has to do. Two mails of a list are compared as any others: there are robots that repeat their Message-ID.
bool is_resent(Db& db, const Delivery& delivery, MessageNumber message) {
  const auto other = earlier(db, message);
  if (!other || delivery.at - other->at > resent_within) return false;
  const Decision& decision = delivery.arrival.decision;
  if (has_words(db, decision.content, message, other->at)) return true;
  const bool now = decision.automatic.kind == Automatic::Kind::list;
  const bool before = other->automatic == kind_name(Automatic::Kind::list);
  const std::string subject = base_subject(other->subject);
  return now != before && !subject.empty() && subject == base_subject(bounded(delivery.subject, 1000));
}

// Somebody has worked on the ticket. What has come so often does not show it any more, and nobody wants to
// read through a hundred thousand arrivals for it.
bool has_work(Db& db, TicketNumber ticket) {
  Statement row = db.statement(
      "SELECT count(*) = ?2 OR coalesce(max(who <> 'postroom'), 0) FROM "
      "(SELECT who FROM events WHERE ticket = ?1 ORDER BY id LIMIT ?2)");
  return row.bind(ticket, most_events).step() && row.integer(0) != 0;
}

// Somebody has written to the ticket, or worked on it, since this message came.
bool is_touched(Db& db, const KnownTicket& ticket, MessageNumber message) {
  if (ticket.status != Status::fresh) return true;
  Statement others = db.statement(
      "SELECT 1 FROM messages WHERE ticket = ? AND number <> ? AND kind <> 'acknowledgement' LIMIT 1");
  return others.bind(ticket.number, message).step() || has_work(db, ticket.number);
}

bool is_other_queue(const KnownTicket& ticket, const Delivery& delivery, const Desk& desk) {
  return desk.duplicates.channel == WhichChannel::queue &&
         ticket.queue != delivery.arrival.decision.verdict.queue;
}

std::optional<Twin> as_twin(Db& db, const ThreadHit& hit, const Delivery& delivery, const Desk& desk) {
  const auto ticket = known_ticket(db, surviving(db, hit.ticket));
  if (!ticket || is_other_queue(*ticket, delivery, desk)) return std::nullopt;
  return Twin{*ticket, hit.message, is_touched(db, *ticket, hit.message)};
}

// Does this mail belong where the earlier one with the same words does? "Yes" to two tickets is two mails.
bool is_same_place(Db& db, const ThreadHit& hit, const Twin& twin, const Delivery& delivery,
                   TicketNumber joins) {
  if (joins == 0 || were_one(db, twin.ticket.number, joins, hit.at)) return true;
  const std::vector<std::string>& ids = delivery.arrival.references.ids;
  return !ids.empty() && has_thread_key(db, ThreadKey::named, ids.front(), hit.message);
}

}  // namespace

std::vector<std::int64_t> sender_ids(Db& db, const Delivery& delivery, const Desk& desk) {
  const Decision& decision = delivery.arrival.decision;
  std::vector<std::string> addresses{normal_address(decision.customer.address)};
  for (const Failed& failed : decision.automatic.failed) {
    if (addresses.size() > most_failed) break;
    addresses.push_back(normal_address(failed.recipient));
  }
  return same_people(db, addresses, desk);
}

std::vector<Candidate> candidates_of(Db& db, const Delivery& delivery,
                                     const std::vector<std::int64_t>& sender) {
  const References& references = delivery.arrival.references;
  Candidates found{db, sender};
  for (const TicketNumber number : references.addressed) found.add(number, Proof::reply_address);
  for (const TicketNumber number : references.signed_ids) found.add(number, Proof::signed_id);
  for (const std::string& id : references.ids) found.add_id(id, ThreadKey::id);
  for (const std::string& id : references.ids) found.add_id(id, ThreadKey::named);
  found.add_id(delivery.message_id, ThreadKey::named);  // its reply has overtaken it
  for (const TicketNumber number : references.tagged) found.add(number, Proof::subject_tag);
  found.add_copied(delivery.message_id);
  return found.take();
}

std::optional<Twin> twin_of(Db& db, const Delivery& delivery, const Desk& desk, TicketNumber joins) {
  for (const ThreadHit& hit : find_thread_key(db, ThreadKey::id, delivery.message_id)) {
    if (!is_resent(db, delivery, hit.message)) continue;
    if (auto twin = as_twin(db, hit, delivery, desk)) return twin;
  }
  const std::string& content = delivery.arrival.decision.content;
  const Time since = delivery.at - desk.duplicates.window;
  for (const ThreadHit& hit : find_content(db, content, since, delivery.at)) {
    auto twin = as_twin(db, hit, delivery, desk);
    if (twin && is_same_place(db, hit, *twin, delivery, joins)) return twin;
  }
  return std::nullopt;
}

std::optional<Twin> twin_of_message(Db& db, const Recorded& known, const Delivery& delivery,
                                    const Desk& desk) {
  return as_twin(db, {.message = known.message, .ticket = known.ticket}, delivery, desk);
}

std::vector<TicketNumber> alike(Db& db, const Delivery& delivery, const std::vector<std::int64_t>& sender) {
  std::vector<TicketNumber> found;
  const std::string wanted = base_subject(bounded(delivery.subject, 1000));
  if (wanted.empty()) return found;
  for (const std::int64_t person : sender) {
    Statement row = db.statement(
        "SELECT number, subject FROM (SELECT number, subject, created, merged_into FROM tickets WHERE "
        "customer = ? ORDER BY number DESC LIMIT 50) WHERE created > ? AND merged_into IS NULL");
    row.bind(person, to_ms(delivery.at - alike_within));
    while (row.step())
      if (base_subject(row.text(1)) == wanted) found.push_back(row.integer(0));
  }
  std::ranges::sort(found, std::greater{});
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() > most_alike) found.resize(most_alike);
  return found;
}

}  // namespace postroom
