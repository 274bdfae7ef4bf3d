#pragma once
// What the admin expects of his rules: a YAML list, each item a message and what has to be decided about it.
//
//   - name: an order goes to sales             # all but file or message, and expect, may be left out
//     file: mails/order.eml                    # relative to this file; or, instead:
//     message: |
//       From: Anna <anna@example.com>
//       Subject: Order 12
//
//       Two lamps, please.
//     rcpt: support@example.org                # or a list; default: the addresses in the message
//     sender: anna@example.com                 # default: Return-Path
//     at: 2026-11-22T18:00:00Z                 # arrival; default: the date in the message
//     expect: {queue: sales, priority: high, tags: [order], not_tags: [..], spam: no, template: order,
//              automatic: none, acknowledge: yes, customer: anna@example.com, rule: orders, not_rule: urgent}

#include <string>
#include <vector>

#include "conf/load.h"
#include "rules/expect.h"

namespace postroom {

struct LoadedExpectations {
  std::vector<Expectation> expectations;  // their files are absolute or as reachable from here
  std::vector<Problem> problems;          // with any of these, the list is not to be used
};

// Does not throw for any content.
LoadedExpectations load_expectations(const std::string& path);

}  // namespace postroom
