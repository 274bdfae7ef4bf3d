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

namespace postroom {

// One message on its way through deliver().
struct Deliver::Arriving {
  const Incoming& incoming;
  std::shared_ptr<const Running> running;  // of one configuration from beginning to end
  std::string queue_id;
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

}  // namespace

Deliver::Deliver(const Live& live, Committer& committer, const Log& log)
    : live_{live}, committer_{committer}, log_{log} {}

std::optional<Reply> Deliver::refuse_recipient(const std::string& address) const {
  if (find_channel(live_.current()->rulebook.desk(), address)) return std::nullopt;
  return Reply{450, "4.1.1", "this address is not a channel of the desk"};
}

std::vector<Reply> Deliver::deliver(const Incoming& incoming) {
  Reply reply{451, "4.3.0", "out of memory"};
  try {
    Arriving arriving{incoming, live_.current(), incoming.queue_id, {}};
    if (arriving.queue_id.empty()) arriving.queue_id = queue_id_in(incoming.data);
    if (arriving.queue_id.empty()) arriving.queue_id = "NOQUEUE";
    try {
      const Recorded recorded = take_in(arriving);
      log_.info(line(arriving, recorded));
      reply = accepted(recorded);
    } catch (const std::exception& failure) {
      reply = deferred(failure);
      log_.error(fmt::format("{}: status=deferred reason={}", arriving.queue_id, quoted(failure.what())));
    }
  } catch (...) {
    log_.error("status=deferred reason=\"out of memory\"");
  }
  return std::vector<Reply>(incoming.recipients.size(), reply);
}

Recorded Deliver::take_in(Arriving& arriving) {
  const Incoming& incoming = arriving.incoming;
  Delivery& delivery = arriving.delivery;
  delivery.digest = sha256_hex(from_first_received(incoming.data));
  delivery.queue_id = arriving.queue_id;
  delivery.at = std::chrono::system_clock::now();
  for (const Recipient& recipient : incoming.recipients) {
    delivery.keys.push_back({normal_address(recipient.address), recipient.orcpt});
  }
  if (!committer_.find(delivery.digest)) prepare(arriving);

  Recorded recorded;
  try {
    recorded = committer_.deliver(delivery);
  } catch (const StoreError&) {
    // Nothing was recorded. Should the database think otherwise one day, the retry writes the file anew.
    committer_.maildir().remove_tmp(delivery.mailbox, delivery.file);
    throw;
  }
  const bool unused = !delivery.mailbox.empty() && recorded.place.file != delivery.file;
  if (unused) committer_.maildir().remove_tmp(delivery.mailbox, delivery.file);
  return recorded.published ? recorded : restore(arriving, delivery);
}

StatusOf Deliver::status_of() const {
  return [this](const std::string& address) { return committer_.customer_status(address); };
}

// Decides, and puts the file into tmp/, durably.
void Deliver::prepare(Arriving& arriving) {
  const Running& running = *arriving.running;
  Delivery& delivery = arriving.delivery;
  Decided decided = decide_arrival(running, arriving.incoming, status_of());
  const Numbers numbers = committer_.draw();
  delivery.ticket = opens_ticket(decided) ? numbers.ticket : 0;
  delivery.message = numbers.message;
  const std::string text = file_text(running, arriving.incoming, decided, delivery);
  const std::string mailbox = decided.queue->mailbox;
  complete(delivery, running, std::move(decided), random_digits());
  delivery.file = committer_.maildir().write_tmp(mailbox, delivery.message, text, running.settings.desk.host);
  delivery.mailbox = mailbox;
}

// A recorded message whose file is not where it belongs: a crash lost it, or somebody has moved it already.
Recorded Deliver::restore(Arriving& arriving, const Delivery& delivery) {
  // Held for the whole, so that of two retries only one writes the file.
  const std::lock_guard lock{restoring_};
  const Maildir& maildir = committer_.maildir();
  Recorded recorded = committer_.deliver(delivery);
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
  const std::string text = file_text(running, arriving.incoming, decided, again);
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
  text += fmt::format(" folder={} status={}", quoted(path_of(recorded.place)),
                      recorded.repeated == Repeated::yes ? "repeated" : "filed");
  return text;
}

}  // namespace postroom
