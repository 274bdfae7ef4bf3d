// erase and retain: mail that goes (schema/gone.h has the order).

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "lmtp/message_files.h"
#include "rules/address.h"
#include "rules/message.h"
#include "schema/postroom-tickets-change.h"

namespace postroom {
namespace {

constexpr std::size_t step = 100;  // messages of a transaction
constexpr int page = 500;

constexpr const char* unreachable =
    "Not reached from here: Dovecot's index caches (rewritten as mail is read; 'doveadm force-resync' does "
    "it "
    "now), logs of Postfix and Dovecot, backups, mail already sent, and what others have quoted.\n";

void mark_all(Store& store, const std::vector<MessageNumber>& messages, Going going) {
  for (std::size_t start = 0; start < messages.size(); start += step) {
    const auto from = messages.begin() + static_cast<std::ptrdiff_t>(start);
    const auto to = messages.begin() + static_cast<std::ptrdiff_t>(std::min(start + step, messages.size()));
    store.mark_going({from, to}, going);
  }
}

struct Taken {
  std::int64_t files = 0;
  Forgotten rows;
};

// What is marked, by this run or by one that was interrupted.
Taken take_away(TicketsDesk& desk) {
  Taken taken;
  if (desk.store->going(0, 1).empty()) return taken;
  taken.files = unlink_files(
      desk.asked.settings.paths.mailboxes, [&](MessageNumber number) { return desk.store->is_going(number); },
      desk.keys);
  taken.rows = desk.store->forget_going({desk.asked.who, time_of_asking()});
  return taken;
}

bool is_one_of(const std::vector<Address>& people, const std::vector<std::string>& addresses) {
  return std::ranges::any_of(people, [&](const Address& one) {
    return std::ranges::count(addresses, normal_address(one.address)) > 0;
  });
}

// Has he written it, whatever the envelope says?
bool is_from(const std::string& path, const std::vector<std::string>& addresses) {
  constexpr std::size_t most = 256U << 10U;
  std::ifstream in{path, std::ios::binary};
  std::string top(most, '\0');
  in.read(top.data(), static_cast<std::streamsize>(most));
  top.resize(static_cast<std::size_t>(in.gcount()));
  const Message message = read_message(top, {}, Reading::headers);
  return is_one_of(message.from, addresses) || is_one_of(message.reply_to, addresses);
}

// His messages in tickets of others, by what the files say.
std::vector<MessageNumber> written_elsewhere(TicketsDesk& desk, const std::vector<std::string>& addresses) {
  std::vector<MessageNumber> around;
  for (auto rows = desk.store->messages_around(addresses, 0, page); !rows.empty();
       rows = desk.store->messages_around(addresses, around.back(), page))
    for (const MessageRow& row : rows) around.push_back(row.number);
  if (around.empty()) return {};
  const auto files = find_files(
      desk.asked.settings.paths.mailboxes,
      [&](MessageNumber number) { return std::ranges::binary_search(around, number); }, desk.keys);
  std::vector<MessageNumber> his;
  for (const auto& [number, path] : files)
    if (is_from(path, addresses)) his.push_back(number);
  return his;
}

// By every name: the admin's word may have made others the same customer.
bool is_confirmed(const TicketsAsked& asked, const std::string& address,
                  const std::vector<std::string>& addresses) {
  if (asked.has("yes")) return true;
  std::string others;
  for (const std::string& one : addresses)
    if (one != address) others += fmt::format("{}{}", others.empty() ? ", the same customer as " : ", ", one);
  std::cerr << fmt::format("All mail and data of {}{} will be gone for ever. Type {} to go on: ", address,
                           others, address);
  std::string typed;
  std::getline(std::cin, typed);
  return normal_address(typed) == address;
}

int tell_trial(const TicketsAsked& asked, const std::vector<std::string>& addresses,
               const std::vector<MessageNumber>& messages) {
  if (asked.json) {
    std::cout << nlohmann::ordered_json{{"addresses", addresses}, {"messages", messages}}.dump() << '\n';
    return done;
  }
  for (const std::string& one : addresses) std::cout << fmt::format("address {}\n", one);
  for (const MessageNumber message : messages) std::cout << fmt::format("message {}\n", message);
  return done;
}

int tell_erased(const TicketsAsked& asked, const std::vector<std::string>& addresses, const Taken& taken,
                bool scrubbed) {
  if (!scrubbed)
    complain_of(
        "somebody was reading the database: some bytes of what was deleted are still in its files; "
        "run it again");
  const int exit = scrubbed ? done : found_problems;
  if (asked.json) {
    std::cout << nlohmann::ordered_json{{"addresses", addresses.size()},
                                        {"messages", taken.rows.messages},
                                        {"tickets", taken.rows.tickets},
                                        {"files", taken.files},
                                        {"scrubbed", scrubbed}}
                     .dump()
              << '\n';
    return exit;
  }
  std::cout << fmt::format("erased: {} messages, {} tickets, {} files\n{}", taken.rows.messages,
                           taken.rows.tickets, taken.files, unreachable);
  return exit;
}

// The moment before which something is old; the epoch for "keep for ever".
Time old_before(std::chrono::seconds kept, Time now) { return kept.count() == 0 ? Time{} : now - kept; }

int tell_retained(const TicketsAsked& asked, const Expirable& found, const Taken& taken) {
  const nlohmann::ordered_json row = {
      {"resolved", found.resolved.size()},   {"spam", found.spam.size()},
      {"automatic", found.automatic.size()}, {"messages", taken.rows.messages},
      {"tickets", taken.rows.tickets},       {"files", taken.files}};
  if (asked.json) {
    std::cout << row.dump() << '\n';
    return done;
  }
  std::cout << fmt::format("old messages: {} of resolved tickets, {} spam, {} automatic; {}\n",
                           found.resolved.size(), found.spam.size(), found.automatic.size(),
                           asked.has("dry-run")
                               ? std::string{"nothing was removed"}
                               : fmt::format("removed: {} messages, {} tickets, {} files",
                                             taken.rows.messages, taken.rows.tickets, taken.files));
  return done;
}

}  // namespace

int erase_command(const TicketsAsked& asked) {
  if (!asked.has("customer")) throw TicketsMisused{"erase wants --customer ADDRESS"};
  const std::string address = address_in(asked.value("customer"));
  const bool trial = asked.has("dry-run");
  TicketsDesk desk{asked, trial ? TicketsDesk::Use::reads : TicketsDesk::Use::writes};
  const auto addresses = addresses_of_customer(desk, address);
  if (!trial && !is_confirmed(asked, address, addresses))
    return complain_of("not confirmed: nothing was erased");

  std::vector<MessageNumber> messages = desk.store->messages_of(addresses);
  for (const MessageNumber message : written_elsewhere(desk, addresses)) messages.push_back(message);
  std::ranges::sort(messages);
  messages.erase(std::unique(messages.begin(), messages.end()), messages.end());
  if (trial) return tell_trial(asked, addresses, messages);

  mark_all(*desk.store, messages, Going::erased);
  Taken taken = take_away(desk);
  taken.rows.tickets += desk.store->forget_customer(addresses, {asked.who, time_of_asking()}).tickets;
  return tell_erased(asked, addresses, taken, desk.store->scrub());
}

int retain_command(const TicketsAsked& asked) {
  const auto& kept = asked.settings.retention;
  const auto& names = asked.settings.desk.folders;
  const bool trial = asked.has("dry-run");
  TicketsDesk desk{asked, trial ? TicketsDesk::Use::reads : TicketsDesk::Use::writes};
  const Time now = time_of_asking();
  const Expirable found =
      desk.store->expirable({old_before(kept.resolved, now), old_before(kept.spam, now),
                             old_before(kept.automatic, now), names.junk, names.automatic});
  Taken taken;
  if (!trial) {
    for (const auto* messages : {&found.resolved, &found.spam, &found.automatic})
      mark_all(*desk.store, *messages, Going::expired);
    taken = take_away(desk);
  }
  return tell_retained(asked, found, taken);
}

}  // namespace postroom
