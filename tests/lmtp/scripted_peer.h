#pragma once
// A peer that sends prepared pieces, one a read, and keeps what it is told.

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "lmtp/wire.h"

namespace postroom::tests {

class ScriptedPeer : public Peer {
 public:
  explicit ScriptedPeer(std::vector<std::string> sends, Got then = Got::closed)
      : sends_{sends.begin(), sends.end()}, then_{then} {}

  Got read(std::span<char> into, std::size_t& size, Wait) override {
    heard_at_read.push_back(heard);
    while (!sends_.empty() && sends_.front().empty()) sends_.pop_front();
    if (sends_.empty()) return then_;
    size = std::min(into.size(), sends_.front().size());
    std::copy_n(sends_.front().begin(), size, into.begin());
    sends_.front().erase(0, size);
    return Got::input;
  }

  bool write(std::string_view bytes) override {
    if (gone) return false;
    heard += bytes;
    ++writes;
    return true;
  }

  std::string heard;
  std::vector<std::string> heard_at_read;  // what it knew when it was waited for
  int writes = 0;
  bool gone = false;

 private:
  std::deque<std::string> sends_;
  Got then_;
};

}  // namespace postroom::tests
