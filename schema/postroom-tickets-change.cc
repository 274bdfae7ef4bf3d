// assign, claim, hand-over, close, reopen, wait, priority, note, link, merge, split.

#include "schema/postroom-tickets-change.h"

#include <fmt/format.h>

#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "conf/load.h"
#include "lmtp/mover.h"

namespace postroom {
namespace {

using Kind = TicketChange::Kind;

constexpr std::size_t longest_why = 4000;

TicketChange change_of(const TicketsAsked& asked, Kind kind) {
  TicketChange change;
  change.kind = kind;
  change.ticket = ticket_in(asked.arguments.front());
  change.who = asked.who;
  change.why = asked.value("why");
  if (change.why.size() > longest_why)
    throw TicketsMisused{fmt::format("the text is longer than {} bytes", longest_why)};
  return change;
}

// What the folder says by itself needs no note.
bool is_told_by_note(Kind kind) {
  return kind == Kind::set_priority || kind == Kind::note || kind == Kind::link || kind == Kind::merge ||
         kind == Kind::split;
}

void tell_done(TicketsDesk& desk, const TicketChange& change, const ChangeDone& done) {
  const TicketRow ticket = desk.store->ticket(change.ticket).value();
  if (desk.asked.json) {
    nlohmann::ordered_json row = {{"ticket", ticket.number}, {"change", change_name(change.kind)},
                                  {"queue", ticket.queue},   {"owner", nullptr},
                                  {"status", ticket.status}, {"priority", ticket.priority},
                                  {"merged_into", nullptr},  {"opened", nullptr}};
    if (!ticket.owner.empty()) row["owner"] = ticket.owner;
    if (ticket.merged_into != 0) row["merged_into"] = ticket.merged_into;
    if (done.opened != 0) row["opened"] = done.opened;
    std::cout << row.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << std::endl;
    return;
  }
  std::string more;
  if (ticket.merged_into != 0) more += fmt::format(", merged into {}", ticket.merged_into);
  if (change.kind == Kind::link) more += fmt::format(", linked to {}", change.other);
  if (done.opened != 0) more += fmt::format("; opened ticket {}", done.opened);
  std::cout << fmt::format("ticket {}: queue {}, owner {}, {}, priority {}{}\n", ticket.number, ticket.queue,
                           ticket.owner.empty() ? "-" : ticket.owner, ticket.status, ticket.priority, more)
            << std::flush;
}

int change_one(TicketsDesk& desk, const TicketChange& change) {
  publish_left_notes(desk);  // before the change, for only what is published moves with its ticket
  const ChangeDone done =
      is_told_by_note(change.kind)
          ? change_with_note(desk, change)
          : desk.store->change(change, std::nullopt, desk.asked.settings.desk, time_of_asking());
  if (!done.refusal.empty()) return complain_of(done.refusal);
  tell_done(desk, change, done);
  if (done.moves) move_waiting(desk);
  return postroom::done;
}

int change_alone(const TicketsAsked& asked, const TicketChange& change) {
  TicketsDesk desk{asked};
  return change_one(desk, change);
}

int change_each(const TicketsAsked& asked, Kind kind) {
  std::vector<TicketNumber> tickets;
  for (const std::string& argument : asked.arguments) tickets.push_back(ticket_in(argument));
  TicketsDesk desk{asked};
  int exit = done;
  for (const TicketNumber ticket : tickets) {
    TicketChange change = change_of(asked, kind);
    change.ticket = ticket;
    if (change_one(desk, change) != done) exit = found_problems;
  }
  return exit;
}

std::string text_of_note(const TicketsAsked& asked) {
  if (asked.arguments.size() > 1) return asked.arguments[1];
  std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

}  // namespace

TicketsDesk::TicketsDesk(const TicketsAsked& by, Use use)
    : asked{by},
      store{use == Use::writes ? open_for_writing(by) : open_for_reading(by)},
      keys{load_keys(by.settings)},
      maildir{by.settings.paths.mailboxes, by.settings.mailboxes.layout, by.settings.mailboxes.folder_mode} {}

void move_waiting(TicketsDesk& desk) {
  const auto told = [](const Moved& moved, const std::string& problem) {
    if (!problem.empty())
      complain_of(fmt::format("message {} of ticket {} is moved later, by postroom-lmtp: {}",
                              moved.move.message, moved.move.ticket, problem));
  };
  move_files({[&](int most) { return desk.store->moves(most); },
              [&](const std::vector<Moved>& moved) { desk.store->moved(moved); }, told},
             desk.maildir, desk.keys);
}

int assign_ticket(const TicketsAsked& asked) {
  if (asked.has("nobody") == (asked.arguments.size() > 1))
    throw TicketsMisused{"assign wants an operator, or --nobody"};
  TicketChange change = change_of(asked, Kind::assign);
  if (!asked.has("nobody")) change.person = asked.arguments[1];
  return change_alone(asked, change);
}

int claim_ticket(const TicketsAsked& asked) {
  TicketChange change = change_of(asked, Kind::claim);
  change.person = asked.arguments.size() > 1 ? asked.arguments[1] : asked.who;
  return change_alone(asked, change);
}

int hand_over_ticket(const TicketsAsked& asked) {
  TicketChange change = change_of(asked, Kind::hand_over);
  change.queue = asked.arguments[1];
  return change_alone(asked, change);
}

int close_tickets(const TicketsAsked& asked) { return change_each(asked, Kind::resolve); }
int reopen_tickets(const TicketsAsked& asked) { return change_each(asked, Kind::reopen); }
int wait_tickets(const TicketsAsked& asked) { return change_each(asked, Kind::wait); }

int set_ticket_priority(const TicketsAsked& asked) {
  TicketChange change = change_of(asked, Kind::set_priority);
  const auto priority = priority_from(asked.arguments[1]);
  if (!priority) throw TicketsMisused{"a priority is high, normal or low"};
  change.priority = *priority;
  return change_alone(asked, change);
}

int note_ticket(const TicketsAsked& asked) {
  TicketChange change = change_of(asked, Kind::note);
  change.why = text_of_note(asked);
  if (change.why.empty()) throw TicketsMisused{"a note wants a text, as an argument or on standard input"};
  if (change.why.size() > longest_why)
    throw TicketsMisused{fmt::format("the text is longer than {} bytes", longest_why)};
  return change_alone(asked, change);
}

int link_tickets(const TicketsAsked& asked) {
  TicketChange change = change_of(asked, Kind::link);
  change.other = ticket_in(asked.arguments[1]);
  return change_alone(asked, change);
}

int merge_ticket(const TicketsAsked& asked) {
  TicketChange change = change_of(asked, Kind::merge);
  change.other = ticket_in(asked.arguments[1]);
  return change_alone(asked, change);
}

int split_ticket(const TicketsAsked& asked) {
  TicketChange change = change_of(asked, Kind::split);
  for (auto at = asked.arguments.begin() + 1; at != asked.arguments.end(); ++at)
    change.messages.push_back(message_in(*at));
  TicketsDesk desk{asked};
  change.other = desk.store->draw(1).front().ticket;
  return change_one(desk, change);
}

}  // namespace postroom
