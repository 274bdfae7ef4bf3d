#include "rules/html_effect.h"

#include <algorithm>
#include <array>

namespace postroom {
namespace {

struct Tag {
  std::string_view name;
  Effect effect;
};
constexpr std::array<Tag, 48> tags{{
    {"a", Effect::link},           {"address", Effect::line},  {"applet", Effect::hidden},
    {"article", Effect::line},     {"aside", Effect::line},    {"blockquote", Effect::quote},
    {"br", Effect::line},          {"center", Effect::line},   {"dd", Effect::line},
    {"div", Effect::line},         {"dl", Effect::paragraph},  {"dt", Effect::line},
    {"fieldset", Effect::line},    {"footer", Effect::line},   {"form", Effect::line},
    {"h1", Effect::paragraph},     {"h2", Effect::paragraph},  {"h3", Effect::paragraph},
    {"h4", Effect::paragraph},     {"h5", Effect::paragraph},  {"h6", Effect::paragraph},
    {"header", Effect::line},      {"hr", Effect::paragraph},  {"iframe", Effect::hidden},
    {"img", Effect::image},        {"li", Effect::item},       {"main", Effect::line},
    {"nav", Effect::line},         {"noframes", Effect::none}, {"object", Effect::none},
    {"ol", Effect::paragraph},     {"option", Effect::line},   {"p", Effect::paragraph},
    {"pre", Effect::preformatted}, {"script", Effect::hidden}, {"section", Effect::line},
    {"select", Effect::line},      {"style", Effect::hidden},  {"svg", Effect::hidden},
    {"table", Effect::line},       {"td", Effect::cell},       {"template", Effect::hidden},
    {"textarea", Effect::line},    {"th", Effect::cell},       {"title", Effect::hidden},
    {"tr", Effect::line},          {"ul", Effect::paragraph},  {"xml", Effect::hidden},
}};
static_assert(std::is_sorted(tags.begin(), tags.end(),
                             [](const Tag& a, const Tag& b) { return a.name < b.name; }));

}  // namespace

Effect effect_of(std::string_view name) {
  const auto found =
      std::lower_bound(tags.begin(), tags.end(), name,
                       [](const Tag& tag, std::string_view wanted) { return tag.name < wanted; });
  return found != tags.end() && found->name == name ? found->effect : Effect::none;
}

}  // namespace postroom
