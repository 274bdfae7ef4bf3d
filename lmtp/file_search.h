#pragma once
// Looks for files that are not where they should be: by base name, and then by the message number in the
// header, which reads the whole desk. One walk answers for all that are asked for.

#include <map>
#include <optional>
#include <string>

#include "rules/keys.h"
#include "rules/ticket.h"

namespace postroom {

// Not thread-safe; for one batch, and not for long: what was found nowhere stays so.
class FileSearch {
 public:
  // root: of the desk's mailboxes. `keys` must outlive the object.
  FileSearch(std::string root, const Keys& keys);

  // Will be looked for with the first one that is asked for.
  void add(MessageNumber number, const std::string& base_name);

  // Was looked for before, and is nowhere.
  void give_up(MessageNumber number);

  // Path of a message that was added. nullopt: it is nowhere, by two looks that held each folder's lock while
  // they read it. A path is given again only as long as the file is there. Throws std::system_error.
  std::optional<std::string> find(MessageNumber number);

  // Did find() say so, or give_up()?
  bool is_nowhere(MessageNumber number) const;

 private:
  enum class Known { nothing, here, nowhere };
  struct Missed {
    std::string base, path;
    Known known = Known::nothing;
  };
  struct Look;

  void look_for_names();
  void read_headers();

  std::string root_;
  const Keys& keys_;
  std::map<MessageNumber, Missed> sought_;
};

}  // namespace postroom
