#pragma once
// Whole small files.

#include <optional>
#include <string>

namespace postroom {

// The contents; nullopt with `error` set ("No such file or directory", "is larger than 1 MiB", ...).
std::optional<std::string> read_small_file(const std::string& path, std::string& error);

}  // namespace postroom
