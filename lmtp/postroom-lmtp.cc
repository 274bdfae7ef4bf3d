// The LMTP server of postroom: mail lands in the desk's folders and becomes a ticket.

#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "conf/live.h"
#include "conf/program.h"
#include "lmtp/committer.h"
#include "lmtp/deliver.h"
#include "lmtp/desk_folders.h"
#include "lmtp/maildir.h"
#include "lmtp/mover.h"
#include "lmtp/outgoing.h"
#include "lmtp/serve.h"

namespace postroom {
namespace {

constexpr const char* program = "postroom-lmtp";

const std::vector<int> handled{SIGTERM, SIGINT, SIGHUP, SIGUSR1};

std::vector<Problem> try_reload(Live& live) {
  try {
    return live.reload();
  } catch (const std::exception& error) {
    return {{live.current()->settings.file, 0, 0, error.what()}};
  }
}

// A disk that cannot take them now is no reason to stop: deliveries make the folders they need.
void make_folders(const Maildir& maildir, const Live& live, const Log& log) {
  try {
    make_desk_folders(maildir, live.current()->settings.desk);
  } catch (const std::exception& error) {
    log.warning(fmt::format("folders of operators: {}", error.what()));
  }
}

void reload(Live& live, Log& log, const Maildir& maildir) {
  log.reopen();
  notify("RELOADING=1");
  const std::vector<Problem> problems = try_reload(live);
  notify("READY=1");
  for (const Problem& problem : problems) log.error(problem.str());
  if (!problems.empty()) return log.error("refused, the old configuration stays");
  make_folders(maildir, live, log);
  log.info(fmt::format("reloaded rules={}", live.current()->rulebook.version()));
}

void serve(Live& live, Log& log) {
  const Settings settings = live.current()->settings;
  const Maildir maildir{settings.paths.mailboxes, settings.mailboxes.layout, settings.mailboxes.folder_mode};
  make_folders(maildir, live, log);
  Committer committer{open_store(settings.paths.database, OpenMode::create, settings.limits.database),
                      maildir, live, log};
  Deliver deliver{live, committer, log};
  const Outbox outbox{live, committer, log};
  const Mover mover{live, committer, log};
  Server server{{settings.desk.host, settings.sockets, settings.limits},
                [&deliver](const Incoming& incoming) { return deliver.deliver(incoming); },
                [&deliver](const std::string& address) { return deliver.refuse_recipient(address); },
                log};

  Signals signals{handled};  // the last of all: its handler uses the others
  signals.handle([&](int signal) {
    if (signal == SIGTERM || signal == SIGINT) return server.stop();
    reload(live, log, maildir);
  });
  notify("READY=1");
  log.info(fmt::format("ready: socket={} rules={}", server.address(), live.current()->rulebook.version()));
  server.run();
  notify("STOPPING=1");
}

int run(const std::string& config) {
  const Signals blocked{handled};  // first of all: in every thread that starts later
  std::signal(SIGPIPE, SIG_IGN);
  umask(0007);  // customers' mail is nobody else's business

  Live live{config};
  Log log{program, live.current()->settings.log};
  const PidFile pid_file{live.current()->settings.paths.run, program};
  raise_descriptor_limit();
  serve(live, log);
  log.info("stopped");
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace postroom

int main(int argc, char** argv) {
  return postroom::run_program(postroom::program, [argc, argv] {
    const auto options = postroom::parse_options(argc, argv, "[-c FILE]", {});
    return postroom::run(postroom::config_path(options));
  });
}
