#include "conf/load.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <system_error>

#include "conf/check.h"
#include "conf/files.h"
#include "conf/loading.h"
#include "rules/local_time.h"

namespace postroom {
namespace {

std::string lines_of(const std::vector<Problem>& problems) {
  std::string lines;
  for (const Problem& problem : problems) lines += (lines.empty() ? "" : "\n") + problem.str();
  return lines;
}

std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

// What /etc/localtime points at; UTC where it points at nothing that has a name.
std::string machine_zone() {
  constexpr std::string_view zones = "/zoneinfo/";
  std::error_code error;
  const std::string target = std::filesystem::read_symlink("/etc/localtime", error).string();
  const std::size_t at = target.find(zones);
  const std::string name = at == std::string::npos ? "" : target.substr(at + zones.size());
  return is_time_zone(name) ? name : "UTC";
}

std::string directory_of(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  return error ? "/" : absolute.parent_path().string();
}

void load_all(const YamlReader& yaml, Problems& problems, Settings& settings) {
  Places places;
  Loading loading{yaml, problems, settings, places, directory_of(settings.file)};
  load_sections(loading);
  check_settings(settings, places, problems);
  load_texts(loading);
}

}  // namespace

ConfigError::ConfigError(const std::vector<Problem>& problems) : std::runtime_error{lines_of(problems)} {}

Loaded load_settings(const std::string& path) {
  std::string error;
  const auto text = read_small_file(path, error);
  if (!text) return {std::nullopt, {{path, 0, 0, fmt::format("cannot be read: {}", error)}}};

  Settings settings;
  settings.file = path;
  settings.desk.host = machine_name();
  settings.desk.time_zone = machine_zone();
  Problems problems{path};
  const YamlReader yaml{*text, problems};
  if (problems.sorted().empty()) load_all(yaml, problems, settings);
  Loaded loaded{std::nullopt, problems.sorted()};
  if (loaded.problems.empty()) loaded.settings = std::move(settings);
  return loaded;
}

}  // namespace postroom
