#pragma once
// Was a message sent by a machine? RFC 3834 (auto-replies), RFC 3464 (bounces), RFC 5965 (feedback),
// RFC 8098 (receipts), RFC 2919 (lists) and the signs that real mail shows. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/message.h"

namespace postroom {

struct Failed {
  std::string recipient;
  std::string status;  // RFC 3463: "5.1.1"; empty if unknown
  std::string action;  // "failed" or "delayed"
  bool permanent = false;
};

struct Automatic {
  enum class Kind { none, auto_reply, auto_generated, bounce, delayed, feedback, receipt, list, bulk };

  Kind kind = Kind::none;
  std::string reason;  // the sign: "Auto-Submitted: auto-replied"; empty for none
  std::vector<Failed> failed;
  std::optional<std::string> original_message_id;  // of the mail this one reports on, without <>
  std::vector<std::string> original_ids{};         // in that mail's In-Reply-To and References, nearest first
  std::vector<std::string> original_reply_to{};    // addresses of that mail's Reply-To
};

// `sender`: envelope sender without <>, "" for the null sender; nullopt if unknown.
Automatic find_automatic(const Message& message, const std::optional<std::string>& sender);

// "auto-reply" and back; nullopt for an unknown word. The words are those of `postroom-rules explain`.
std::string_view kind_name(Automatic::Kind kind);
std::optional<Automatic::Kind> kind_from(std::string_view name);

}  // namespace postroom
