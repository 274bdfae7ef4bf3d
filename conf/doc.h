#pragma once
// The table of settings for people, programs and the manual page. Pure.

#include <string>

namespace postroom {

std::string doc_text();  // aligned, a setting and its explanation below
std::string doc_json();  // one object a line
std::string doc_mdoc();  // the list in the SETTINGS section of postroom.yaml.5

}  // namespace postroom
