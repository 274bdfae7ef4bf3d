#pragma once
// postroom-tickets as the admin runs it, on a desk whose LMTP server may be running.

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tests/lmtp/desk.h"

namespace postroom::tests {

struct TicketsRan {
  int status = -1;
  std::string out;  // standard output and error

  nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
};

// `before`: words in front of the program, as environment or a tracer.
inline TicketsRan tickets(const TestDesk& desk, const std::string& arguments,
                          const std::string& before = "") {
  TicketsRan ran;
  const std::string command = "cd '" + desk.dir.path() + "' && " + before +
                              " " PROGRAMS_DIR "/postroom-tickets -c " + (desk.dir / "postroom.yaml") + " " +
                              arguments + " 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return ran;
  std::array<char, 4096> piece{};
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe))
    ran.out.append(piece.data(), got);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ran.status = WEXITSTATUS(status);
  return ran;
}

// Kills the command at its n-th call of one of these, before the call is made. False: this cannot be done
// here. Looking for leaks does not work in a program that is traced.
inline bool can_be_killed() { return std::system("strace -o /dev/null true >/dev/null 2>&1") == 0; }
inline std::string killed_at(const std::string& calls, int n) {
  return "env ASAN_OPTIONS=detect_leaks=0:abort_on_error=1 strace -f -o /dev/null -e trace=" + calls +
         " -e inject=" + calls + ":signal=KILL:when=" + std::to_string(n);
}

// Delivers a letter and returns its ticket.
inline TicketNumber arrive(TestDesk& desk, const Incoming& incoming) {
  desk.deliver->deliver(incoming);
  // Only what is known to be published is moved.
  eventually([&] { return desk.store()->unpublished().empty(); });
  return desk.store()->tickets({.most = 1}).at(0).number;
}

// Folders of the files of a ticket's messages, as "Support/Иван/In progress", in order of the messages.
inline std::vector<std::string> folders_of(const TestDesk& desk, TicketNumber ticket) {
  std::vector<std::string> folders;
  for (const MessageRow& message : desk.store()->messages(ticket)) {
    if (!message.place || message.kind == "acknowledgement") continue;
    if (!desk.maildir.is_in(*message.place)) folders.push_back("nowhere");
    if (desk.maildir.is_in(*message.place))
      folders.push_back(desk.maildir.directory(message.place->mailbox, message.place->folder)
                            .substr((desk.dir / "mail/").size()));
  }
  return folders;
}

inline std::string events_of(const TestDesk& desk, TicketNumber ticket) {
  std::string text;
  for (const EventRow& event : desk.store()->events(ticket, 1000))
    text += event.who + ": " + event.what + "; ";
  return text;
}

}  // namespace postroom::tests
