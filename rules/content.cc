#include "rules/content.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/digest.h"
#include "rules/list_footer.h"
#include "rules/list_sender.h"
#include "rules/subject.h"

namespace postroom {
namespace {

constexpr std::size_t words_digits = 32, beside_digits = 16;
constexpr std::size_t most_attachments = 500;

bool is_white(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// mbox files and old mail systems write ">From " where a line begins with "From ".
bool is_escaped_from(std::string_view text, std::size_t at) {
  return text[at] == '>' && (at == 0 || text[at - 1] == '\n') && text.substr(at + 1).starts_with("From ");
}

// Clients wrap, unwrap and indent lines as they like.
std::string collapsed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t blank = is_white(text[i]) ? 1 : text.substr(i).starts_with("\xc2\xa0") ? 2 : 0;
    if (blank > 0) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      i += blank - 1;
      continue;
    }
    if (!is_escaped_from(text, i)) out += text[i];
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// A signature is made anew each time that a mail is sent.
bool is_signature(const Attachment& attachment) {
  return attachment.type.ends_with("pkcs7-signature") || attachment.type.ends_with("pgp-signature");
}

// An attached message stands among the attachments, too.
bool is_no_attachment(const ReportPart& report) { return !report.type.starts_with("message/rfc822"); }

std::vector<std::string> attachments_of(const Message& message) {
  std::vector<std::string> list;
  for (const Attachment& one : message.attachments) {
    if (is_signature(one) || list.size() == most_attachments) continue;
    list.push_back(fmt::format("{} {}", one.md5, one.size));
  }
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace

std::string content_digest(const Message& message) {
  const std::string text =
      collapsed(comes_by_list(message) ? without_list_footer(message.text) : std::string_view{message.text});
  const std::vector<std::string> attachments = attachments_of(message);
  if (text.empty() && attachments.empty()) return {};
  // What was not read may differ: then only a mail that says that it is the same can be.
  const bool unread = !message.problems.empty() || std::ranges::any_of(message.reports, is_no_attachment);
  if (unread && message.message_id.empty()) return {};

  std::string bytes = "postroom content v1\n";
  const auto add = [&](std::string_view value) { bytes += fmt::format("{}:{}\n", value.size(), value); };
  add(author_address(message));
  add(base_subject(message.subject));
  for (const TicketNumber tag : ticket_tags_in(message.subject)) add(fmt::format("#{}", tag));
  add(text);
  for (const std::string& one : attachments) add(one);
  if (unread) add(message.message_id);
  const std::string words = sha256_hex(bytes).substr(0, words_digits);
  if (message.beside.empty()) return words;
  add(message.beside);
  return words + sha256_hex(bytes).substr(0, beside_digits);
}

std::string words_of_content(const std::string& digest) { return digest.substr(0, words_digits); }

}  // namespace postroom
