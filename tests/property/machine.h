#pragma once
// The desk as a machine that can lose its power: real configuration, SQLite and Maildirs in memory (/dev/shm
// where there is one), and a process that dies at a chosen line of a delivery.

#include <memory>
#include <string>
#include <vector>

#include "lmtp/committer.h"
#include "lmtp/deliver.h"
#include "lmtp/maildir.h"
#include "schema/postroom-tickets-change.h"
#include "tests/support/tempdir.h"

namespace postroom::tests {

// Where the process dies.
enum class Death { never, before_commit, after_commit, before_mark, before_moved };
std::string_view death_name(Death death);

// A file in new/ or cur/ of a folder.
struct FileOnDisk {
  std::string path, folder;  // "Support/Ivan"
  std::string token;         // X-Token
  MessageNumber message = 0;
};

class Machine {
 public:
  Machine();

  void begin();  // an empty desk

  // One message, as Postfix brings it; false: no 250, and Postfix has to bring it again. A death leaves the
  // machine switched off; the next call switches it on.
  bool deliver(const Incoming& incoming, Death death);

  Store& store();                                          // of another process, as postroom-tickets is one
  ChangeDone change(const TicketChange& change, Time at);  // as that program does it, note and files included
  void move_waiting_files();
  std::vector<std::string> rebuilt_differences();  // between the database and one made from the mail
  void restart();                                  // in good order; off at the end

  std::vector<FileOnDisk> files() const;
  const Running& running() const { return *running_; }
  const Maildir& maildir() const { return maildir_; }
  std::string path(const std::string& name) const { return dir_ / name; }

 private:
  void switch_on();
  void switch_off();
  int die_delivering(const Incoming& incoming, Death death);

  TempDir dir_;
  Live live_;
  Log log_;
  std::shared_ptr<const Running> running_;
  Maildir maildir_;
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<Deliver> deliver_;
  TicketsAsked asked_;
  std::unique_ptr<TicketsDesk> tickets_;
};

}  // namespace postroom::tests
