// HTML to text by libxml2's parser as a stream of events: no tree is built, so neither depth nor size of a
// hostile document costs more than its bytes.

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <mutex>

#include "rules/html_tag.h"
#include "rules/text.h"

namespace postroom {
namespace {

enum class Effect { none, line, paragraph, item, cell, hidden, preformatted, quote, link, image };

struct Tag {
  std::string_view name;
  Effect effect;
};
constexpr std::array<Tag, 48> tags{{
    {"a", Effect::link},           {"address", Effect::line},  {"applet", Effect::hidden},
    {"article", Effect::line},     {"aside", Effect::line},    {"blockquote", Effect::quote},
    {"br", Effect::line},          {"center", Effect::line},   {"dd", Effect::line},
    {"div", Effect::line},         {"dl", Effect::paragraph},  {"dt", Effect::line},
    {"fieldset", Effect::line},    {"footer", Effect::line},   {"form", Effect::line},
    {"h1", Effect::paragraph},     {"h2", Effect::paragraph},  {"h3", Effect::paragraph},
    {"h4", Effect::paragraph},     {"h5", Effect::paragraph},  {"h6", Effect::paragraph},
    {"header", Effect::line},      {"hr", Effect::paragraph},  {"iframe", Effect::hidden},
    {"img", Effect::image},        {"li", Effect::item},       {"main", Effect::line},
    {"nav", Effect::line},         {"noframes", Effect::none}, {"object", Effect::none},
    {"ol", Effect::paragraph},     {"option", Effect::line},   {"p", Effect::paragraph},
    {"pre", Effect::preformatted}, {"script", Effect::hidden}, {"section", Effect::line},
    {"select", Effect::line},      {"style", Effect::hidden},  {"svg", Effect::hidden},
    {"table", Effect::line},       {"td", Effect::cell},       {"template", Effect::hidden},
    {"textarea", Effect::line},    {"th", Effect::cell},       {"title", Effect::hidden},
    {"tr", Effect::line},          {"ul", Effect::paragraph},  {"xml", Effect::hidden},
}};
static_assert(std::is_sorted(tags.begin(), tags.end(),
                             [](const Tag& a, const Tag& b) { return a.name < b.name; }));

Effect effect_of(std::string_view name) {
  const auto found =
      std::lower_bound(tags.begin(), tags.end(), name,
                       [](const Tag& tag, std::string_view wanted) { return tag.name < wanted; });
  return found != tags.end() && found->name == name ? found->effect : Effect::none;
}

std::string_view attribute(const xmlChar** attributes, std::string_view wanted) {
  for (; attributes && attributes[0]; attributes += 2) {
    const char* name = reinterpret_cast<const char*>(attributes[0]);
    if (wanted == name && attributes[1]) return reinterpret_cast<const char*>(attributes[1]);
  }
  return {};
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

// Text as it grows: white space folded, quotes marked with "> " as plain text marks them.
class Sink {
 public:
  void start(std::string_view name, const xmlChar** attributes) {
    const Effect effect = effect_of(name);
    if (hidden_ > 0 && effect != Effect::hidden) return;
    switch (effect) {
      case Effect::hidden:
        ++hidden_;
        break;
      case Effect::paragraph:
        lines(2);
        break;
      case Effect::line:
        lines(name == "br" ? std::min(pending_lines_ + 1, 2) : 1);
        break;
      case Effect::item:
        lines(1);
        add("- ");
        break;
      case Effect::cell:
        space_ = true;
        break;
      case Effect::preformatted:
        lines(1);
        ++preformatted_;
        break;
      case Effect::quote:
        lines(1);
        ++quoted_;
        break;
      case Effect::link:
        link(attribute(attributes, "href"));
        break;
      case Effect::image:
        characters(attribute(attributes, "alt"));
        break;
      case Effect::none:
        break;
    }
  }

  void end(std::string_view name) {
    const Effect effect = effect_of(name);
    if (effect == Effect::hidden) hidden_ = std::max(hidden_ - 1, 0);
    if (hidden_ > 0) return;
    switch (effect) {
      case Effect::paragraph:
        lines(2);
        break;
      case Effect::line:
      case Effect::item:
        if (name != "br") lines(1);
        break;
      case Effect::preformatted:
        preformatted_ = std::max(preformatted_ - 1, 0);
        lines(1);
        break;
      case Effect::quote:
        lines(1);
        leave_quote();
        break;
      case Effect::link:
        end_link();
        break;
      case Effect::cell:
        space_ = true;
        break;
      default:
        break;
    }
  }

  void characters(std::string_view text) {
    if (hidden_ > 0) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool no_break = text.compare(i, 2, "\xc2\xa0") == 0;
      if (no_break) ++i;
      const char c = no_break ? ' ' : text[i];
      if (preformatted_ > 0 && c == '\n')
        lines(std::min(pending_lines_ + 1, 2));
      else if (is_blank(c))
        space_ = true;
      else
        put(c);
    }
  }

  // A new parser ignores the end tags of what the one before it had open.
  void forget_open() { hidden_ = preformatted_ = quoted_ = 0; }

  std::string take() {
    if (!text_.empty()) text_ += '\n';
    return std::move(text_);
  }

 private:
  void lines(int count) {
    pending_lines_ = std::max(pending_lines_, count);
    space_ = false;
  }

  void leave_quote() {
    if (quoted_ > 0) --quoted_;
  }

  void break_line() {
    // Depth is bounded: a document of a thousand nested quotes would grow with the square of its size.
    const std::size_t depth = static_cast<std::size_t>(std::min(quoted_, 8));
    if (!text_.empty()) {
      for (int i = 0; i < pending_lines_; ++i) text_ += '\n';
    }
    for (std::size_t i = 0; i < depth; ++i) text_ += "> ";
    pending_lines_ = 0;
    space_ = false;
  }

  void put(char c) {
    if (pending_lines_ > 0 || text_.empty()) break_line();
    if (space_) text_ += ' ';
    space_ = false;
    text_ += c;
  }

  void add(std::string_view text) {
    for (char c : text) is_blank(c) ? void(space_ = true) : put(c);
  }

  void link(std::string_view address) {
    end_link();
    address_ = address.substr(0, 2000);
    link_begin_ = text_.size();
  }

  // "text (address)" where the address tells more than the text does.
  void end_link() {
    std::string address;
    address.swap(address_);
    const bool web = address.starts_with("http://") || address.starts_with("https://");
    const bool mail = address.starts_with("mailto:");
    if (!web && !mail) return;
    std::string_view shown = address;
    if (mail) shown = shown.substr(7, shown.find('?') - 7);
    while (shown.ends_with('/')) shown.remove_suffix(1);
    const std::string_view text = std::string_view{text_}.substr(std::min(link_begin_, text_.size()));
    if (text.empty() || shown.empty() || text.find(shown) != text.npos) return;
    if (web && text.find(shown.substr(shown.find("//") + 2)) != text.npos) return;
    text_ += " (";
    text_ += shown;
    text_ += ')';
  }

  std::string text_, address_;
  std::size_t link_begin_ = 0;
  int hidden_ = 0, preformatted_ = 0, quoted_ = 0, pending_lines_ = 0;
  bool space_ = false;
};

struct FreeParser {
  void operator()(htmlParserCtxt* parser) const { htmlFreeParserCtxt(parser); }
};

// libxml2 searches its stack of open elements at every end tag: with n open ones that is quadratic. A
// parser that has this many is left, and a new one goes on behind the tag.
constexpr int most_open = 200;

// libxml2 compares every attribute of a tag with all before it: what stands behind this many is left out.
constexpr std::size_t most_attributes = 200;

// Copies the tag at `at` without its surplus attributes. Returns where it ends.
std::size_t copy_tag(std::string_view html, std::size_t at, std::string& into) {
  TagScan scan;
  into += html[at++];
  for (; at < html.size(); ++at) {
    const TagScan::Step step = scan.next(html[at]);
    if (step == TagScan::Step::end || scan.attributes() <= most_attributes) into += html[at];
    if (step == TagScan::Step::end) return at + 1;
  }
  return at;
}

// What has no tags inside: comments, scripts, styles. Where it ends that begins at `at`.
std::size_t end_of_raw(std::string_view html, std::size_t at) {
  constexpr std::string_view raw[][2] = {{"<!--", "-->"}, {"<script", "</"}, {"<style", "</"}};
  for (const auto& [begin, end] : raw) {
    const std::string_view there = html.substr(at, begin.size());
    if (!std::equal(there.begin(), there.end(), begin.begin(), begin.end(),
                    [](char a, char b) { return (is_letter(a) ? a | 0x20 : a) == b; }))
      continue;
    const std::size_t inside = begin == "<!--" ? at + begin.size() : html.find('>', at);
    return std::min(html.find(end, inside), html.size());
  }
  return at;
}

std::string without_crowds(std::string_view html) {
  std::string kept;
  kept.reserve(html.size());
  for (std::size_t at = 0; at < html.size();) {
    const std::size_t raw = html[at] == '<' ? end_of_raw(html, at) : at;
    if (raw == at && html[at] == '<' && at + 1 < html.size() && is_letter(html[at + 1])) {
      at = copy_tag(html, at, kept);
      continue;
    }
    const std::size_t end = raw > at ? raw : std::min(html.find('<', at + 1), html.size());
    kept += html.substr(at, end - at);
    at = end;
  }
  return kept;
}

// One document, fed to one parser after the other.
class Feeder {
 public:
  std::string run(std::string_view html) {
    static std::once_flag once;
    std::call_once(once, xmlInitParser);  // not thread-safe by itself
    while (!html.empty()) {
      html.remove_prefix(feed(html));
      sink_.forget_open();
    }
    return sink_.take();
  }

 private:
  static void on_start(void* self, const xmlChar* name, const xmlChar** attributes) {
    auto* feeder = static_cast<Feeder*>(self);
    if (feeder->stopped_at_ > 0) return;
    feeder->sink_.start(reinterpret_cast<const char*>(name), attributes);
    const htmlParserCtxt* parser = feeder->parser_.get();
    if (!parser || parser->nameNr < most_open) return;
    feeder->stopped_at_ =
        parser->input->consumed + static_cast<std::size_t>(parser->input->cur - parser->input->base);
  }
  static void on_end(void* self, const xmlChar* name) {
    auto* feeder = static_cast<Feeder*>(self);
    if (feeder->stopped_at_ == 0) feeder->sink_.end(reinterpret_cast<const char*>(name));
  }
  static void on_text(void* self, const xmlChar* text, int length) {
    auto* feeder = static_cast<Feeder*>(self);
    if (feeder->stopped_at_ > 0) return;
    feeder->sink_.characters({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
  }

  static htmlSAXHandler handlers() {
    htmlSAXHandler sax{};
    sax.startElement = on_start;
    sax.endElement = on_end;
    sax.characters = on_text;
    sax.ignorableWhitespace = on_text;
    sax.cdataBlock = nullptr;  // scripts and styles
    return sax;
  }

  // Returns how many bytes are done with: all, or up to the tag at which the parser was left.
  std::size_t feed(std::string_view html) {
    htmlSAXHandler sax = handlers();
    stopped_at_ = 0;
    parser_.reset(htmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr, XML_CHAR_ENCODING_UTF8));
    if (!parser_) return html.size();
    htmlCtxtUseOptions(parser_.get(),
                       HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    constexpr std::size_t piece = 4096;
    for (std::size_t at = 0; at < html.size() && stopped_at_ == 0; at += piece) {
      const std::string_view bytes = html.substr(at, piece);
      const bool last = at + piece >= html.size();
      htmlParseChunk(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
    }
    const std::size_t done = stopped_at_;
    parser_.reset();
    return done == 0 ? html.size() : std::min(done + 1, html.size());
  }

  Sink sink_;
  std::unique_ptr<htmlParserCtxt, FreeParser> parser_;
  std::size_t stopped_at_ = 0;
};

}  // namespace

std::string html_to_text(std::string_view html) { return Feeder{}.run(without_crowds(html)); }

}  // namespace postroom
