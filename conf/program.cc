#include "conf/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "conf/load.h"

namespace postroom {
namespace po = boost::program_options;
namespace {

std::string base_name(const char* path) { return std::filesystem::path{path ? path : "postroom"}.filename(); }

[[noreturn]] void print_usage(const std::string& program, std::string_view synopsis,
                              const po::options_description& options) {
  std::cout << "usage: " << program << (synopsis.empty() ? "" : " ") << synopsis << "\n"
            << options << std::flush;
  std::exit(EX_OK);
}

[[noreturn]] void print_version(const std::string& program) {
  std::cout << program << " " << POSTROOM_VERSION << std::endl;
  std::exit(EX_OK);
}

std::runtime_error broken(const std::string& path, const char* what) {
  return std::runtime_error(fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
}

bool is_same_file(int fd, const std::string& path) {
  struct stat opened {
  }, named{};
  return ::fstat(fd, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

void write_pid(int fd, const std::string& path) {
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) != 0) throw broken(path, "cannot truncate");
  if (::pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    throw broken(path, "cannot write");
}

// They stand in the synopsis, and no list of options is to show them.
po::options_description hidden_options(const po::positional_options_description& positional) {
  constexpr unsigned most_names = 10;
  po::options_description hidden;
  std::string last;
  for (unsigned i = 0; i < std::min(positional.max_total_count(), most_names); ++i) {
    const std::string& name = positional.name_for_position(i);
    if (name != last) hidden.add_options()(name.c_str(), po::value<std::vector<std::string>>(), "");
    last = name;
  }
  return hidden;
}

}  // namespace

po::variables_map parse_options(int argc, char** argv, std::string_view synopsis,
                                const po::options_description& own,
                                const po::positional_options_description& positional) {
  const std::string program = base_name(argc > 0 ? argv[0] : nullptr);
  po::options_description common{"options"};
  common.add_options()("config,c", po::value<std::string>()->value_name("FILE"),
                       "configuration (default /etc/postroom/postroom.yaml)")("help,h", "this text")(
      "version,V", "print the version");
  po::options_description all;
  all.add(common).add(own).add(hidden_options(positional));
  po::options_description shown;
  shown.add(common);
  if (!own.options().empty()) shown.add(own);
  try {
    po::variables_map options;
    po::store(po::command_line_parser(argc, argv).options(all).positional(positional).run(), options);
    if (options.count("help")) print_usage(program, synopsis, shown);
    if (options.count("version")) print_version(program);
    po::notify(options);
    return options;
  } catch (const po::error& error) {
    std::cerr << program << ": " << error.what() << "; see " << program << " --help" << std::endl;
    std::exit(EX_USAGE);
  }
}

std::string config_path(const po::variables_map& options) {
  return options.count("config") ? options["config"].as<std::string>() : "/etc/postroom/postroom.yaml";
}

int run_program(std::string_view program, const std::function<int()>& body) {
  try {
    return body();
  } catch (const ConfigError& error) {
    std::cerr << error.what() << std::endl;
    return EX_CONFIG;
  } catch (const std::exception& error) {
    std::cerr << program << ": " << error.what() << std::endl;
    return EX_TEMPFAIL;
  }
}

PidFile::PidFile(const std::string& directory, std::string_view program)
    : path_{fmt::format("{}/{}.pid", directory, program)} {
  std::error_code ignored;  // open() tells it better
  std::filesystem::create_directories(directory, ignored);
  do {  // the former owner removes the file before it lets the lock go
    if (fd_ >= 0) ::close(fd_);
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd_ < 0) throw broken(path_, "cannot open");
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      ::close(fd_);
      throw AlreadyRuns(fmt::format("{}: {} is already running", path_, program));
    }
  } while (!is_same_file(fd_, path_));
  try {
    write_pid(fd_, path_);
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

PidFile::~PidFile() {
  ::unlink(path_.c_str());
  ::close(fd_);
}

Signals::Signals(std::vector<int> signals) : signals_{std::move(signals)}, set_{} {
  sigemptyset(&set_);
  for (const int signal : signals_) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

// The signals stay blocked: what arrives while the program ends must not cut its last writes short.
Signals::~Signals() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  pthread_kill(thread_.native_handle(), signals_.front());  // ends the wait; the handler does not see it
}

void Signals::handle(std::function<void(int)> handler) {
  thread_ = std::jthread{[set = set_, call = std::move(handler)](const std::stop_token& stop) {
    for (int signal = 0;;) {
      if (sigwait(&set, &signal) != 0) continue;
      if (stop.stop_requested()) return;
      call(signal);
    }
  }};
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void notify(const std::string& state) { ::sd_notify(0, state.c_str()); }

}  // namespace postroom
