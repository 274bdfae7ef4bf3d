#include "rules/bounce_text.h"

#include <algorithm>
#include <iterator>

#include "rules/bounce_naming.h"
#include "rules/bounce_reason.h"
#include "rules/bounce_words.h"
#include "rules/delivery_status.h"
#include "rules/match.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t read_bytes = 16U << 10;  // the explanation stands on top
constexpr std::size_t most_failed = 100;
constexpr std::size_t most_addresses = 400;  // looked at, in all lines together

// Field names that begin the mail that came back, where two of them follow each other.
constexpr std::string_view header_names[] = {"Received:",
                                             "Return-Path:",
                                             "Return-path:",
                                             "Message-ID:",
                                             "Message-Id:",
                                             "MIME-Version:",
                                             "Mime-Version:",
                                             "From:",
                                             "Content-Type:",
                                             "Reply-To:",
                                             "X-Mailer:",
                                             "Delivered-To:",
                                             "X-"};
// Fields that mail systems repeat to say which mail they speak of, too.
constexpr std::string_view told_names[] = {"To:", "Subject:", "Date:", "Cc:"};

template <std::size_t count>
bool starts_with_any(std::string_view line, const std::string_view (&names)[count]) {
  return std::any_of(std::begin(names), std::end(names),
                     [&](std::string_view name) { return line.starts_with(name); });
}

// Some quote what came back. ">>> RCPT TO" is what was said to a server.
std::string_view bare(std::string_view line) {
  return line.starts_with('>') && !line.starts_with(">>") ? line.substr(1) : line;
}

bool begins_original(const Lines& lines, std::size_t at) {
  const std::string_view line = bare(lines[at]);
  if (line.starts_with("Received: ") || line.starts_with("Return-")) return true;
  if (at + 1 >= lines.size()) return false;
  const std::string_view behind = bare(lines[at + 1]);
  const bool first = starts_with_any(line, header_names), next = starts_with_any(behind, header_names);
  return (first && next) || (first && starts_with_any(behind, told_names)) ||
         (next && starts_with_any(line, told_names));
}

// "Your message / To: ... / Subject: ... / did not reach": whose mail it was, not whom it missed.
bool is_about_original(std::string_view folded) {
  return folded.starts_with("to:") || folded.starts_with("cc:") || folded.starts_with("bcc:");
}

// One recipient and what stands behind its name.
struct Block {
  std::string recipient;
  std::string normal;  // as recipients are compared
  std::string status;
  int code = 0;
  std::string words;
};

class Blocks {
 public:
  explicit Blocks(const BounceFacts& facts) : facts_{facts} {}

  // Makes the block of that recipient the current one.
  void name(std::string_view address, const std::string& normal) {
    current_ = find(normal);
    if (current_ < blocks_.size() || current_ >= most_failed) return;
    blocks_.push_back({std::string{address}, normal, "", 0, ""});
  }

  void rename(std::string_view address, const std::string& normal) {
    if (current_ >= blocks_.size()) return;
    blocks_[current_].recipient = std::string{address};
    blocks_[current_].normal = normal;
  }

  bool knows(const std::string& normal) const { return find(normal) < blocks_.size(); }

  void add(std::string_view line) {
    if (current_ >= blocks_.size()) return;
    Block& block = blocks_[current_];
    const std::string status = enhanced_status(line);
    const bool better = block.status.empty() || (block.status.ends_with(".0.0") && !status.empty() &&
                                                 status.front() == block.status.front());
    if (better && !status.empty() && !status.starts_with('2')) block.status = status;
    if (block.code == 0) block.code = reply_code(line);
    block.words += fold(line);
    block.words += ' ';
  }

  bool empty() const { return blocks_.empty(); }

  std::vector<Failed> failed(const Explanation& explanation) const {
    Block whole;
    for (std::string_view line : explanation.lines) {
      if (whole.status.empty()) whole.status = enhanced_status(line);
      if (whole.code == 0) whole.code = reply_code(line);
    }
    if (whole.status.starts_with('2')) whole.status.clear();
    const std::string_view reason = reason_in(explanation.folded);
    std::vector<Failed> failed;
    for (const Block& block : blocks_) failed.push_back(failed_of(block, whole, reason));
    return failed;
  }

 private:
  std::size_t find(const std::string& normal) const {
    const auto found = std::find_if(blocks_.begin(), blocks_.end(),
                                    [&](const Block& block) { return block.normal == normal; });
    return static_cast<std::size_t>(found - blocks_.begin());
  }

  // What stands at no recipient in particular is said of all.
  Failed failed_of(const Block& block, const Block& whole, std::string_view reason) const {
    const bool silent = block.status.empty() && block.code == 0;
    Failed failed;
    failed.recipient = block.recipient;
    failed.action = facts_.delayed ? "delayed" : "failed";
    failed.status = silent ? whole.status : block.status;
    const int code = silent ? whole.code : block.code;
    const bool temporary = failed.status.empty() ? code / 100 == 4 : failed.status.starts_with('4');
    failed.permanent = !facts_.delayed && !temporary;
    if (!failed.status.empty()) return failed;
    const std::string_view own = reason_in(block.words);
    const std::string detail{own.empty() ? reason : own};
    if (!detail.empty()) failed.status = (failed.permanent ? "5." : "4.") + detail;
    return failed;
  }

  const BounceFacts& facts_;
  std::vector<Block> blocks_;
  std::size_t current_ = most_failed;
};

// What is taken for the name of a recipient.
struct Level {
  Naming most;    // the weakest naming that counts
  bool own;       // addresses of the bounce itself count too
  bool returned;  // only addresses that stand in the mail that came back, too
};
constexpr Level levels[] = {{Naming::recipient, false, false},
                            {Naming::reply, false, false},
                            {Naming::recipient, true, false},
                            {Naming::mention, false, true},
                            {Naming::mention, false, false}};

struct Mention {
  std::size_t line;
  std::string_view address;
  std::string normal;
  Naming naming;
  bool own;
  bool returned;  // it stands in the mail that came back, too
  bool expanded;  // "(expanded from: ...)": what the sender wrote for the alias above
};

std::vector<Mention> mentions_in(const Explanation& explanation, const BounceFacts& facts) {
  std::vector<Mention> mentions;
  for (std::size_t i = 0; i < explanation.lines.size(); ++i) {
    const std::string_view line = explanation.lines[i];
    if (line.find('@') == line.npos || line.size() > 4000) continue;
    const std::string folded = fold(trim_line(line).substr(0, 40));
    for (std::size_t at = line.find('@'); at != line.npos; at = line.find('@', at + 1)) {
      if (mentions.size() >= most_addresses) return mentions;
      const std::string_view address = address_around(line, at);
      if (address.empty()) continue;
      const std::string normal = normal_address(address);
      if (normal.starts_with("mailer-daemon@") || normal.starts_with("postmaster@")) continue;
      const bool own = std::find(facts.own.begin(), facts.own.end(), normal) != facts.own.end();
      const Naming naming = is_about_original(folded) ? Naming::mention : naming_of(line, address);
      const bool expanded = folded.starts_with("(expanded from:");
      const bool returned = explanation.original.substr(0, 8000).find(address) != std::string_view::npos;
      mentions.push_back({i, address, normal, naming, own, returned, expanded});
    }
  }
  return mentions;
}

// Lines that begin with one word and stand under "... the following recipients": AOL and GroupWise name the
// local part alone.
void name_local_parts(const Explanation& explanation, const BounceFacts& facts, Blocks& blocks) {
  bool announced = false;
  for (std::string_view line : explanation.lines) {
    const std::string_view text = trim_line(line);
    if (text.empty()) continue;
    const std::string_view word = text.substr(0, text.find(" ("));
    const bool plain = std::all_of(word.begin(), word.end(), is_address_char) && word.size() < 65;
    const std::string address = std::string{word} + '@' + facts.domain;
    if (announced && plain && is_deliverable(address)) blocks.name(address, normal_address(address));
    if (announced && plain) blocks.add(line);
    const std::string folded = fold(text.substr(text.size() - std::min<std::size_t>(text.size(), 200)));
    announced = folded.find("recipient") != std::string::npos || folded.ends_with("the following:") ||
                (announced && plain);
  }
}

bool names(const Mention& mention, const Level& level, const Blocks& blocks) {
  if (mention.naming > level.most || (mention.own && !level.own)) return false;
  if (level.returned && !mention.returned) return false;
  return level.most != Naming::mention || blocks.empty();  // of those mentioned, the first
}

Blocks read(const Explanation& explanation, const BounceFacts& facts, const std::vector<Mention>& mentions,
            const Level& level) {
  Blocks blocks{facts};
  for (const std::string& known : facts.known) blocks.name(known, normal_address(known));
  std::size_t next = 0;
  for (std::size_t i = 0; i < explanation.lines.size(); ++i) {
    for (; next < mentions.size() && mentions[next].line == i; ++next) {
      const Mention& mention = mentions[next];
      const bool free = facts.known.empty();
      if (free && mention.expanded && !mention.own) blocks.rename(mention.address, mention.normal);
      const bool named = free && names(mention, level, blocks);
      if (named || blocks.knows(mention.normal)) blocks.name(mention.address, mention.normal);
    }
    blocks.add(explanation.lines[i]);
  }
  return blocks;
}

}  // namespace

Explanation explanation_in(std::string_view text) {
  text = cut_utf8(text, read_bytes);
  Explanation explanation;
  const Lines lines = split_lines(text);
  std::size_t said = 0;  // lines with words
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string folded = fold(lines[i]);
    if (said > 0 && (begins_original(lines, i) || (folded.size() < 120 && announces_original(folded)))) {
      explanation.original = text.substr(static_cast<std::size_t>(lines[i].data() - text.data()));
      break;
    }
    if (folded.size() > 1) ++said;
    explanation.lines.push_back(lines[i]);
    explanation.folded += folded;
    explanation.folded += ' ';
  }
  return explanation;
}

std::vector<Failed> failed_in(const Explanation& explanation, const BounceFacts& facts) {
  const std::vector<Mention> mentions = mentions_in(explanation, facts);
  for (const Level& level : levels) {
    const Blocks blocks = read(explanation, facts, mentions, level);
    if (!blocks.empty()) return blocks.failed(explanation);
  }
  Blocks blocks{facts};
  name_local_parts(explanation, facts, blocks);
  return blocks.failed(explanation);
}

}  // namespace postroom
