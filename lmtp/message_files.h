#pragma once
// Files of the desk by the numbers of their messages, wherever operators have put them: for export, erase and
// the like. One walk through all folders; the header is read only where a name does not tell the number.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "rules/keys.h"
#include "schema/store.h"

namespace postroom {

using Wanted = std::function<bool(MessageNumber)>;

// One path of each wanted message that lies in some folder. What clients move during the walk may be missed.
std::map<MessageNumber, std::string> find_files(const std::string& root, const Wanted& wanted,
                                                const Keys& keys);

// Unlinks every copy of the wanted messages, in new/, cur/ and tmp/ of all folders, and fsyncs the folders;
// each folder's lock is held for milliseconds. Walks again until nothing is left, for clients move files
// meanwhile. Returns how many files it were. Throws std::system_error; called again it goes on.
std::int64_t unlink_files(const std::string& root, const Wanted& wanted, const Keys& keys);

}  // namespace postroom
