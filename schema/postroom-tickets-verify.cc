// verify: the database against itself, and against the folders.

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "conf/load.h"
#include "schema/migrate.h"
#include "schema/postroom-tickets-verify.h"

namespace postroom {
namespace {

constexpr std::chrono::seconds second_look{1};  // after the first one, where that found something

std::string as_json(const FolderProblem& problem) {
  nlohmann::json row = {{"kind", problem.kind}, {"problem", problem.problem}};
  if (problem.message != 0) row["message"] = problem.message;
  if (problem.ticket != 0) row["ticket"] = problem.ticket;
  if (!problem.path.empty()) row["path"] = problem.path;
  return row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Keys keys_of_desk(const Settings& settings) {
  if (!std::filesystem::exists(settings.paths.secret))
    throw std::runtime_error{settings.paths.secret +
                             ": the desk's key is missing, without it no file is known"};
  return load_keys(settings);
}

std::vector<FolderProblem> problems_of_folders(const TicketsAsked& asked) {
  const Settings& settings = asked.settings;
  const Keys keys = keys_of_desk(settings);
  const auto db = open_database(settings.paths.database, OpenMode::read_only, settings.limits.database);
  auto problems = look_at_folders(*db, {settings, keys, time_of_asking()});
  if (problems.empty()) return problems;
  // What was on its way is where it belongs by then.
  std::this_thread::sleep_for(second_look);
  return told_twice(std::move(problems), look_at_folders(*db, {settings, keys, time_of_asking()}));
}

int verify_tickets(const TicketsAsked& asked) {
  std::vector<FolderProblem> problems;
  for (std::string& sentence : open_for_reading(asked)->verify())
    problems.push_back({"database", std::move(sentence), 0, 0, {}});
  for (FolderProblem& problem : problems_of_folders(asked)) problems.push_back(std::move(problem));
  for (const FolderProblem& problem : problems)
    std::cout << (asked.json ? as_json(problem) : problem.problem) << '\n';
  return problems.empty() ? done : found_problems;
}

}  // namespace postroom
