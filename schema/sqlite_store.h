#pragma once
// The Store on SQLite: each call is a transaction around the functions of record, outbox and queries.

#include "schema/numbering.h"
#include "schema/sqlite.h"
#include "schema/store.h"

namespace postroom {

class SqliteStore : public Store {
 public:
  explicit SqliteStore(std::unique_ptr<Db> db);  // of the newest schema

  std::vector<Numbers> draw(int count) override;
  Outcome apply(const Changes& changes, const Desk& desk, Durable durable) override;
  std::optional<Recorded> find(const std::string& digest) override;
  std::vector<MessageRow> unpublished() override;
  int settle_claimed(Time now) override;
  std::optional<Time> next_due() override;
  std::optional<TicketRow> ticket(TicketNumber number) override;
  std::vector<TicketRow> tickets(const TicketFilter& filter) override;
  std::vector<EventRow> events(std::optional<TicketNumber> ticket, int most) override;
  std::vector<MessageRow> messages(TicketNumber ticket) override;
  std::optional<CustomerRow> customer(const std::string& address) override;
  bool set_customer_status(const CustomerRow& customer, const By& by) override;
  Destination destination(const Delivery& delivery, const Desk& desk) override;
  ChangeDone change(const TicketChange& change, const std::optional<NoteFile>& note, const Desk& desk,
                    Time at) override;
  std::optional<Where> place_after(const TicketChange& change, const Desk& desk) override;
  std::vector<Move> moves(int most) override;
  void moved(const std::vector<Moved>& moved) override;
  std::vector<Link> links(TicketNumber ticket) override;
  std::vector<CustomerRow> participants(TicketNumber ticket) override;
  bool set_same_customer(const std::string& address, const std::string& main, const By& by) override;
  void each_message(const std::function<void(const MessageRow&)>& row) override;
  std::vector<std::string> addresses_of(const std::string& address) override;
  std::vector<TicketNumber> tickets_of(const std::vector<std::string>& addresses, TicketNumber after,
                                       int most) override;
  std::vector<MessageNumber> messages_of(const std::vector<std::string>& addresses) override;
  std::vector<MessageRow> messages_around(const std::vector<std::string>& addresses, MessageNumber after,
                                          int most) override;
  Expirable expirable(const Expiry& expiry) override;
  std::int64_t mark_going(const std::vector<MessageNumber>& messages, Going going) override;
  bool is_going(MessageNumber message) override;
  std::vector<MessageRow> going(MessageNumber after, int most) override;
  Forgotten forget_going(const By& by) override;
  Forgotten forget_customer(const std::vector<std::string>& addresses, const By& by) override;
  bool scrub() override;
  void backup(const std::string& path) override;
  std::vector<std::string> verify() override;
  std::int64_t count(const std::string& table) override;

 private:
  std::unique_ptr<Db> db_;
  Numbering ticket_numbers_;  // both give back to db_ when they die
  Numbering message_numbers_;
};

}  // namespace postroom
