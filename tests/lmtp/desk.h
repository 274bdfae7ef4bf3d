#pragma once
// A desk in a temporary directory: real configuration, real SQLite, real Maildirs; only the store can be told
// to fail.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lmtp/committer.h"
#include "lmtp/deliver.h"
#include "lmtp/maildir.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {

// Waits for a condition, at most ten seconds.
template <typename Condition>
bool eventually(const Condition& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

// How the store is to fail, and what it was asked for.
struct Faults {
  std::atomic<int> failing_applies{0};         // the next ones
  std::atomic<MessageNumber> bad_message{-1};  // a group that holds it fails
  std::atomic<int> applies{0}, durable{0};
  std::atomic<bool> hold{false};  // apply() waits
  std::atomic<int> stale{0};      // the next deliveries
};

class FaultyStore : public Store {
 public:
  FaultyStore(std::unique_ptr<Store> real, Faults& faults) : real_{std::move(real)}, faults_{faults} {}

  Outcome apply(const Changes& changes, const Desk& desk, Durable durable) override {
    while (faults_.hold) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    ++faults_.applies;
    if (durable == Durable::yes) ++faults_.durable;
    if (faults_.failing_applies > 0 && faults_.failing_applies-- > 0) throw StoreError{"database is locked"};
    for (const Delivery& delivery : changes.deliveries) {
      if (delivery.message == faults_.bad_message) throw StoreError{"bad message"};
    }
    if (!changes.deliveries.empty() && faults_.stale > 0 && faults_.stale-- > 0) {
      Outcome outcome;
      outcome.recorded.resize(changes.deliveries.size());
      for (Recorded& recorded : outcome.recorded) recorded.stale = true;
      return outcome;
    }
    return real_->apply(changes, desk, durable);
  }
  std::vector<Numbers> draw(int count) override { return real_->draw(count); }
  std::optional<Recorded> find(const std::string& digest) override { return real_->find(digest); }
  std::vector<MessageRow> unpublished() override { return real_->unpublished(); }
  int settle_claimed(Time now) override { return real_->settle_claimed(now); }
  std::optional<Time> next_due() override { return real_->next_due(); }
  std::optional<TicketRow> ticket(TicketNumber number) override { return real_->ticket(number); }
  std::vector<TicketRow> tickets(const TicketFilter& filter) override { return real_->tickets(filter); }
  std::vector<EventRow> events(std::optional<TicketNumber> ticket, int most) override {
    return real_->events(ticket, most);
  }
  std::vector<MessageRow> messages(TicketNumber ticket) override { return real_->messages(ticket); }
  std::optional<CustomerRow> customer(const std::string& address) override {
    return real_->customer(address);
  }
  bool set_customer_status(const CustomerRow& row, const By& by) override {
    return real_->set_customer_status(row, by);
  }
  Destination destination(const Delivery& delivery, const Desk& desk) override {
    return real_->destination(delivery, desk);
  }
  ChangeDone change(const TicketChange& change, const std::optional<NoteFile>& note, const Desk& desk,
                    Time at) override {
    return real_->change(change, note, desk, at);
  }
  std::optional<Where> place_after(const TicketChange& change, const Desk& desk) override {
    return real_->place_after(change, desk);
  }
  std::vector<Move> moves(int most) override { return real_->moves(most); }
  void moved(const std::vector<Moved>& moved) override { real_->moved(moved); }
  std::vector<Link> links(TicketNumber ticket) override { return real_->links(ticket); }
  std::vector<CustomerRow> participants(TicketNumber ticket) override { return real_->participants(ticket); }
  bool set_same_customer(const std::string& address, const std::string& main, const By& by) override {
    return real_->set_same_customer(address, main, by);
  }
  void each_message(const std::function<void(const MessageRow&)>& row) override { real_->each_message(row); }
  std::vector<std::string> addresses_of(const std::string& address) override {
    return real_->addresses_of(address);
  }
  std::vector<TicketNumber> tickets_of(const std::vector<std::string>& addresses, TicketNumber after,
                                       int most) override {
    return real_->tickets_of(addresses, after, most);
  }
  std::vector<MessageNumber> messages_of(const std::vector<std::string>& addresses) override {
    return real_->messages_of(addresses);
  }
  std::vector<MessageRow> messages_around(const std::vector<std::string>& addresses, MessageNumber after,
                                          int most) override {
    return real_->messages_around(addresses, after, most);
  }
  Expirable expirable(const Expiry& expiry) override { return real_->expirable(expiry); }
  std::int64_t mark_going(const std::vector<MessageNumber>& messages, Going going) override {
    return real_->mark_going(messages, going);
  }
  bool is_going(MessageNumber message) override { return real_->is_going(message); }
  std::vector<MessageRow> going(MessageNumber after, int most) override { return real_->going(after, most); }
  Forgotten forget_going(const By& by) override { return real_->forget_going(by); }
  Forgotten forget_customer(const std::vector<std::string>& addresses, const By& by) override {
    return real_->forget_customer(addresses, by);
  }
  bool scrub() override { return real_->scrub(); }
  void backup(const std::string& path) override { real_->backup(path); }
  std::vector<std::string> verify() override { return real_->verify(); }
  std::int64_t count(const std::string& table) override { return real_->count(table); }

 private:
  std::unique_ptr<Store> real_;
  Faults& faults_;
};

// Writes the configuration and the texts; returns the path.
inline std::string write_desk(const TempDir& dir, const std::string& more = "") {
  std::filesystem::create_directories(dir / "texts/en");
  std::filesystem::create_directories(dir / "texts/ru");
  write_file(dir / "texts/en/acknowledgement.txt", "Subject: {{ticket}} received\n\nThank you.\n");
  write_file(dir / "texts/ru/acknowledgement.txt", "Subject: {{ticket}} получено\n\nСпасибо.\n");
  const std::string path = dir / "postroom.yaml";
  write_file(path, "host: mx.desk.test\nlog: " + (dir / "log") + "\npaths:\n  mailboxes: " + (dir / "mail") +
                       "\n  database: " + (dir / "db") + "\n  secret: " + (dir / "secret") +
                       "\n  run: " + dir.path() + "\n  texts: " + (dir / "texts") +
                       "\nchannels:\n  - {address: support@desk.test, queue: support}\n"
                       "  - {address: sales@desk.test, queue: sales}\n"
                       "queues:\n  support: {mailbox: Support, group: first, acknowledgement: on}\n"
                       "  sales: {mailbox: Продажи, group: first, assignment: round-robin}\n"
                       "operators:\n  - {login: ivan, name: Иван, groups: [first]}\n" +
                       more);
  return path;
}

class TestDesk {
 public:
  explicit TestDesk(const std::string& more = "")
      : live{write_desk(dir, more)},
        log{"test", dir / "log"},
        maildir{dir / "mail", live.current()->settings.mailboxes.layout,
                live.current()->settings.mailboxes.folder_mode} {
    start();
  }

  void start() {
    auto store = std::make_unique<FaultyStore>(open_store(dir / "db", OpenMode::create), faults);
    committer = std::make_unique<Committer>(std::move(store), maildir, live, log);
    deliver = std::make_unique<Deliver>(live, *committer, log);
  }
  void stop() {
    deliver.reset();
    committer.reset();
  }
  std::unique_ptr<Store> store() const { return open_store(dir / "db", OpenMode::existing); }
  std::string log_text() const { return read_file(dir / "log"); }

  // Paths of all files in new/ and cur/ of the whole desk.
  std::vector<std::string> files(const std::string& inner = "") const {
    std::vector<std::string> found;
    if (!std::filesystem::exists(dir / "mail")) return found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{dir / "mail"}) {
      const std::string parent = entry.path().parent_path().filename();
      const bool wanted = inner.empty() ? parent == "new" || parent == "cur" : parent == inner;
      if (entry.is_regular_file() && wanted) found.push_back(entry.path());
    }
    return found;
  }

  TempDir dir;
  Faults faults;
  Live live;
  Log log;
  Maildir maildir;
  std::unique_ptr<Committer> committer;
  std::unique_ptr<Deliver> deliver;
};

inline Incoming letter(const std::string& id, const std::string& recipient = "support@desk.test",
                       const std::string& more_headers = "") {
  Incoming incoming;
  incoming.sender = "anna@customer.test";
  incoming.recipients = {{recipient, "rfc822;" + recipient}};
  incoming.peer = "mx.desk.test";
  incoming.data =
      "Received: from customer.test (unknown [192.0.2.7])\r\n\tby mx.desk.test (Postfix) with ESMTP id " +
      id + "\r\n\tfor <" + recipient +
      ">; Sun, 22 Nov 2026 18:00:00 +0000 (UTC)\r\nFrom: Anna <anna@customer.test>\r\nTo: <" + recipient +
      ">\r\nSubject: a question " + id + "\r\nMessage-ID: <" + id + "@customer.test>\r\n" + more_headers +
      "\r\nHow do I pay?\r\n";
  return incoming;
}

}  // namespace postroom::tests
