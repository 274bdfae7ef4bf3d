#pragma once
// Labels of a form in a text, and what stands behind them. Pure.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postroom {

// Labels as they are compared: folded, without colon, stars and the space around.
class Labels {
 public:
  // "Имя: *" -> a number that Labels and LabelledText know it by.
  std::size_t add(std::string_view label);

  const std::vector<std::string>& folded() const { return folded_; }
  std::size_t longest() const { return longest_; }

 private:
  std::vector<std::string> folded_;
  std::size_t longest_ = 0;
};

// "Имя: *" -> "имя"; empty if nothing is left.
std::string folded_label(std::string_view label);

// A text with its labels found. Refers to the text and to the labels, which must outlive it.
class LabelledText {
 public:
  // Only the first 10,000 lines are looked at.
  LabelledText(std::string_view text, const Labels& labels);

  enum class Lines { one, paragraph };

  // What stands behind each occurrence of the label, first those with a colon or another separator, then
  // those with a mere space ("Имя Anna", as a table becomes text); at most 20. A value is on the line of its
  // label or, if the line ends there, below it. Empty where nothing is.
  std::vector<std::string> values(std::size_t label, Lines lines) const;

  std::string_view text() const { return text_; }

 private:
  struct Hit {
    std::size_t label, line;
    std::string_view rest;  // of the line
    bool separated;         // by more than a space
  };

  void find_labels(std::string_view part, std::size_t line, std::vector<Hit>& found) const;
  void read_line(std::size_t line);
  bool has_label(std::size_t line) const;
  std::string value(const Hit& hit, Lines lines) const;
  std::string below(std::size_t line, Lines lines) const;

  std::string_view text_;
  const Labels& labels_;
  std::vector<std::string_view> lines_;  // without what decorates them
  std::vector<Hit> hits_;                // in order of lines
};

}  // namespace postroom
