#pragma once
// What lies in the desk's tree of shared mailboxes: folders, files by name, and on demand who a file says it
// is. For looking at a million files: names first, headers only where a name is not enough.
//
// Failure: std::system_error that names the path, also if a folder's lock does not become free.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conf/settings.h"
#include "rules/keys.h"
#include "rules/place_of.h"
#include "rules/tags.h"

namespace postroom {

struct FolderOnDisk {
  Where where;
  std::string path;
};

// All folders (directories with cur/) at any depth, sorted by path, in both layouts. What vanishes meanwhile
// or is closed to us is passed by; symbolic links are not followed. The root itself is none.
std::vector<FolderOnDisk> folders_on_disk(const std::string& root, Layout layout, const Desk& desk);

// The folder that the names on the way from the root mean: the longest mailbox of a queue, and what is below
// it; without one the first name is the mailbox.
Where where_of(const Desk& desk, const std::vector<std::string>& names);

// All files in new/ and cur/, named "new/x" or "cur/x:2,S". The folder's lock is held meanwhile, because a
// scan without it misses what clients flag at that moment; where no lock can be made (a folder that is not
// ours to change) the look goes without.
std::vector<std::string> files_on_disk(const FolderOnDisk& folder);

// "cur/x:2,S" -> "x"
std::string_view base_of_file(std::string_view name);

enum class Claim { none, ours, forged };  // none: nobody of the desk has written it

struct FileIdentity {
  Claim claim = Claim::none;
  TicketNumber ticket = 0;
  MessageNumber message = 0;
};

// Who the header section says the file is: X-Postroom-Ticket with its MAC.
FileIdentity identity_in(std::string_view headers, const Keys& keys);

// The header section with the empty line, at most 256 KiB; nullopt if the file is not there any more.
std::optional<std::string> header_section(const std::string& path);

}  // namespace postroom
