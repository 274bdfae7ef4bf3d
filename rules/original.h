#pragma once
// The mail that a report is about: what the report encloses of its header, or quotes. Pure, linear time.

#include <optional>
#include <string>
#include <vector>

#include "rules/message.h"

namespace postroom {

struct Original {
  std::optional<std::string> message_id;  // without <>
  std::vector<std::string> ids;           // in its In-Reply-To and References, nearest first, at most 10
  std::vector<std::string> reply_to;      // addresses, at most 3
};

Original original_of(const Message& message);

}  // namespace postroom
