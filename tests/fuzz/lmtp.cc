// Arbitrary bytes from an LMTP client, in packets of arbitrary size. What must hold: no crash, replies are
// whole lines, a delivery has recipients, and no message holds an unstuffed end.

#include <cstdint>

#include "lmtp/converse.h"
#include "tests/fuzz/require.h"
#include "tests/lmtp/scripted_peer.h"

using namespace postroom;
using fuzz::require;

namespace {

std::vector<Reply> deliver(const Incoming& incoming) {
  require(!incoming.recipients.empty());
  require(incoming.data.size() <= 20000);
  return std::vector<Reply>(incoming.recipients.size(), {250, "2.0.0", "filed"});
}

std::optional<Reply> refuse(const std::string& address) {
  if (address.find('@') != address.npos) return std::nullopt;
  return Reply{450, "4.1.1", "not here: " + address};
}

void check_replies(const std::string& heard) {
  require(heard.ends_with("\r\n"));
  for (std::size_t at = 0; at < heard.size();) {
    const auto end = heard.find("\r\n", at);
    require(end - at >= 3 && end - at <= 510);
    require(heard[at] >= '2' && heard[at] <= '5');
    at = end + 2;
  }
}

}  // namespace

// The first byte is the size of the packets.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t packet = data[0] + std::size_t{1};
  const std::string text{reinterpret_cast<const char*>(data) + 1, size - 1};
  std::vector<std::string> packets;
  for (std::size_t at = 0; at < text.size(); at += packet) packets.push_back(text.substr(at, packet));

  tests::ScriptedPeer peer{packets};
  Wire wire{peer, {.command = 512, .line = 1000, .message = 20000}};
  Session session{"mx", {.message = 20000, .recipients = 5}, refuse};
  converse(wire, session, deliver, [](Level, std::string_view) {});
  check_replies(peer.heard);
  return 0;
}
