#include "conf/endpoints.h"

#include <fmt/format.h>
#include <sys/un.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>

namespace postroom {
namespace {

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65536;
}

// Neither protocol knows passwords: whoever can connect can deliver, or see what the rules say.
bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host == "[::1]" ||
         (host.starts_with("127.") && is_host_name(host));
}

std::string read_unix(const std::string& text, const std::string& directory, std::string& out) {
  const std::string path = text.substr(5);
  if (path.empty()) return "the socket has no path; write unix:PATH";
  const std::string absolute = absolute_path(path, directory);
  constexpr std::size_t most = sizeof(sockaddr_un::sun_path) - 1;
  if (absolute.size() > most) return fmt::format("socket path '{}' is longer than {} bytes", absolute, most);
  out = "unix:" + absolute;
  return "";
}

}  // namespace

std::string absolute_path(const std::string& path, const std::string& directory) {
  const std::filesystem::path joined = std::filesystem::path{directory} / path;  // an absolute path replaces
  std::string text = joined.lexically_normal().string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  std::size_t label = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const bool ends = i == name.size() || name[i] == '.';
    if (ends && (label == 0 || label > 63 || name[i - 1] == '-')) return false;
    if (ends) {
      label = 0;
      continue;
    }
    const bool letter = std::isalnum(static_cast<unsigned char>(name[i])) != 0;
    if (!letter && (name[i] != '-' || label == 0)) return false;
    ++label;
  }
  return true;
}

std::string read_socket(const std::string& text, const std::string& directory, SocketKind kind,
                        std::string& out) {
  if (text.starts_with("unix:")) return read_unix(text, directory, out);
  const bool milter = kind == SocketKind::milter;
  const std::string_view shape = milter ? "inet:PORT@127.0.0.1" : "inet:127.0.0.1:PORT";
  const std::string wrong = fmt::format("'{}' is not a socket; write unix:PATH or {}", text, shape);
  if (!text.starts_with("inet:")) return wrong;

  const std::string_view rest = std::string_view{text}.substr(5);
  const std::size_t cut = milter ? rest.find('@') : rest.rfind(':');
  if (cut == std::string_view::npos) return wrong;
  const std::string_view first = rest.substr(0, cut), second = rest.substr(cut + 1);
  const std::string_view port = milter ? first : second, host = milter ? second : first;
  if (!is_port(port)) return wrong;
  if (!is_loopback(host))
    return fmt::format("'{}' is not on this machine; whoever can connect is believed, so write {}", text,
                       shape);
  out = text;
  return "";
}

std::string read_server(const std::string& text, std::string& out) {
  constexpr std::string_view scheme = "smtp://";
  const std::string wrong = fmt::format("'{}' is not an SMTP server; write smtp://HOST:PORT", text);
  if (!text.starts_with(scheme)) return wrong;
  const std::string_view rest = std::string_view{text}.substr(scheme.size());
  const bool bracket = rest.starts_with('[');
  const std::size_t host_end = bracket ? rest.find(']') : rest.find(':');
  if (bracket && host_end == std::string_view::npos) return wrong;

  const std::string_view host = rest.substr(0, bracket ? host_end + 1 : host_end);
  std::string_view port = rest.substr(std::min(rest.size(), host.size()));
  if (port.empty()) port = ":25";
  if (!port.starts_with(':') || !is_port(port.substr(1))) return wrong;
  if (!is_host_name(host) && !bracket) return wrong;
  out = fmt::format("{}{}{}", scheme, host, port);
  return "";
}

}  // namespace postroom
