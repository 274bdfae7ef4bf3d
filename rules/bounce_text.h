#pragma once
// Reads what a mail system wrote for people about mail it did not deliver: recipients and why. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "rules/automatic.h"
#include "rules/quotes.h"

namespace postroom {

// The part of a bounce that stands above the mail that came back. Views into the text it was made of.
struct Explanation {
  Lines lines;
  std::string folded;         // the lines, each followed by a space
  std::string_view original;  // what came back, as far as the text holds it
};

// Reads at most 16 KiB of the text.
Explanation explanation_in(std::string_view text);

struct BounceFacts {
  std::vector<std::string> known;  // recipients that a header or a report has named; may be empty
  std::vector<std::string> own;    // addresses of the bounce itself (From, To): rarely those that failed
  std::string domain;              // of the mail system, for recipients named by local part alone
  bool delayed = false;
};

// At most 100 recipients; none if the explanation names nobody.
std::vector<Failed> failed_in(const Explanation& explanation, const BounceFacts& facts);

}  // namespace postroom
