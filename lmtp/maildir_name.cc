#include "lmtp/maildir_name.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "lmtp/disk.h"

namespace postroom {
namespace {

// ':' starts the flags, ',' a size, '/' a path.
std::string clean_host(const std::string& host) {
  constexpr std::size_t longest = 64;
  std::string clean = host.substr(0, longest);
  for (char& c : clean) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && c != '.' && c != '-') c = '_';
  }
  return clean.empty() ? "localhost" : clean;
}

// The size that IMAP clients see: every line end is CRLF.
std::size_t crlf_size(std::string_view text) {
  std::size_t size = text.size();
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') ++size;
  }
  return size;
}

}  // namespace

std::string new_base_name(MessageNumber number, std::string_view text, const std::string& host) {
  using namespace std::chrono;
  const auto seconds_now = duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
  return fmt::format("{}.M{}P{}R{}.{},S={},W={}", seconds_now, number, getpid(), random_digits(),
                     clean_host(host), text.size(), crlf_size(text));
}

bool is_our_name(const std::string& file) {
  unsigned long long seconds = 0, number = 0, pid = 0;
  char digits[17] = {};
  int used = 0;
  const int fields = std::sscanf(file.c_str(), "%20llu.M%20lluP%10lluR%16[0-9a-f].%n", &seconds, &number,
                                 &pid, digits, &used);
  return fields == 4 && used > 0 && std::string_view{digits}.size() == 16;
}

std::string_view base_name(std::string_view file) { return file.substr(0, file.find(':')); }

std::optional<std::string> find_base_name(const std::string& directory, std::string_view base) {
  std::error_code error;
  auto entry = std::filesystem::directory_iterator{directory, error};
  if (error == std::errc::no_such_file_or_directory) return std::nullopt;
  if (error) disk_error(error.value(), "read", directory);
  for (; entry != std::filesystem::directory_iterator{}; entry.increment(error)) {
    if (base_name(entry->path().filename().native()) == base) return entry->path().native();
  }
  if (error) disk_error(error.value(), "read", directory);
  return std::nullopt;
}

}  // namespace postroom
