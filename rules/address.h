#pragma once
// Mail addresses as RFC 5322 (section 3.4) and RFC 5321 (section 4.1.2) write them. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postroom {

struct Address {
  std::string name;     // display name, decoded to UTF-8; may be empty
  std::string address;  // local@domain as written, without angle brackets; may be empty

  bool operator==(const Address&) const = default;
};

// The form in which addresses are compared: no angle brackets, no surrounding white space, ASCII letters
// in lower case (what every mail system of today does, although RFC 5321 lets local parts differ by case).
std::string normal_address(std::string_view address);

// "support+48213@desk.test" -> "support@desk.test" for delimiter '+'. Unchanged if there is no extension.
std::string without_extension(std::string_view address, char delimiter);

// The text after '@', normalised; empty if there is none.
std::string domain_of(std::string_view address);

// True for something that can be written between <> in RCPT TO: one '@', both sides non-empty, no white
// space, no control characters, no angle brackets, at most 320 bytes.
bool is_deliverable(std::string_view address);

// First match of `wanted` headers' addresses against a list, by normal_address().
bool contains_address(const std::vector<Address>& list, std::string_view address);

}  // namespace postroom
