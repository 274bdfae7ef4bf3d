#pragma once
// Who has written to the desk, and how it stands to them.

#include "schema/sqlite.h"

namespace postroom {

// The contracts are those of Store; the second runs inside the caller's transaction.
std::optional<CustomerRow> find_customer(Db& db, const std::string& address);
bool set_customer_status(Db& db, const CustomerRow& customer, const By& by);

// The number of the customer with this address, who is entered if need be; a name replaces the one that is
// known. nullopt for an empty address. `name`, `address`: bounded already.
std::optional<std::int64_t> customer_id(Db& db, const std::string& address, const std::string& name);

}  // namespace postroom
