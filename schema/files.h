#pragma once
// Are the files there that the database speaks of?

#include <string>
#include <vector>

#include "schema/store.h"

namespace postroom {

// One sentence for each published message whose file is in no folder (new, cur) below `root`. Reads the
// tree once. Operators may move messages meanwhile: such a message can be missed, so look twice before you
// act. Throws std::system_error if the tree cannot be read.
std::vector<std::string> missing_files(Store& store, const std::string& root);

}  // namespace postroom
