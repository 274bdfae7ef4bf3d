#include "rules/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "rules/classify.h"
#include "rules/subject.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t token_length = 10;   // 50 bits: nobody guesses them by sending mail
constexpr std::size_t longest_local = 64;  // RFC 5321, 4.5.3.1.1
constexpr std::size_t longest_address = 400;
constexpr std::size_t longest_id = 500;
constexpr std::size_t longest_random = 64;
constexpr std::size_t most_ids = 20;
constexpr std::size_t most_candidates = 150;  // ids and addresses looked at
constexpr std::size_t most_references = 100;
constexpr int most_extensions = 3;  // tried, of one address
constexpr std::size_t most_tickets = 5;

std::string reply_bytes(TicketNumber ticket) { return fmt::format("postroom reply v1\n{}\n", ticket); }

std::string id_bytes(OwnId id, std::string_view random) {
  return fmt::format("postroom message v1\n{}\n{}\n{}\n", id.ticket, id.message, random);
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

// Cuts "digits" off the front of text; nullopt if there are none, or too many, or a 0 stands first.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const std::string_view digits = text.substr(0, std::min<std::size_t>(text.size(), 19));
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  const auto length = static_cast<std::size_t>(end - digits.data());
  if (text.front() == '0' && length > 1) return std::nullopt;
  text.remove_prefix(length);
  return number;
}

bool take(std::string_view& text, std::string_view sign) {
  if (!text.starts_with(sign)) return false;
  text.remove_prefix(sign.size());
  return true;
}

// The local part without quotes: "\"support+1.abc\"@desk.test" is the same as "support+1.abc@desk.test".
std::string local_part(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (address.size() > longest_address || at == address.npos) return {};
  std::string local;
  for (const char c : address.substr(0, at)) {
    if (c != '"' && c != '\\' && c != '<' && c != ' ' && c != '\t') local += c;
  }
  return local;
}

// "48213.k7q2m9p4xa", and behind it nothing or another extension.
std::optional<TicketNumber> ticket_of_extension(std::string_view extension, char delimiter,
                                                const Keys& keys) {
  const std::optional<TicketNumber> ticket = take_number(extension);
  if (!ticket || *ticket == 0 || !take(extension, ".") || extension.size() < token_length)
    return std::nullopt;
  const std::string_view token = extension.substr(0, token_length);
  if (extension.size() > token_length && extension[token_length] != delimiter) return std::nullopt;
  if (!keys.fits_token(token, reply_bytes(*ticket), token_length)) return std::nullopt;
  return ticket;
}

// Collects in order, without doubles.
template <class T>
class Unique {
 public:
  explicit Unique(std::size_t most) : most_{most} {}

  void add(T value) {
    if (list_.size() < most_ && seen_.insert(value).second) list_.push_back(std::move(value));
  }
  std::vector<T> take() { return std::move(list_); }

 private:
  std::size_t most_;
  std::vector<T> list_;
  std::unordered_set<T> seen_;
};

// Mail systems that fold long lines leave blanks in ids.
std::string clean_id(std::string_view id) {
  std::string clean;
  for (const char c : id.substr(0, longest_id + 100)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte != 0x7F && c != '<' && c != '>') clean += c;
  }
  return clean.size() > longest_id ? std::string{} : valid_utf8(clean);
}

// Nearest first.
std::vector<std::string> ids_of(const Message& message, const Automatic& automatic) {
  Unique<std::string> ids{most_candidates};
  const std::string own = clean_id(message.message_id);
  const auto add = [&](std::string_view id) {
    std::string clean = clean_id(id);
    if (!clean.empty() && clean != own) ids.add(std::move(clean));
  };
  for (std::size_t i = 0; i < message.in_reply_to.size() && i < most_ids; ++i) add(message.in_reply_to[i]);
  if (automatic.original_message_id) add(*automatic.original_message_id);
  const std::vector<std::string>& references = message.references;
  for (std::size_t i = 0; i < references.size() && i < most_references; ++i)
    add(references[references.size() - 1 - i]);
  if (!references.empty()) add(references.front());
  for (const std::string& id : automatic.original_ids) add(id);
  return ids.take();
}

// The first of References begins the thread: it is kept where others have to go.
std::vector<std::string> bounded(std::vector<std::string> ids, const Message& message) {
  if (ids.size() <= most_ids) return ids;
  const std::string first = message.references.empty() ? ids.back() : clean_id(message.references.front());
  const bool kept = std::find(ids.begin(), ids.begin() + most_ids, first) != ids.begin() + most_ids;
  const bool known = kept || std::find(ids.begin(), ids.end(), first) != ids.end();
  ids.resize(most_ids);
  if (!kept && known) ids.back() = first;
  return ids;
}

void add_all(const std::vector<std::string>& list, Unique<std::string>& into) {
  for (const std::string& one : list) into.add(one);
}

void add_all(const std::vector<Address>& list, Unique<std::string>& into) {
  for (const Address& one : list) into.add(one.address);
}

std::vector<std::string> addresses_of(const Message& message, const Envelope& envelope,
                                      const Automatic& automatic) {
  Unique<std::string> addresses{most_candidates};
  add_all(envelope.recipients, addresses);
  add_all(message.to, addresses);
  add_all(message.cc, addresses);
  add_all(automatic.original_reply_to, addresses);
  return addresses.take();
}

std::vector<TicketNumber> tickets_of(const std::vector<std::string>& addresses, char delimiter,
                                     const Keys& keys) {
  Unique<TicketNumber> tickets{most_tickets};
  for (const std::string& address : addresses) {
    if (const auto ticket = ticket_of_address(address, delimiter, keys)) tickets.add(*ticket);
  }
  return tickets.take();
}

}  // namespace

std::string reply_address(std::string_view channel, TicketNumber ticket, char delimiter, const Keys& keys) {
  const std::size_t at = channel.rfind('@');
  if (delimiter == '\0' || ticket <= 0 || at == channel.npos || at == 0 || channel.front() == '"') return {};
  const std::string local = fmt::format("{}{}{}.{}", channel.substr(0, at), delimiter, ticket,
                                        keys.token(reply_bytes(ticket), token_length));
  if (local.size() > longest_local) return {};
  return local + std::string{channel.substr(at)};
}

std::optional<TicketNumber> ticket_of_address(std::string_view address, char delimiter, const Keys& keys) {
  if (delimiter == '\0') return std::nullopt;
  const std::string local = local_part(address);
  std::string_view rest = local;
  for (int tried = 0; tried < most_extensions;) {
    const std::size_t mark = rest.find(delimiter);
    if (mark == rest.npos) break;
    rest.remove_prefix(mark + 1);
    if (rest.empty() || rest.front() < '0' || rest.front() > '9') continue;
    if (const auto ticket = ticket_of_extension(rest, delimiter, keys)) return ticket;
    ++tried;
  }
  return std::nullopt;
}

std::string signed_message_id(OwnId id, std::string_view random, std::string_view host, const Keys& keys) {
  return fmt::format("t{}.m{}.{}.{}@{}", id.ticket, id.message, random,
                     keys.token(id_bytes(id, random), token_length), host);
}

std::optional<OwnId> read_message_id(std::string_view id, const Keys& keys) {
  const std::size_t at = id.rfind('@');
  if (id.size() > longest_id || at == id.npos) return std::nullopt;
  const std::string local = lower(id.substr(0, at));
  std::string_view rest = local;
  if (rest.starts_with('<')) rest.remove_prefix(1);
  if (!take(rest, "t")) return std::nullopt;
  const std::optional<TicketNumber> ticket = take_number(rest);
  if (!ticket || *ticket == 0 || !take(rest, ".m")) return std::nullopt;
  const std::optional<MessageNumber> message = take_number(rest);
  if (!message || !take(rest, ".")) return std::nullopt;
  const std::size_t dot = rest.find('.');
  if (dot == rest.npos || dot == 0 || dot > longest_random) return std::nullopt;
  const OwnId own{*ticket, *message};
  if (!keys.fits_token(rest.substr(dot + 1), id_bytes(own, rest.substr(0, dot)), token_length))
    return std::nullopt;
  return own;
}

References references_of(const Message& message, const Envelope& envelope, const Automatic& automatic,
                         char delimiter, const Keys& keys) {
  References references;
  references.addressed = tickets_of(addresses_of(message, envelope, automatic), delimiter, keys);
  Unique<TicketNumber> own{most_tickets};
  std::vector<std::string> foreign;
  for (const std::string& id : ids_of(message, automatic)) {
    const std::optional<OwnId> read = read_message_id(id, keys);
    if (read) own.add(read->ticket);
    if (!read) foreign.push_back(id);
  }
  references.signed_ids = own.take();
  references.ids = bounded(std::move(foreign), message);
  references.tagged = ticket_tags_in(message.subject);
  return references;
}

}  // namespace postroom
