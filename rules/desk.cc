#include "rules/desk.h"

#include <algorithm>
#include <array>
#include <utility>

namespace postroom {
namespace {

constexpr std::array<std::pair<Priority, std::string_view>, 3> priorities{{
    {Priority::high, "high"},
    {Priority::normal, "normal"},
    {Priority::low, "low"},
}};

constexpr std::array<std::pair<Field, std::string_view>, 16> fields{{
    {Field::recipient, "recipient"},
    {Field::channel, "channel"},
    {Field::queue, "queue"},
    {Field::from, "from"},
    {Field::to, "to"},
    {Field::subject, "subject"},
    {Field::body, "body"},
    {Field::text, "text"},
    {Field::mentions, "mentions"},
    {Field::attachment, "attachment"},
    {Field::header, "header"},
    {Field::form, "form"},
    {Field::language, "language"},
    {Field::customer, "customer"},
    {Field::size, "size"},
    {Field::hour, "hour"},
}};

// The row of a table whose first (whose second) is the one.
template <class Rows, class First>
std::string_view name_in(const Rows& rows, First first) {
  return std::ranges::find(rows, first, [](const auto& row) { return row.first; })->second;
}

template <class First, std::size_t N>
std::optional<First> named_in(const std::array<std::pair<First, std::string_view>, N>& rows,
                              std::string_view name) {
  const auto found = std::ranges::find(rows, name, [](const auto& row) { return row.second; });
  if (found == rows.end()) return std::nullopt;
  return found->first;
}

const Channel* channel_at(const Desk& desk, std::string_view address) {
  const auto found = std::ranges::find(desk.channels, address, &Channel::address);
  return found == desk.channels.end() ? nullptr : &*found;
}

}  // namespace

std::string_view priority_name(Priority priority) { return name_in(priorities, priority); }
std::optional<Priority> priority_from(std::string_view name) { return named_in(priorities, name); }
std::string_view field_name(Field field) { return name_in(fields, field); }
std::optional<Field> field_from(std::string_view name) { return named_in(fields, name); }

const Channel* find_channel(const Desk& desk, std::string_view recipient) {
  const std::string address = normal_address(recipient);
  if (const Channel* exact = channel_at(desk, address)) return exact;
  if (desk.recipient_delimiter == '\0') return nullptr;
  return channel_at(desk, without_extension(address, desk.recipient_delimiter));
}

const Channel* first_channel(const Desk& desk, const std::vector<std::string>& recipients) {
  const bool prefers = desk.duplicates.channel == WhichChannel::specific;
  const auto rank = [&](const Channel* channel) {  // both point into desk.channels
    return std::pair{prefers && channel->general == Switch::on, channel - desk.channels.data()};
  };
  const Channel* first = nullptr;
  for (const std::string& recipient : recipients) {
    const Channel* channel = find_channel(desk, recipient);
    if (channel && (!first || rank(channel) < rank(first))) first = channel;
  }
  return first;
}

const Queue* find_queue(const Desk& desk, std::string_view name) {
  const auto found = std::ranges::find(desk.queues, name, &Queue::name);
  return found == desk.queues.end() ? nullptr : &*found;
}

std::vector<const Operator*> operators_of(const Desk& desk, std::string_view group) {
  std::vector<const Operator*> members;
  for (const Operator& person : desk.operators) {
    if (std::ranges::find(person.groups, group) != person.groups.end()) members.push_back(&person);
  }
  return members;
}

}  // namespace postroom
