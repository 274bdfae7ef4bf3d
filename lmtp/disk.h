#pragma once
// Files and directories with fsync, as POSIX has them. Failures are std::system_error with the path.

#include <string>
#include <string_view>

namespace postroom {

// Throws std::system_error: "cannot VERB PATH: reason".
[[noreturn]] void disk_error(int error, std::string_view verb, const std::string& path);

// A new file with exactly this mode, written and on the disk; nothing is left of it on failure.
void write_durably(const std::string& path, unsigned mode, std::string_view text);

// All bytes of a file.
std::string read_whole(const std::string& path);

void sync_directory(const std::string& path);

bool exists(const std::string& path);

// Renames, but never replaces; works where the file system knows no RENAME_NOREPLACE, too. Returns 0 or an
// errno: EEXIST if another file has that name.
int move_without_replacing(const std::string& from, const std::string& to) noexcept;

// 64 random bits, as 16 hex digits.
std::string random_digits();

}  // namespace postroom
