#include "rules/original.h"

#include <algorithm>
#include <iterator>

#include "rules/bounce_naming.h"
#include "rules/delivery_status.h"
#include "rules/quotes.h"

namespace postroom {
namespace {

constexpr std::size_t most_ids = 10;
constexpr std::size_t most_addresses = 3;
constexpr std::size_t longest_field = 16U << 10;

// The fields of a mail's header that say where it belongs.
struct Fields {
  std::string message_id, in_reply_to, references, reply_to;
};

struct Row {
  std::string_view name;  // lower case, with its colon
  std::string Fields::*value;
};
constexpr Row rows[] = {
    {"message-id:", &Fields::message_id},
    {"in-reply-to:", &Fields::in_reply_to},
    {"references:", &Fields::references},
    {"reply-to:", &Fields::reply_to},
};

bool begins_with(std::string_view line, std::string_view name) {
  return line.size() >= name.size() && std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? b + 32 : b);
         });
}

// Lines of what comes back may be marked as quoted, "> Message-ID: <a@b>".
std::string_view unmarked(std::string_view line) {
  while (line.starts_with('>')) line.remove_prefix(line.starts_with("> ") ? 2 : 1);
  return line;
}

enum class Standing {
  alone,   // a header section, which an empty line ends
  quoted,  // somewhere in a text for people
};

// Reads fields line by line; of a repeated one the first counts.
class FieldReader {
 public:
  explicit FieldReader(Standing standing) : standing_{standing} {}

  Fields read(std::string_view text) {
    for (const std::string_view given : split_lines(text)) {
      const std::string_view line = unmarked(given);
      const bool empty = trim_line(line).empty();
      if (empty && standing_ == Standing::alone && begun_) break;
      begun_ = begun_ || !empty;
      if (!empty && !goes_on(line)) take(trim_line(line));
      if (empty) value_ = nullptr;
    }
    return std::move(fields_);
  }

 private:
  bool goes_on(std::string_view line) {
    if (!value_ || (!line.starts_with(' ') && !line.starts_with('\t'))) return false;
    if (value_->size() < longest_field) *value_ += ' ' + std::string{trim_line(line)};
    return true;
  }

  void take(std::string_view line) {
    value_ = nullptr;
    for (const Row& row : rows) {
      if (!begins_with(line, row.name) || !(fields_.*row.value).empty()) continue;
      value_ = &(fields_.*row.value);
      *value_ = trim_line(line.substr(row.name.size())).substr(0, longest_field);
      if (value_->empty()) *value_ = " ";  // it stands on the next line
    }
  }

  Standing standing_;
  Fields fields_;
  std::string* value_ = nullptr;  // of the field that the next line may go on with
  bool begun_ = false;
};

std::vector<std::string> ids_in(std::string_view value) {
  std::vector<std::string> ids;
  for (std::size_t open = value.find('<'); open != value.npos; open = value.find('<')) {
    value.remove_prefix(open + 1);
    const std::size_t close = value.find_first_of("<>");
    if (close == value.npos) break;
    if (value[close] == '>' && close > 0) ids.emplace_back(value.substr(0, close));
    value.remove_prefix(close);
  }
  return ids;
}

// The first of References, which begins the thread, is kept where others have to go.
std::vector<std::string> ids_of(const Fields& fields) {
  std::vector<std::string> ids;
  const auto add = [&](const std::string& id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  };
  const std::vector<std::string> references = ids_in(fields.references);
  for (const std::string& id : ids_in(fields.in_reply_to)) {
    if (ids.size() < most_ids / 2) add(id);
  }
  for (auto id = references.rbegin(); id != references.rend() && ids.size() + 1 < most_ids; ++id) add(*id);
  if (!references.empty()) add(references.front());
  return ids;
}

void complete(Original& original, const Fields& fields) {
  const std::vector<std::string> own = ids_in(fields.message_id);
  if (!original.message_id && !own.empty()) original.message_id = own.front();
  if (original.ids.empty()) original.ids = ids_of(fields);
  if (!original.reply_to.empty()) return;
  original.reply_to = addresses_in(fields.reply_to);
  if (original.reply_to.size() > most_addresses) original.reply_to.resize(most_addresses);
}

bool is_enclosed_mail(const ReportPart& part) {
  return !part.type.ends_with("delivery-status") && !part.type.ends_with("disposition-notification") &&
         !part.type.ends_with("feedback-report");
}

}  // namespace

Original original_of(const Message& message) {
  Original original;
  if (std::string id = original_id_field(message); !id.empty()) original.message_id = std::move(id);
  bool enclosed = false;
  for (const ReportPart& part : message.reports) {
    if (!is_enclosed_mail(part)) continue;
    complete(original, FieldReader{Standing::alone}.read(part.text));
    enclosed = enclosed || original.message_id;
  }
  if (!enclosed) complete(original, FieldReader{Standing::quoted}.read(message.text));
  return original;
}

}  // namespace postroom
