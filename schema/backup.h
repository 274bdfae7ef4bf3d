#pragma once
// A consistent copy of the database, while others write.

#include "schema/sqlite.h"

namespace postroom {

// Copies what is committed now into a new file, by SQLite's backup interface, and checks the copy. It has no
// write-ahead log beside it: the one file is all. Throws StoreError if there is such a file, or the copy is
// not sound; then it is removed.
void back_up(Db& db, const std::string& path);

}  // namespace postroom
