#include "rules/header_block.h"

#include <array>

namespace postroom {
namespace {

constexpr std::size_t longest_label = 48;  // bytes before the ':'
constexpr std::size_t block_lines = 60;
constexpr std::size_t label_count = 8;

struct Field {
  Label label = Label::none;
  std::string_view value;
};

Field field_of(std::string_view line) {
  std::size_t colon = line.substr(0, longest_label).find(':');
  std::size_t width = 1;
  // Full width, as Chinese and Japanese programs write it.
  const std::size_t wide = line.substr(0, std::min(colon, longest_label)).find("：");
  if (wide < colon) {
    colon = wide;
    width = 3;
  }
  if (colon == std::string_view::npos || colon == 0) return {};
  if (line.substr(colon).starts_with("://")) return {};
  const Label label = label_of(fold_words(line.substr(0, colon)));
  if (label == Label::none) return {};
  return {label, without_stars(line.substr(colon + width))};
}

// A block while it is read: fields, and lines between them that continue the field above.
class BlockReader {
 public:
  explicit BlockReader(const Lines& lines) : lines_{lines} {}

  HeaderBlock read(std::size_t at) {
    block_.end = at;
    for (std::size_t i = at; i < lines_.size() && i < at + block_lines; ++i) {
      if (!take(i)) break;
    }
    take_folded();
    return std::move(block_);
  }

 private:
  // False: the block is over.
  bool take(std::size_t i) {
    const std::string_view line = bare(lines_[i]);
    if (line.empty()) return goes_on(i + 1);
    const Field field = field_of(line);
    if (field.label == Label::none) return takes_foreign(line);
    if (is_seen(field.label)) return false;
    add(field, i);
    return true;
  }

  // Some programs put empty lines between the fields; what is complete ends with the first one.
  bool goes_on(std::size_t i) {
    if (block_.fields == 0 || !foreign_.empty()) return false;
    if (block_.has_from && block_.has_date && is_seen(Label::subject)) return false;
    i = next_text(lines_, i);
    if (i == lines_.size()) return false;
    const Label label = field_of(bare(lines_[i])).label;
    return label != Label::none && !is_seen(label);
  }

  // A value that goes on below, or a field that we do not know: part of the block if another field follows.
  bool takes_foreign(std::string_view line) {
    if (block_.fields == 0) return false;
    foreign_.push_back(line);
    const bool lists = line.find('@') != line.npos;  // recipients may be many
    return lists ? foreign_.size() < 30 : ++strange_ <= 3;
  }

  void add(const Field& field, std::size_t i) {
    continue_with(foreign_);
    foreign_.clear();
    strange_ = 0;
    last_ = field.label;
    seen_[static_cast<std::size_t>(field.label)] = true;
    block_.end = i + 1;
    if (field.label != Label::other) ++block_.fields;
    block_.has_from = block_.has_from || field.label == Label::from;
    block_.has_date = block_.has_date || field.label == Label::date;
    block_.has_address = block_.has_address || field.value.find('@') != field.value.npos;
    if (field.label == Label::from) block_.from = field.value;
    if (field.label == Label::subject) block_.subject = field.value;
  }

  void continue_with(const Lines& lines) {
    std::string* value = last_ == Label::from      ? &block_.from
                         : last_ == Label::subject ? &block_.subject
                                                   : nullptr;
    for (std::string_view line : lines) {
      block_.has_address = block_.has_address || line.find('@') != line.npos;
      if (value && line.find(": ") == line.npos) *value += (value->empty() ? "" : " ") + std::string{line};
    }
  }

  // The last value may be folded: its rest is indented and an empty line stands below.
  void take_folded() {
    if (block_.fields == 0 || last_ != Label::subject || block_.end + 1 >= lines_.size()) return;
    const std::string_view line = lines_[block_.end];
    if (!line.starts_with(' ') && !line.starts_with('\t')) return;
    if (bare(line).empty() || !bare(lines_[block_.end + 1]).empty()) return;
    continue_with({bare(line)});
    ++block_.end;
  }

  bool is_seen(Label label) const { return label != Label::other && seen_[static_cast<std::size_t>(label)]; }

  const Lines& lines_;
  HeaderBlock block_;
  Lines foreign_;
  std::array<bool, label_count> seen_{};
  int strange_ = 0;
  Label last_ = Label::none;
};

// The subject stands last; its label, in a capital letter, sticks to the date before it.
std::string_view joined_subject(std::string_view line, std::string_view sign) {
  const std::string_view words = words_of(Label::subject);
  std::size_t best = line.size();
  std::string_view subject;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find('|', at), words.size());
    const std::string word = in_capital(words.substr(at, end - at));
    at = end + 1;
    const std::size_t found = line.find(word + std::string{sign});
    if (found >= best) continue;
    best = found;
    subject = line.substr(found + word.size() + sign.size());
  }
  return trim_line(subject);
}

}  // namespace

HeaderBlock header_block(const Lines& lines, std::size_t at) { return BlockReader{lines}.read(at); }

bool is_mail(const HeaderBlock& block) {
  return block.has_from &&
         ((block.fields >= 3 && block.has_address) || (block.fields >= 4 && block.has_date) ||
          (block.fields == 2 && block.has_date && block.has_address));
}

HeaderBlock joined_block(std::string_view line) {
  const Field from = field_of(trim_line(line));
  if (from.label != Label::from) return {};
  HeaderBlock block;
  block.fields = 1;
  block.has_from = true;
  block.from = from.value.substr(0, from.value.find('>'));
  block.has_address = block.from.find('@') != std::string::npos;
  for (const std::string_view sign : {":", " :", " "}) {
    if (block.subject.empty()) block.subject = joined_subject(line, sign);
  }
  block.fields = block.subject.empty() ? 1 : 2;
  return block;
}

}  // namespace postroom
