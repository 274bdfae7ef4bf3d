#pragma once
// What the rules would do over an archive: totals, what no rule covers, and what other rules would change.
// Pure.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/explain.h"
#include "rules/terms.h"

namespace postroom {

// What counts of a decision.
struct Outcomes {
  std::string queue;  // empty: not for the desk
  Priority priority = Priority::normal;
  std::vector<std::string> tags, rules;  // rules: names of those that apply
  bool spam = false, acknowledge = false;
  std::string automatic;  // kind
  std::string template_name{};

  bool operator==(const Outcomes&) const = default;
};
Outcomes outcomes_of(const Explained& explained);

// A value of a change for people: "(none)" for an empty one.
std::string shown_value(const std::string& value);

// A value that other rules would change.
struct Change {
  std::string what, before, after;  // "queue", "sales", "support"

  bool operator==(const Change&) const = default;
};
// Empty if the desk would do the same. Which rules led there does not count.
std::vector<Change> changes_between(const Outcomes& before, const Outcomes& after);

// Counts words by the messages they occur in. Bounded: when there are too many, the rare ones are forgotten.
class WordCount {
 public:
  explicit WordCount(const std::vector<std::string>& languages) : reader_{languages} {}

  void add(std::string_view text, std::string_view language);
  std::size_t messages() const { return messages_; }
  std::size_t of(const std::string& stem) const;
  struct Row {
    std::string form;
    std::size_t messages = 0;
  };
  const std::map<std::string, Row>& rows() const { return rows_; }  // by stem

 private:
  TermReader reader_;
  std::map<std::string, Row> rows_;
  std::size_t messages_ = 0;
};

struct Counted {
  std::string name;
  std::size_t messages = 0;

  bool operator==(const Counted&) const = default;
};

// Totals over messages, in whatever order they come.
class Replay {
 public:
  explicit Replay(const Desk& desk);

  void add(const Explained& explained);
  void add_unreadable() { ++unreadable_; }
  void add_changes(const std::vector<Change>& changes);  // of one message; may be none

  std::size_t messages() const { return messages_; }
  std::size_t unreadable() const { return unreadable_; }
  std::size_t changed() const { return changed_; }
  std::size_t uncovered() const { return uncovered_; }
  std::size_t acknowledged() const { return acknowledged_; }

  // Most frequent first.
  std::vector<Counted> queues() const;
  std::vector<Counted> priorities() const;
  std::vector<Counted> automatic() const;
  std::vector<Counted> rules() const;
  std::vector<Counted> changes() const;         // "queue sales -> support"
  std::vector<std::string> idle_rules() const;  // never hit, in written order

  // What people wrote that no rule covers (R28): subjects that repeat, and words that are more frequent there
  // than in what is covered.
  std::vector<Counted> uncovered_subjects(std::size_t most) const;
  std::vector<Counted> uncovered_words(std::size_t most) const;

 private:
  using Counts = std::map<std::string, std::size_t>;
  void add_text(const Message& message, WordCount& words);

  std::vector<std::string> names_;  // of the rules
  Counts queues_, priorities_, automatic_, rules_, changes_, subjects_;
  WordCount covered_words_, uncovered_words_;
  std::size_t messages_ = 0, unreadable_ = 0, changed_ = 0, uncovered_ = 0, acknowledged_ = 0;
};

// For people: an aligned table; for scripts: one JSON object in a line.
std::string replay_text(const Replay& replay);
std::string replay_json(const Replay& replay);

// "a.eml: queue sales -> support, priority normal -> high", and the same as a JSON object in a line.
std::string change_text(const std::string& file, const std::vector<Change>& changes);
std::string change_json(const std::string& file, const std::vector<Change>& changes);

}  // namespace postroom
