#pragma once
// Is what the database says free of contradictions? Reads everything; changes nothing.

#include "schema/sqlite.h"

namespace postroom {

// One sentence for each inconsistency; empty if the database is sound. At most 1000 of each sort.
std::vector<std::string> verify(Db& db);

}  // namespace postroom
