#include "lmtp/maildir_walk.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <system_error>

#include "lmtp/folder_lock.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

bool is_nothing_for_us(const std::error_code& error) {
  constexpr std::array skipped{std::errc::permission_denied, std::errc::no_such_file_or_directory,
                               std::errc::not_a_directory};
  return std::ranges::any_of(skipped, [&](std::errc each) { return error == each; });
}

void check(const std::error_code& error, const fs::path& path) {
  if (error && !is_nothing_for_us(error)) throw std::system_error{error, path.native()};
}

bool is_a_directory(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  check(error, path);
  return status.type() == fs::file_type::directory;
}

Walk walk(const fs::path& directory, const FolderVisit& visit) {
  if (is_a_directory(directory / "cur") && visit(directory) == Walk::end) return Walk::end;
  for (const fs::path& path : entries_of(directory)) {
    const std::string name = path.filename();
    if (name == "cur" || name == "new" || name == "tmp") continue;
    std::error_code ignored;
    if (fs::is_symlink(path, ignored) || !is_a_directory(path)) continue;
    if (walk(path, visit) == Walk::end) return Walk::end;
  }
  return Walk::on;
}

}  // namespace

void each_folder(const fs::path& directory, const FolderVisit& visit) { walk(directory, visit); }

std::vector<fs::path> entries_of(const fs::path& directory) {
  std::vector<fs::path> paths;
  std::error_code error;
  fs::directory_iterator at{directory, error};
  for (; !error && at != fs::directory_iterator{}; at.increment(error)) paths.push_back(at->path());
  check(error, directory);
  return paths;
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::optional<FolderLock> lock;
  try {
    lock.emplace(folder);
  } catch (const std::system_error& failure) {
    if (!is_nothing_for_us(failure.code()) && failure.code() != std::errc::read_only_file_system) throw;
  }
  std::vector<fs::path> files = entries_of(folder / "new");
  std::ranges::move(entries_of(folder / "cur"), std::back_inserter(files));
  return files;
}

}  // namespace postroom
