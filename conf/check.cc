#include "conf/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace postroom {
namespace {

class Check {
 public:
  Check(const Settings& settings, const Places& places, Problems& problems)
      : settings_{settings}, desk_{settings.desk}, places_{places}, problems_{problems} {}

  void names();
  void doubles();
  void folders();
  void people();
  void values();

 private:
  void problem(const std::string& path, std::string text) { problems_.add(place(path), std::move(text)); }
  Position place(std::string path) const;
  void queue_exists(const std::string& path, const std::string& name);
  void rule_names(std::size_t index);
  void form_names(std::size_t index);
  void folder(const std::string& path, const std::string& name);
  std::vector<std::string> queue_names() const;

  // Notes a name; a second one like it is a problem.
  struct Once {
    std::string what;
    std::map<std::string, std::string> seen;  // name -> path
  };
  void once(Once& names, const std::string& name, const std::string& path);

  const Settings& settings_;
  const Desk& desk_;
  const Places& places_;
  Problems& problems_;
};

// Of the setting itself, else of what it belongs to (a default has no place of its own).
Position Check::place(std::string path) const {
  for (;;) {
    if (const auto found = places_.find(path); found != places_.end()) return found->second;
    const std::size_t dot = path.rfind('.');
    if (dot == std::string::npos) return {1, 1};
    path.erase(dot);
  }
}

std::vector<std::string> Check::queue_names() const {
  std::vector<std::string> names;
  for (const Queue& queue : desk_.queues) names.push_back(queue.name);
  return names;
}

void Check::queue_exists(const std::string& path, const std::string& name) {
  if (name.empty() || find_queue(desk_, name)) return;  // an empty name was complained of when it was read
  problem(path, fmt::format("queue '{}' is not defined{}", name, did_you_mean(name, queue_names())));
}

void Check::rule_names(std::size_t index) {
  const Rule& rule = desk_.rules[index];
  const std::string path = fmt::format("rules[{}]", index);
  if (rule.queue) queue_exists(path + ".then.queue", *rule.queue);
  std::set<std::string> asked;
  for (const auto* group : {&rule.all, &rule.any, &rule.none})
    for (const Condition& condition : *group)
      if (condition.field == Field::queue) asked.insert(condition.words.begin(), condition.words.end());
  for (const std::string& name : asked) queue_exists(path + ".when.queue." + name, name);
}

void Check::form_names(std::size_t index) {
  std::vector<std::string> known;
  for (const Channel& channel : desk_.channels)
    if (channel.form)
      for (const FormField& field : channel.form->fields) known.push_back(field.name);
  const Rule& rule = desk_.rules[index];
  for (const auto* group : {&rule.all, &rule.any, &rule.none})
    for (const Condition& condition : *group)
      if (condition.field == Field::form &&
          std::find(known.begin(), known.end(), condition.name) == known.end())
        problem(fmt::format("rules[{}].when.form.{}", index, condition.name),
                fmt::format("no channel has a form with the field '{}'{}", condition.name,
                            did_you_mean(condition.name, known)));
}

void Check::names() {
  std::vector<std::string> groups, used;
  for (const Operator& person : desk_.operators)
    groups.insert(groups.end(), person.groups.begin(), person.groups.end());
  for (const Queue& queue : desk_.queues) used.push_back(queue.group);
  const auto holds = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };

  for (std::size_t i = 0; i < desk_.channels.size(); ++i)
    queue_exists(fmt::format("channels[{}].queue", i), desk_.channels[i].queue);
  for (const Queue& queue : desk_.queues)
    if (!queue.group.empty() && !holds(groups, queue.group))
      problem(fmt::format("queues.{}.group", queue.name),
              fmt::format("no operator is in group '{}'{}", queue.group, did_you_mean(queue.group, groups)));
  for (std::size_t i = 0; i < desk_.operators.size(); ++i)
    for (const std::string& group : desk_.operators[i].groups)
      if (!holds(used, group))
        problem(fmt::format("operators[{}].groups", i),
                fmt::format("no queue belongs to group '{}'{}", group, did_you_mean(group, used)));
  for (std::size_t i = 0; i < desk_.rules.size(); ++i) {
    rule_names(i);
    form_names(i);
  }
}

void Check::once(Once& names, const std::string& name, const std::string& path) {
  if (name.empty()) return;
  const auto [first, fresh] = names.seen.emplace(name, path);
  if (fresh) return;
  problem(path, fmt::format("{} '{}' is used twice; it is also in line {}", names.what, name,
                            place(first->second).line));
}

void Check::doubles() {
  Once channels{"channel", {}}, mailboxes{"mailbox", {}}, logins{"login", {}}, names{"operator name", {}},
      rules{"rule name", {}};
  for (std::size_t i = 0; i < desk_.channels.size(); ++i)
    once(channels, desk_.channels[i].address, fmt::format("channels[{}].address", i));
  for (const Queue& queue : desk_.queues)
    once(mailboxes, queue.mailbox, fmt::format("queues.{}.mailbox", queue.name));
  for (std::size_t i = 0; i < desk_.operators.size(); ++i) {
    once(logins, desk_.operators[i].login, fmt::format("operators[{}].login", i));
    once(names, desk_.operators[i].name, fmt::format("operators[{}].name", i));
  }
  for (std::size_t i = 0; i < desk_.rules.size(); ++i)
    once(rules, desk_.rules[i].name, fmt::format("rules[{}].name", i));
}

// A dot separates folders in Maildir++, so Dovecot would show "ivan.petrov" as petrov below ivan.
void Check::folder(const std::string& path, const std::string& name) {
  if (settings_.mailboxes.layout == Layout::maildirpp && name.find('.') != std::string::npos)
    problem(path,
            fmt::format("folder name '{}' contains a dot, which layout maildir++ does not allow", name));
}

void Check::folders() {
  folder("folders.in_progress", desk_.folders.in_progress);
  folder("folders.done", desk_.folders.done);
  folder("folders.waiting", desk_.folders.waiting);
  folder("folders.junk", desk_.folders.junk);
  folder("folders.automatic", desk_.folders.automatic);
  const FolderNames& names = desk_.folders;
  const auto apart = [&](std::string_view one, const std::string& name, std::string_view other,
                         const std::string& taken) {
    if (name == taken)
      problem(fmt::format("folders.{}", one),
              fmt::format("folder '{}' cannot be both {} and {}", name, other, one));
  };
  apart("done", names.done, "in_progress", names.in_progress);
  apart("waiting", names.waiting, "done", names.done);
  apart("junk", names.junk, "waiting", names.waiting);
  apart("junk", names.junk, "done", names.done);
  apart("automatic", names.automatic, "waiting", names.waiting);
  apart("automatic", names.automatic, "done", names.done);
  for (const Queue& queue : desk_.queues) folder(fmt::format("queues.{}.mailbox", queue.name), queue.mailbox);
  for (std::size_t i = 0; i < desk_.operators.size(); ++i) {
    const std::string path = fmt::format("operators[{}].name", i);
    const std::string& name = desk_.operators[i].name;
    folder(path, name);
    for (const auto& [other, what] : {std::pair{desk_.folders.junk, "junk folder"},
                                      std::pair{desk_.folders.automatic, "folder of automatic mail"},
                                      std::pair{desk_.folders.waiting, "folder of waiting tickets"},
                                      std::pair{desk_.folders.done, "folder of resolved tickets"}})
      if (name == other)
        problem(path,
                fmt::format("operator name '{}' is also the {} of the queues; give him another", name, what));
  }
}

// One address cannot be two people's.
void Check::people() {
  std::set<std::string> seen;
  for (const std::vector<std::string>& same : desk_.same_people)
    for (const std::string& address : same)
      if (!seen.insert(address).second)
        problem("customers", fmt::format("'{}' belongs to one person twice, or to two", address));
}

void Check::values() {
  if (settings_.sockets.milter == settings_.sockets.lmtp)
    problem("sockets.lmtp", "the milter and LMTP cannot listen on the same socket");
  if (settings_.outbox.retry > settings_.outbox.retry_most)
    problem("outbox.retry_most", "retry_most is shorter than retry");
  if (settings_.limits.line > settings_.limits.message)
    problem("limits.line", "a line cannot be longer than the largest message");
}

}  // namespace

void check_settings(const Settings& settings, const Places& places, Problems& problems) {
  Check check{settings, places, problems};
  check.names();
  check.doubles();
  check.folders();
  check.people();
  check.values();
}

}  // namespace postroom
