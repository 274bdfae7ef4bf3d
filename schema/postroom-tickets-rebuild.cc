// rebuild: the database from folders and headers.

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>

#include "lmtp/disk.h"
#include "lmtp/listen.h"
#include "lmtp/rebuild_files.h"
#include "schema/migrate.h"
#include "schema/postroom-tickets-verify.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

constexpr const char* daemons[] = {"postroom-lmtp", "postroom-milter", "postroom-watch", "postroom-clock"};

// The daemons' pid files, so that none starts meanwhile; or who of them runs.
struct Daemons {
  std::vector<std::unique_ptr<PidFile>> held;
  std::vector<std::string> running;
};

void add_running(Daemons& found, const std::string& daemon) {
  if (std::ranges::find(found.running, daemon) == found.running.end()) found.running.push_back(daemon);
}

// libmilter writes inet:PORT@HOST.
std::string as_lmtp_writes(const std::string& socket) {
  const auto at = socket.find('@');
  if (socket.starts_with("unix:") || at == std::string::npos) return socket;
  return fmt::format("inet:{}:{}", socket.substr(at + 1), socket.substr(5, at - 5));
}

// Of one whose pid file was removed under it only the socket tells.
Daemons keep_daemons_away(const Settings& settings) {
  Daemons found;
  const std::string& run = settings.paths.run;
  for (const char* daemon : daemons) {
    if (!fs::is_directory(run)) break;  // they make it when they start
    try {
      found.held.push_back(std::make_unique<PidFile>(run, daemon));
    } catch (const AlreadyRuns&) {
      add_running(found, daemon);
    }
  }
  if (is_served(settings.sockets.lmtp)) add_running(found, "postroom-lmtp");
  if (is_served(as_lmtp_writes(settings.sockets.milter))) add_running(found, "postroom-milter");
  return found;
}

std::string path_of(const std::string& url) {
  constexpr std::string_view scheme = "sqlite:";
  return url.starts_with(scheme) ? url.substr(scheme.size()) : url;
}

// What the database there knows that mail does not tell.
struct Former {
  bool exists = false, has_rows = false;
  Numbers next;
};

// Its journal is written into it and removed, so that it is one file. A database that cannot be opened is
// told by rows, for nobody knows.
Former former_at(const std::string& path, std::chrono::milliseconds busy) {
  Former former;
  former.exists = fs::exists(path);
  if (!former.exists) return former;
  former.has_rows = true;
  try {
    const auto db = open_database(path, OpenMode::existing, busy);
    migrate(*db);
    former.has_rows = db->number("SELECT EXISTS (SELECT 1 FROM messages)") != 0;
    former.next = {db->number("SELECT next FROM counters WHERE name = 'ticket'"),
                   db->number("SELECT next FROM counters WHERE name = 'message'")};
    db->number("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const StoreError& failure) {
    std::cerr << "postroom-tickets: the former database tells nothing: " << failure.what() << '\n';
  }
  return former;
}

void remove_database(const std::string& path) {
  for (const char* part : {"", "-wal", "-shm"}) fs::remove(path + part);
}

// The old file gets another name, and the new one its place, without a moment in which there is none.
std::string replace_database(const std::string& path, const std::string& with) {
  std::string kept;
  if (fs::exists(path)) {
    kept = fmt::format("{}.before-{:%Y%m%dT%H%M%S}", path, fmt::localtime(std::time(nullptr)));
    for (const char* part : {"-wal", "-shm"})  // of a damaged one; they must not meet the new database
      if (fs::exists(path + part)) fs::rename(path + part, kept + part);
    fs::create_hard_link(path, kept);
  }
  fs::rename(with, path);
  sync_directory(fs::absolute(path).parent_path());
  return kept;
}

// Root's file would be closed to the daemons: it belongs to whom the former one, or the directory, belongs.
void give_to_owner(const std::string& path, const std::string& as) {
  struct stat owner {};
  if (stat(as.c_str(), &owner) != 0 || geteuid() != 0) return;
  if (chown(path.c_str(), owner.st_uid, owner.st_gid) != 0)
    throw std::system_error{errno, std::generic_category(), "cannot give away " + path};
}

void sync_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) close(fd);
  if (!synced) throw std::system_error{error, std::generic_category(), "cannot sync " + path};
}

struct Done {
  FilesFound found;
  RebuildCounts counts;
  std::string kept;
};

Done rebuild_into(const std::string& path, const TicketsAsked& asked, const Former& former) {
  const Settings& settings = asked.settings;
  const Keys keys = keys_of_desk(settings);
  const std::string made = path + ".rebuilding";
  remove_database(made);  // of a rebuild that was broken off
  Done result;
  {
    const auto db = open_database(made, OpenMode::create, settings.limits.database);
    migrate(*db);
    Rebuild rebuild{*db, settings.desk};
    result.found = read_desk_files(settings, keys, [&](const RebuiltFile& file) { rebuild.add(file); });
    result.counts = rebuild.finish(former.next);
    db->number("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  sync_file(made);
  give_to_owner(made, former.exists ? path : fs::absolute(path).parent_path().string());
  result.kept = replace_database(path, made);
  return result;
}

void tell(const Done& result, const TicketsAsked& asked, const std::string& path) {
  const FilesFound& found = result.found;
  const RebuildCounts& counts = result.counts;
  for (const std::string& copy : found.copies)
    std::cerr << "postroom-tickets: " << copy << " is a second file of its message, and was left out\n";
  for (const std::string& gone : found.vanished)
    std::cerr << "postroom-tickets: " << gone << " was moved meanwhile: rebuild once more\n";
  if (asked.json) {
    const nlohmann::json row = {{"database", path},
                                {"kept", result.kept},
                                {"files", found.files},
                                {"tickets", counts.tickets},
                                {"messages", counts.messages},
                                {"notes", counts.notes},
                                {"without_record", found.without_record},
                                {"forged", found.forged},
                                {"without_identity", found.without_identity},
                                {"copies", found.copies.size()},
                                {"vanished", found.vanished.size()},
                                {"refused", counts.refused}};
    std::cout << row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return;
  }
  std::cout << fmt::format("{}: {} tickets, {} messages ({} of them notes)\n", path, counts.tickets,
                           counts.messages, counts.notes);
  std::cout << fmt::format("left alone: {} files of others, {} with a forged identity, {} copies\n",
                           found.without_identity, found.forged, found.copies.size());
  if (found.without_record != 0)
    std::cout << fmt::format("{} files of an older version have no record; their lines were read\n",
                             found.without_record);
  if (counts.refused != 0)
    std::cout << fmt::format("{} notes tell of a ticket that no file has any more\n", counts.refused);
  if (!result.kept.empty()) std::cout << fmt::format("the former database is {}\n", result.kept);
}

}  // namespace

int rebuild_database(const TicketsAsked& asked) {
  const Daemons found = keep_daemons_away(asked.settings);
  if (!found.running.empty()) {
    complain_of(fmt::format("{} {}: stop the daemons, rebuild, and start them again",
                            fmt::join(found.running, " and "), found.running.size() == 1 ? "runs" : "run"));
    return temporary;
  }
  const std::string path = path_of(asked.has("to") ? asked.value("to") : asked.settings.paths.database);
  const Former former = former_at(path, asked.settings.limits.database);
  if (former.has_rows && !asked.has("force"))
    return complain_of(fmt::format("{} has messages in it: --force replaces it, and keeps it beside", path));
  const Done result = rebuild_into(path, asked, former);
  tell(result, asked, path);
  return result.found.vanished.empty() && result.found.copies.empty() ? done : found_problems;
}

}  // namespace postroom
