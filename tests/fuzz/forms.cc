// libFuzzer: whatever an admin writes as fields of a web form, over whatever a web site sends.

#include <fuzzer/FuzzedDataProvider.h>

#include "rules/form.h"
#include "rules/text.h"
#include "tests/fuzz/require.h"

using namespace postroom;
using fuzz::require;
using fuzz::require_utf8;

namespace {

constexpr std::string_view names[] = {"name", "email", "phone", "order", "text"};
constexpr std::pair<std::string_view, std::string_view> shapes[] = {
    {"", ": *"}, {"", "*"}, {"/", ": (.*)/"}, {"/(?i)", "(\\S+)/"}, {"", ""}, {"<b>", "</b>*"}};

WebForm form(FuzzedDataProvider& data) {
  WebForm made;
  const int count = data.ConsumeIntegralInRange(1, 6);
  for (int i = 0; i < count; ++i) {
    const auto& [before, after] = data.PickValueInArray(shapes);
    const std::string label = valid_utf8(data.ConsumeRandomLengthString(20));
    made.fields.push_back(
        {std::string{data.PickValueInArray(names)}, std::string{before} + label + std::string{after}});
    require_utf8({form_field_problem(made.fields.back().pattern)});
  }
  return made;
}

void check(const FormRead& read, const WebForm& form) {
  require(read.values.size() <= form.fields.size());
  for (const FormValue& one : read.values) {
    require_utf8({one.name, one.value});
    require(one.value.size() <= 500 && one.value.find('\n') == one.value.npos);
  }
  require(read.address.empty() || is_deliverable(read.address));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  FuzzedDataProvider data{bytes, size};
  const FormReader reader{form(data)};
  const std::string text = valid_utf8(data.ConsumeRemainingBytesAsString());
  const FormRead read = reader.read(text);
  check(read, reader.form());
  require(reader.read(text).values == read.values);
  fuzz::require_linear(text, [&](std::string_view repeated) { reader.read(repeated); });
  return 0;
}
