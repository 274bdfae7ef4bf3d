#include "conf/archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>

namespace postroom {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_piece = 65536;  // of a line that is read at once

std::string reason() { return std::generic_category().message(errno); }

std::string read_all(std::istream& in, const std::string& name, std::size_t most) {
  std::string bytes(most, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(most));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) throw Unreadable{Unreadable::Why::broken, fmt::format("{}: cannot be read", name)};
  return bytes;
}

std::string without_from_line(std::string bytes) {
  if (!bytes.starts_with("From ")) return bytes;
  const std::size_t end = bytes.find('\n');
  return end == std::string::npos ? bytes : bytes.substr(end + 1);
}

// "1700000000.M1P2.host" of "cur/1700000000.M1P2.host:2,S": what a reader does not change.
std::string base_name(const fs::path& path) {
  const std::string name = path.filename();
  return name.substr(0, name.find(":2,"));
}

// A reader moves the file from new to cur and renames it when flags change.
fs::path moved_in_maildir(const fs::path& path) {
  const std::string folder = path.parent_path().filename();
  if (folder != "new" && folder != "cur") return path;
  std::error_code error;
  for (const std::string_view other : {"cur", "new"}) {
    const fs::path directory = path.parent_path().parent_path() / other;
    for (const auto& entry : fs::directory_iterator{directory, error}) {
      if (base_name(entry.path()) == base_name(path)) return entry.path();
    }
  }
  return path;
}

bool is_number(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

bool begins_with_from(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::array<char, 5> start{};
  in.read(start.data(), start.size());
  return std::string_view{start.data(), static_cast<std::size_t>(in.gcount())} == "From ";
}

// Beside messages lie indices, notes and other things that are none.
bool looks_like_mail(const fs::path& path) {
  const std::string name = path.filename();
  if (name.starts_with('.')) return false;
  const std::string extension = path.extension();
  if (extension == ".eml" || extension == ".mbox" || is_number(name)) return true;
  return begins_with_from(path);
}

bool is_maildir(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path / "cur", error) || fs::is_directory(path / "new", error);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "From anna@home.test Fri Jul  8 12:08:34 2011": without a date it is a sentence of the text.
bool is_from_line(std::string_view line) {
  if (!line.starts_with("From ")) return false;
  bool time = false, year = false;
  for (std::size_t i = 5; i + 4 < line.size(); ++i) {
    const auto digits = [&](std::size_t at) { return is_digit(line[at]) && is_digit(line[at + 1]); };
    time = time || (digits(i) && line[i + 2] == ':' && digits(i + 3));
    year = year || (line[i - 1] == ' ' && digits(i) && digits(i + 2) && (line[i] == '1' || line[i] == '2'));
  }
  return time && year;
}

// ">From " was "From " (mboxo), ">>From " was ">From " (mboxrd).
std::string_view without_escape(std::string_view line) {
  const std::size_t from = line.find_first_not_of('>');
  if (from == 0 || from == std::string_view::npos || !line.substr(from).starts_with("From ")) return line;
  return line.substr(1);
}

bool is_blank(std::string_view line) { return line == "\n" || line == "\r\n"; }

std::uint64_t size_below(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error))
    return fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
  std::uint64_t sum = 0;
  fs::recursive_directory_iterator entry{path, fs::directory_options::skip_permission_denied, error}, end;
  for (; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) sum += entry->file_size(ignored);
  }
  return sum;
}

}  // namespace

std::string read_message_file(const std::string& path, std::size_t most) {
  if (path == "-") return without_from_line(read_all(std::cin, "standard input", most));
  std::error_code error;
  if (fs::is_directory(path, error))
    throw Unreadable{Unreadable::Why::missing,
                     fmt::format("{}: is a directory; name the message files in it, or use replay", path)};
  std::ifstream in{path, std::ios::binary};
  if (!in) in.open(moved_in_maildir(path), std::ios::binary);
  if (!in) throw Unreadable{Unreadable::Why::missing, fmt::format("{}: {}", path, reason())};
  return without_from_line(read_all(in, path, most));
}

Archive::Archive(std::vector<std::string> paths, std::size_t most) : most_{most} {
  for (auto path = paths.rbegin(); path != paths.rend(); ++path) waiting_.push_back({*path, Kind::given});
}

std::uint64_t Archive::size(const std::vector<std::string>& paths) {
  std::uint64_t sum = 0;
  for (const std::string& path : paths) sum += size_below(path);
  return sum;
}

std::optional<StoredMessage> Archive::next() {
  if (mbox_.is_open()) return from_mbox();
  while (!waiting_.empty()) {
    const Item item = std::move(waiting_.back());
    waiting_.pop_back();
    std::error_code error;
    if (!fs::is_directory(item.path, error)) return open_file(item);
    try {
      expand(item);
    } catch (const fs::filesystem_error& broken) {
      return StoredMessage{item.path, "", broken.code().message(), read_};
    }
  }
  return std::nullopt;
}

// tmp holds what is not delivered yet. Links to directories are not followed: they may lead in circles.
void Archive::expand(const Item& directory) {
  const fs::path path{directory.path};
  const std::string name = path.filename();
  const bool inside = directory.kind == Kind::maildir && (name == "cur" || name == "new");
  const bool maildir = is_maildir(path);
  std::vector<Item> found;
  for (const auto& entry : fs::directory_iterator{path}) {
    const std::string child = entry.path().filename();
    if (entry.is_directory() && !entry.is_symlink()) {
      if (maildir && child == "tmp") continue;
      found.push_back({entry.path(), maildir && !inside ? Kind::maildir : Kind::plain});
    } else if (entry.is_regular_file()) {
      if (inside ? !child.starts_with('.') : !maildir && looks_like_mail(entry.path()))
        found.push_back({entry.path(), inside ? Kind::maildir : Kind::plain});
    }
  }
  std::ranges::sort(found, std::greater{}, &Item::path);
  waiting_.insert(waiting_.end(), found.begin(), found.end());
}

StoredMessage Archive::open_file(const Item& item) {
  if (item.kind != Kind::maildir && begins_with_from(item.path)) {
    mbox_.clear();
    mbox_.open(item.path, std::ios::binary);
    mbox_name_ = item.path;
    line_number_ = 0;
    line_begins_ = true;
    if (read_line()) return from_mbox();
  }
  try {
    std::string bytes = read_message_file(item.path, most_);
    std::error_code error;
    const std::uint64_t size = fs::file_size(item.path, error);
    if (!error) read_ += size;
    return {item.path, std::move(bytes), "", read_};
  } catch (const Unreadable& unreadable) {
    const std::string text = unreadable.what();
    return {item.path, "", text.substr(std::min(text.size(), item.path.size() + 2)), read_};
  }
}

// From the From_ line in line_ to the next one.
StoredMessage Archive::from_mbox() {
  StoredMessage message;
  message.name = fmt::format("{}:{}", mbox_name_, line_number_);
  bool blank = false, more = false;
  while ((more = read_line())) {
    if (line_begins_ && blank && is_from_line(line_)) break;
    blank = line_begins_ && is_blank(line_);
    const std::string_view line = line_begins_ ? without_escape(line_) : std::string_view{line_};
    message.bytes.append(line.substr(0, most_ - std::min(most_, message.bytes.size())));
  }
  if (mbox_.bad()) message.error = "cannot be read to its end";
  if (!more) mbox_.close();
  message.read = read_;
  return message;
}

// False at the end. A long line comes in pieces, so that memory is bounded.
bool Archive::read_line() {
  line_begins_ = line_.empty() || line_.ends_with('\n') || line_number_ == 0;
  std::array<char, longest_piece> piece;
  mbox_.getline(piece.data(), piece.size());
  const auto got = static_cast<std::size_t>(mbox_.gcount());
  if (got == 0) return false;
  const bool whole = !mbox_.fail() && !mbox_.eof();
  line_.assign(piece.data(), whole ? got - 1 : got);
  if (whole) line_ += '\n';
  if (mbox_.fail() && !mbox_.eof() && !mbox_.bad()) mbox_.clear();  // the piece is full
  if (line_begins_) ++line_number_;
  read_ += got;
  return true;
}

}  // namespace postroom
