// From a message to a Decision: see classify.h.

#include <algorithm>

#include "rules/classify.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t most_failed = 50;
constexpr std::size_t longest_id = 500;
constexpr std::size_t longest_status = 100;

std::string cut(std::string_view text, std::size_t bytes) {
  return std::string{cut_utf8(valid_utf8(text), bytes)};
}

void bound(std::optional<std::string>& id) {
  if (!id) return;
  if (id->size() > longest_id) return id.reset();  // half of an id would be the id of another message
  *id = valid_utf8(*id);
}

void bound(Automatic& automatic) {
  automatic.reason = cut(automatic.reason, 200);
  if (automatic.failed.size() > most_failed) automatic.failed.resize(most_failed);
  for (Failed& failed : automatic.failed) {
    failed.recipient = cut(failed.recipient, 320);
    failed.status = cut(failed.status, 32);
    failed.action = cut(failed.action, 32);
  }
  bound(automatic.original_message_id);
}

std::string status_of(const Rulebook& rulebook, const std::string& address, const StatusOf& more) {
  if (address.empty()) return {};
  const std::string normal = normal_address(address);
  std::string status = rulebook.people().status_of(normal);
  if (status.empty() && more) status = more(normal);
  return cut(status, longest_status);
}

}  // namespace

Decision decide(const Rulebook& rulebook, const Message& message, const Envelope& envelope,
                const StatusOf& more) {
  Decision decision;
  decision.automatic = find_automatic(message, envelope.sender);
  bound(decision.automatic);
  find_customer(rulebook, message, envelope, decision);
  decision.customer.status = status_of(rulebook, decision.customer.address, more);
  decision.language = cut(message.language, 32);
  decision.verdict = rulebook.classify(message, envelope, decision);
  return decision;
}

}  // namespace postroom
