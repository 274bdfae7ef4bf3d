#pragma once
// Mail that a web form has made: the customer's own words, read by label or by pattern (R6). Pure; immutable
// after construction, so one reader serves all threads.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/desk.h"
#include "rules/form_label.h"

namespace re2 {
class RE2;
}

namespace postroom {

// A value that a web form has sent.
struct FormValue {
  std::string name, value;

  bool operator==(const FormValue&) const = default;
};

// What stands in the text. Values are single lines of valid UTF-8, at most 500 bytes.
struct FormRead {
  std::vector<FormValue> values;  // in the order of the form's fields, one for each name that has a value
  std::size_t present = 0;        // names whose label stands in the text, with or without a value
  std::size_t fields = 0;         // names that the form has
  std::string address;  // in the field "email", without what surrounds it; empty: none that takes mail

  std::string value_of(std::string_view name) const;  // "" if there is none
};

class FormReader {
 public:
  // A pattern that form_field_problem() complains of is never found.
  explicit FormReader(const WebForm& form);

  const WebForm& form() const { return form_; }

  // Of the rows with the same name the first one that has a value counts; for "email", a readable address.
  // Reads the first 64 KiB of the text; linear in it for one form.
  FormRead read(std::string_view text) const;

 private:
  struct Row {
    std::string name;
    std::size_t label = 0;                    // number in labels_, if there is no pattern
    std::shared_ptr<const re2::RE2> pattern;  // or nullptr
  };

  std::vector<std::string> values(const Row& row, const LabelledText& text) const;

  WebForm form_;
  std::vector<Row> rows_;
  Labels labels_;
};

// What is wrong with what the admin wrote as the place of a field, as a sentence; empty if it can be read.
std::string form_field_problem(std::string_view pattern);

// The first address in a text: of "Anna <mailto:anna@home.test>, my own", anna@home.test. Empty if none is
// there that takes mail.
std::string address_in(std::string_view text);

}  // namespace postroom
