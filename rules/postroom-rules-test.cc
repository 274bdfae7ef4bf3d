// postroom-rules test: do the rules do what the admin expects?

#include <sysexits.h>

#include <algorithm>
#include <iostream>
#include <optional>

#include <fmt/format.h>

#include "conf/archive.h"
#include "conf/load_expectations.h"
#include "rules/encode.h"
#include "rules/postroom-rules.h"
#include "rules/stored.h"

namespace postroom {
namespace po = boost::program_options;
namespace {

struct Count {
  std::size_t passed = 0, failed = 0;
};

std::string title(const std::string& path, const Expectation& expectation) {
  const std::string& name = expectation.name.empty() ? expectation.file : expectation.name;
  return fmt::format("{}:{}{}{}", path, expectation.line, name.empty() ? "" : ": ", one_line(name, 200));
}

Explained explained(const Rulebook& rulebook, const Expectation& expectation) {
  const MessageLimits& limits = rulebook.desk().message;
  const std::string bytes =
      expectation.file.empty() ? expectation.message : read_message_file(expectation.file, limits.bytes + 1);
  Message message = read_message(bytes, limits);
  const Envelope envelope = stored_envelope(message, expectation.told, time_now());
  return explain(rulebook, std::move(message), envelope);
}

// A rule that does not exist never applies: whoever expects that has misspelt it.
std::optional<std::string> unknown_rule(const Desk& desk, const Expected& expected) {
  for (const std::string& name : expected.not_rules) {
    const bool known = name == "spam filter" || std::ranges::count(desk.rules, name, &Rule::name) > 0;
    if (!known) return name;
  }
  return std::nullopt;
}

void print_failure(const std::string& path, const Expectation& expectation, const Explained& explained) {
  for (const Mismatch& one : mismatches(expectation.expected, explained)) {
    std::cout << fmt::format("{}: {}: wanted {}, got {}\n", title(path, expectation), one.what,
                             one_line(one.wanted, 200), one_line(one.got.empty() ? "none" : one.got, 200));
  }
  const Verdict& verdict = explained.decision.verdict;
  std::cout << "    why: " << one_line(why(verdict), 500) << "\n";
  for (const std::string& sentence : verdict.settled)
    std::cout << "    settled: " << one_line(sentence, 1000) << "\n";
  std::cout << "    acknowledge: " << one_line(explained.acknowledge.reason, 500) << "\n";
}

void check(const Rulebook& rulebook, const std::string& path, const Expectation& expectation, Count& count) {
  try {
    const Explained one = explained(rulebook, expectation);
    const auto unknown = unknown_rule(rulebook.desk(), expectation.expected);
    const bool other = !mismatches(expectation.expected, one).empty();
    if (!other && !unknown) {
      ++count.passed;
      return;
    }
    if (unknown)
      std::cout << fmt::format("{}: not_rule: the configuration has no rule '{}'\n", title(path, expectation),
                               one_line(*unknown, 200));
    if (other) print_failure(path, expectation, one);
  } catch (const Unreadable& unreadable) {
    std::cout << title(path, expectation) << ": " << unreadable.what() << "\n";
  }
  ++count.failed;
}

std::vector<Expectation> expectations_in(const std::string& path) {
  LoadedExpectations loaded = load_expectations(path);
  for (const Problem& problem : loaded.problems) complain(problem.str());
  if (!loaded.problems.empty()) throw Refused{EX_DATAERR, path + ": cannot be used"};
  return std::move(loaded.expectations);
}

}  // namespace

int test_command(int argc, char** argv) {
  po::positional_options_description positional;
  positional.add("file", -1);
  const auto options = parse_options(argc, argv, "test [-c FILE] EXPECTATIONS.yaml...", {}, positional);
  const std::vector<std::string> paths = all_of(options, "file");
  if (paths.empty()) throw Refused{EX_USAGE, "test wants a file of expectations"};
  const Rulebook rulebook{desk_of(options)};
  Count count;
  for (const std::string& path : paths) {
    for (const Expectation& expectation : expectations_in(path)) check(rulebook, path, expectation, count);
  }
  std::cout << fmt::format("{} passed, {} failed\n", count.passed, count.failed) << std::flush;
  return count.failed == 0 ? EX_OK : 1;
}

}  // namespace postroom
