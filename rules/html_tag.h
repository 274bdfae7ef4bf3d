#pragma once
// How far a start tag of HTML reaches, and how many attributes it has. Only rules/html.cc includes it. Pure.

#include <cstddef>

namespace postroom {

// Fed with the bytes of one tag behind its '<'. Quotes count where a value begins, and nowhere else.
class TagScan {
 public:
  enum class Step { inside, name, end };  // what the byte was: any, the first of an attribute's name, the '>'

  Step next(char c) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
    if (place_ == Place::quoted) {
      if (c == quote_) place_ = Place::between;
      return Step::inside;
    }
    if (c == '>') return Step::end;
    if (place_ == Place::before_value && (c == '"' || c == '\'')) {
      quote_ = c;
      place_ = Place::quoted;
    } else if (place_ == Place::before_value) {
      if (!blank) place_ = Place::value;
    } else if (blank || (c == '/' && place_ != Place::value)) {
      place_ = Place::between;
    } else if (c == '=' && place_ != Place::value && place_ != Place::tag) {
      place_ = Place::before_value;
    } else if (place_ == Place::between) {
      place_ = Place::name;
      ++attributes_;
      return Step::name;
    }
    return Step::inside;
  }

  std::size_t attributes() const { return attributes_; }

 private:
  enum class Place { tag, between, name, before_value, value, quoted };

  Place place_ = Place::tag;
  char quote_ = 0;
  std::size_t attributes_ = 0;
};

}  // namespace postroom
