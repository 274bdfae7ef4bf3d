#pragma once
// Walks through the folders of the whole desk: for starts, searches and checks, never per message.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace postroom {

enum class Walk { on, end };
using FolderVisit = std::function<Walk(const std::filesystem::path& folder)>;

// Every directory that is a folder (has cur/), at any depth. Others work in the same tree: what vanishes
// meanwhile, and what is no business of ours (lost+found), is passed by. Throws std::system_error for any
// other failure, which could hide mail.
void each_folder(const std::filesystem::path& directory, const FolderVisit& visit);

// Paths of all entries; empty if there is no such directory, or it is closed to us.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory);

// Files in new/ and cur/, all of them: the folder's lock is held for the look, or a file that a client flags
// meanwhile would be missed. Without it where it cannot be made (a folder that is not ours to change).
// Throws std::system_error, also if the lock does not become free.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder);

}  // namespace postroom
