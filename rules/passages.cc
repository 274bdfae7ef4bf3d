#include "rules/passages.h"

#include "rules/match.h"

namespace postroom {
namespace {

// What the writer says himself, and the mail he forwards; quoted history was routed when it came.
std::string body_of(const Message& message) {
  std::string body = message.new_text.empty() ? message.text : message.new_text;
  if (!message.forwarded || body.find(message.forwarded->text) != std::string::npos) return body;
  return body + "\n" + message.forwarded->text;
}

std::string line_of(const Address& address) { return address.name + " " + address.address; }

std::string lower_ascii(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

void add_texts(std::vector<Passage>& passages, const Message& message) {
  passages.push_back({{"subject", "mentions"}, message.subject});
  std::string body = body_of(message);
  if (body == message.text) return passages.push_back({{"body", "mentions", "text"}, std::move(body)});
  passages.push_back({{"body", "mentions"}, std::move(body)});
  passages.push_back({{"text"}, message.text});
}

void add_recipient(std::vector<Passage>& passages, const std::string& recipient, char delimiter) {
  const std::string address = normal_address(recipient);
  const std::string bare = delimiter == '\0' ? address : without_extension(address, delimiter);
  passages.push_back({{"recipient"}, address});
  if (bare != address) passages.push_back({{"recipient"}, bare});
}

}  // namespace

std::string passage_name(const Condition& condition) {
  const std::string field{field_name(condition.field)};
  if (condition.field == Field::header) return field + " " + lower_ascii(condition.name);
  if (condition.field == Field::form) return field + " " + fold(condition.name);
  return field;
}

std::vector<Passage> passages_of(const Evidence& evidence, char recipient_delimiter) {
  const auto& [message, envelope, findings, channel] = evidence;
  std::vector<Passage> passages;
  add_texts(passages, message);
  for (const std::string& recipient : envelope.recipients) {
    add_recipient(passages, recipient, recipient_delimiter);
  }
  passages.push_back({{"channel"}, channel.address});
  passages.push_back({{"queue"}, channel.queue});
  passages.push_back({{"language"}, findings.language});
  passages.push_back({{"customer"}, findings.customer.status});
  for (const Address& from : message.from) passages.push_back({{"from"}, line_of(from)});
  for (const auto* list : {&message.to, &message.cc}) {
    for (const Address& to : *list) passages.push_back({{"to"}, line_of(to)});
  }
  for (const Attachment& file : message.attachments) passages.push_back({{"attachment"}, file.name});
  for (const FormValue& value : findings.form) {
    passages.push_back({{"form " + fold(value.name)}, value.value});
  }
  for (const Header& header : message.headers) {
    passages.push_back({{"header " + lower_ascii(header.name)}, header.value});
  }
  return passages;
}

}  // namespace postroom
