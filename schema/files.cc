#include "schema/files.h"

#include <fmt/format.h>

#include <filesystem>
#include <unordered_set>

namespace postroom {
namespace {

// Base names of all messages: file names up to the flags (":2,S").
std::unordered_set<std::string> base_names(const std::string& root) {
  std::unordered_set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
    const auto parent = entry.path().parent_path().filename();
    if (parent != "new" && parent != "cur") continue;
    const std::string name = entry.path().filename().string();
    names.insert(name.substr(0, name.find(":2,")));
  }
  return names;
}

std::string folder_name(const Place& place) {
  std::string name = place.mailbox;
  for (const std::string& folder : place.folder) name += "/" + folder;
  return name;
}

}  // namespace

std::vector<std::string> missing_files(Store& store, const std::string& root) {
  const auto names = base_names(root);
  std::vector<std::string> found;
  store.each_message([&](const MessageRow& message) {
    if (!message.published || !message.place || names.contains(message.place->file)) return;
    found.push_back(fmt::format("message {} of ticket {} is in no folder: its file was {} in '{}'",
                                message.number, message.ticket, message.place->file,
                                folder_name(*message.place)));
  });
  return found;
}

}  // namespace postroom
