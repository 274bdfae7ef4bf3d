#include "lmtp/maildir_name.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "lmtp/disk.h"
#include "rules/digest.h"

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

// "<seconds>.M<number>" and the end, by which the moves of one recorded place are known.
std::string head_of(const Move& move) {
  const std::string& file = move.from.file;
  const std::size_t digits = std::min(file.find_first_not_of("0123456789"), file.size());
  constexpr std::size_t most = 12;
  const std::string seconds = digits == 0 || digits > most ? "0" : file.substr(0, digits);
  return fmt::format("{}.M{}P", seconds, move.message);
}

std::string tail_of(const Move& move) { return "R" + sha256_hex(move.from.file).substr(0, 16); }

// Of a name of ours: "mx.test" of "...R0123456789abcdef.mx.test,S=1,W=1".
std::string host_of(const std::string& file) {
  if (!is_our_name(file)) return "localhost";
  const std::size_t random = file.find('R');
  const std::size_t start = std::min(file.find('.', random), file.size() - 1) + 1;
  return clean_host(file.substr(start, file.find(',') - start));
}

// ",S=1,W=2" if it stands there and S is right: a client may have replaced the file by another version.
std::string sizes_in(std::string_view base, std::size_t size) {
  const std::string sizes = fmt::format(",S={},W=", size);
  const auto at = base.find(sizes);
  if (at == base.npos) return {};
  const std::string_view crlf = base.substr(at + sizes.size());
  const std::size_t digits = std::min(crlf.find_first_not_of("0123456789"), crlf.size());
  return digits == 0 ? std::string{} : sizes + std::string{crlf.substr(0, digits)};
}

}  // namespace

std::string moved_stem(const Move& move) { return head_of(move) + std::to_string(move.id) + tail_of(move); }

bool is_earlier_move(std::string_view file, const Move& move) {
  const std::string head = head_of(move), tail = tail_of(move) + ".";
  if (!file.starts_with(head)) return false;
  file.remove_prefix(head.size());
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(file.data(), file.data() + file.size(), id);
  if (error != std::errc{}) return false;
  file.remove_prefix(static_cast<std::size_t>(end - file.data()));
  return id < move.id && file.starts_with(tail);
}

std::string moved_base_name(const Move& move, const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) disk_error(error.value(), "look at", path);
  const std::string file = path.substr(path.rfind('/') + 1);
  std::string sizes = sizes_in(base_name(file), size);
  if (sizes.empty()) sizes = fmt::format(",S={},W={}", size, crlf_size(read_whole(path)));
  return moved_stem(move) + "." + host_of(move.from.file) + sizes;
}

std::string flags_of(std::string_view file) {
  const auto info = file.find(":2,");
  if (info == file.npos) return {};
  std::string flags = ":2,";
  for (const char c : file.substr(info + flags.size())) {
    if (c >= 'A' && c <= 'Z') flags += c;
  }
  return flags;
}

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
