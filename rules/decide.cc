// From a message to a Decision: see classify.h.

#include <algorithm>

#include "rules/classify.h"
#include "rules/content.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t most_failed = 50;
constexpr std::size_t longest_id = 500;
constexpr std::size_t longest_status = 100;
constexpr std::size_t longest_address = 320;
constexpr std::size_t most_originals = 10;

void bound(std::optional<std::string>& id) {
  if (!id) return;
  if (id->size() > longest_id) return id.reset();  // half of an id would be the id of another message
  *id = valid_utf8(*id);
}

void bound(std::vector<std::string>& list, std::size_t longest) {
  std::erase_if(list, [&](const std::string& one) { return one.size() > longest; });
  if (list.size() > most_originals) list.resize(most_originals);
  for (std::string& one : list) one = bounded_utf8(one, longest);
}

void bound(Automatic& automatic) {
  automatic.reason = bounded_utf8(automatic.reason, 200);
  if (automatic.failed.size() > most_failed) automatic.failed.resize(most_failed);
  for (Failed& failed : automatic.failed) {
    failed.recipient = bounded_utf8(failed.recipient, 320);
    failed.status = bounded_utf8(failed.status, 32);
    failed.action = bounded_utf8(failed.action, 32);
  }
  bound(automatic.original_message_id);
  bound(automatic.original_ids, longest_id);
  bound(automatic.original_reply_to, longest_address);
}

std::string status_of(const Rulebook& rulebook, const std::string& address, const StatusOf& more) {
  if (address.empty()) return {};
  const std::string normal = normal_address(address);
  std::string status = rulebook.people().status_of(normal);
  if (status.empty() && more && rulebook.people().matters()) status = more(normal);
  return bounded_utf8(status, longest_status);
}

}  // namespace

Decision decide(const Rulebook& rulebook, const Message& message, const Envelope& envelope,
                const StatusOf& more) {
  Decision decision;
  decision.automatic = find_automatic(message, envelope.sender);
  bound(decision.automatic);
  find_customer(rulebook, message, envelope, decision);
  decision.customer.status = status_of(rulebook, decision.customer.address, more);
  decision.language = bounded_utf8(message.language, 32);
  decision.verdict = rulebook.classify(message, envelope, decision);
  decision.content = content_digest(message);
  decision.thanks = decision.automatic.kind == Automatic::Kind::none && is_thanks(message);
  return decision;
}

}  // namespace postroom
