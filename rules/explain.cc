#include "rules/explain.h"

#include <nlohmann/json.hpp>

#include "rules/subject.h"

namespace postroom {
namespace {

using json = nlohmann::ordered_json;

json or_null(const std::optional<std::string>& value) { return value ? json(*value) : json(nullptr); }

json to_json(const Address& address) { return {{"name", address.name}, {"address", address.address}}; }

json to_json(const std::vector<Address>& list) {
  json array = json::array();
  for (const Address& address : list) array.push_back(to_json(address));
  return array;
}

json to_json(const std::optional<Forwarded>& forwarded) {
  if (!forwarded) return nullptr;
  return {{"from", to_json(forwarded->from)}, {"subject", forwarded->subject}, {"text", forwarded->text}};
}

json to_json(const std::vector<Attachment>& attachments) {
  json array = json::array();
  for (const Attachment& one : attachments) {
    array.push_back({{"name", one.name}, {"type", one.type}, {"size", one.size}, {"md5", one.md5}});
  }
  return array;
}

json to_json(const Message& message) {
  return {{"from", to_json(message.from.empty() ? Address{} : message.from.front())},
          {"to", to_json(message.to)},
          {"cc", to_json(message.cc)},
          {"reply_to", to_json(message.reply_to)},
          {"subject", message.subject},
          {"date", or_null(message.date)},
          {"message_id", message.message_id},
          {"in_reply_to", message.in_reply_to},
          {"references", message.references},
          {"text", message.text},
          {"new_text", message.new_text},
          {"forwarded", to_json(message.forwarded)},
          {"language", message.language},
          {"attachments", to_json(message.attachments)}};
}

json to_json(const Automatic& automatic) {
  json failed = json::array();
  for (const Failed& one : automatic.failed) {
    failed.push_back({{"recipient", one.recipient},
                      {"status", one.status},
                      {"action", one.action},
                      {"permanent", one.permanent}});
  }
  return {{"kind", kind_name(automatic.kind)},
          {"reason", automatic.reason},
          {"failed", failed},
          {"original_message_id", or_null(automatic.original_message_id)},
          {"original_ids", automatic.original_ids}};
}

json to_json(const Verdict& verdict) {
  json rules = json::array();
  for (const Hit& hit : verdict.rules) {
    rules.push_back({{"rule", hit.rule}, {"where", hit.where}, {"hit", hit.hit}});
  }
  return {{"channel", verdict.channel},
          {"queue", verdict.queue},
          {"priority", priority_name(verdict.priority)},
          {"tags", verdict.tags},
          {"template", or_null(verdict.template_name)},
          {"spam", verdict.spam},
          {"rules", rules},
          {"settled", verdict.settled}};
}

json to_json(const Customer& customer) {
  return {{"name", customer.name},
          {"address", customer.address},
          {"source", customer.source},
          {"phone", customer.phone},
          {"status", customer.status}};
}

json to_json(const std::vector<FormValue>& form) {
  json object = json::object();
  for (const FormValue& one : form) object[one.name] = one.value;
  return object;
}

json to_json(const References& references) {
  return {{"addressed", references.addressed},
          {"signed", references.signed_ids},
          {"ids", references.ids},
          {"tagged", references.tagged}};
}

}  // namespace

Explained explain(const Rulebook& rulebook, Message message, const Envelope& envelope) {
  Explained explained;
  explained.decision = decide(rulebook, message, envelope);
  explained.acknowledge = may_acknowledge(rulebook, message, envelope, explained.decision);
  explained.references = references_of(message, envelope, explained.decision.automatic,
                                       rulebook.desk().recipient_delimiter, Keys{});
  explained.message = std::move(message);
  return explained;
}

json explain_json(const Explained& explained) {
  const MayAcknowledge& acknowledge = explained.acknowledge;
  return {{"file", explained.file},
          {"message", to_json(explained.message)},
          {"automatic", to_json(explained.decision.automatic)},
          {"verdict", to_json(explained.decision.verdict)},
          {"customer", to_json(explained.decision.customer)},
          {"form", to_json(explained.decision.form)},
          {"acknowledge", {{"send", acknowledge.send}, {"reason", acknowledge.reason}}},
          {"references", to_json(explained.references)},
          {"base_subject", base_subject(explained.message.subject)},
          {"content", explained.decision.content},
          {"thanks", explained.decision.thanks},
          {"problems", explained.message.problems},
          {"micros", explained.micros}};
}

std::string explain_line(const Explained& explained) {
  return explain_json(explained).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace postroom
