#include "rules/bounce_json.h"

#include <nlohmann/json.hpp>

#include "rules/delivery_status.h"

namespace postroom {
namespace {

using Json = nlohmann::json;
using Kind = Automatic::Kind;

constexpr std::size_t read_bytes = 64U << 10;
constexpr std::size_t most_failed = 100;

struct Row {
  std::string_view type;
  Kind kind;
  const char* object;
  const char* recipients;
};
constexpr Row rows[] = {
    {"Bounce", Kind::bounce, "bounce", "bouncedRecipients"},
    {"DeliveryDelay", Kind::delayed, "deliveryDelay", "delayedRecipients"},
    {"Complaint", Kind::feedback, "complaint", "complainedRecipients"},
    {"Delivery", Kind::receipt, "delivery", "recipients"},
};

std::string text_of(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Json object_of(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() ? *found : Json{};
}

// Deep nesting is nobody's notification: copying it would be recursive.
Json parsed(std::string_view text) {
  const auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth < 12; };
  return Json::parse(text, shallow, false);
}

// The object that begins the text, whatever stands behind it.
Json json_in(std::string_view text) {
  text = text.substr(0, read_bytes);
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos || text[begin] != '{') return {};
  text = text.substr(begin, text.find("\n--", begin) - begin);
  const Json whole = parsed(text.substr(0, text.rfind('}') + 1));
  const std::string wrapped = text_of(whole, "Message");  // as SNS hands it on
  return wrapped.empty() ? whole : parsed(wrapped);
}

Failed failed_of(const Json& recipient, Kind kind, const std::string& bounce_type) {
  Failed failed;
  failed.recipient = text_of(recipient, "emailAddress");
  failed.status = enhanced_status(text_of(recipient, "status"));
  const std::string diagnosed = enhanced_status(text_of(recipient, "diagnosticCode"));
  const bool vague = failed.status.empty() || failed.status.ends_with(".0.0");
  if (vague && !diagnosed.empty() && !diagnosed.starts_with('2')) failed.status = diagnosed;
  if (failed.status.starts_with('2')) failed.status.clear();
  failed.action = kind == Kind::delayed ? "delayed" : "failed";
  const bool temporary = failed.status.empty() ? bounce_type == "Transient" : failed.status.starts_with('4');
  failed.permanent = kind == Kind::bounce && !temporary;
  return failed;
}

std::optional<std::string> original_of(const Json& mail) {
  std::string id = text_of(object_of(mail, "commonHeaders"), "messageId");
  std::erase_if(id, [](char c) { return c == '<' || c == '>'; });
  if (id.empty()) return std::nullopt;
  return id;
}

}  // namespace

std::optional<Automatic> notification_in(std::string_view text) {
  const Json json = json_in(text);
  std::string type = text_of(json, "notificationType");
  if (type.empty()) type = text_of(json, "eventType");
  for (const Row& row : rows) {
    if (type != row.type) continue;
    Automatic automatic;
    automatic.kind = row.kind;
    automatic.reason = "notification of Amazon SES: " + type;
    automatic.original_message_id = original_of(object_of(json, "mail"));
    if (row.kind != Kind::bounce && row.kind != Kind::delayed) return automatic;
    const Json told = object_of(json, row.object);
    const std::string bounce_type = text_of(told, "bounceType");
    for (const Json& recipient : object_of(told, row.recipients)) {
      if (automatic.failed.size() < most_failed)
        automatic.failed.push_back(failed_of(recipient, row.kind, bounce_type));
    }
    return automatic;
  }
  return std::nullopt;
}

}  // namespace postroom
