#pragma once
// Conversations with an LMTP session, written as transcripts.

#include <catch2/catch.hpp>
#include <optional>
#include <sstream>
#include <string>

#include "lmtp/session.h"

namespace postroom::tests {

inline std::optional<Reply> only_the_desk(const std::string& address) {
  if (address.ends_with("@desk.test")) return std::nullopt;
  return Reply{450, "4.1.1", "not of the desk"};
}

inline Session new_session(SessionLimits limits = {}) {
  return Session{"mx.desk.test", limits, only_the_desk};
}

// A transcript: "> command", "< beginning of a reply line", "= text of a message". Every reply line has to be
// listed.
struct Talk {
  const char* about;
  const char* lines;
};

inline std::string first_line(std::string& replies) {
  const auto end = replies.find("\r\n");
  const std::string line = replies.substr(0, end);
  replies.erase(0, end == replies.npos ? end : end + 2);
  return line;
}

inline void play(Session& session, const std::string& transcript) {
  std::string replies;
  std::istringstream lines{transcript};
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    if (line.empty()) continue;
    const std::string text = line.size() > 2 ? line.substr(2) : "";
    if (line[0] == '<') {
      const std::string reply = first_line(replies);
      INFO("reply: " << reply);
      CHECK(reply.substr(0, text.size()) == text);
      CHECK(!reply.empty());
      continue;
    }
    CHECK(replies == "");
    if (line[0] == '>') replies = session.command(text);
    if (line[0] == '=') {
      REQUIRE(session.phase() == Phase::data);
      const Incoming incoming = session.take(text);
      replies = session.answer(std::vector<Reply>(incoming.recipients.size(), {250, "2.0.0", "filed"}));
    }
  }
  CHECK(replies == "");
}

inline const char* const hello = R"(
> LHLO mx.example.org
< 250-mx.desk.test
< 250-PIPELINING
< 250-8BITMIME
< 250-SMTPUTF8
< 250-SIZE 104857600
< 250-ENHANCEDSTATUSCODES
< 250-DSN
< 250 XFORWARD NAME ADDR PORT PROTO HELO SOURCE IDENT
)";

}  // namespace postroom::tests
