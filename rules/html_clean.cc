#include "rules/html_clean.h"

#include <algorithm>
#include <optional>

#include "rules/html_tag.h"

namespace postroom {
namespace {

constexpr std::size_t most_attributes = 200;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What libxml2 takes for the beginning of a name.
bool begins_name(char c) { return is_letter(c) || c == '_' || c == ':' || c == '.'; }

bool starts_with(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  return std::equal(lower.begin(), lower.end(), text.begin(),
                    [](char a, char b) { return a == (is_letter(b) ? b | 0x20 : b); });
}

class Cleaner {
 public:
  explicit Cleaner(std::string_view html) : html_{html} { kept_.reserve(html.size()); }

  std::string run() {
    while (at_ < html_.size()) step();
    return std::move(kept_);
  }

 private:
  void step() {
    if (html_[at_] != '<') return copy_to(html_.find('<', at_));
    const std::string_view here = html_.substr(at_);
    if (here.starts_with("<!--")) return skip_comment();
    if (is_element("script")) return skip_element("</script");
    if (is_element("style")) return skip_element("</style");
    if (here.size() > 1 && begins_name(here[1])) return copy_tag();
    copy_to(html_.find('<', at_ + 1));
  }

  bool is_element(std::string_view name) const {
    if (!starts_with(html_.substr(at_ + 1), name)) return false;
    const std::size_t behind = at_ + 1 + name.size();
    return behind < html_.size() && !is_letter(html_[behind]) && html_[behind] != '-';
  }

  void copy_to(std::size_t end) {
    end = std::min(end, html_.size());
    kept_ += html_.substr(at_, end - at_);
    at_ = end;
  }

  // "<!-->" is a whole comment, and "--!>" ends one too (HTML Living Standard, 13.2.5.43 to 13.2.5.52).
  void skip_comment() {
    const std::size_t end = std::min(find("-->", at_ + 2), find("--!>", at_ + 4));
    if (end == html_.npos) {
      at_ = html_.size();
      return;
    }
    at_ = html_.find('>', end) + 1;
  }

  // Each place is looked for once only: "--!>" at the end of a thousand comments is far from all of them.
  std::size_t find(std::string_view text, std::size_t from) {
    std::optional<std::size_t>& next = text == "-->" ? next_end_ : next_bang_;
    if (!next || *next < from) next = html_.find(text, from);
    return *next;
  }

  // The end tag stays out too; what stands between is no text.
  void skip_element(std::string_view end_tag) {
    std::size_t end = html_.find("</", at_);
    while (end != html_.npos && !starts_with(html_.substr(end), end_tag)) end = html_.find("</", end + 2);
    const std::size_t close = end == html_.npos ? html_.npos : html_.find('>', end);
    at_ = close == html_.npos ? html_.size() : close + 1;
  }

  // Attributes that are too many are left out.
  void copy_tag() {
    TagScan scan;
    kept_ += html_[at_++];
    for (; at_ < html_.size(); ++at_) {
      const TagScan::Step step = scan.next(html_[at_]);
      const bool is_end = step == TagScan::Step::end;
      if (is_end || scan.attributes() <= most_attributes) kept_ += html_[at_];
      if (!is_end) continue;
      ++at_;
      return;
    }
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::optional<std::size_t> next_end_, next_bang_;
  std::string kept_;
};

}  // namespace

std::string clean_html(std::string_view html) { return Cleaner{html}.run(); }

}  // namespace postroom
