#pragma once
// What a style attribute of HTML hides from a reader: the pre-headers of newsletters, and traps. Pure,
// linear.

#include <algorithm>
#include <string_view>
#include <vector>

#include "rules/html_effect.h"

namespace postroom {

enum class FontSize { unsaid, none, readable };  // none: nobody can read it

struct Style {
  bool hidden = false;  // the element and all in it
  FontSize font = FontSize::unsaid;
};

// `declarations` as in style="..."; reads their first 4000 bytes.
Style read_style(std::string_view declarations);

enum class Hidden { left_out, shown };  // what a style hides

// Which of the open elements are hidden, by their name or by their style.
class Visibility {
 public:
  explicit Visibility(Hidden hidden) : hidden_{hidden} {}

  void start(Effect effect, std::string_view declarations) {
    ++depth_;
    if (hidden_at_ > 0) return;
    if (effect == Effect::hidden) hidden_at_ = depth_;
    if (declarations.empty() || hidden_ == Hidden::shown) return;
    const Style style = read_style(declarations);
    if (style.hidden) hidden_at_ = depth_;
    if (style.font != FontSize::unsaid) fonts_.push_back({depth_, style.font});
    hid_ = hid_ || style.hidden || style.font == FontSize::none;
  }

  void end() {
    if (hidden_at_ == depth_) hidden_at_ = 0;
    if (!fonts_.empty() && fonts_.back().depth == depth_) fonts_.pop_back();
    depth_ = std::max(depth_ - 1, 0);
  }

  bool is_visible() const {
    return hidden_at_ == 0 && (fonts_.empty() || fonts_.back().size != FontSize::none);
  }
  bool hid_by_style() const { return hid_; }
  int depth() const { return depth_; }

  void forget_open() {
    depth_ = hidden_at_ = 0;
    fonts_.clear();
  }

 private:
  struct Font {
    int depth;
    FontSize size;
  };

  Hidden hidden_;
  int depth_ = 0, hidden_at_ = 0;
  std::vector<Font> fonts_;
  bool hid_ = false;
};

}  // namespace postroom
