#pragma once
// Several addresses, one customer: by the admin's list (Desk::same_people) and by his commands (same_as).

#include "schema/sqlite.h"

namespace postroom {

// Numbers (customers.id) of all known addresses of the people with these addresses, at most 50.
// `addresses`: normalised.
std::vector<std::int64_t> same_people(Db& db, const std::vector<std::string>& addresses, const Desk& desk);

// The other known addresses of this customer by command, at most 50.
std::vector<std::string> other_addresses(Db& db, const std::string& address);

// The contract is that of Store; inside the caller's transaction.
bool set_same_customer(Db& db, const std::string& address, const std::string& main, const By& by);

}  // namespace postroom
