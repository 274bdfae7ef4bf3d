// export: a ticket, or all of a customer, as mbox and JSON. Mail is copied line by line and rows are written
// ticket by ticket, so that only numbers and paths are kept in memory.

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <set>
#include <system_error>

#include "lmtp/disk.h"
#include "lmtp/fd.h"
#include "lmtp/file_search.h"
#include "lmtp/message_files.h"
#include "schema/postroom-tickets-change.h"
#include "schema/show.h"

namespace postroom {
namespace {

constexpr int page = 500, most_events = 1000000;

// A file that only its owner may read, and that has its name only when it is whole. "-": standard output.
class PrivateFile {
 public:
  explicit PrivateFile(std::string path) : path_{std::move(path)}, part_{path_ + ".part"} {
    if (path_ == "-") return;
    unlink(part_.c_str());
    const Fd made{open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!made) disk_error(errno, "create", part_);
    file_.open(part_, std::ios::binary);
  }
  ~PrivateFile() {
    if (path_ != "-" && !finished_) unlink(part_.c_str());
  }
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;

  std::ostream& out() { return path_ == "-" ? std::cout : file_; }
  void finish() {
    if (!out().flush()) disk_error(ENOSPC, "write", path_);
    if (path_ == "-") return;
    file_.close();
    const Fd written{open(part_.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!written || fsync(written.get()) != 0) disk_error(errno, "fsync", part_);
    if (rename(part_.c_str(), path_.c_str()) != 0) disk_error(errno, "name", path_);
    finished_ = true;
  }

 private:
  std::string path_, part_;
  std::ofstream file_;
  bool finished_ = false;
};

// What is exported: tickets, and what their messages' files are.
struct Exported {
  std::vector<std::string> addresses;  // of the customer; none: one ticket
  TicketNumber ticket = 0;
  std::map<MessageNumber, std::string> files;
  int missing = 0, written = 0;
};

template <typename Each>
void each_ticket(TicketsDesk& desk, const Exported& exported, const Each& each) {
  if (exported.ticket != 0) return each(exported.ticket);
  TicketNumber last = 0;
  for (auto tickets = desk.store->tickets_of(exported.addresses, 0, page); !tickets.empty();
       tickets = desk.store->tickets_of(exported.addresses, last, page)) {
    for (const TicketNumber ticket : tickets) each(ticket);
    last = tickets.back();
  }
}

// A file of its own: what the desk has sent lies in no folder, and what is gone lies nowhere.
bool has_file(const MessageRow& message) { return message.place.has_value(); }

void find_all(TicketsDesk& desk, Exported& exported) {
  std::set<MessageNumber> wanted;
  each_ticket(desk, exported, [&](TicketNumber ticket) {
    for (const MessageRow& message : desk.store->messages(ticket))
      if (has_file(message)) wanted.insert(message.number);
  });
  exported.files = find_files(
      desk.asked.settings.paths.mailboxes, [&](MessageNumber number) { return wanted.contains(number); },
      desk.keys);
}

// mboxrd: "From " at the start of a line, behind any number of '>', gets one more. Byte by byte, for a line
// may be as long as the message.
class MboxLines {
 public:
  explicit MboxLines(std::ostream& out) : out_{out} {}

  void put(char c) {
    if (at_start_ && c == '>') return static_cast<void>(out_ << c);
    if (at_start_) return put_at_start(c);
    pass(c);
  }
  void end() { out_ << held_ << (at_start_ && held_.empty() ? "\n" : "\n\n"); }

 private:
  static constexpr std::string_view mark = "From ";

  void put_at_start(char c) {
    held_ += c;
    if (held_ != mark && mark.starts_with(held_)) return;
    if (held_ == mark) out_ << '>';
    std::string whole;
    whole.swap(held_);
    at_start_ = false;
    for (const char each : whole) pass(each);
  }
  void pass(char c) {
    out_ << c;
    if (c == '\n') at_start_ = true;
  }

  std::ostream& out_;
  std::string held_;      // the beginning of `mark`
  bool at_start_ = true;  // of a line, or behind its '>'
};

void copy_quoted(std::istream& in, std::ostream& out) {
  MboxLines lines{out};
  std::string buffer(64U << 10U, '\0');
  do {
    in.read(buffer.data(), std::ssize(buffer));
    for (std::streamsize i = 0; i < in.gcount(); ++i) lines.put(buffer[static_cast<std::size_t>(i)]);
  } while (in);
  lines.end();
}

bool copy_message(const MessageRow& message, const Exported& exported, FileSearch& search,
                  std::ostream& out) {
  const auto known = exported.files.find(message.number);
  std::ifstream in;
  if (known != exported.files.end()) in.open(known->second, std::ios::binary);
  if (!in.is_open()) {  // moved or flagged meanwhile
    in.clear();
    const auto found = search.find(message.number);
    if (found) in.open(*found, std::ios::binary);
  }
  if (!in.is_open()) return false;
  const std::string sender = message.sender.find_first_of(" \t") == std::string::npos ? message.sender : "";
  out << fmt::format("From {} {:%a %b %e %H:%M:%S %Y}\n", sender.empty() ? "MAILER-DAEMON" : sender,
                     fmt::gmtime(std::chrono::system_clock::to_time_t(message.at)));
  copy_quoted(in, out);
  return true;
}

void export_mail(TicketsDesk& desk, Exported& exported, std::ostream& out) {
  each_ticket(desk, exported, [&](TicketNumber ticket) {
    const std::vector<MessageRow> messages = desk.store->messages(ticket);
    FileSearch search = desk.maildir.search(desk.keys);
    for (const MessageRow& message : messages)
      if (has_file(message)) search.add(message.number, message.place->file);
    for (const MessageRow& message : messages) {
      if (!has_file(message)) continue;
      if (copy_message(message, exported, search, out)) {
        ++exported.written;
        continue;
      }
      ++exported.missing;
      complain_of(fmt::format("message {} of ticket {} is in no folder: its file was {}", message.number,
                              ticket, message.place->file));
    }
  });
}

void export_rows(TicketsDesk& desk, const Exported& exported, std::ostream& out) {
  each_ticket(desk, exported, [&](TicketNumber number) {
    const auto ticket = desk.store->ticket(number);
    if (ticket) out << whole_json(whole_ticket(*desk.store, *ticket, most_events)) << '\n';
  });
}

std::string path_in(const TicketsAsked& asked, const std::string& name) {
  const std::string to = asked.value("to");
  return to.empty() ? name : to + "/" + name;
}

// For a file name: an address has bytes that are none.
std::string plain(const std::string& address) {
  std::string name = address;
  for (char& c : name)
    if (c == '/' || static_cast<unsigned char>(c) <= ' ' || c == 0x7f) c = '_';
  return name.starts_with('.') ? "_" + name : name;
}

int tell_exported(const TicketsAsked& asked, const Exported& exported, const std::string& stem) {
  if (!asked.json) {
    std::cout << fmt::format("{0}.mbox: {1} messages; {0}.json\n", stem, exported.written);
    return exported.missing == 0 ? done : found_problems;
  }
  std::cout << fmt::format("{{\"messages\": {}, \"missing\": {}}}\n", exported.written, exported.missing);
  return exported.missing == 0 ? done : found_problems;
}

int export_all(TicketsDesk& desk, Exported& exported, const std::string& name) {
  if (desk.asked.value("to") == "-") {
    PrivateFile rows{"-"};
    export_rows(desk, exported, rows.out());
    rows.finish();
    return done;
  }
  find_all(desk, exported);
  const std::string stem = path_in(desk.asked, name);
  PrivateFile mail{stem + ".mbox"}, rows{stem + ".json"};
  export_mail(desk, exported, mail.out());
  export_rows(desk, exported, rows.out());
  mail.finish();
  rows.finish();
  return tell_exported(desk.asked, exported, stem);
}

}  // namespace

int export_command(const TicketsAsked& asked) {
  if (asked.has("customer") != asked.arguments.empty())
    throw TicketsMisused{"export wants a ticket, or --customer ADDRESS"};
  Exported exported;
  if (asked.has("customer")) {
    const std::string address = address_in(asked.value("customer"));
    TicketsDesk desk{asked, TicketsDesk::Use::reads};
    exported.addresses = addresses_of_customer(desk, address);
    if (desk.store->tickets_of(exported.addresses, 0, 1).empty())
      return complain_of(fmt::format("{} has no tickets", address));
    return export_all(desk, exported, "customer-" + plain(address));
  }
  exported.ticket = ticket_in(asked.arguments.front());
  TicketsDesk desk{asked, TicketsDesk::Use::reads};
  if (!desk.store->ticket(exported.ticket)) return no_such_ticket(exported.ticket);
  return export_all(desk, exported, fmt::format("ticket-{}", exported.ticket));
}

}  // namespace postroom
