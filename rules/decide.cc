// From a message to a Decision: see classify.h.

#include <algorithm>

#include "rules/acknowledge.h"
#include "rules/classify.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t most_failed = 50;
constexpr std::size_t longest_id = 500;

std::string cut(std::string_view text, std::size_t bytes) {
  return std::string{cut_utf8(valid_utf8(text), bytes)};
}

const Address* first_deliverable(const std::vector<Address>& list) {
  const auto found =
      std::ranges::find_if(list, [](const Address& one) { return is_deliverable(one.address); });
  return found == list.end() ? nullptr : &*found;
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

}  // namespace

// A form on a web site writes as noreply@ and names the person in Reply-To.
Customer find_customer(const Message& message) {
  const Address* from = first_deliverable(message.from);
  const Address* other = first_deliverable(message.reply_to);
  const bool form = from && other && message.reply_to.size() == 1 && is_robot_address(from->address);
  if (from && !form) return {cut(from->name, 200), from->address, "from"};
  if (other) {
    return {cut(other->name, 200), other->address, "reply-to"};
  }
  if (message.from.empty()) return {"", "", "from"};
  return {cut(message.from.front().name, 200), "", "from"};
}

Decision decide(const Rulebook& rulebook, const Message& message, const Envelope& envelope,
                const StatusOf& status_of) {
  Decision decision;
  decision.automatic = find_automatic(message, envelope.sender);
  bound(decision.automatic);
  decision.customer = find_customer(message);
  if (status_of) decision.customer.status = status_of(normal_address(decision.customer.address));
  decision.language = cut(message.language, 32);
  decision.verdict = rulebook.classify(message, envelope, decision);
  return decision;
}

}  // namespace postroom
