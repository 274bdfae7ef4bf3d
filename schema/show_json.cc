#include <nlohmann/json.hpp>

#include "schema/show.h"

namespace postroom {
namespace {

using Json = nlohmann::ordered_json;

Json null_or(std::int64_t number) { return number == 0 ? Json{} : Json(number); }
Json null_or(const std::string& text) { return text.empty() ? Json{} : Json(text); }

Json to_json(const TicketRow& ticket) {
  return {{"ticket", ticket.number},
          {"queue", ticket.queue},
          {"channel", ticket.channel},
          {"priority", ticket.priority},
          {"status", ticket.status},
          {"owner", null_or(ticket.owner)},
          {"customer", {{"name", ticket.customer_name}, {"address", ticket.customer_address}}},
          {"subject", ticket.subject},
          {"tags", ticket.tags},
          {"created", rfc3339(ticket.created)},
          {"updated", rfc3339(ticket.updated)},
          {"merged_into", null_or(ticket.merged_into)}};
}

Json to_json(const EventRow& event) {
  return {{"event", event.id},
          {"ticket", null_or(event.ticket)},
          {"message", null_or(event.message)},
          {"at", rfc3339(event.at)},
          {"who", event.who},
          {"what", event.what},
          {"why", event.why}};
}

Json to_json(const MessageRow& message) {
  Json json{{"message", message.number},
            {"kind", message.kind},
            {"message_id", null_or(message.message_id)},
            {"sender", message.sender},
            {"subject", message.subject},
            {"automatic", message.automatic},
            {"at", rfc3339(message.at)},
            {"place", Json{}},
            {"published", message.published}};
  if (message.place)
    json["place"] = {{"mailbox", message.place->mailbox},
                     {"folder", message.place->folder},
                     {"file", message.place->file}};
  return json;
}

// Mail may have brought bytes that are no UTF-8; they must not stop the listing.
std::string line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string ticket_json(const TicketRow& ticket) { return line(to_json(ticket)); }

std::string event_json(const EventRow& event) { return line(to_json(event)); }

std::string whole_json(const Whole& whole) {
  Json json = to_json(whole.ticket);
  json["participants"] = Json::array();
  for (const CustomerRow& one : whole.participants)
    json["participants"].push_back({{"name", one.name}, {"address", one.address}});
  json["links"] = Json::array();
  for (const Link& link : whole.links)
    json["links"].push_back({{"relation", relation_name(link.relation)}, {"ticket", link.other}});
  json["messages"] = Json::array();
  for (const MessageRow& message : whole.messages) json["messages"].push_back(to_json(message));
  json["events"] = Json::array();
  for (const EventRow& event : whole.events) json["events"].push_back(to_json(event));
  return line(json);
}

std::string customer_json(const CustomerRow& customer, const std::string& listed) {
  return line({{"address", customer.address},
               {"name", customer.name},
               {"status", null_or(customer.status)},
               {"listed", null_or(listed)},
               {"same_as", customer.same_as}});
}

}  // namespace postroom
