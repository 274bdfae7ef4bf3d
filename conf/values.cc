#include "conf/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <type_traits>

#include "conf/endpoints.h"
#include "conf/quantities.h"
#include "rules/address.h"
#include "rules/local_time.h"

namespace postroom {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string take(const Value& v, std::string text) {
  *std::get<std::string*>(v.slot) = std::move(text);
  return "";
}

std::string read_path(const Value& v) {
  if (v.text.empty()) return "a path is missing";
  return take(v, absolute_path(v.text, v.directory));
}

std::string read_log(const Value& v) {
  if (v.text == "syslog" || v.text == "stderr") return take(v, v.text);
  if (v.text.find('/') == std::string::npos)
    return fmt::format("'{}' is neither syslog nor stderr nor the path of a file", v.text);
  return take(v, absolute_path(v.text, v.directory));
}

std::string read_character(const Value& v) {
  const bool usable =
      v.text.empty() || (v.text.size() == 1 && std::ispunct(static_cast<unsigned char>(v.text[0])) &&
                         std::string_view{"@<>()[]\"\\,;:"}.find(v.text[0]) == std::string::npos);
  if (!usable)
    return fmt::format("'{}' cannot separate an extension; write one character such as \"+\"", v.text);
  *std::get<char*>(v.slot) = v.text.empty() ? '\0' : v.text[0];
  return "";
}

std::string read_host(const Value& v) {
  if (!is_host_name(v.text)) return fmt::format("'{}' is not a host name", v.text);
  return take(v, v.text);
}

std::string read_milter_socket(const Value& v) {
  return read_socket(v.text, v.directory, SocketKind::milter, *std::get<std::string*>(v.slot));
}
std::string read_lmtp_socket(const Value& v) {
  return read_socket(v.text, v.directory, SocketKind::lmtp, *std::get<std::string*>(v.slot));
}
std::string read_smtp_server(const Value& v) { return read_server(v.text, *std::get<std::string*>(v.slot)); }

std::string read_text(const Value& v) {
  if (v.text.empty() && v.row.fallback != "\"\"") return "the text is empty";
  if (v.text.size() > 500) return "the text is longer than 500 bytes";
  return take(v, v.text);
}

std::string read_folder(const Value& v) {
  std::string wrong = folder_name_problem(v.text);
  return wrong.empty() ? take(v, v.text) : wrong;
}

std::string read_address(const Value& v) {
  if (!is_deliverable(v.text)) return fmt::format("'{}' is not a mail address", v.text);
  return take(v, v.row.key == "channels[].address" ? normal_address(v.text) : v.text);
}

std::string read_customer(const Value& v) {
  const std::string whose = v.text.starts_with('@') ? "anybody" + v.text : v.text;
  if (!is_deliverable(whose)) return fmt::format("'{}' is neither a mail address nor an @domain", v.text);
  if (v.text.find('*') != std::string::npos)
    return fmt::format("'{}' would be no pattern; write @example.org for everybody there", v.text);
  return take(v, normal_address(v.text));
}

bool is_plain(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; }

std::string read_prefix(const Value& v) {
  if (v.text.size() > 20 || !std::all_of(v.text.begin(), v.text.end(), is_plain))
    return fmt::format("prefix '{}' does not work; write up to 20 Latin letters and digits", v.text);
  return take(v, v.text);
}

std::string read_language(const Value& v) {
  const bool good = (v.text.size() == 2 || v.text.size() == 3) &&
                    std::all_of(v.text.begin(), v.text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!good) return fmt::format("'{}' is not a language; write its two letters, as in en or ru", v.text);
  return take(v, v.text);
}

std::string read_time_zone(const Value& v) {
  if (!is_time_zone(v.text))
    return fmt::format("'{}' is not a time zone; write its IANA name, as in Europe/Berlin or UTC", v.text);
  return take(v, v.text);
}

std::string read_text_name(const Value& v) {
  if (v.text.empty() || v.text.size() > 100 || !std::all_of(v.text.begin(), v.text.end(), is_plain))
    return fmt::format("'{}' is not the name of a text; write the file's name without directory and .txt",
                       v.text);
  return take(v, v.text);
}

// A login goes into events, logs and paths; Dovecot allows about this by default (auth_username_chars).
std::string read_login(const Value& v) {
  const auto good = [](char c) { return is_plain(c) || c == '.' || c == '@' || c == '+'; };
  if (v.text.empty() || v.text.size() > 200 || !std::all_of(v.text.begin(), v.text.end(), good))
    return fmt::format("'{}' is not a login; it is made of Latin letters, digits and . - _ @ +", v.text);
  return take(v, v.text);
}

// Rules compare it word by word.
std::string read_status(const Value& v) {
  if (v.text.empty() || v.text.size() > 50 || v.text.find_first_of(" \t\r\n,;") != std::string::npos)
    return fmt::format("status '{}' does not work; write one word such as vip", v.text);
  return take(v, v.text);
}

struct Choice {
  std::string_view type, word;
  int value;
};
constexpr Choice choices[] = {
    {"layout", "fs", static_cast<int>(Layout::fs)},
    {"layout", "maildir++", static_cast<int>(Layout::maildirpp)},
    {"assignment", "pull", static_cast<int>(Assignment::pull)},
    {"assignment", "round-robin", static_cast<int>(Assignment::round_robin)},
    {"automatic mail", "ticket", static_cast<int>(AutomaticMail::ticket)},
    {"automatic mail", "file", static_cast<int>(AutomaticMail::file)},
    {"follow-up", "owner", static_cast<int>(FollowUp::owner)},
    {"follow-up", "queue", static_cast<int>(FollowUp::queue)},
    {"which channel", "first", static_cast<int>(WhichChannel::first)},
    {"which channel", "specific", static_cast<int>(WhichChannel::specific)},
    {"which channel", "queue", static_cast<int>(WhichChannel::queue)},
    {"thanks", "file", static_cast<int>(Switch::on)},
    {"thanks", "reopen", static_cast<int>(Switch::off)},
    {"conversation", "together", static_cast<int>(Switch::on)},
    {"conversation", "apart", static_cast<int>(Switch::off)},
    {"switch", "off", static_cast<int>(Switch::off)},
    {"switch", "on", static_cast<int>(Switch::on)},
    {"switch", "false", static_cast<int>(Switch::off)},
    {"switch", "true", static_cast<int>(Switch::on)},
    {"switch", "no", static_cast<int>(Switch::off)},
    {"switch", "yes", static_cast<int>(Switch::on)},
};

void put_choice(Slot slot, int value) {
  std::visit(
      [value](auto* target) {
        using Kind = std::remove_pointer_t<decltype(target)>;
        if constexpr (std::is_enum_v<Kind>) *target = static_cast<Kind>(value);
      },
      slot);
}

std::string read_choice(const Value& v) {
  std::string words;
  for (const Choice& choice : choices) {
    if (choice.type != v.row.type) continue;
    if (choice.word == v.text) return put_choice(v.slot, choice.value), "";
    words += fmt::format("{}{}", words.empty() ? "" : ", ", choice.word);
  }
  return fmt::format("'{}' is not known here; write one of: {}", v.text, words);
}

std::string write_choice(const SettingRow& row, int value) {
  for (const Choice& choice : choices)
    if (choice.type == row.type && choice.value == value) return std::string{choice.word};
  return "";
}

struct Type {
  std::string_view name;
  std::string (*read)(const Value&);
};
constexpr Type types[] = {
    {"text", read_text},
    {"path", read_path},
    {"number", read_number},
    {"size", read_size},
    {"duration", read_duration},
    {"duration or 0", read_duration},
    {"mode", read_mode},
    {"host name", read_host},
    {"character", read_character},
    {"log target", read_log},
    {"milter socket", read_milter_socket},
    {"LMTP socket", read_lmtp_socket},
    {"SMTP server", read_smtp_server},
    {"folder name", read_folder},
    {"address", read_address},
    {"address or @domain", read_customer},
    {"status", read_status},
    {"prefix", read_prefix},
    {"language", read_language},
    {"time zone", read_time_zone},
    {"text name", read_text_name},
    {"login", read_login},
    {"queue", read_text},  // whether it exists: check.cc
    {"group", read_text},
    {"layout", read_choice},
    {"assignment", read_choice},
    {"automatic mail", read_choice},
    {"follow-up", read_choice},
    {"which channel", read_choice},
    {"thanks", read_choice},
    {"conversation", read_choice},
    {"switch", read_choice},
};

}  // namespace

std::string read_value(const SettingRow& row, const std::string& text, const std::string& directory,
                       Slot slot) {
  const Value value{row, text, directory, slot};
  for (const Type& type : types)
    if (type.name == row.type) return type.read(value);
  return fmt::format("type '{}' is no type of single values", row.type);
}

std::string write_value(const SettingRow& row, Slot slot) {
  struct Writer {
    const SettingRow& row;
    std::string operator()(const std::string* text) const { return *text; }
    std::string operator()(const char* c) const { return *c ? std::string(1, *c) : ""; }
    std::string operator()(const int* number) const { return std::to_string(*number); }
    std::string operator()(const unsigned* mode) const { return fmt::format("{:04o}", *mode); }
    std::string operator()(const std::size_t* number) const {
      return row.type == "size" ? size_word(static_cast<long long>(*number)) : std::to_string(*number);
    }
    std::string operator()(const seconds* duration) const { return duration_word(duration->count()); }
    std::string operator()(const milliseconds* duration) const {
      return duration_word(std::chrono::duration_cast<seconds>(*duration).count());
    }
  };
  const auto write = [&row](auto* value) {
    if constexpr (std::is_enum_v<std::remove_pointer_t<decltype(value)>>)
      return write_choice(row, static_cast<int>(*value));
    else
      return Writer{row}(value);
  };
  return std::visit(write, slot);
}

// Dovecot: new, cur and tmp are the Maildir's own, "~" comes out \Noselect; * and % are IMAP wildcards.
std::string folder_name_problem(std::string_view name) {
  if (name.empty()) return "the name of a folder is empty";
  if (name.size() > 200) return "the name of a folder is longer than 200 bytes";
  if (name.find('/') != std::string_view::npos) return fmt::format("folder name '{}' contains '/'", name);
  if (name.find_first_of("*%") != std::string_view::npos)
    return fmt::format("folder name '{}' contains '*' or '%', which IMAP takes for wildcards", name);
  if (name.front() == '~')
    return fmt::format("folder name '{}' begins with '~', which IMAP clients could not open", name);
  if (name.front() == ' ' || name.back() == ' ')
    return fmt::format("folder name '{}' begins or ends with a space", name);
  constexpr std::string_view reserved[] = {"cur", "new", "tmp", ".", ".."};
  if (std::find(std::begin(reserved), std::end(reserved), name) != std::end(reserved))
    return fmt::format("folder name '{}' is reserved by the Maildir format", name);
  return "";
}

}  // namespace postroom
