#pragma once
// The decision about an inbound message: queue, priority, tags, and why. Pure: same message, rules and
// envelope, same verdict (invariant: decisions are pure).

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/automatic.h"
#include "rules/desk.h"
#include "rules/match.h"
#include "rules/message.h"

namespace postroom {

// RFC 5321 envelope. Addresses without <>.
struct Envelope {
  std::optional<std::string> sender;    // "" null sender; nullopt unknown
  std::vector<std::string> recipients;  // all of them, desk or not, as given
};

struct Hit {
  std::string rule;   // name of the rule
  std::string where;  // "subject", "body", "header X-Foo", "recipient", ...
  std::string hit;    // what matched, as it stands in the text (folded)

  bool operator==(const Hit&) const = default;
};

struct Verdict {
  std::string channel;  // address of the channel; empty: the message is not for the desk
  std::string queue;
  Priority priority = Priority::normal;
  std::vector<std::string> tags;
  std::optional<std::string> template_name;
  bool spam = false;
  std::vector<Hit> rules;  // the trace, in the order of the rules

  bool operator==(const Verdict&) const = default;
};

struct Customer {
  std::string name, address;
  std::string source;  // "from", "reply-to", "form", "forwarded"

  bool operator==(const Customer&) const = default;
};

// Everything that classification finds out about a message; what rules/tags.h carries from program to program.
struct Decision {
  Verdict verdict;
  Automatic automatic;
  Customer customer;
  std::string language;
};

// A desk made ready for deciding: its words in one automaton. Immutable; share it between threads.
class Rulebook {
 public:
  explicit Rulebook(Desk desk);

  const Desk& desk() const { return desk_; }

  // Short hash of everything that decisions depend on; changes when the rules change.
  const std::string& version() const { return version_; }

  Verdict classify(const Message& message, const Envelope& envelope, const Automatic& automatic) const;

 private:
  struct Compiled;
  Desk desk_;
  std::string version_;
  // One matcher per field (and per header name); word indices belong to conditions of the rules.
  std::map<std::string, Matcher> matchers_;
  std::map<std::string, std::vector<std::pair<std::size_t, std::size_t>>> owners_;
};

// Who is to be answered: Reply-To is not trusted over From here; a form or forwarded mail may name another.
Customer find_customer(const Message& message);

// read + find_automatic + classify + find_customer, as both daemons and `postroom-rules explain` do it.
Decision decide(const Rulebook& rulebook, const Message& message, const Envelope& envelope);

}  // namespace postroom
