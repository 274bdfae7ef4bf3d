#pragma once
// Latin letters in Cyrillic words and the other way round. Pure.

#include <string>
#include <string_view>

namespace postroom {

// Words that mix Latin and Cyrillic letters in one script, where every letter of the other looks like one of
// it: Cyrillic if that is possible, else Latin. All else stays as it is. Linear. Source: the letters that
// Unicode's confusables.txt calls the same in both scripts.
std::string one_script(std::string_view utf8);

}  // namespace postroom
