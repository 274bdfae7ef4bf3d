#pragma once
// Subjects as mail clients and lists change them. Pure, linear time.

#include <string>
#include <string_view>
#include <vector>

#include "rules/ticket.h"

namespace postroom {

// Without prefixes of replies and forwards in many languages (Re:, Fwd:, AW:, WG:, Отв:, Ответ:, НА:, RE[2]:,
// 回复：...), tags of lists ([name]) in front, and ticket tags anywhere; white space collapsed. Case stays.
std::string base_subject(std::string_view subject);

// Does it begin with a prefix of a reply or a forward?
bool is_reply_subject(std::string_view subject);

// Numbers of ticket tags ("[#48213]", "[SUP#48213]", also "[SUP #48213]"), first to last, at most 5.
std::vector<TicketNumber> ticket_tags_in(std::string_view subject);

}  // namespace postroom
