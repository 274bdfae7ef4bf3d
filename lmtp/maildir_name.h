#pragma once
// Names of Maildir files: <seconds>.M<number>P<pid>R<random>.<host>,S=<bytes>,W=<bytes with CRLF>[:2,flags].

#include <optional>
#include <string>
#include <string_view>

#include "schema/store.h"

namespace postroom {

// Never the same twice. `text` has LF line ends.
std::string new_base_name(MessageNumber number, std::string_view text, const std::string& host);

// Did new_base_name() make it?
bool is_our_name(const std::string& file);

// "x:2,S" -> "x"
std::string_view base_name(std::string_view file);

// Path of the file of that base name in cur/ or new/; a directory that is not there holds nothing.
// Throws std::system_error if it cannot be read: then nothing is known.
std::optional<std::string> find_base_name(const std::string& directory, std::string_view base);

}  // namespace postroom
