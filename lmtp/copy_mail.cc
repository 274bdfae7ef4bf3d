#include "lmtp/copy_mail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>

#include "lmtp/disk.h"
#include "lmtp/fd.h"
#include "lmtp/maildir_walk.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

constexpr int most_walks = 10;
constexpr std::array kept_beside{"dovecot-uidlist", "dovecot-keywords", "dovecot-acl", "subscriptions"};

class MailCopy {
 public:
  MailCopy(fs::path root, fs::path target) : root_{std::move(root)}, target_{std::move(target)} {}

  // Returns how many messages were new in this walk.
  std::int64_t walk() {
    const std::int64_t before = done_.linked + done_.copied;
    done_.folders = 0;
    each_folder(root_, [this](const fs::path& folder) {
      copy_folder(folder);
      ++done_.folders;
      return Walk::on;
    });
    return done_.linked + done_.copied - before;
  }
  CopiedMail done() const { return done_; }

 private:
  void copy_folder(const fs::path& folder) {
    const fs::path to = target_ / folder.lexically_relative(root_);
    for (const char* inner : {"cur", "new", "tmp"}) fs::create_directories(to / inner);
    for (const fs::path& file : files_of(folder)) take(file, to / file.parent_path().filename());
    for (const char* name : kept_beside) copy_beside(folder / name, to / name);
    for (const char* inner : {"cur", "new"}) sync_directory(to / inner);
    sync_directory(to);
  }

  // A moved message has its inode still, and under the lock of one folder a name of its own.
  void take(const fs::path& file, const fs::path& directory) {
    struct stat found {};
    if (stat(file.c_str(), &found) != 0) {
      if (errno == ENOENT) return;  // flagged or moved: the next walk meets it
      disk_error(errno, "look at", file);
    }
    if (!S_ISREG(found.st_mode) || !seen_.insert({found.st_dev, found.st_ino}).second) return;
    const fs::path to = directory / file.filename();
    if (link(file.c_str(), to.c_str()) == 0) return static_cast<void>(++done_.linked);
    const int error = errno;
    if (error == ENOENT) return static_cast<void>(seen_.erase({found.st_dev, found.st_ino}));
    if (error != EXDEV && error != EPERM && error != EMLINK && error != ENOTSUP)
      disk_error(error, "link", to);
    if (copy(file, to)) ++done_.copied;
  }

  static bool copy(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
    if (error == std::errc::no_such_file_or_directory) return false;
    if (error) disk_error(error.value(), "copy", from);
    const Fd written{open(to.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!written || fsync(written.get()) != 0) disk_error(errno, "fsync", to);
    return true;
  }
  static void copy_beside(const fs::path& from, const fs::path& to) {
    if (exists(from)) copy(from, to);
  }

  fs::path root_, target_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  CopiedMail done_;
};

}  // namespace

CopiedMail copy_mail(const std::string& root, const std::string& target) {
  MailCopy copy{root, target};
  for (int walk = 0; walk < most_walks; ++walk)
    if (copy.walk() == 0) break;
  return copy.done();
}

}  // namespace postroom
