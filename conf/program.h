#pragma once
// What every program does at its start: options, configuration, pid file, signals, sd_notify.

#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/program_options.hpp>

namespace postroom {

// Exit status: sysexits.h values where one fits; 1 means "done, and found problems".

// Parses the command line. Adds -c/--config FILE, -h/--help, -V/--version, and prints usage or version and
// exits 0 for the latter two; a mistake prints one line to standard error and exits 64 (EX_USAGE).
// `synopsis` names the positional arguments, whose values are std::vector<std::string>.
boost::program_options::variables_map parse_options(
    int argc, char** argv, std::string_view synopsis, const boost::program_options::options_description& own,
    const boost::program_options::positional_options_description& positional = {});

// What -c says, else /etc/postroom/postroom.yaml.
std::string config_path(const boost::program_options::variables_map& options);

// Runs body; an exception becomes one line on standard error and exit status 75 (EX_TEMPFAIL), a
// ConfigError its lines and 78 (EX_CONFIG). The only catch of a program that is no daemon.
int run_program(std::string_view program, const std::function<int()>& body);

// Another process holds the pid file.
class AlreadyRuns : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// DIR/PROGRAM.pid, locked (flock) as long as the object lives, so that a second instance is refused.
class PidFile {
 public:
  PidFile(const std::string& directory, std::string_view program);  // throws AlreadyRuns, std::runtime_error
  ~PidFile();
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

 private:
  std::string path_;
  int fd_ = -1;
};

// Blocks the signals in this thread and in all threads it starts later (so make one before any
// library starts a thread: SIGTERM kills a process of which one thread has it unblocked), and handles them
// one by one in a thread of its own.
class Signals {
 public:
  explicit Signals(std::vector<int> signals);
  ~Signals();
  // Calls handler(signal) for each that arrives, until the object dies. Call once.
  void handle(std::function<void(int)> handler);

 private:
  std::vector<int> signals_;
  sigset_t set_;
  std::jthread thread_;
};

// Raises the soft limit of open files to the hard one: at the limit libmilter spins in accept(2).
void raise_descriptor_limit();

// systemd's Type=notify; nothing if it did not start us. state: "READY=1", "RELOADING=1", "STOPPING=1".
void notify(const std::string& state);

}  // namespace postroom
