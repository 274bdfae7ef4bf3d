#pragma once
// Lines and messages of one connection: line ends, dots, limits, buffered replies (RFC 5321, 4.1.1.4 and
// 4.5.2; RFC 2920).

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace postroom {

enum class Got { input, too_long, closed, timeout, stopping };

// command: between commands, where a stop of the program ends the wait. data: inside a message, where it
// does not.
enum class Wait { command, data };

// The other end.
class Peer {
 public:
  virtual ~Peer() = default;
  // Waits for at least one byte. size is set only for Got::input; a peer that is gone is Got::closed.
  virtual Got read(std::span<char> into, std::size_t& size, Wait wait) = 0;
  // Writes all. False: the peer is gone or does not read.
  virtual bool write(std::string_view bytes) = 0;
};

struct WireLimits {
  std::size_t command = 4096;  // bytes of a command line, its end included (RFC 5321, 4.5.3.1.4, and room)
  std::size_t line = 65536;    // bytes of a line of a message, CRLF included
  std::size_t message = 100U << 20;  // bytes of a message
};

struct Body {
  enum class Fault { none, long_line, too_big };
  std::string text;  // dot-unstuffed, everything else as it came; empty if there is a fault
  Fault fault = Fault::none;
};

class Wire {
 public:
  Wire(Peer& peer, WireLimits limits);

  // The next command without its line end, valid until the next call. CRLF or LF ends it. A line over the
  // limit is read to its end and gives Got::too_long.
  Got command(std::string_view& line);

  // The message up to CRLF.CRLF; no other sequence ends it, so that nobody can smuggle commands. With a
  // fault it is read to the end, too.
  Got message(Body& body);

  // Kept until the input is used up (PIPELINING) or flush(). False from flush(): the peer is gone.
  void reply(std::string_view replies);
  bool flush();

 private:
  std::string_view buffered() const { return {buffer_.get() + begin_, end_ - begin_}; }
  Got fill(Wait wait);
  void keep(std::string_view piece, Body& body) const;

  Peer& peer_;
  WireLimits limits_;
  std::size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // of what is read and not used
  std::string replies_;
  bool gone_ = false;
};

}  // namespace postroom
