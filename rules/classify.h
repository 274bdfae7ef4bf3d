#pragma once
// The decision about an inbound message: queue, priority, tags, and why. Pure: same message, rules and
// envelope, same verdict (invariant: decisions are pure).

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/automatic.h"
#include "rules/customer.h"
#include "rules/desk.h"
#include "rules/form.h"
#include "rules/message.h"
#include "rules/people.h"

namespace postroom {

// RFC 5321 envelope. Addresses without <>.
struct Envelope {
  std::optional<std::string> sender;    // "" null sender; nullopt unknown
  std::vector<std::string> recipients;  // all of them, desk or not, as given
  std::optional<std::chrono::sys_seconds> arrived = std::nullopt;
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
  std::vector<Hit> rules;              // the trace, in the order of the rules
  std::string decided_by{};            // rule that made it spam, else chose the queue; empty: the channel
  std::vector<std::string> settled{};  // how rules that disagreed were settled; not in the seal of tags.h
  std::vector<std::string> applied{};  // names of all rules that apply; not in the seal of tags.h

  bool operator==(const Verdict& other) const;  // `applied` does not count: it does not travel
};

// Everything that is decided about a message; what rules/tags.h carries from program to program.
struct Decision : Findings {
  Verdict verdict;
  std::string content{};  // rules/content.h; empty: there is nothing to compare
  bool thanks = false;    // thanks, and nothing else
};

struct Evidence;
class WordIndex;

// A desk made ready for deciding: its words in one automaton a field. Immutable; share it between threads.
// The cost of a decision grows with the text and with what matches, not with the number of rules.
class Rulebook {
 public:
  explicit Rulebook(Desk desk);

  const Desk& desk() const { return desk_; }

  // Short hash of everything that decisions depend on; changes when the rules change.
  const std::string& version() const { return version_; }

  const People& people() const { return people_; }

  // Reads the web form of the channel with this address; nullptr if it has none.
  const FormReader* form_of(std::string_view channel) const;

  // The channel is first_channel() of the envelope recipients. If none is a channel, the verdict is empty.
  // Tags are without doubles; the trace is bounded to 32 hits.
  Verdict classify(const Message& message, const Envelope& envelope, const Findings& findings) const;

 private:
  // Conditions are numbered through all rules: of each rule `all`, then `any`, then `none`.
  struct Compiled {
    std::size_t all = 0, any = 0, none = 0, end = 0;  // numbers of the first conditions
  };
  // A word and where it stands in the rules.
  struct Owner {
    std::size_t condition = 0;
    std::size_t word = 0;  // number of the word in its rule: the same for all its conditions
  };
  struct ConditionHit {
    Owner owner;
    std::string hit;
  };
  using Hits = std::vector<ConditionHit>;  // sorted by condition, one for each of its words

  // A range of Field::size or Field::hour.
  struct RangeWord {
    Field field;
    std::string range;
    Owner owner;
  };

  Hits hits_of(const Evidence& evidence) const;
  void add_ranges(const Evidence& evidence, Hits& hits) const;
  std::vector<std::size_t> touched_rules(const Hits& hits) const;
  bool applies(std::size_t number, const Hits& hits) const;
  std::size_t apply(std::size_t number, const Hits& hits, Verdict& verdict) const;

  Desk desk_;
  std::string version_;
  People people_;
  std::map<std::string, FormReader, std::less<>> forms_;  // of the channels that have one
  std::vector<Compiled> rules_;
  std::vector<std::size_t> rule_of_;   // of each condition
  std::vector<std::string> places_;    // of each condition: "subject", "header X-Spam-Level"
  std::vector<std::size_t> wordless_;  // rules without all and any: no word leads to them
  std::vector<Owner> owners_;          // of each word of index_
  std::vector<RangeWord> ranges_;
  std::shared_ptr<const WordIndex> index_;
};

// Why the message is where it is, in one line for people: "rule 'payment failures': subject 'оплата'". Where
// no rule chose the queue: the channel, and the first rule that applies.
std::string why(const Verdict& verdict);

// What the store knows of a customer's standing, by normalised address; "" for nothing.
using StatusOf = std::function<std::string(const std::string& address)>;

// find_automatic + find_customer + classify, as both daemons and `postroom-rules explain` do it. What comes
// from the message is bounded, so that the decision fits into a header and comes out of it as it was.
// `status_of` may be empty; the desk's own list of customers comes first, and it is asked only if a rule asks
// for a customer's status.
Decision decide(const Rulebook& rulebook, const Message& message, const Envelope& envelope,
                const StatusOf& status_of = {});

}  // namespace postroom
