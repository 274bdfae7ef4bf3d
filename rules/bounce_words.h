#pragma once
// The words in which mail systems tell of mail that was not delivered. All texts are results of fold().
// Pure; the cost is the length of the text times the size of the table.

#include <string_view>

namespace postroom {

// 2: nothing else is called so; 1: other mail may be; 0: no bounce.
int subject_of_bounce(std::string_view subject);

bool text_of_bounce(std::string_view text);

// A warning: delivery goes on.
bool speaks_of_delay(std::string_view text);

// The mail system has given up, whatever the text says of earlier attempts.
bool speaks_of_the_end(std::string_view text);

// Behind such a line stands the mail that came back: its addresses are not those that failed.
bool announces_original(std::string_view line);

// "Confirm that you are no robot, then your mail will be delivered": no bounce.
bool is_challenge(std::string_view text);

}  // namespace postroom
