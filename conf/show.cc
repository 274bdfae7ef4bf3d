#include "conf/show.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "conf/slots.h"

namespace postroom {
namespace {

using Json = nlohmann::ordered_json;

enum class Form { written, machine };

struct MachineValue {
  const SettingRow& row;
  Json operator()(int* number) const { return *number; }
  Json operator()(std::size_t* number) const { return *number; }
  Json operator()(std::chrono::seconds* duration) const { return duration->count(); }
  Json operator()(std::chrono::milliseconds* duration) const {
    return std::chrono::duration_cast<std::chrono::seconds>(*duration).count();
  }
  Json operator()(Switch* value) const {
    return row.type == "switch" ? Json(*value == Switch::on) : Json(write_value(row, value));
  }
  template <class T>
  Json operator()(T* value) const {
    return write_value(row, value);
  }
};

Json value_of(const SettingRow& row, Slot slot, Form form) {
  if (form == Form::written) return write_value(row, slot);
  return std::visit(MachineValue{row}, slot);
}

// "limits.idle" -> object["limits"]["idle"].
Json& at_path(Json& object, std::string_view key) {
  const std::size_t dot = key.find('.');
  Json& member = object[std::string{key.substr(0, dot)}];
  return dot == std::string_view::npos ? member : at_path(member, key.substr(dot + 1));
}

// `of`: what stands before the names in the table: "queues.*.".
template <class T>
Json values_of(std::span<const SlotRow<T>> slots, std::string_view of, T target, Form form) {
  Json object = Json::object();
  for (const SlotRow<T>& slot : slots)
    at_path(object, slot.key.substr(of.size())) = value_of(*find_setting(slot.key), slot.slot(target), form);
  return object;
}

Json condition(const Condition& c) {
  const std::string name{field_name(c.field)};
  if (c.name.empty()) return {{name, c.words}};
  return {{name, {{c.name, c.words}}}};
}

Json conditions(const std::vector<Condition>& list) {
  Json items = Json::array();
  for (const Condition& c : list) items.push_back(condition(c));
  return items;
}

Json rule(const Rule& r, Form form) {
  Json when = Json::object(), then = Json::object();
  if (!r.all.empty()) when["all"] = conditions(r.all);
  if (!r.any.empty()) when["any"] = conditions(r.any);
  if (!r.none.empty()) when["none"] = conditions(r.none);
  if (r.queue) then["queue"] = *r.queue;
  if (r.priority) then["priority"] = priority_name(*r.priority);
  if (!r.tags.empty()) then["tags"] = r.tags;
  if (r.template_name) then["template"] = *r.template_name;
  if (r.weight) then["weight"] = form == Form::written ? Json(fmt::format("{}", *r.weight)) : Json(*r.weight);
  Switch spam = r.spam;
  then["spam"] = value_of(*find_setting("rules[].then.spam"), &spam, form);
  return {{"name", r.name}, {"when", when}, {"then", then}};
}

// What is empty because it has no fixed value is left out, so that the output can be loaded again.
void drop_empty(Json& object, std::string_view name) {
  if (object[std::string{name}] == "") object.erase(std::string{name});
}

// A field with one label as a word, with several as a list.
Json form_of(const WebForm& written, Form form) {
  Json object = Json::object();
  for (const FormField& field : written.fields) {
    Json& value = object[field.name];
    if (value.is_null())
      value = field.pattern;
    else if (value.is_string())
      value = Json::array({value, field.pattern});
    else
      value.push_back(field.pattern);
  }
  Switch reply_to = written.reply_to;
  object["reply_to"] = value_of(*find_setting("channels[].form.reply_to"), &reply_to, form);
  return object;
}

Json channel_of(const Channel& channel, Form form) {
  Json object = values_of<Channel>(channel_slots(), "channels[].", channel, form);
  if (channel.form) object["form"] = form_of(*channel.form, form);
  return object;
}

// Those with a status, then those of whom only the addresses are known.
void add_customers(const Desk& desk, Form form, Json& all) {
  std::map<std::string, Json> also;  // by the address that a person is known by
  for (const std::vector<std::string>& same : desk.same_people)
    also[same.front()] = std::vector(same.begin() + 1, same.end());
  for (const KnownCustomer& customer : desk.customers) {
    Json values = values_of<KnownCustomer>(customer_slots(), "customers[].", customer, form);
    if (const auto others = also.extract(customer.address)) values["also"] = others.mapped();
    all["customers"].push_back(std::move(values));
  }
  for (const auto& [address, others] : also)
    all["customers"].push_back({{"address", address}, {"also", others}});
}

Json effective(const Settings& settings, Form form) {
  const Desk& desk = settings.desk;
  Json all = values_of<Settings>(setting_slots(), "", settings, form);
  if (!desk.languages.empty()) all["languages"] = desk.languages;
  if (!settings.paths.old_secrets.empty()) all["paths"]["old_secrets"] = settings.paths.old_secrets;
  for (const Channel& channel : desk.channels) all["channels"].push_back(channel_of(channel, form));
  for (const Queue& queue : desk.queues) {
    const auto text = settings.text_names.find(queue.name);
    const QueueDraft draft{queue, text == settings.text_names.end() ? "" : text->second};
    Json values = values_of<QueueDraft>(queue_slots(), "queues.*.", draft, form);
    drop_empty(values, "from");
    all["queues"][queue.name] = std::move(values);
  }
  for (const Operator& person : desk.operators) {
    Json values = values_of<Operator>(operator_slots(), "operators[].", person, form);
    values["groups"] = person.groups;
    all["operators"].push_back(std::move(values));
  }
  add_customers(desk, form, all);
  all["rules"] = Json::array();
  for (const Rule& r : desk.rules) all["rules"].push_back(rule(r, form));
  return all;
}

bool is_flat(const Json& value) {
  for (const auto& item : value)
    if (item.is_structured()) return false;
  return true;
}

void emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, item] : value.items()) {
      out << YAML::Key << key << YAML::Value;
      emit(out, item);
    }
    out << YAML::EndMap;
    return;
  }
  if (!value.is_array()) {
    out << value.get<std::string>();
    return;
  }
  if (is_flat(value)) out << YAML::Flow;
  out << YAML::BeginSeq;
  for (const Json& item : value) emit(out, item);
  out << YAML::EndSeq;
}

}  // namespace

std::string show_yaml(const Settings& settings) {
  YAML::Emitter out;
  emit(out, effective(settings, Form::written));
  return std::string{out.c_str()} + "\n";
}

std::string show_json(const Settings& settings) { return effective(settings, Form::machine).dump(); }

}  // namespace postroom
