#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "conf/files.h"
#include "conf/loading.h"
#include "rules/compose.h"
#include "rules/text.h"

namespace postroom {
namespace {

namespace fs = std::filesystem;

// Names of the directories below, sorted.
std::vector<std::string> languages_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator item{directory, error}, end; !error && item != end; item.increment(error)) {
    const std::string name = item->path().filename();
    std::error_code ignored;
    if (!name.starts_with('.') && item->is_directory(ignored)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Every text is read, checked and complained of once, however many queues use it.
class Texts {
 public:
  explicit Texts(Loading& loading) : loading_{loading}, directory_{loading.settings.paths.texts} {
    languages_ = languages_in(directory_);
  }

  std::map<std::string, std::string> of(const std::string& name);
  std::string path(const std::string& language, const std::string& name) const {
    return fmt::format("{}/{}/{}.txt", directory_, language, name);
  }

 private:
  const std::optional<std::string>& read(const std::string& path);

  Loading& loading_;
  std::string directory_;
  std::vector<std::string> languages_;
  std::map<std::string, std::optional<std::string>> known_;
};

std::map<std::string, std::string> Texts::of(const std::string& name) {
  std::map<std::string, std::string> texts;
  for (const std::string& language : languages_) {
    std::error_code error;
    if (!fs::exists(path(language, name), error) && !error) continue;
    if (const auto& text = read(path(language, name))) texts[language] = *text;
  }
  return texts;
}

const std::optional<std::string>& Texts::read(const std::string& path) {
  const auto [known, fresh] = known_.try_emplace(path);
  if (!fresh) return known->second;
  std::string wrong;
  auto text = read_small_file(path, wrong);
  if (text) {
    text->erase(std::remove(text->begin(), text->end(), '\r'), text->end());
    wrong = valid_utf8(*text) == *text ? check_text(*text) : "the text is not UTF-8";
  }
  if (!wrong.empty()) loading_.problems.add_elsewhere(path, wrong);
  // A broken text counts as there: one mistake is one problem.
  return known->second = std::move(text).value_or("");
}

}  // namespace

void load_texts(Loading& loading) {
  Texts texts{loading};
  for (Queue& queue : loading.settings.desk.queues) {
    const std::string& name = loading.settings.text_names[queue.name];
    if (name.empty()) continue;
    const std::string key = fmt::format("queues.{}", queue.name);
    const auto written = loading.places.find(key + ".text");
    const bool is_written = written != loading.places.end();
    const Position place = is_written ? written->second : loading.places[key];
    queue.texts = texts.of(name);
    if (queue.texts.contains(queue.language)) continue;
    if (queue.acknowledgement == Switch::on)
      loading.problems.add(place, fmt::format("queue '{}' acknowledges in '{}', but there is no file {}",
                                              queue.name, queue.language, texts.path(queue.language, name)));
    else if (is_written && queue.texts.empty())
      loading.problems.add(
          place, fmt::format("text '{}': there is no file {}", name, texts.path(queue.language, name)));
  }
}

}  // namespace postroom
