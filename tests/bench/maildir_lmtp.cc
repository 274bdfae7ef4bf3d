// What tickets are measured against: the LMTP server and the Maildir of postroom, and nothing else. Each
// message is written, fsynced, renamed and its folder fsynced; no database, no rules.
//   maildir_lmtp SOCKET MAILBOXES
#include <atomic>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "conf/log.h"
#include "conf/program.h"
#include "lmtp/deliver.h"
#include "lmtp/maildir.h"
#include "lmtp/serve.h"

namespace {

using namespace postroom;

std::string with_lf(const std::string& data) {
  std::string text;
  text.reserve(data.size());
  for (std::size_t i = 0; i < data.size(); ++i)
    if (data[i] != '\r' || i + 1 == data.size() || data[i + 1] != '\n') text += data[i];
  return text;
}

std::vector<Reply> store(const Maildir& maildir, MessageNumber number, const Incoming& incoming) {
  const std::string& address = incoming.recipients.front().address;
  const std::string mailbox = address.substr(0, address.find('@'));
  const std::string file = maildir.write_tmp(mailbox, number, with_lf(incoming.data), "bench.test");
  maildir.publish({mailbox, {}, file});
  maildir.sync_folder(mailbox, {});
  return std::vector<Reply>(incoming.recipients.size(), Reply{250, "2.0.0", "stored"});
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: maildir_lmtp SOCKET MAILBOXES");
  Signals signals{{SIGTERM, SIGINT}};
  std::signal(SIGPIPE, SIG_IGN);
  const Log log{"maildir_lmtp", "stderr"};
  const Maildir maildir{argv[2], Layout::fs, 0700};
  Settings settings;
  settings.sockets.lmtp = "unix:" + std::string{argv[1]};
  settings.sockets.mode = 0666;
  std::atomic<MessageNumber> number = 0;
  Server server{{"bench.test", settings.sockets, settings.limits},
                [&](const Incoming& incoming) { return store(maildir, ++number, incoming); },
                [](const std::string&) { return std::optional<Reply>{}; },
                log};
  signals.handle([&server](int) { server.stop(); });
  server.run();
} catch (const std::exception& error) {
  std::cerr << "maildir_lmtp: " << error.what() << '\n';
  return 1;
}
