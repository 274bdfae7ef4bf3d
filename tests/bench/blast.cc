// blast: sends mail over SMTP or LMTP as fast as it is taken, or at a fixed rate, and says how long each
// took.
//   blast [-L] [-s SESSIONS] [-n MESSAGES] [-r RATE] [-u USERS] [-i RUN] [-o TIMES.csv] -d DOMAIN DIRECTORY
//   TARGET
// One connection a message, one thread, poll(2). TARGET is unix:PATH or PORT of 127.0.0.1. In the .eml files
// of DIRECTORY (LF line ends) @SEQ@, @RUN@, @RCPT@ and @FROM@ are replaced; the recipients are u0 ... at
// DOMAIN. TIMES.csv: sequence,due,acknowledged (seconds since the epoch); one line of JSON on standard
// output.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace std::chrono;

struct Options {
  bool lmtp = false;
  std::size_t sessions = 1, messages = 1, users = 1;
  double rate = 0;  // messages a second; 0: as fast as they are taken
  std::string run = "r0", domain, directory, target, times;
};

enum class Step { banner, hello, mail, rcpt, data, dot, quit };

struct Session {
  int fd = -1;
  std::size_t sequence = 0;
  Step step = Step::banner;
  std::string in, out;
};

double now() { return duration<double>(system_clock::now().time_since_epoch()).count(); }

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

std::string replaced(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [token, value] : values)
    for (std::size_t at = text.find(token); at != std::string::npos; at = text.find(token, at + value.size()))
      text.replace(at, token.size(), value);
  return text;
}

// LF -> CRLF, dots stuffed (RFC 5321, 4.5.2).
std::string on_the_wire(const std::string& text) {
  std::string wire;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    wire += (line.starts_with('.') ? "." : "") + line + "\r\n";
  return wire;
}

std::vector<std::string> load(const std::string& directory) {
  std::vector<std::string> names, texts;
  for (const auto& entry : std::filesystem::directory_iterator{directory})
    if (entry.path().extension() == ".eml") names.push_back(entry.path());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    std::ifstream in{name, std::ios::binary};
    texts.push_back(on_the_wire({std::istreambuf_iterator<char>{in}, {}}));
  }
  if (texts.empty()) fail("no .eml in " + directory);
  return texts;
}

class Blast {
 public:
  explicit Blast(Options options)
      : options_{std::move(options)},
        texts_{load(options_.directory)},
        due_(options_.messages),
        acknowledged_(options_.messages),
        sessions_(options_.sessions) {}

  void run() {
    start_ = now();
    while (done_ < options_.messages) {
      start_what_is_due();
      turn();
    }
  }

  void report() const {
    std::vector<double> took;
    for (std::size_t i = 0; i < options_.messages; ++i) took.push_back((acknowledged_[i] - due_[i]) * 1e3);
    std::sort(took.begin(), took.end());
    const auto part = [&](double p) {
      return took[std::min(took.size() - 1, std::size_t(p * double(took.size())))];
    };
    std::cout << fmt::format(
        "{{\"sent\": {}, \"start\": {:.6f}, \"end\": {:.6f}, \"p50\": {:.3f}, \"p99\": {:.3f}}}\n", done_,
        start_, now(), part(.5), part(.99));
    if (options_.times.empty()) return;
    std::ofstream out{options_.times};
    for (std::size_t i = 0; i < options_.messages; ++i)
      out << fmt::format("{},{:.6f},{:.6f}\n", i, due_[i], acknowledged_[i]);
  }

 private:
  bool due(double at) const { return options_.rate <= 0 || at >= start_ + double(next_) / options_.rate; }

  void start_what_is_due() {
    for (Session& session : sessions_)
      if (session.fd < 0 && next_ < options_.messages && due(now())) open(session);
  }

  void open(Session& session) {
    session = Session{};
    session.sequence = next_++;
    due_[session.sequence] = options_.rate > 0 ? start_ + double(session.sequence) / options_.rate : now();
    session.fd = connected();
  }

  int connected() const {
    sockaddr_un local{};
    sockaddr_in net{};
    const bool is_unix = options_.target.starts_with("unix:");
    const int fd = socket(is_unix ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
    int rc = 0;
    if (is_unix) {
      local.sun_family = AF_UNIX;
      options_.target.copy(local.sun_path, sizeof local.sun_path - 1, 5);
      rc = connect(fd, reinterpret_cast<sockaddr*>(&local), sizeof local);
    } else {
      const int one = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      net.sin_family = AF_INET;
      net.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      net.sin_port = htons(std::uint16_t(std::stoi(options_.target)));
      rc = connect(fd, reinterpret_cast<sockaddr*>(&net), sizeof net);
    }
    if (rc != 0) fail("connect " + options_.target + ": " + std::strerror(errno));
    return fd;
  }

  void turn() {
    std::vector<pollfd> polled;
    std::vector<Session*> who;
    for (Session& session : sessions_) {
      if (session.fd < 0) continue;
      polled.push_back({session.fd, short(POLLIN | (session.out.empty() ? 0 : POLLOUT)), 0});
      who.push_back(&session);
    }
    const int ready = poll(polled.data(), polled.size(), options_.rate > 0 ? 1 : 60000);
    if (ready == 0 && options_.rate <= 0) fail("no progress for a minute");
    for (std::size_t i = 0; i < who.size(); ++i) {
      if (polled[i].revents & POLLOUT) flush(*who[i]);
      if (polled[i].revents & (POLLIN | POLLHUP | POLLERR)) receive(*who[i]);
    }
  }

  void flush(Session& session) const {
    const ssize_t sent =
        send(session.fd, session.out.data(), session.out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) session.out.erase(0, std::size_t(sent));
  }

  void say(Session& session, const std::string& text, Step step) const {
    session.out += text;
    session.step = step;
    flush(session);
  }

  void receive(Session& session) {
    char buffer[8192];
    const ssize_t got = recv(session.fd, buffer, sizeof buffer, 0);
    if (got <= 0 && session.step == Step::quit) return finish(session);
    if (got <= 0) fail(fmt::format("message {}: connection closed", session.sequence));
    session.in.append(buffer, std::size_t(got));
    for (std::size_t end; session.fd >= 0 && (end = session.in.find('\n')) != std::string::npos;) {
      const std::string line = session.in.substr(0, end);
      session.in.erase(0, end + 1);
      if (line.size() > 3 && line[3] != '-') answer(session, line);
    }
  }

  void answer(Session& session, const std::string& line) {
    if (line[0] != '2' && line[0] != '3') fail(fmt::format("message {}: {}", session.sequence, line));
    const std::string from = fmt::format("client{}@client.test", session.sequence);
    const std::string rcpt = fmt::format("u{}@{}", session.sequence % options_.users, options_.domain);
    switch (session.step) {
      case Step::banner:
        return say(session, options_.lmtp ? "LHLO client.test\r\n" : "EHLO client.test\r\n", Step::hello);
      case Step::hello:
        return say(session, "MAIL FROM:<" + from + ">\r\n", Step::mail);
      case Step::mail:
        return say(session, "RCPT TO:<" + rcpt + ">\r\n", Step::rcpt);
      case Step::rcpt:
        return say(session, "DATA\r\n", Step::data);
      case Step::data:
        return say(session,
                   replaced(texts_[session.sequence % texts_.size()],
                            {{"@SEQ@", fmt::format("{:08}", session.sequence)},
                             {"@RUN@", options_.run},
                             {"@RCPT@", rcpt},
                             {"@FROM@", from}}) +
                       ".\r\n",
                   Step::dot);
      case Step::dot:
        acknowledged_[session.sequence] = now();
        return say(session, "QUIT\r\n", Step::quit);
      case Step::quit:
        return finish(session);
    }
  }

  void finish(Session& session) {
    close(session.fd);
    session.fd = -1;
    ++done_;
  }

  Options options_;
  std::vector<std::string> texts_;
  std::vector<double> due_, acknowledged_;
  std::vector<Session> sessions_;
  std::size_t next_ = 0, done_ = 0;
  double start_ = 0;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int c; (c = getopt(argc, argv, "Ls:n:r:u:i:o:d:")) != -1;) switch (c) {
      case 'L':
        options.lmtp = true;
        break;
      case 's':
        options.sessions = std::stoul(optarg);
        break;
      case 'n':
        options.messages = std::stoul(optarg);
        break;
      case 'r':
        options.rate = std::stod(optarg);
        break;
      case 'u':
        options.users = std::stoul(optarg);
        break;
      case 'i':
        options.run = optarg;
        break;
      case 'o':
        options.times = optarg;
        break;
      case 'd':
        options.domain = optarg;
        break;
      default:
        fail("see the head of blast.cc");
    }
  if (optind + 2 != argc) fail("see the head of blast.cc");
  options.directory = argv[optind];
  options.target = argv[optind + 1];
  return options;
}

}  // namespace

int main(int argc, char** argv) try {
  Blast blast{parse(argc, argv)};
  blast.run();
  blast.report();
} catch (const std::exception& error) {
  std::cerr << "blast: " << error.what() << '\n';
  return 1;
}
