// audit: Postfix's log against tickets and folders.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "rules/audit.h"
#include "rules/stored.h"
#include "schema/audited.h"
#include "schema/migrate.h"
#include "schema/postroom-tickets-verify.h"

namespace postroom {
namespace {

using nlohmann::json;

// What the database and the folders say of one delivery.
class DeskMemory {
 public:
  explicit DeskMemory(const TicketsAsked& asked)
      : db_{open_database(asked.settings.paths.database, OpenMode::read_only,
                          asked.settings.limits.database)},
        arrivals_{*db_} {
    for (const FolderProblem& problem : problems_of_folders(asked)) {
      if (problem.kind == "missing-file") missing_.insert(problem.message);
    }
  }

  DeskSays operator()(const AuditPair& pair, const std::optional<ToldNumbers>& told) {
    using Answer = DeskSays::Answer;
    const auto message = arrivals_.message(pair.queue_id, pair.recipient);
    if (message && missing_.contains(*message))
      return {Answer::file_missing, fmt::format("the file of message {} is in no folder", *message)};
    if (message) return {};
    if (!told) return {Answer::unknown, ""};
    // The same mail came before, under another queue id.
    if (told->ticket != 0 && has_ticket(*db_, told->ticket)) return {};
    if (told->message != 0 && has_message(*db_, told->message)) return {};
    return {Answer::unknown, told->ticket != 0
                                 ? fmt::format("ticket {} is not in the database", told->ticket)
                                 : fmt::format("message {} is not in the database", told->message)};
  }

 private:
  std::unique_ptr<Db> db_;
  Arrivals arrivals_;
  std::set<MessageNumber> missing_;
};

// As logrotate does it: gzip, bzip2, xz, zstd. The file is at its beginning afterwards.
bool is_compressed(std::ifstream& file) {
  constexpr std::string_view magics[] = {"\x1f\x8b", "BZh",
                                         "\xfd"
                                         "7zXZ",
                                         "\x28\xb5\x2f\xfd"};
  std::array<char, 5> top{};
  file.read(top.data(), top.size());
  const std::string_view begins{top.data(), static_cast<std::size_t>(file.gcount())};
  file.clear();
  file.seekg(0);
  return std::ranges::any_of(magics, [&](std::string_view magic) { return begins.starts_with(magic); });
}

// Reads files to their ends, and later what was appended.
class Logs {
 public:
  Logs(const std::vector<std::string>& paths, const LogClock& clock, std::chrono::sys_seconds since)
      : clock_{clock}, since_{since} {
    for (const std::string& path : paths) {
      files_.emplace_back(path, std::ios::binary);
      if (!files_.back())
        throw std::runtime_error{fmt::format("cannot read {}: {}", path, std::strerror(errno))};
      if (is_compressed(files_.back()))
        throw std::runtime_error{fmt::format("{} is compressed: unpack it, or leave it out", path)};
    }
  }

  void read(Audit& audit) {
    std::string line;
    for (std::ifstream& file : files_) {
      while (std::getline(file, line)) {
        const auto parsed = read_mail_log(line, clock_);
        empty_ = false;
        known_ = known_ || parsed || line.find("postfix") != std::string::npos;
        if (parsed && parsed->time >= since_) audit.add(*parsed);
      }
      file.clear();
    }
    // Of the wrong files, everything would be where it should be.
    if (!empty_ && !known_) throw std::runtime_error{"Postfix has written no line of these log files"};
  }

 private:
  std::vector<std::ifstream> files_;
  LogClock clock_;
  std::chrono::sys_seconds since_;
  bool empty_ = true, known_ = false;
};

LogClock local_clock() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return {std::chrono::sys_seconds{std::chrono::seconds{now}}, std::chrono::seconds{local.tm_gmtoff}};
}

// A line of `postqueue -j`. Throws json::exception for anything else.
QueuedMail queued_in(const std::string& line) {
  const json row = json::parse(line);
  QueuedMail mail{row.at("queue_id").get<std::string>(), {}};
  for (const json& recipient : row.at("recipients"))
    mail.recipients.push_back(recipient.at("address").get<std::string>());
  return mail;
}

void add_queue(std::istream& in, const std::string& name, Audit& audit) {
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    try {
      audit.add(queued_in(line));
    } catch (const json::exception&) {
      throw std::runtime_error{name + ": this is not what 'postqueue -j' prints"};
    }
  }
}

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return quoted + "'";
}

std::string queue_now(const std::string& directory) {
  const std::string option = directory.empty() ? std::string{} : "-c " + shell_quoted(directory) + " ";
  FILE* const pipe = popen(("postqueue " + option + "-j").c_str(), "re");
  if (!pipe) throw std::runtime_error{fmt::format("cannot run postqueue: {}", std::strerror(errno))};
  std::string text;
  std::array<char, 65536> piece{};
  for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
    text.append(piece.data(), got);
  if (pclose(pipe) != 0) throw std::runtime_error{"postqueue failed: give its output with --queue FILE"};
  return text;
}

std::string moment(std::chrono::sys_seconds time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string dumped(const json& row) { return row.dump(-1, ' ', false, json::error_handler_t::replace); }

json as_json(const AuditCounts& counts) {
  return {{"accepted", counts.accepted()}, {"delivered", counts.delivered}, {"passed", counts.passed},
          {"bounced", counts.bounced},     {"removed", counts.removed},     {"queued", counts.queued},
          {"missing", counts.missing},     {"rejected", counts.rejected}};
}

json as_json(const AuditProblem& one) {
  return {{"kind", one.kind},          {"queue_id", one.pair.queue_id}, {"recipient", one.pair.recipient},
          {"sender", one.pair.sender}, {"time", moment(one.pair.time)}, {"problem", one.problem},
          {"reply", one.pair.reply}};
}

std::string as_text(const AuditCounts& counts) {
  return fmt::format(
      "accepted {} = delivered {} + passed on {} + bounced {} + removed {} + queued {} + missing {}; "
      "rejected {}",
      counts.accepted(), counts.delivered, counts.passed, counts.bounced, counts.removed, counts.queued,
      counts.missing, counts.rejected);
}

std::string as_text(const AuditProblem& one) {
  const std::string recipient = one.pair.recipient.empty() ? "?" : one.pair.recipient;
  return fmt::format("{} to {} from <{}>, {}: {}: {}{}", one.pair.queue_id, recipient, one.pair.sender,
                     moment(one.pair.time), one.kind, one.problem,
                     one.pair.reply.empty() ? "" : fmt::format(" ({})", one.pair.reply));
}

std::chrono::sys_seconds since_of(const TicketsAsked& asked) {
  if (!asked.has("since")) return {};
  const std::string text = asked.value("since");
  const auto time = time_in(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!time) throw TicketsMisused{"--since wants a time such as 2026-11-22 or 2026-11-22T18:00:00Z"};
  return *time;
}

// "--log FILE FILE ..." is what the shell makes of "--log mail.log*".
std::vector<std::string> paths_of(const TicketsAsked& asked) {
  std::vector<std::string> paths = asked.arguments;
  if (asked.has("log")) paths.insert(paths.begin(), asked.value("log"));
  if (paths.empty()) throw TicketsMisused{"audit wants --log and Postfix's log files"};
  return paths;
}

Audit::Result audited(const TicketsAsked& asked) {
  Logs logs{paths_of(asked), local_clock(), since_of(asked)};
  DeskMemory memory{asked};
  Audit audit{asked.settings.desk,
              [&](const AuditPair& pair, const auto& told) { return memory(pair, told); }};
  if (asked.has("queue")) {
    std::ifstream in{asked.value("queue")};
    if (!in) throw std::runtime_error{fmt::format("cannot read {}", asked.value("queue"))};
    add_queue(in, asked.value("queue"), audit);
    logs.read(audit);
    return audit.finish();
  }
  logs.read(audit);
  std::istringstream queue{queue_now(asked.value("postfix-config"))};
  add_queue(queue, "postqueue -j", audit);
  audit.queue_listed();
  logs.read(audit);  // what happened while the queue was listed
  return audit.finish();
}

}  // namespace

int audit_log(const TicketsAsked& asked) {
  const Audit::Result result = audited(asked);
  for (const AuditProblem& one : result.problems)
    std::cout << (asked.json ? dumped(as_json(one)) : as_text(one)) << '\n';
  std::cout << (asked.json ? dumped(as_json(result.counts)) : as_text(result.counts)) << '\n';
  return result.problems.empty() ? done : found_problems;
}

}  // namespace postroom
