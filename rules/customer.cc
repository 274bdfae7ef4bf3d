#include "rules/customer.h"

#include <algorithm>

#include "rules/acknowledge.h"
#include "rules/classify.h"
#include "rules/people.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_phone = 100;

const Address* first_deliverable(const std::vector<Address>& list) {
  const auto found =
      std::ranges::find_if(list, [](const Address& one) { return is_deliverable(one.address); });
  return found == list.end() ? nullptr : &*found;
}

const Address* only_reply_to(const Message& message) {
  return message.reply_to.size() == 1 ? first_deliverable(message.reply_to) : nullptr;
}

// A form may mark its mail as made by a machine, but a report or a list is none of its mails.
bool may_be_form(Automatic::Kind kind) {
  return kind == Automatic::Kind::none || kind == Automatic::Kind::auto_generated ||
         kind == Automatic::Kind::bulk;
}

bool is_at_domain_of(const std::string& address, const Channel& channel) {
  return domain_of(address) == domain_of(channel.address);
}

// Who has sent the message is a program of the site, as far as one can see.
bool is_from_machine(const Message& message, const Envelope& envelope, const Channel& channel,
                     const Automatic& automatic) {
  const Address* from = first_deliverable(message.from);
  return !from || automatic.kind != Automatic::Kind::none || is_robot_address(from->address) ||
         is_at_domain_of(from->address, channel) || envelope.sender == "";
}

// Who answers a mail quotes it, and with it the fields of a form that somebody else has filled in.
bool is_answer(const Message& message) { return !message.in_reply_to.empty() && !message.forwarded; }

bool is_form_mail(const FormRead& read, const Message& message, const Envelope& envelope,
                  const Channel& channel, const Automatic& automatic) {
  if (read.present == 0) return false;
  if (is_answer(message) && !is_from_machine(message, envelope, channel, automatic)) return false;
  const bool half = 2 * read.present >= read.fields;
  if (automatic.kind == Automatic::Kind::bulk)
    return half && !read.address.empty();  // no newsletter's footer
  if (half || !read.address.empty()) return true;
  return is_from_machine(message, envelope, channel, automatic);
}

// The form says by Reply-To who has filled it in; a sender who merely likes to get answers elsewhere is known
// by his own mail being no machine's.
const Address* named_by_reply_to(const FormReader& reader, const Message& message, const Findings& findings) {
  if (reader.form().reply_to == Switch::off || findings.automatic.kind == Automatic::Kind::bulk)
    return nullptr;
  return only_reply_to(message);
}

void take_form(const FormRead& read, const Address* reply_to, Findings& findings) {
  Customer& customer = findings.customer;
  customer = {bounded_utf8(read.value_of("name"), longest_name), read.address, "form",
              bounded_utf8(read.value_of("phone"), longest_phone)};
  findings.form = read.values;
  if (!customer.address.empty() || !reply_to) return;
  if (customer.name.empty()) customer.name = bounded_utf8(reply_to->name, longest_name);
  customer.address = reply_to->address;
  findings.form.push_back({"reply_to", reply_to->address});
}

// True if it was a mail of the channel's form.
bool find_form(const Rulebook& rulebook, const Message& message, const Envelope& envelope,
               Findings& findings) {
  const Channel* channel = first_channel(rulebook.desk(), envelope.recipients);
  const FormReader* reader = channel ? rulebook.form_of(channel->address) : nullptr;
  if (!reader) return false;
  const FormRead read = reader->read(message.text);
  const Address* reply_to = named_by_reply_to(*reader, message, findings);
  const bool found = is_form_mail(read, message, envelope, *channel, findings.automatic);
  const bool named = reply_to && is_from_machine(message, envelope, *channel, findings.automatic);
  if (!found && !named) return false;
  take_form(found ? read : FormRead{}, reply_to, findings);
  return true;
}

bool find_forwarded(const Desk& desk, const Message& message, Findings& findings) {
  if (!message.forwarded || message.from.size() != 1 || findings.automatic.kind != Automatic::Kind::none)
    return false;
  const Address& writer = message.forwarded->from;
  if (!is_deliverable(writer.address) || !is_of_the_desk(desk, message.from.front().address)) return false;
  if (is_of_the_desk(desk, writer.address)) return false;
  findings.customer = {bounded_utf8(writer.name, longest_name), writer.address, "forwarded"};
  return true;
}

}  // namespace

// A form on a web site that no channel knows writes as noreply@ and names the person in Reply-To.
Customer find_customer(const Message& message) {
  const Address* from = first_deliverable(message.from);
  const Address* other = first_deliverable(message.reply_to);
  const bool robot = from && other && message.reply_to.size() == 1 && is_robot_address(from->address);
  if (from && !robot) return {bounded_utf8(from->name, longest_name), from->address, "from"};
  if (other) return {bounded_utf8(other->name, longest_name), other->address, "reply-to"};
  if (message.from.empty()) return {"", "", "from"};
  return {bounded_utf8(message.from.front().name, longest_name), "", "from"};
}

void find_customer(const Rulebook& rulebook, const Message& message, const Envelope& envelope,
                   Findings& findings) {
  findings.customer = find_customer(message);
  if (!may_be_form(findings.automatic.kind)) return;
  if (find_form(rulebook, message, envelope, findings)) return;
  find_forwarded(rulebook.desk(), message, findings);
}

}  // namespace postroom
