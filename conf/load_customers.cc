// Customers with a standing of their own: a list in the configuration, or a file of YAML or CSV.

#include <map>

#include "conf/csv.h"
#include "conf/endpoints.h"
#include "conf/files.h"
#include "conf/loading.h"
#include "rules/address.h"

namespace postroom {
namespace {

constexpr std::size_t most_problems = 20;  // a file of another kind has one in every line

void load_list(Loading& loading, const YAML::Node& node) {
  std::vector<KnownCustomer>& customers = loading.settings.desk.customers;
  std::map<std::string, std::string> seen;  // address -> status
  for (const YAML::Node& item : loading.yaml.list(node, "customers")) {
    KnownCustomer customer;
    for (const Entry& entry : loading.yaml.settings(item, "customers[]", "customer"))
      set_entry<KnownCustomer>(loading, customer_slots(), "customers[]", {entry, customer});
    loading.places[fmt::format("customers[{}]", customers.size())] = loading.yaml.place(item);
    const auto [first, fresh] = seen.emplace(customer.address, customer.status);
    if (!fresh && !customer.address.empty() && first->second != customer.status)
      loading.yaml.problem(item, fmt::format("'{}' is {} above already", customer.address, first->second));
    customers.push_back(std::move(customer));
  }
}

// The problems of another file, with their lines in it.
void hand_on(const Problems& found, Problems& problems) {
  std::size_t told = 0;
  for (const Problem& problem : found.sorted()) {
    if (++told > most_problems) return problems.add_elsewhere(problem.file, "and more of this kind");
    problems.add_elsewhere(problem.file, problem.text, {problem.line, problem.column});
  }
}

void load_yaml(Loading& loading, const std::string& path, const std::string& text) {
  Problems found{path};
  const YamlReader yaml{text, found};
  Places places;
  Loading inside{yaml, found, loading.settings, places, loading.directory};
  if (found.sorted().empty()) load_list(inside, yaml.root());
  hand_on(found, loading.problems);
}

// Empty, or what is wrong with the row.
std::string read_row(const CsvRow& row, KnownCustomer& customer) {
  if (!row.wrong.empty()) return row.wrong;
  if (row.fields.size() < 2 || row.fields.size() > 3)
    return fmt::format("{} fields stand here; expected are address, status and perhaps a name",
                       row.fields.size());
  std::string wrong = read_value(*find_setting("customers[].address"), row.fields[0], "", &customer.address);
  if (!wrong.empty()) return wrong;
  return read_value(*find_setting("customers[].status"), row.fields[1], "", &customer.status);
}

// "Address;Status", but not "bank.test;vip", where the @ is forgotten.
bool is_heading(const CsvRow& row) {
  if (row.fields.empty()) return false;
  const std::string& first = row.fields.front();
  const bool domain = first.find('.') != std::string::npos && is_deliverable("anybody@" + first);
  return first.find('@') == std::string::npos && !domain;
}

void load_csv(Loading& loading, const std::string& path, const std::string& text) {
  Problems found{path};
  std::map<std::string, std::pair<std::string, int>> seen;  // address -> status, line
  const std::vector<CsvRow> rows = read_csv(text);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 && is_heading(rows[i])) continue;
    KnownCustomer customer;
    const Position place{rows[i].line, 1};
    if (const std::string wrong = read_row(rows[i], customer); !wrong.empty()) {
      found.add(place, wrong);
      continue;
    }
    const auto [first, fresh] = seen.emplace(customer.address, std::pair{customer.status, rows[i].line});
    if (!fresh && first->second.first != customer.status)
      found.add(place, fmt::format("'{}' is {} in line {} already", customer.address, first->second.first,
                                   first->second.second));
    if (fresh) loading.settings.desk.customers.push_back(std::move(customer));
  }
  hand_on(found, loading.problems);
}

void load_file(Loading& loading, const Entry& entry) {
  const auto name = loading.yaml.scalar(entry.value, "file");
  if (!name) return;
  const std::string path = absolute_path(*name, loading.directory);
  std::string error;
  const auto text = read_small_file(path, error);
  if (!text) return loading.yaml.problem(entry.value, fmt::format("file {} cannot be read: {}", path, error));
  if (path.ends_with(".yaml") || path.ends_with(".yml")) return load_yaml(loading, path, *text);
  load_csv(loading, path, *text);
}

}  // namespace

void load_customers(Loading& loading, const YAML::Node& node) {
  if (node.IsSequence() && node.size() == 0) return;  // "customers: []" says what its absence says
  if (!node.IsMap()) return load_list(loading, node);
  for (const Entry& entry : loading.yaml.map(node, "customers")) {
    if (entry.key == "file")
      load_file(loading, entry);
    else
      loading.yaml.problem(entry.at,
                           fmt::format("customers: '{}' is not a setting; known here: file, or a list "
                                       "of customers",
                                       entry.key));
  }
}

}  // namespace postroom
