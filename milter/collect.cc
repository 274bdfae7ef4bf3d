#include "milter/collect.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "rules/tags.h"

namespace postroom {

namespace {

// MAIL and RCPT come with angle brackets by SMTP and without them from sendmail(1).
std::string_view without_brackets(std::string_view address) {
  if (address.size() < 2 || address.front() != '<' || address.back() != '>') return address;
  return address.substr(1, address.size() - 2);
}

// RFC 5322, section 4.5: obsolete syntax allows white space before the colon, and Postfix still takes it.
std::string_view without_trailing_space(std::string_view name) {
  const auto last = name.find_last_not_of(" \t");
  return last == std::string_view::npos ? std::string_view{} : name.substr(0, last + 1);
}

std::string lower_case(std::string_view name) {
  std::string lower{name};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool asks_for_size(const std::vector<Condition>& conditions) {
  return std::ranges::any_of(conditions,
                             [](const Condition& condition) { return condition.field == Field::size; });
}

bool asks_for_size(const Desk& desk) {
  return std::ranges::any_of(desk.rules, [](const Rule& rule) {
    return asks_for_size(rule.all) || asks_for_size(rule.any) || asks_for_size(rule.none);
  });
}

}  // namespace

Collector::Collector(const Desk& desk, std::size_t recipients, std::string_view sender)
    : desk_(desk), most_recipients_(recipients) {
  collected_.envelope.sender = std::string{without_brackets(sender)};
}

void Collector::recipient(std::string_view address) {
  const std::string_view bare = without_brackets(address);
  if (!find_channel(desk_, bare)) {
    for_others_ = true;
    return;
  }
  for_desk_ = true;
  if (collected_.envelope.recipients.size() >= most_recipients_) return;
  collected_.envelope.recipients.emplace_back(bare);
}

void Collector::header(std::string_view name, std::string_view value) {
  const std::string_view bare = without_trailing_space(name);
  if (is_ours(bare) || asks_for_receipt(bare)) count_unwanted(bare);

  const MessageLimits& limits = desk_.message;
  const std::size_t size = bare.size() + value.size() + 4;  // ": " and CRLF
  collected_.size += size;
  if (headers_ >= limits.headers) return;
  if (collected_.bytes.size() + size > limits.header_bytes) return;
  ++headers_;
  collected_.bytes.append(bare).append(": ").append(value).append("\r\n");
}

Collector::More Collector::body(std::string_view piece) {
  end_headers();
  collected_.size += piece.size();
  const std::size_t limit = desk_.message.bytes;
  const std::size_t kept = collected_.bytes.size();
  if (kept < limit) collected_.bytes.append(piece.substr(0, limit - kept));
  if (collected_.bytes.size() < limit) return More::wanted;
  if (!size_matters_) size_matters_ = asks_for_size(desk_);
  return *size_matters_ ? More::wanted : More::enough;
}

Collected Collector::finish() {
  end_headers();
  return std::move(collected_);
}

// Each removal makes Postfix search its queue file from the start, so their number must be bounded too.
void Collector::count_unwanted(std::string_view name) {
  const MessageLimits& limits = desk_.message;
  if (++unwanted_ > limits.headers) throw std::runtime_error("too many forged header fields");
  if (++collected_.unwanted[lower_case(name)] > 1) return;
  unwanted_bytes_ += name.size();
  if (unwanted_bytes_ > limits.header_bytes) throw std::runtime_error("forged header fields are too long");
}

void Collector::end_headers() {
  if (!std::exchange(in_headers_, false)) return;
  collected_.bytes.append("\r\n");
  collected_.size += 2;
}

}  // namespace postroom
