#pragma once
// Who wrote a mail that came by a mailing list. Pure.

#include <string>

#include "rules/message.h"

namespace postroom {

// Do headers show that a list has passed it on (RFC 2369, RFC 2919, and what older programs write)?
bool comes_by_list(const Message& message);

// Normalised address of the first sender. Lists that write themselves into From ("Anna via Sales
// <sales@lists.test>", because of DMARC) keep the author in another header; empty if there is no sender.
std::string author_address(const Message& message);

}  // namespace postroom
