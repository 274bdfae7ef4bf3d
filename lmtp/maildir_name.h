#pragma once
// Names of Maildir files: <seconds>.M<number>P<pid>R<random>.<host>,S=<bytes>,W=<bytes with CRLF>[:2,flags].

#include <optional>
#include <string>
#include <string_view>

#include "schema/store.h"

namespace postroom {

// Never the same twice. `text` has LF line ends.
std::string new_base_name(MessageNumber number, std::string_view text, const std::string& host);

// Base name of a moved file up to the host: the same for every attempt at this move, and for no other file.
// Dovecot gives UIDs in the order of the seconds in front: they stay.
std::string moved_stem(const Move& move);

// Is it of an earlier move from the same place, whose end nobody recorded?
bool is_earlier_move(std::string_view file, const Move& move);

// The stem with host and sizes. `path`: the file, from which sizes are taken that its name does not tell.
std::string moved_base_name(const Move& move, const std::string& path);

// Did new_base_name() make it?
bool is_our_name(const std::string& file);

// "x:2,S" -> "x"
std::string_view base_name(std::string_view file);

// "x:2,Sab" -> ":2,S": flags without keyword letters; "" if there are none and never were.
std::string flags_of(std::string_view file);

// Path of the file of that base name in cur/ or new/; a directory that is not there holds nothing.
// Throws std::system_error if it cannot be read: then nothing is known.
std::optional<std::string> find_base_name(const std::string& directory, std::string_view base);

}  // namespace postroom
