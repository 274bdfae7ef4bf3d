// backup: a directory with all that a desk needs to go on elsewhere.

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "lmtp/copy_mail.h"
#include "lmtp/disk.h"
#include "lmtp/fd.h"
#include "schema/postroom-tickets.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

void sync_file(const std::string& path) {
  const Fd file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file || fsync(file.get()) != 0) disk_error(errno, "fsync", path);
}

void copy_private(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error) disk_error(error.value(), "copy", from);
  fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
  sync_file(to);
}

// The directory under a temporary name: what is interrupted is never taken for a backup.
class BackupPlace {
 public:
  BackupPlace(const std::string& directory, Time at) : directory_{directory} {
    fs::create_directories(directory);
    const std::string name = fmt::format("{}/postroom-{:%Y%m%dT%H%M%SZ}", directory,
                                         fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
    for (int number = 1; part_.empty(); ++number)
      take(number == 1 ? name : fmt::format("{}-{}", name, number));
  }
  ~BackupPlace() {
    std::error_code ignored;
    if (!part_.empty()) fs::remove_all(part_, ignored);
  }
  BackupPlace(const BackupPlace&) = delete;
  BackupPlace& operator=(const BackupPlace&) = delete;

  std::string in(const std::string& name) const { return part_ + "/" + name; }
  std::string finish() {
    sync_directory(part_);
    if (rename(part_.c_str(), path_.c_str()) != 0) disk_error(errno, "name", path_);
    part_.clear();
    sync_directory(directory_);
    return path_;
  }

 private:
  // Nothing, if another backup has the name. Who has made the first directory looks for the second: it
  // cannot appear any more.
  void take(const std::string& path) {
    const std::string part = path + ".part";
    if (mkdir(part.c_str(), 0700) != 0) {
      if (errno != EEXIST) disk_error(errno, "make", part);
      return;
    }
    if (fs::exists(path)) {
      fs::remove(part);
      return;
    }
    path_ = path;
    part_ = part;
  }

  std::string directory_, path_, part_;
};

void copy_keys(const Settings& settings, const BackupPlace& place) {
  copy_private(settings.paths.secret, place.in("secret"));
  int number = 0;
  for (const std::string& old : settings.paths.old_secrets)
    copy_private(old, place.in(fmt::format("old-secret-{}", ++number)));
}

int tell_backup(const TicketsAsked& asked, const std::string& path, const CopiedMail& mail) {
  if (asked.json) {
    std::cout << nlohmann::ordered_json{{"backup", path},
                                        {"folders", mail.folders},
                                        {"linked", mail.linked},
                                        {"copied", mail.copied}}
                     .dump()
              << '\n';
    return done;
  }
  std::cout << path << ": database, keys and configuration";
  if (asked.has("mail"))
    std::cout << fmt::format("; {} messages in {} folders, {} of them hard links", mail.linked + mail.copied,
                             mail.folders, mail.linked);
  std::cout << '\n';
  return done;
}

}  // namespace

int backup_command(const TicketsAsked& asked) {
  const Settings& settings = asked.settings;
  const auto store = open_for_reading(asked);
  BackupPlace place{asked.arguments.front(), time_of_asking()};
  store->backup(place.in("postroom.db"));
  sync_file(place.in("postroom.db"));
  copy_keys(settings, place);
  copy_private(settings.file, place.in("postroom.yaml"));
  // Behind the database: whatever that speaks of lies in the folders by then.
  CopiedMail mail;
  if (asked.has("mail")) mail = copy_mail(settings.paths.mailboxes, place.in("mail"));
  return tell_backup(asked, place.finish(), mail);
}

}  // namespace postroom
