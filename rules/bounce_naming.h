#pragma once
// The addresses in the text of a bounce, and how their lines speak of them. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postroom {

// How a line speaks of an address.
enum class Naming {
  recipient,  // "<ivan@example.org>: ...", "Recipient: <...>", "could not be delivered to <...>"
  reply,      // "550 5.1.1 <ivan@example.org>... User unknown", "RCPT TO:<...>"
  mention,    // anything else: may be anybody
  other       // surely not the recipient: the sender, a contact, a Message-ID
};

// `address` is a part of `line`, as address_around() gave it.
Naming naming_of(std::string_view line, std::string_view address);

// The address around the '@' at `at`; empty if it could get no mail.
std::string_view address_around(std::string_view line, std::size_t at);

// The addresses of a text that could get mail, at most 100, in its order, as written.
std::vector<std::string> addresses_in(std::string_view text);

// Could the character stand in an address without quotes?
bool is_address_char(char c);

}  // namespace postroom
