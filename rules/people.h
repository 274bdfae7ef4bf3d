#pragma once
// How the desk stands to its customers (R9), from the admin's list. Pure; immutable after construction, so
// one object serves all threads.

#include <string>
#include <string_view>
#include <unordered_map>

#include "rules/desk.h"

namespace postroom {

class People {
 public:
  // Of two rows with the same address the first counts.
  explicit People(const Desk& desk);

  // The status of the address itself, else of "@its.domain", else of the domains above; "" if the list knows
  // nothing. The cost is that of the address's length, whatever the number of customers.
  std::string status_of(std::string_view address) const;

  // Does any rule depend on it? If none does, nobody need ask the store.
  bool matters() const { return matters_; }

 private:
  std::unordered_map<std::string, std::string> statuses_;  // "anna@bank.test", "@bank.test"
  bool matters_ = false;
};

// An address of the desk itself (a channel, with any extension, or the sender of a queue), or an operator's:
// his login, or his login at the domain of a channel. From is as easily forged here as anywhere, so that this
// may only lead to one more acknowledgement within the limits; it must not be enough to speak for the desk.
bool is_of_the_desk(const Desk& desk, std::string_view address);

}  // namespace postroom
