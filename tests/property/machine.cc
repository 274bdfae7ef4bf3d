#include "tests/property/machine.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "tests/lmtp/desk.h"

namespace postroom::tests {
namespace {

namespace fs = std::filesystem;
using Kind = TicketChange::Kind;
constexpr int dead = 9, accepted = 0, deferred = 1;

// What the tests of this folder know of the configuration; see world.cc.
constexpr const char* configuration = R"(host: mx.desk.test
channels:
  - {address: support@desk.test, queue: support}
  - {address: sales@desk.test, queue: sales}
queues:
  support: {mailbox: Support, group: first, prefix: SUP}
  sales: {mailbox: Продажи, group: first, assignment: round-robin}
operators:
  - {login: ivan, name: Иван, groups: [first]}
  - {login: olga, name: Olga, groups: [first]}
)";

// SQLite and Maildir wait for the disk as often as on any other; in memory that costs nothing.
std::string memory() {
  const std::string shm = "/dev/shm";
  return access(shm.c_str(), W_OK) == 0 ? shm : fs::temp_directory_path().string();
}

std::string write_configuration(const TempDir& dir) {
  std::string paths = "log: " + (dir / "log") + "\npaths:\n";
  for (const char* name : {"mailboxes", "database", "secret", "texts"})
    paths += std::string{"  "} + name + ": " + (dir / name) + "\n";
  paths += "  run: " + dir.path() + "\n";
  fs::create_directories(dir / "texts");
  write_file(dir / "postroom.yaml", paths + configuration);
  return dir / "postroom.yaml";
}

class DyingStore : public FaultyStore {
 public:
  DyingStore(std::unique_ptr<Store> real, Faults& faults, Death death)
      : FaultyStore{std::move(real), faults}, death_{death} {}

  Outcome apply(const Changes& changes, const Desk& desk, Durable durable) override {
    const bool delivers = !changes.deliveries.empty();
    die_at(Death::before_commit, delivers);
    die_at(Death::before_mark, !delivers && !changes.published.empty());
    Outcome outcome = FaultyStore::apply(changes, desk, durable);
    die_at(Death::after_commit, delivers);
    return outcome;
  }
  void moved(const std::vector<Moved>& moved) override {
    die_at(Death::before_moved, !moved.empty());
    FaultyStore::moved(moved);
  }

 private:
  void die_at(Death here, bool now) const {
    if (now && here == death_) _exit(dead);
  }
  Death death_;
};

}  // namespace

std::string_view death_name(Death death) {
  constexpr std::string_view names[] = {"", " and dies before the commit", " and dies after the commit",
                                        " and dies before the mark", " and dies before the moves are noted"};
  return names[static_cast<std::size_t>(death)];
}

Machine::Machine()
    : dir_{memory()},
      live_{write_configuration(dir_)},
      log_{"test", dir_ / "log"},
      running_{live_.current()},
      maildir_{dir_ / "mailboxes", running_->settings.mailboxes.layout,
               running_->settings.mailboxes.folder_mode} {
  asked_.settings = running_->settings;
  asked_.who = "root";
  open_store(dir_ / "template", OpenMode::create);
}

void Machine::begin() {
  switch_off();
  for (const char* name : {"mailboxes", "database", "database-wal", "database-shm"})
    fs::remove_all(dir_ / name);
  fs::create_directory(dir_ / "mailboxes");
  fs::copy_file(dir_ / "template", dir_ / "database");
}

void Machine::switch_on() {
  if (committer_) return;
  committer_ =
      std::make_unique<Committer>(open_store(dir_ / "database", OpenMode::existing), maildir_, live_, log_);
  deliver_ = std::make_unique<Deliver>(live_, *committer_, log_);
}

void Machine::switch_off() {
  deliver_.reset();
  committer_.reset();
  tickets_.reset();
}

void Machine::restart() {
  switch_on();
  switch_off();
}

Store& Machine::store() {
  if (!tickets_) tickets_ = std::make_unique<TicketsDesk>(asked_);
  return *tickets_->store;
}

ChangeDone Machine::change(const TicketChange& change, Time at) {
  constexpr Kind told_by_note[] = {Kind::set_priority, Kind::note, Kind::link, Kind::merge, Kind::split};
  Store& database = store();
  const bool with_note = std::ranges::find(told_by_note, change.kind) != std::end(told_by_note);
  const ChangeDone done = with_note ? change_with_note(*tickets_, change)
                                    : database.change(change, std::nullopt, running_->settings.desk, at);
  if (done.moves) move_waiting(*tickets_);
  return done;
}

void Machine::move_waiting_files() {
  store();
  move_waiting(*tickets_);
}

bool Machine::deliver(const Incoming& incoming, Death death) {
  if (death != Death::never) return die_delivering(incoming, death) == accepted;
  switch_on();
  return deliver_->deliver(incoming).front().code == 250;
}

// In a process of its own: what it had in memory is gone, what it had written is there.
int Machine::die_delivering(const Incoming& incoming, Death death) {
  switch_off();  // no threads and no database are open while it forks
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork");
  if (child == 0) {
    int status = deferred;
    try {
      Faults faults;
      {
        Committer committer{
            std::make_unique<DyingStore>(open_store(dir_ / "database", OpenMode::existing), faults, death),
            maildir_, live_, log_};
        Deliver deliver{live_, committer, log_};
        status = deliver.deliver(incoming).front().code == 250 ? accepted : deferred;
        if (death == Death::before_mark && status == accepted) write_file(dir_ / "replied", "");
      }
    } catch (...) {
      status = deferred;
    }
    _exit(status);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
    throw std::runtime_error("the child crashed");
  const bool replied = fs::remove(dir_ / "replied");
  return replied ? accepted : WEXITSTATUS(status);
}

std::vector<FileOnDisk> Machine::files() const {
  std::vector<FileOnDisk> found;
  const fs::path top = dir_ / "mailboxes";
  for (const auto& entry : fs::recursive_directory_iterator{top}) {
    const std::string inner = entry.path().parent_path().filename();
    if (!entry.is_regular_file() || (inner != "new" && inner != "cur")) continue;
    const std::string text = read_file(entry.path());
    FileOnDisk file;
    file.path = entry.path();
    file.folder = fs::relative(entry.path().parent_path().parent_path(), top);
    const auto token = text.find("X-Token: "), number = text.find("; message=");
    if (token != std::string::npos) file.token = text.substr(token + 9, text.find('\n', token) - token - 9);
    if (number != std::string::npos) file.message = std::stoll(text.substr(number + 10));
    found.push_back(std::move(file));
  }
  return found;
}

}  // namespace postroom::tests
