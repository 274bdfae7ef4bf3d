// Checks, shows and explains the configuration, and has the daemons read it again.

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "conf/check.h"
#include "conf/doc.h"
#include "conf/load.h"
#include "conf/program.h"
#include "conf/reload.h"
#include "conf/show.h"

namespace {

using namespace postroom;

enum class Format { text, json, mdoc };

struct Request {
  std::string config;
  Format format = Format::text;
};

std::string count(std::size_t number, std::string_view one) {
  return fmt::format("{} {}{}", number, one, number == 1 ? "" : "s");
}

std::string summary(const Settings& settings) {
  const Desk& desk = settings.desk;
  return fmt::format("{}: good: {}, {}, {}, {}", settings.file, count(desk.channels.size(), "channel"),
                     count(desk.queues.size(), "queue"), count(desk.operators.size(), "operator"),
                     count(desk.rules.size(), "rule"));
}

void print(const std::vector<Problem>& problems, Format format) {
  for (const Problem& problem : problems) {
    const nlohmann::ordered_json object{
        {"file", problem.file}, {"line", problem.line}, {"column", problem.column}, {"text", problem.text}};
    const auto replace = nlohmann::ordered_json::error_handler_t::replace;
    std::cout << (format == Format::json ? object.dump(-1, ' ', false, replace) : problem.str()) << "\n";
  }
}

void warn(const Settings& settings, const std::string& text, Format format) {
  const nlohmann::ordered_json object{
      {"file", settings.file}, {"line", 0}, {"column", 0}, {"text", text}, {"warning", true}};
  std::cout << (format == Format::json ? object.dump() : fmt::format("{}: warning: {}", settings.file, text))
            << "\n";
}

Settings good_settings(const std::string& path) {
  Loaded loaded = load_settings(path);
  if (!loaded.settings) throw ConfigError{loaded.problems};
  return std::move(*loaded.settings);
}

// Without a key that they are told to believe, the daemons do not start. One in a directory that is closed to
// this user may be there.
std::vector<Problem> missing_keys(const Settings& settings) {
  std::vector<Problem> problems;
  for (const std::string& path : settings.paths.old_secrets) {
    std::error_code error;
    if (std::filesystem::exists(path, error) || error) continue;
    problems.push_back({settings.file, 0, 0, fmt::format("old_secrets: there is no key {}", path)});
  }
  return problems;
}

int check(const Request& request) {
  const Loaded loaded = load_settings(request.config);
  print(loaded.problems, request.format);
  if (!loaded.settings) return EX_CONFIG;
  if (const auto missing = missing_keys(*loaded.settings); !missing.empty()) {
    print(missing, request.format);
    return EX_CONFIG;
  }
  for (const std::string& warning : warnings_of(*loaded.settings))
    warn(*loaded.settings, warning, request.format);
  if (request.format == Format::text) std::cout << summary(*loaded.settings) << "\n";
  return EX_OK;
}

int show(const Request& request) {
  const Settings settings = good_settings(request.config);
  std::cout << (request.format == Format::json ? show_json(settings) + "\n" : show_yaml(settings));
  return EX_OK;
}

int doc(const Request& request) {
  constexpr std::string (*formats[])() = {doc_text, doc_json, doc_mdoc};
  std::cout << formats[static_cast<std::size_t>(request.format)]();
  return EX_OK;
}

int reload(const Request& request) {
  const Settings settings = good_settings(request.config);
  bool any = false;
  for (const std::string_view program : {"postroom-milter", "postroom-lmtp"}) {
    const Told told = tell_reload(settings.paths.run, program);
    (told.runs ? std::cout : std::cerr) << told.text << "\n";
    any = any || told.runs;
  }
  return any ? EX_OK : 1;
}

struct Verb {
  std::string_view name;
  int (*run)(const Request&);
};
constexpr Verb verbs[] = {{"check", check}, {"show", show}, {"doc", doc}, {"reload", reload}};

Format format_of(const boost::program_options::variables_map& options) {
  if (options.count("json")) return Format::json;
  return options.count("mdoc") ? Format::mdoc : Format::text;
}

int run(std::string_view name, const Request& request) {
  for (const Verb& verb : verbs)
    if (verb.name == name) return verb.run(request);
  std::cerr << fmt::format("postroom-conf: '{}' is not one of check, show, doc, reload\n", name);
  return EX_USAGE;
}

}  // namespace

int main(int argc, char** argv) {
  namespace po = boost::program_options;
  po::options_description own{"postroom-conf"};
  own.add_options()("json", "print JSON, one object a line")("mdoc", "doc: print for the manual page");
  po::positional_options_description positional;
  positional.add("command", 1);
  const auto options =
      parse_options(argc, argv, "[-c FILE] [--json] [check|show|doc|reload]", own, positional);
  return run_program("postroom-conf", [&] {
    const std::string command = options.count("command")
                                    ? options["command"].as<std::vector<std::string>>().front()
                                    : std::string{"check"};
    return run(command, {config_path(options), format_of(options)});
  });
}
