#include "rules/list_sender.h"

#include <algorithm>
#include <iterator>

#include "rules/address.h"
#include "rules/quote_words.h"

namespace postroom {
namespace {

// Headers in which list programs keep the sender they replaced, the surest first.
constexpr std::string_view author_headers[] = {
    "X-Original-From",    // Google Groups, Exim, mlmmj
    "X-Original-Sender",  // Google Groups
    "Original-From",     "X-Mailman-Original-From",
    "X-MailFrom",  // Mailman 3: the envelope sender
};

constexpr std::string_view list_headers[] = {
    "List-Id",        "List-Post",         "List-Unsubscribe",  "List-Help",      "List-Archive",
    "List-Subscribe", "Mailing-List",      "X-Mailman-Version", "X-Mailing-List", "X-BeenThere",
    "X-Loop",         "X-Google-Group-Id", "X-ML-Name",         "X-Sequence",
};

// "Anna via Sales", "'Anna' über Vertrieb": the name that list programs give.
bool is_list_name(std::string_view name) {
  constexpr std::string_view words = " via | über | через | par | vía | tramite | przez | prostřednictvím ";
  const std::string folded = fold_words(name);
  return any_word(words, [&](std::string_view word) { return folded.find(word) != folded.npos; });
}

// The last address in a header's value: "Anna <anna@x.test>" or the address alone.
std::string address_in(std::string_view value) {
  value = value.substr(0, 1000);
  const std::size_t open = value.rfind('<');
  if (open != value.npos) value = value.substr(open + 1, value.substr(open + 1).find('>'));
  std::string address = normal_address(value);
  return is_deliverable(address) ? address : std::string{};
}

// groups.io and others: "anna=x.test@groups.test".
std::string address_inside(const std::string& address) {
  const std::size_t at = address.rfind('@');
  const std::size_t equals = address.substr(0, at).rfind('=');
  if (at == address.npos || equals == address.npos) return {};
  std::string inside = address.substr(0, equals) + "@" + address.substr(equals + 1, at - equals - 1);
  const bool domain = inside.find('.', equals) != inside.npos;
  return domain && is_deliverable(inside) ? inside : std::string{};
}

// Reply-To then leads to the author, to the list, or to both.
std::string author_in_reply_to(const Message& message, const std::string& from) {
  const auto is_author = [&](const Address& one) {
    return is_deliverable(one.address) && normal_address(one.address) != from &&
           !contains_address(message.to, one.address);
  };
  const auto found = std::find_if(message.reply_to.begin(), message.reply_to.end(), is_author);
  return found == message.reply_to.end() ? std::string{} : normal_address(found->address);
}

}  // namespace

bool comes_by_list(const Message& message) {
  const bool named =
      std::any_of(std::begin(list_headers), std::end(list_headers),
                  [&](std::string_view name) { return find_header(message.headers, name) != nullptr; });
  const std::string* precedence = find_header(message.headers, "Precedence");
  return named || (precedence && fold_words(precedence->substr(0, 20)) == "list") ||
         (!message.from.empty() && is_list_name(message.from.front().name));
}

std::string author_address(const Message& message) {
  if (message.from.empty()) return {};
  const Address& first = message.from.front();
  const std::string from = normal_address(first.address);
  if (!is_list_name(first.name)) return from;
  for (const std::string_view name : author_headers) {
    const std::string* value = find_header(message.headers, name);
    if (std::string address = value ? address_in(*value) : std::string{}; !address.empty()) return address;
  }
  if (std::string address = author_in_reply_to(message, from); !address.empty()) return address;
  std::string inside = address_inside(from);
  return inside.empty() ? from : inside;
}

}  // namespace postroom
