#include "lmtp/folder_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string_view>
#include <thread>

#include "lmtp/disk.h"
#include "lmtp/fd.h"
#include "lmtp/maildir_walk.h"

namespace postroom {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view name = "/dovecot-uidlist.lock";
constexpr std::time_t abandoned =
    120;  // seconds: when Dovecot removes a lock that names no process of this machine
constexpr std::chrono::milliseconds first_pause{1}, longest_pause{50};

std::string host_name() {
  std::array<char, 256> text{};
  return gethostname(text.data(), text.size() - 1) == 0 ? text.data() : "localhost";
}

// What stands in a lock, as Dovecot writes it and looks for it.
std::string own_text() { return fmt::format("{}:{}", getpid(), host_name()); }

struct Holder {
  struct stat file {};
  std::string text;
  std::optional<pid_t> pid;  // of this machine
};

pid_t pid_in(std::string_view text) {
  const auto colon = text.find(':');
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + std::min(colon, text.size()), pid);
  const bool whole = colon != text.npos && error == std::errc{} && end == text.data() + colon;
  if (!whole || pid <= 0) return 0;
  text.remove_prefix(colon + 1);
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text == host_name() ? pid : 0;
}

// nullopt: there is no lock.
std::optional<Holder> holder_of(const std::string& path) {
  const Fd file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  Holder holder;
  if (!file || fstat(file.get(), &holder.file) != 0) return std::nullopt;
  std::array<char, 300> text{};
  const ssize_t size = read(file.get(), text.data(), text.size());
  if (size > 0) holder.text.assign(text.data(), static_cast<std::size_t>(size));
  if (const pid_t pid = pid_in(holder.text); pid > 0) holder.pid = pid;
  return holder;
}

bool is_dead(const Holder& holder) {
  if (holder.pid) return kill(*holder.pid, 0) != 0 && errno == ESRCH;
  return std::time(nullptr) - holder.file.st_mtime > abandoned;
}

bool same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino &&
         one.st_mtim.tv_sec == other.st_mtim.tv_sec && one.st_mtim.tv_nsec == other.st_mtim.tv_nsec;
}

// Two may see the same dead lock, and one of them may have removed it and locked by now: the lock is taken
// aside first, and put back if it is not the dead one.
void remove_dead(const std::string& path, const Holder& dead) {
  const std::string aside = fmt::format("{}.{}", path, random_digits());
  if (std::rename(path.c_str(), aside.c_str()) != 0) return;
  struct stat file {};
  if (stat(aside.c_str(), &file) == 0 && !same(file, dead.file)) [[maybe_unused]]
    const int back = link(aside.c_str(), path.c_str());
  unlink(aside.c_str());
}

}  // namespace

FolderLock::FolderLock(const std::string& folder, std::chrono::milliseconds patience)
    : path_{folder + std::string{name}} {
  const auto deadline = Clock::now() + patience;
  for (auto pause = first_pause; !try_lock(); pause = std::min(2 * pause, longest_pause)) {
    const auto holder = holder_of(path_);
    if (holder && is_dead(*holder)) remove_dead(path_, *holder);
    if (Clock::now() >= deadline) disk_error(EBUSY, "lock", path_);
    std::this_thread::sleep_for(pause);
  }
}

FolderLock::~FolderLock() {
  const auto holder = holder_of(path_);
  // Whoever took us for dead may hold it by now, even with the same inode.
  const bool ours = holder && holder->file.st_dev == device_ && holder->file.st_ino == inode_;
  if (ours && holder->text == own_text()) unlink(path_.c_str());
}

// The file is complete before it is the lock: without its text it would stop everybody for two minutes if we
// died now.
bool FolderLock::try_lock() {
  const std::string made = fmt::format("{}.{}", path_, random_digits());
  const Fd file{open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660)};
  if (!file) disk_error(errno, "lock", path_);
  const std::string text = own_text();
  struct stat state {};
  const bool written = write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fstat(file.get(), &state) == 0;
  const bool locked = written && link(made.c_str(), path_.c_str()) == 0;
  const int error = errno;
  unlink(made.c_str());
  if (!locked && (!written || error != EEXIST)) disk_error(error, "lock", path_);
  device_ = state.st_dev;
  inode_ = state.st_ino;
  return locked;
}

bool clear_dead_lock(const std::string& folder) {
  const std::string lock = folder + std::string{name};
  bool removed = false;
  for (const std::filesystem::path& path : entries_of(folder)) {
    if (!path.native().starts_with(lock)) continue;  // the lock, and what never became one
    const auto holder = holder_of(path);
    if (!holder || !(is_dead(*holder) || holder->pid == getpid())) continue;
    remove_dead(path, *holder);
    removed = true;
  }
  return removed;
}

}  // namespace postroom
