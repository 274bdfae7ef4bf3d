#include "lmtp/wire.h"

#include <algorithm>
#include <cstring>

namespace postroom {
namespace {

constexpr std::size_t room = 32768;          // of the input buffer
constexpr std::size_t most_replies = 16384;  // kept for a peer that sends and does not read

constexpr std::string_view last_line = ".\r\n";

// More bytes are needed to know what these are: the end of the message, a stuffed dot, a line end.
bool undecided(std::string_view view, bool line_start) {
  if (view.empty() || view == "\r") return true;
  return line_start && view.size() < last_line.size() && last_line.starts_with(view);
}

// How much of the current line is there: with its CRLF, or without a last CR that may be half of one.
std::size_t piece_of_line(std::string_view view) {
  for (auto lf = view.find('\n'); lf != view.npos; lf = view.find('\n', lf + 1))
    if (lf > 0 && view[lf - 1] == '\r') return lf + 1;
  return view.back() == '\r' ? view.size() - 1 : view.size();
}

}  // namespace

Wire::Wire(Peer& peer, WireLimits limits)
    : peer_{peer},
      limits_{limits},
      capacity_{std::max(room, 2 * limits.command)},
      buffer_{std::make_unique_for_overwrite<char[]>(capacity_)} {}

Got Wire::command(std::string_view& line) {
  std::size_t searched = 0;
  bool too_long = false;
  for (;;) {
    std::string_view view = buffered();
    const auto lf = view.find('\n', searched);
    if (lf != view.npos) {
      begin_ += lf + 1;
      line = view.substr(0, lf);
      if (line.ends_with('\r')) line.remove_suffix(1);
      return too_long || lf >= limits_.command ? Got::too_long : Got::input;
    }
    searched = view.size();
    if (searched >= limits_.command) {
      too_long = true;
      begin_ = end_;
      searched = 0;
    }
    if (const Got got = fill(Wait::command); got != Got::input) return got;
  }
}

Got Wire::message(Body& body) {
  bool line_start = true;
  std::size_t length = 0;  // of the current line so far
  for (;;) {
    const std::string_view view = buffered();
    if (undecided(view, line_start)) {
      if (const Got got = fill(Wait::data); got != Got::input) return got;
      continue;
    }
    if (line_start && view.starts_with(last_line)) {
      begin_ += last_line.size();
      return Got::input;
    }
    if (line_start && view.front() == '.') {  // RFC 5321, 4.5.2
      begin_ += 1;
      line_start = false;
      continue;
    }
    const std::string_view piece = view.substr(0, piece_of_line(view));
    begin_ += piece.size();
    length += piece.size();
    if (length > limits_.line && body.fault == Body::Fault::none) body = {{}, Body::Fault::long_line};
    keep(piece, body);
    line_start = piece.ends_with("\r\n");
    if (line_start) length = 0;
  }
}

void Wire::keep(std::string_view piece, Body& body) const {
  if (body.fault != Body::Fault::none) return;
  if (piece.size() > limits_.message - body.text.size()) {
    body = {{}, Body::Fault::too_big};
    return;
  }
  body.text.append(piece);
}

Got Wire::fill(Wait wait) {
  if (!flush()) return Got::closed;
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  std::size_t size = 0;
  const Got got = peer_.read({buffer_.get() + end_, capacity_ - end_}, size, wait);
  if (got == Got::input) end_ += size;
  return got;
}

void Wire::reply(std::string_view replies) {
  replies_ += replies;
  if (replies_.size() > most_replies) flush();
}

bool Wire::flush() {
  if (!gone_ && !replies_.empty()) gone_ = !peer_.write(replies_);
  replies_.clear();
  return !gone_;
}

}  // namespace postroom
