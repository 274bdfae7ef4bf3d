#pragma once
// Why mail was not delivered, when only words say it. Pure.

#include <string_view>

namespace postroom {

// Subject and detail of the RFC 3463 status that the folded words mean: "1.1" for "user unknown", "2.2"
// for "mailbox full"; empty if they mean none.
std::string_view reason_in(std::string_view folded);

}  // namespace postroom
