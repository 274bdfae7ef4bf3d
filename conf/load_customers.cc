// Customers with a standing of their own: a list in the configuration, or a file of YAML or CSV.

#include <iterator>
#include <map>
#include <sstream>

#include "conf/csv.h"
#include "conf/endpoints.h"
#include "conf/files.h"
#include "conf/loading.h"
#include "rules/address.h"

namespace postroom {
namespace {

constexpr std::size_t most_problems = 20;  // a file of another kind has one in every line

// The addresses of one person, the one he is known by first.
std::string read_also(const std::vector<std::string>& others, std::vector<std::string>& same) {
  for (const std::string& other : others) {
    if (!is_deliverable(other)) return fmt::format("also: '{}' is not a mail address", other);
    same.push_back(normal_address(other));
  }
  if (same.size() > 1 && same.front().starts_with('@'))
    return fmt::format("'{}' is a whole domain; also belongs to one person's address", same.front());
  return "";
}

// A person without a status matters only by his addresses.
void keep(Loading& loading, KnownCustomer customer, std::vector<std::string> same) {
  if (!customer.status.empty()) loading.settings.desk.customers.push_back(std::move(customer));
  if (same.size() > 1) loading.settings.desk.same_people.push_back(std::move(same));
}

struct CustomerDraft {
  KnownCustomer customer;
  std::vector<std::string> same;  // all his addresses
};

CustomerDraft load_customer(Loading& loading, const YAML::Node& item) {
  CustomerDraft draft;
  std::vector<std::string> also;
  bool stands_out = false;
  for (const Entry& entry : loading.yaml.settings(item, "customers[]", "customer")) {
    stands_out = stands_out || entry.key == "status" || entry.key == "also";
    if (!set_entry<KnownCustomer>(loading, customer_slots(), "customers[]", {entry, draft.customer}))
      also = texts_of(loading.yaml.words(entry.value, entry.key));
  }
  if (!stands_out) loading.yaml.problem(item, "customer: 'status' is missing");
  draft.same = {draft.customer.address};
  if (const std::string wrong = read_also(also, draft.same); !wrong.empty())
    loading.yaml.problem(item, wrong);
  return draft;
}

void load_list(Loading& loading, const YAML::Node& node) {
  std::map<std::string, std::string> seen;  // address -> status
  for (const YAML::Node& item : loading.yaml.list(node, "customers")) {
    CustomerDraft draft = load_customer(loading, item);
    const KnownCustomer& customer = draft.customer;
    const auto [first, fresh] = seen.emplace(customer.address, customer.status);
    if (!fresh && !customer.address.empty() && first->second != customer.status)
      loading.yaml.problem(item, fmt::format("'{}' is {} above already", customer.address, first->second));
    keep(loading, std::move(draft.customer), std::move(draft.same));
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

std::vector<std::string> words_in(const std::string& text) {
  std::istringstream in{text};
  return {std::istream_iterator<std::string>{in}, {}};
}

// Empty, or what is wrong with the row.
std::string read_row(const CsvRow& row, CustomerDraft& draft) {
  auto& [customer, same] = draft;
  if (!row.wrong.empty()) return row.wrong;
  if (row.fields.size() < 2 || row.fields.size() > 4)
    return fmt::format(
        "{} fields stand here; expected are address, status and perhaps a name and other "
        "addresses",
        row.fields.size());
  std::string wrong = read_value(*find_setting("customers[].address"), row.fields[0], "", &customer.address);
  if (!wrong.empty()) return wrong;
  same = {customer.address};
  if (row.fields.size() == 4) wrong = read_also(words_in(row.fields[3]), same);
  if (!wrong.empty() || (row.fields[1].empty() && same.size() > 1)) return wrong;
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
    CustomerDraft draft;
    const KnownCustomer& customer = draft.customer;
    const Position place{rows[i].line, 1};
    if (const std::string wrong = read_row(rows[i], draft); !wrong.empty()) {
      found.add(place, wrong);
      continue;
    }
    const auto [first, fresh] = seen.emplace(customer.address, std::pair{customer.status, rows[i].line});
    if (!fresh && first->second.first != customer.status)
      found.add(place, fmt::format("'{}' is {} in line {} already", customer.address, first->second.first,
                                   first->second.second));
    if (fresh) keep(loading, std::move(draft.customer), std::move(draft.same));
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
