#pragma once
// Paths, host names and sockets as the configuration writes them.

#include <string>
#include <string_view>

namespace postroom {

// A relative path counts from the directory; "." and ".." are resolved in words, without looking at the disk.
std::string absolute_path(const std::string& path, const std::string& directory);

// RFC 1123, section 2.1.
bool is_host_name(std::string_view name);

enum class SocketKind {
  milter,
  lmtp
};  // inet:PORT@HOST as libmilter writes it, inet:HOST:PORT as Postfix does

// Checks "unix:PATH" or "inet:..." on this machine and puts it into `out`. The answer is empty, or a
// sentence.
std::string read_socket(const std::string& text, const std::string& directory, SocketKind kind,
                        std::string& out);

// Checks "smtp://HOST[:PORT]" and puts it, with the port, into `out`. The answer is empty, or a sentence.
std::string read_server(const std::string& text, std::string& out);

}  // namespace postroom
