#pragma once
// Do the folders hold what the database says, and nothing else of ours?

#include <string>
#include <vector>

#include "conf/settings.h"
#include "rules/keys.h"
#include "schema/placed.h"

namespace postroom {

struct FolderProblem {
  std::string kind;           // one word for scripts: "missing-file"
  std::string problem;        // a sentence for people
  TicketNumber ticket = 0;    // 0: of none
  MessageNumber message = 0;  // 0: of none
  std::string path;           // of the file, or where it should be; may be empty
};

// What a look compares with.
struct VerifyWith {
  const Settings& settings;
  const Keys& keys;
  Time now;
};

// One look at everything: each file by its name, and by its headers where the name is not the recorded one.
// What is on its way meanwhile may seem wrong. About 50 bytes of memory a message. Throws std::system_error
// if the folders cannot be read, StoreError if the database cannot.
std::vector<FolderProblem> look_at_folders(Db& db, const VerifyWith& with);

// Those of `first` that a look begun a second later told again.
std::vector<FolderProblem> told_twice(std::vector<FolderProblem> first,
                                      const std::vector<FolderProblem>& second);

}  // namespace postroom
