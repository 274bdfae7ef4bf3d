// HTML to text by libxml2's parser as a stream of events: no tree is built, so neither depth nor size of a
// hostile document costs more than its bytes.

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>

#include "rules/html_clean.h"
#include "rules/html_effect.h"
#include "rules/html_style.h"
#include "rules/text.h"

namespace postroom {
namespace {

std::string_view attribute(const xmlChar** attributes, std::string_view wanted) {
  for (; attributes && attributes[0]; attributes += 2) {
    const char* name = reinterpret_cast<const char*>(attributes[0]);
    if (wanted == name && attributes[1]) return reinterpret_cast<const char*>(attributes[1]);
  }
  return {};
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

// Text as it grows: white space folded, quotes marked with "> " as plain text marks them.
class Sink {
 public:
  explicit Sink(Hidden hidden) : visibility_{hidden} {}

  void start(std::string_view name, const xmlChar** attributes) {
    const Effect effect = effect_of(name);
    visibility_.start(effect, attribute(attributes, "style"));
    if (!visibility_.is_visible()) return;
    // Thunderbird's "On ... wrote:", in whatever language.
    if (cited_at_ == 0 && attribute(attributes, "class") == "moz-cite-prefix") {
      cited_at_ = visibility_.depth();
      enter_quote();
      return;
    }
    switch (effect) {
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
        enter_quote();
        break;
      case Effect::link:
        link(attribute(attributes, "href"));
        break;
      case Effect::image:
        characters(attribute(attributes, "alt"));
        break;
      case Effect::hidden:
      case Effect::none:
        break;
    }
  }

  void end(std::string_view name) {
    const bool visible = visibility_.is_visible();
    const bool is_cited = cited_at_ > 0 && cited_at_ == visibility_.depth();
    visibility_.end();
    if (!visible) return;
    if (is_cited) {
      cited_at_ = 0;
      leave_quote();
      return;
    }
    switch (effect_of(name)) {
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
    if (!visibility_.is_visible()) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool no_break = text[i] == '\xc2' && i + 1 < text.size() && text[i + 1] == '\xa0';
      if (no_break) ++i;
      const char c = no_break ? ' ' : text[i];
      if (preformatted_ > 0 && c == '\n')
        lines(std::min(pending_lines_ + 1, 2));
      else if (is_blank(c))
        space_ = true;
      else
        i = put_word(text, i);
    }
  }

  // A new parser ignores the end tags of what the one before it had open.
  void forget_open() {
    preformatted_ = quoted_ = cited_at_ = 0;
    visibility_.forget_open();
  }

  bool hid_by_style() const { return visibility_.hid_by_style(); }

  std::string take() {
    if (!text_.empty()) text_ += '\n';
    return std::move(text_);
  }

 private:
  void lines(int count) {
    pending_lines_ = std::max(pending_lines_, count);
    space_ = false;
  }

  void enter_quote() {
    lines(1);
    ++quoted_;
  }

  void leave_quote() {
    lines(1);
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

  // What stands up to the next white space, at once. Returns where it ends.
  std::size_t put_word(std::string_view text, std::size_t begin) {
    put(text[begin]);
    std::size_t end = begin + 1;
    while (end < text.size() && !is_blank(text[end]) && text[end] != '\xc2') ++end;
    text_ += text.substr(begin + 1, end - begin - 1);
    return end - 1;
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

  Visibility visibility_;
  std::string text_, address_;
  std::size_t link_begin_ = 0;
  int preformatted_ = 0, quoted_ = 0, cited_at_ = 0, pending_lines_ = 0;
  bool space_ = false;
};

struct FreeParser {
  void operator()(htmlParserCtxt* parser) const { htmlFreeParserCtxt(parser); }
};

// libxml2 searches its stack of open elements at every end tag: with n open ones that is quadratic. A
// parser that has this many is left, and a new one goes on behind the tag.
constexpr int most_open = 200;

// One document, fed to one parser after the other.
class Feeder {
 public:
  explicit Feeder(Hidden hidden) : sink_{hidden} {}

  bool hid_by_style() const { return sink_.hid_by_style(); }

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
    constexpr std::size_t piece = 1024;
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

std::string html_to_text(std::string_view html) {
  const std::string clean = clean_html(html);
  Feeder feeder{Hidden::left_out};
  std::string text = feeder.run(clean);
  // Nothing to see: a style sheet that we do not read must show what the styles hide.
  return text.empty() && feeder.hid_by_style() ? Feeder{Hidden::shown}.run(clean) : text;
}

}  // namespace postroom
