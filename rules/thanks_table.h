#pragma once
// The phrases of short thanks, a table for each family of languages; see thanks_words.h. Pure.
// A phrase is written as people type it, and '|' separates; case, ё and apostrophes do not count.

#include <span>
#include <string_view>

#include "rules/thanks_words.h"

namespace postroom {

struct ThanksRow {
  ThanksPart part;
  std::string_view phrases;
};

std::span<const ThanksRow> english_and_german_thanks();
std::span<const ThanksRow> slavic_thanks();
std::span<const ThanksRow> romance_thanks();
std::span<const ThanksRow> other_thanks();

}  // namespace postroom
