#include "conf/live.h"

#include <utility>

namespace postroom {

Live::Live(const std::string& path) : path_{path} {
  Loaded loaded = load_settings(path_);
  if (!loaded.settings) throw ConfigError{loaded.problems};
  Keys keys = load_keys(*loaded.settings);
  Rulebook rulebook{loaded.settings->desk};
  running_ = std::make_shared<const Running>(
      Running{std::move(*loaded.settings), std::move(rulebook), std::move(keys)});
}

std::shared_ptr<const Running> Live::current() const {
  const std::lock_guard lock{mutex_};
  return running_;
}

std::vector<Problem> Live::reload() {
  Loaded loaded = load_settings(path_);
  if (!loaded.settings) return std::move(loaded.problems);

  const auto before = current();
  Settings& settings = *loaded.settings;
  std::string texts = std::move(settings.paths.texts);
  settings.paths = before->settings.paths;  // open files and sockets do not move with a reload
  settings.paths.texts = std::move(texts);
  settings.mailboxes = before->settings.mailboxes;
  settings.sockets = before->settings.sockets;
  settings.limits = before->settings.limits;
  settings.log = before->settings.log;
  Rulebook rulebook{settings.desk};
  auto next =
      std::make_shared<const Running>(Running{std::move(settings), std::move(rulebook), before->keys});

  const std::lock_guard lock{mutex_};
  running_ = std::move(next);
  return {};
}

}  // namespace postroom
