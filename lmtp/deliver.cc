#include "lmtp/deliver.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "lmtp/committer.h"
#include "lmtp/decide.h"
#include "lmtp/disk.h"
#include "lmtp/maildir.h"
#include "lmtp/stored.h"
#include "rules/digest.h"
#include "rules/event_words.h"

namespace postroom {

// One message on its way through deliver().
struct Deliver::Arriving {
  const Incoming& incoming;
  std::shared_ptr<const Running> running;  // of one configuration from beginning to end
  std::string queue_id;
  std::string queue;  // which alone this is for; empty: for whichever it is
  Delivery delivery;
};

namespace {

// Replies travel as one line of printable ASCII.
std::string one_line(std::string_view text) {
  constexpr std::size_t longest = 300;  // RFC 5321, 4.5.3.1.5: 512 with all the rest
  std::string line{text.substr(0, longest)};
  for (char& c : line) {
    if (c < ' ' || c > '~') c = '?';
  }
  return line;
}

// For a log line, between quotes.
std::string quoted(std::string text) {
  std::replace(text.begin(), text.end(), '"', '\'');
  return "\"" + text + "\"";
}

std::string path_of(const Place& place) {
  std::string path = place.mailbox;
  for (const std::string& name : place.folder) path += "/" + name;
  return path;
}

// The operator in whose folder the message lies.
std::string owner_of(const Desk& desk, const Place& place) {
  if (place.folder.empty()) return {};
  for (const Operator& person : desk.operators) {
    if (person.name == place.folder.front()) return person.login;
  }
  return {};
}

Reply accepted(const Recorded& recorded) {
  const std::string what = recorded.ticket == 0 ? fmt::format("message {}", recorded.message)
                                                : fmt::format("ticket {}", recorded.ticket);
  return {250, "2.0.0", one_line(fmt::format("{} in {}", what, recorded.place.mailbox))};
}

Reply deferred(const std::exception& failure) {
  const auto* disk = dynamic_cast<const std::system_error*>(&failure);
  const bool full = disk && (disk->code() == std::errc::no_space_on_device || disk->code().value() == EDQUOT);
  if (full) return {452, "4.3.1", one_line(failure.what())};
  return {451, "4.3.0", one_line(failure.what())};
}

// Positions of the recipients that are delivered to together, with the queue that the delivery is for.
struct Part {
  std::string queue;
  std::vector<std::size_t> recipients;
};

std::vector<Part> parts_of(const Desk& desk, const Incoming& incoming) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < incoming.recipients.size(); ++i) {
    std::string queue;
    const Channel* channel = find_channel(desk, incoming.recipients[i].address);
    if (channel && desk.duplicates.channel == WhichChannel::queue) queue = channel->queue;
    auto part = std::ranges::find(parts, queue, &Part::queue);
    if (part == parts.end()) part = parts.insert(part, {queue, {}});
    part->recipients.push_back(i);
  }
  return parts;
}

// A retry has the digest of the first try; where every queue has a ticket of its own, so has each of them.
std::string digest_of(const Incoming& incoming, const std::string& queue) {
  const std::string digest = sha256_hex(from_first_received(incoming.data));
  return queue.empty() ? digest : sha256_hex(digest + "\nqueue " + queue);
}

// What the log calls it: the first row whose event is among those of the message.
struct OutcomeWord {
  std::string_view event, status;
};
constexpr OutcomeWord outcomes[] = {
    {event::reopened, "reopened"},
    {event::resumed, "resumed"},
    {event::answer_bounced, "answer-bounced"},
    {event::answer_delayed, "answer-delayed"},
    {event::answer_filed, "answer-filed"},
    {event::followed_up, "followed-up"},
    {event::filed, "filed-in-thread"},
};

const PlannedEvent* find_event(const Recorded& recorded, std::string_view what) {
  const auto found = std::ranges::find(recorded.events, what, &PlannedEvent::what);
  return found == recorded.events.end() ? nullptr : &*found;
}

// " status=followed-up how="by its subject"". What else the event says may hold the customer's words.
std::string outcome_of(const Recorded& recorded) {
  if (recorded.repeated == Repeated::yes) return " status=repeated";
  const auto row = std::ranges::find_if(
      outcomes, [&](const OutcomeWord& each) { return find_event(recorded, each.event) != nullptr; });
  std::string text = fmt::format(" status={}", row == std::end(outcomes) ? "filed" : row->status);
  if (const PlannedEvent* how = find_event(recorded, event::followed_up))
    text += " how=" + quoted(how->why.substr(0, how->why.find(';')));
  return text;
}

}  // namespace

Deliver::Deliver(const Live& live, Committer& committer, const Log& log)
    : live_{live}, committer_{committer}, log_{log} {}

std::optional<Reply> Deliver::refuse_recipient(const std::string& address) const {
  if (find_channel(live_.current()->rulebook.desk(), address)) return std::nullopt;
  return Reply{450, "4.1.1", "this address is not a channel of the desk"};
}

std::vector<Reply> Deliver::deliver(const Incoming& incoming) {
  std::vector<Reply> replies(incoming.recipients.size(), {451, "4.3.0", "out of memory"});
  try {
    const auto running = live_.current();
    const std::vector<Part> parts = parts_of(running->rulebook.desk(), incoming);
    if (parts.size() == 1) {
      replies.assign(replies.size(), deliver_to_queue(incoming, running, parts.front().queue));
      return replies;
    }
    Incoming copy = incoming;
    for (const Part& part : parts) {
      copy.recipients.clear();
      for (const std::size_t i : part.recipients) copy.recipients.push_back(incoming.recipients[i]);
      const Reply reply = deliver_to_queue(copy, running, part.queue);
      for (const std::size_t i : part.recipients) replies[i] = reply;
    }
  } catch (...) {
    log_.error("status=deferred reason=\"out of memory\"");
  }
  return replies;
}

Reply Deliver::deliver_to_queue(const Incoming& incoming, const std::shared_ptr<const Running>& running,
                                const std::string& queue) {
  Arriving arriving{incoming, running, incoming.queue_id, queue, {}};
  if (arriving.queue_id.empty()) arriving.queue_id = queue_id_in(incoming.data);
  if (arriving.queue_id.empty()) arriving.queue_id = "NOQUEUE";
  try {
    const Recorded recorded = take_in(arriving);
    log_.info(line(arriving, recorded));
    return accepted(recorded);
  } catch (const std::exception& failure) {
    log_.error(fmt::format("{}: status=deferred reason={}", arriving.queue_id, quoted(failure.what())));
    return deferred(failure);
  }
}

Recorded Deliver::take_in(Arriving& arriving) {
  const Incoming& incoming = arriving.incoming;
  Delivery& delivery = arriving.delivery;
  delivery.digest = digest_of(incoming, arriving.queue);
  delivery.queue_id = arriving.queue_id;
  delivery.at = std::chrono::system_clock::now();
  for (const Recipient& recipient : incoming.recipients) {
    delivery.keys.push_back({normal_address(recipient.address), recipient.orcpt});
  }
  const bool known = committer_.find(delivery.digest).has_value();
  Recorded recorded = known ? repeat(arriving) : file(arriving);
  if (recorded.stale) recorded = file(arriving);  // what it repeats was erased between question and commit
  return recorded.published ? recorded : restore(arriving, delivery);
}

StatusOf Deliver::status_of() const {
  return [this](const std::string& address) { return committer_.customer_status(address); };
}

// The same bytes once more. Postfix may deliver to one recipient after the other, and the later one may be
// the more specific channel.
Recorded Deliver::repeat(Arriving& arriving) {
  const Running& running = *arriving.running;
  if (running.rulebook.desk().duplicates.channel == WhichChannel::specific)
    describe(arriving.delivery, running, decide_arrival(running, arriving.incoming, status_of()));
  return record(arriving.delivery);
}

// Between question and commit others write, and the message may belong elsewhere by then: its file is written
// for what is right now, and anew if that was not for long.
Recorded Deliver::file(Arriving& arriving) {
  constexpr int tries = 5;
  const Running& running = *arriving.running;
  const Decided decided = decide_arrival(running, arriving.incoming, status_of());
  const Numbers numbers = committer_.draw();
  arriving.delivery.message = numbers.message;
  describe(arriving.delivery, running, decided);
  for (int i = 0; i < tries; ++i) {
    prepare(arriving, decided, numbers.ticket);
    Recorded recorded = record(arriving.delivery);
    if (!recorded.stale) return recorded;
  }
  throw std::runtime_error{"its ticket or the configuration changes while it is filed"};
}

// Puts the file for what is known now into tmp/, durably. A repetition has none.
void Deliver::prepare(Arriving& arriving, const Decided& decided, TicketNumber drawn) {
  const Running& running = *arriving.running;
  Delivery& delivery = arriving.delivery;
  const Destination destination = committer_.destination(delivery, running.rulebook.desk());
  delivery.joins = destination.filing == Filing::joins;
  delivery.ticket = destination.filing == Filing::opens ? drawn : destination.ticket;
  delivery.acknowledgement.clear();
  delivery.file.clear();
  delivery.mailbox.clear();
  if (destination.filing == Filing::repeats) return;
  if (destination.filing == Filing::opens) acknowledge(delivery, running, decided, random_digits());
  const std::string text = file_text({running, arriving.incoming, decided, delivery, destination});
  delivery.file =
      committer_.maildir().write_tmp(destination.mailbox, delivery.message, text, running.settings.desk.host);
  delivery.mailbox = destination.mailbox;
}

// The tmp file goes if nothing was recorded of it.
Recorded Deliver::record(const Delivery& delivery) {
  Recorded recorded;
  try {
    recorded = committer_.deliver(delivery);
  } catch (const StoreError&) {
    // Nothing was recorded. Should the database think otherwise one day, the retry writes the file anew.
    committer_.maildir().remove_tmp(delivery.mailbox, delivery.file);
    throw;
  }
  const bool unused = recorded.stale || recorded.place.file != delivery.file;
  if (unused && !delivery.file.empty()) committer_.maildir().remove_tmp(delivery.mailbox, delivery.file);
  return recorded;
}

// A recorded message whose file is not where it belongs: a crash lost it, or somebody has moved it already.
Recorded Deliver::restore(Arriving& arriving, const Delivery& delivery) {
  // Held for the whole, so that of two retries only one writes the file.
  const std::lock_guard lock{restoring_};
  const Maildir& maildir = committer_.maildir();
  Recorded recorded = committer_.deliver(delivery);
  if (recorded.stale) throw std::runtime_error{"what is recorded of it has just been erased"};
  if (recorded.published) return recorded;

  const Running& running = *arriving.running;
  const auto found = maildir.find(recorded.place, recorded.message, running.keys);
  if (found) {
    sync_directory(found->substr(0, found->rfind('/')));
    committer_.mark_published(recorded.message);
    recorded.published = true;
    return recorded;
  }
  const Decided decided = decide_arrival(running, arriving.incoming, status_of());
  Delivery again = delivery;
  again.ticket = recorded.ticket;
  again.message = recorded.message;
  const Destination destination = committer_.as_recorded(recorded);
  const std::string text = file_text({running, arriving.incoming, decided, again, destination});
  const std::string file =
      maildir.write_tmp(recorded.place.mailbox, recorded.message, text, running.settings.desk.host);
  recorded = committer_.replace(std::move(recorded), file);
  if (!recorded.published) throw std::runtime_error{"the file vanishes from tmp/"};
  return recorded;
}

std::string Deliver::line(const Arriving& arriving, const Recorded& recorded) const {
  const Desk& desk = arriving.running->rulebook.desk();
  const Decision& decision = arriving.delivery.arrival.decision;
  std::string text =
      fmt::format("{}: ticket={} message={}", arriving.queue_id, recorded.ticket, recorded.message);
  if (recorded.repeated == Repeated::no) {
    text += fmt::format(" queue={} priority={}", decision.verdict.queue,
                        priority_name(decision.verdict.priority));
    text += fmt::format(" owner={}", owner_of(desk, recorded.place));
  }
  return text + fmt::format(" folder={}", quoted(path_of(recorded.place))) + outcome_of(recorded);
}

}  // namespace postroom
