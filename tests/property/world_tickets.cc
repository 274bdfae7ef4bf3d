// What operators do to tickets, and what has to be true afterwards.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "rules/place_of.h"
#include "tests/property/world.h"

namespace postroom::tests {
namespace {

using namespace std::chrono_literals;
using Kind = TicketChange::Kind;

std::string path_of(const Where& where) {
  std::string path = where.mailbox;
  for (const std::string& name : where.folder) path += "/" + name;
  return path;
}

}  // namespace

int World::root(int request) const {
  while (request >= 0 && requests_[static_cast<std::size_t>(request)].merged_into >= 0)
    request = requests_[static_cast<std::size_t>(request)].merged_into;
  return request;
}

bool World::pick_ticket(int& request) {
  if (requests_.empty()) return false;
  request = root(dice(static_cast<int>(requests_.size())));
  return requests_[static_cast<std::size_t>(request)].ticket != 0;
}

// False: it was refused.
bool World::change(TicketChange change, Time at) {
  change.who = "root";
  const std::string what = fmt::format("{} of ticket {}", change_name(change.kind), change.ticket);
  const ChangeDone done = machine_.change(change, at);
  tell(what + (done.refusal.empty() ? "" : ": refused, " + done.refusal));
  return done.refusal.empty();
}

void World::an_operator_changes_a_ticket() {
  constexpr Kind kinds[] = {Kind::assign,  Kind::claim,  Kind::hand_over,    Kind::resolve, Kind::resolve,
                            Kind::resolve, Kind::reopen, Kind::set_priority, Kind::wait,    Kind::note};
  int number = 0;
  if (!pick_ticket(number)) return;
  Request& request = requests_[static_cast<std::size_t>(number)];
  TicketChange wish;
  wish.ticket = request.ticket;
  wish.kind = one_of(kinds);
  wish.why = wish.kind == Kind::note ? "looked into it" : "";
  wish.person = wish.kind == Kind::assign && dice(4) == 0 ? "" : dice(2) == 0 ? "ivan" : "olga";
  wish.queue = dice(2) == 0 ? "support" : "sales";
  wish.priority = dice(2) == 0 ? Priority::high : Priority::low;
  const bool late = wish.kind == Kind::resolve && dice(2) == 0;
  const Kind kind = wish.kind;
  if (!change(std::move(wish), std::chrono::system_clock::now() - (late ? 40 * 24h : 0h))) return;
  if (kind == Kind::resolve) request.resolved = true, request.late = late;
  constexpr Kind waking[] = {Kind::claim, Kind::hand_over, Kind::reopen, Kind::wait};
  if (std::ranges::find(waking, kind) != std::end(waking)) request.resolved = false;
}

void World::two_tickets_become_one() {
  int merged = 0, kept = 0;
  if (!pick_ticket(merged) || !pick_ticket(kept) || merged == kept) return;
  Request& from = requests_[static_cast<std::size_t>(merged)];
  Request& into = requests_[static_cast<std::size_t>(kept)];
  TicketChange wish;
  wish.kind = dice(4) == 0 ? Kind::link : Kind::merge;
  wish.ticket = from.ticket;
  wish.other = into.ticket;
  const bool merges = wish.kind == Kind::merge;
  if (!change(std::move(wish), std::chrono::system_clock::now()) || !merges) return;
  if (into.resolved && !from.resolved) into.resolved = false;
  from.resolved = true;
  from.merged_into = kept;
  into.people.insert(from.people.begin(), from.people.end());
}

void World::a_ticket_becomes_two() {
  int number = 0;
  if (!pick_ticket(number)) return;
  std::vector<int> own;
  for (int i = 0; i < static_cast<int>(mails_.size()); ++i) {
    const Draft& mail = mails_[static_cast<std::size_t>(i)];
    if (mail.known && mail.repeats < 0 && mail.request >= 0 && root(mail.request) == number) own.push_back(i);
  }
  if (own.size() < 2) return;
  const int leaving = one_of(own);
  TicketChange wish;
  wish.kind = Kind::split;
  wish.ticket = requests_[static_cast<std::size_t>(number)].ticket;
  wish.other = machine_.store().draw(1).front().ticket;
  wish.messages = {mails_[static_cast<std::size_t>(leaving)].message};
  const TicketNumber opened = wish.other;
  if (!change(std::move(wish), std::chrono::system_clock::now())) return;
  const int fresh = open_request(mails_[static_cast<std::size_t>(leaving)].person);
  requests_.back().ticket = opened;
  requests_.back().people =
      requests_[static_cast<std::size_t>(number)].people;  // none of them loses anything
  for (Draft& mail : mails_)
    if (mail.known && mail.message == mails_[static_cast<std::size_t>(leaving)].message) mail.request = fresh;
}

// --- what has to be true

// Everything of a ticket that only an event may change.
std::string World::state_of_all() {
  std::string all;
  for (const TicketRow& row : machine_.store().tickets({.most = 1000}))
    all += fmt::format("{}|{}|{}|{}|{}|{}|{}\n", row.number, row.queue, row.owner, row.status, row.priority,
                       row.channel, row.merged_into);
  return all;
}

void World::check_events(const std::string& before) {
  if (events_ == machine_.store().count("events") && state_of_all() != before)
    complain("tickets have changed without an event:\n" + before + "became\n" + state_of_all());
  events_ = machine_.store().count("events");
}

// Postfix brings what waits, the desk ends in good order, and files have followed their tickets.
void World::settle() {
  while (!waiting_.empty() && complaints_.empty()) {
    const int number = waiting_.back();
    waiting_.pop_back();
    tell(fmt::format("{}: Postfix tries again", number));
    bring(number);
  }
  if (!complaints_.empty()) return;
  machine_.restart();
  machine_.move_waiting_files();
  check_files();
  check_rows();
  for (const std::string& problem : machine_.store().verify()) complain("verify: " + problem);
  if (!machine_.store().unpublished().empty()) complain("a message is not published");
  if (!machine_.store().moves(1).empty()) complain("a file still waits to be moved");
  if (touched_) return;
  check_places();
  if (dice(4) > 0) return;
  for (const std::string& row : machine_.rebuilt_differences()) complain("rebuilt: " + row);
}

// I1: every accepted message is in the folders once.
void World::check_files() {
  std::map<std::string, int> times;
  for (const FileOnDisk& file : machine_.files()) ++times[file.token];
  for (const Draft& mail : mails_) {
    if (!mail.accepted) continue;
    const int found = times[std::to_string(mail.token)];
    if (found != 1) complain(fmt::format("mail {} lies {} times in the folders", mail.token, found));
  }
}

// I1, I2: each has its row, in the ticket that the model says.
void World::check_rows() {
  std::map<MessageNumber, TicketNumber> tickets;
  machine_.store().each_message([&](const MessageRow& row) { tickets[row.number] = row.ticket; });
  std::map<TicketNumber, int> requests;
  for (const Draft& mail : mails_) {
    if (!mail.known) continue;
    if (!tickets.contains(mail.message)) complain(fmt::format("mail {} has no row", mail.token));
    const TicketNumber ticket = tickets[mail.message];
    const int request = root(mail.request);
    const TicketNumber wanted = request < 0 ? 0 : requests_[static_cast<std::size_t>(request)].ticket;
    if (ticket != wanted)
      complain(fmt::format("mail {} is in ticket {}, not in {}", mail.token, ticket, wanted));
    if (ticket != 0 && requests.try_emplace(ticket, request).first->second != request)
      complain(fmt::format("ticket {} is two requests", ticket));
  }
}

// Files lie where the database says, and that is where the state of the ticket wants them.
void World::check_places() {
  std::map<MessageNumber, std::string> folders;
  for (const FileOnDisk& file : machine_.files()) folders[file.message] = file.folder;
  machine_.store().each_message([&](const MessageRow& row) {
    if (!row.place) return;
    const std::string recorded = path_of({row.place->mailbox, row.place->folder});
    if (folders[row.number] != recorded)
      complain(
          fmt::format("message {} lies in {}, recorded is {}", row.number, folders[row.number], recorded));
    const auto ticket = row.ticket == 0 ? std::nullopt : machine_.store().ticket(row.ticket);
    if (!ticket) return;
    KnownTicket known;
    known.queue = ticket->queue;
    known.owner = ticket->owner;
    known.status = status_from(ticket->status).value();
    const std::string wanted = path_of(place_of(machine_.running().settings.desk, known));
    if (recorded != wanted)
      complain(fmt::format("message {} of ticket {} ({}) is in {}, not in {}", row.number, row.ticket,
                           ticket->status, recorded, wanted));
  });
}

}  // namespace postroom::tests
