#pragma once
// The prefixes by which mail programs of many languages mark the subjects of replies and forwarded mail.
// Pure. Sources: the texts of Outlook, Lotus Notes, Gmail, Apple Mail, Thunderbird, The Bat!, mail.ru, Yandex
// and others.

#include <cstddef>
#include <string_view>

namespace postroom {

// What the subject of a mail says it is: "Re: lamp", "Fwd: lamp". The first prefix counts.
enum class SubjectKind { plain, reply, forward };
SubjectKind subject_kind(std::string_view subject);

// Bytes of the prefix with its colon and the white space around it ("Re[2]: lamp" 7); 0 if there is none.
std::size_t prefix_length(std::string_view subject);

}  // namespace postroom
