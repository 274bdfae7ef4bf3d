#pragma once
// What a milter connection says about one message, kept within limits. No libmilter, no decisions. One
// Collector for each message; not thread-safe (libmilter calls the steps of a connection one after the
// other).

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "rules/classify.h"
#include "rules/desk.h"

namespace postroom {

struct Collected {
  Envelope envelope;
  std::string bytes;     // the start of the message: header section, empty line, body
  std::size_t size = 0;  // of the message in bytes, as far as it was asked for
  // Header fields that must not reach the desk, in lower case, and how often each occurs in the whole
  // message.
  std::map<std::string, int> unwanted;
};

class Collector {
 public:
  enum class More { wanted, enough };

  // `desk` must outlive the object. `recipients`: how many are kept.
  Collector(const Desk& desk, std::size_t recipients, std::string_view sender);

  void recipient(std::string_view address);

  // True if every recipient so far belongs to a channel. A milter can only change the message as a whole, and
  // others shall see neither our tags nor the loss of a header; postroom-lmtp decides about the desk's copy.
  bool for_desk() const { return for_desk_ && !for_others_; }

  // `value` as libmilter gives it: without the first space, folded with "\n ". Beyond the limits of the
  // header section it is not kept, but still counted if unwanted. Throws std::runtime_error if a message
  // has more unwanted fields than MessageLimits::headers: such mail is made by nobody but an attacker.
  void header(std::string_view name, std::string_view value);

  // enough: the limit is reached, no rule asks for the size, and the rest of the body need not be sent.
  More body(std::string_view piece);

  Collected finish();  // call once

 private:
  void count_unwanted(std::string_view name);
  void end_headers();

  const Desk& desk_;
  std::size_t most_recipients_;
  bool for_desk_ = false, for_others_ = false;
  bool in_headers_ = true;
  std::optional<bool> size_matters_;  // known from the limit on
  std::size_t headers_ = 0;
  std::size_t unwanted_ = 0;
  std::size_t unwanted_bytes_ = 0;
  Collected collected_;
};

}  // namespace postroom
