#include "rules/subject_prefix.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "rules/quote_words.h"
#include "rules/quotes.h"
#include "rules/text.h"

namespace postroom {
namespace {

constexpr std::size_t longest_prefix = 60;  // bytes, with its colon

struct PrefixRow {
  SubjectKind kind;
  std::string_view words;
};
constexpr PrefixRow prefix_rows[] = {
    {SubjectKind::reply,
     "re|aw|antw|antwort|sv|svar|vast|odp|odpoveď|odpověď|odg|ynt|yan|cvp|bls|balas|r|rif|res|resp|respuesta|"
     "resposta|risposta|réponse|ref|réf|ré|rép|vá|válasz|ats|atb|răspuns|trả lời|σχετ|απ|"
     "ответ|отв|отг|отговор|одг|одговор|адк|адказ|відп|відповідь|на|ре|"
     "回复|回覆|答复|答覆|返信|回信|회신|답장|답변|ad|נענה|תגובה|השב|رد|الرد|پاسخ|ตอบกลับ|ตอบ|ｒｅ"},
    {SubjectKind::forward,
     "fw|fwd|forward|forwarded|wg|weitergeleitet|weiterleitung|tr|trans|transf|transféré|rv|reenv|reenviado|"
     "reenvío|encaminhado|i|inoltro|inoltra|inoltrato|pd|przekazano|enc|vb|vl|vidb|"
     "videresend|videresendt|vidarebefordrat|edasi|ilt|i̇lt|ilet|redir|fs|továbbítás|továbbítva|tov|prosl|"
     "posr|proslijeđeno|přeposláno|preposlané|redirecționat|pers|pārs|yml|trs|doorst|doorsturen|doorgestuurd|"
     "välitetty|välitys|πρθ|προωθ|пересл|переслано|переслать|пер|пересылка|переадр|перенаправлено|препр|прп|"
     "просл|прослеђено|перас|исх|фв|фвд|"
     "转发|轉發|轉寄|转寄|転送|전달|הועבר|רד|إعادة توجيه|ส่งต่อ|ｆｗ|ｆｗｄ"},
    {SubjectKind::plain, "vs"},  // a reply in Finnish, forwarded in Danish: no word of what it is
};

using PrefixMap = std::unordered_map<std::string_view, SubjectKind>;

const PrefixMap& prefixes() {
  static const PrefixMap map = [] {
    PrefixMap made;
    for (const PrefixRow& row : prefix_rows) {
      any_word(row.words, [&](std::string_view word) {
        made.emplace(word, row.kind);
        return false;
      });
    }
    return made;
  }();
  return map;
}

struct Colon {
  std::size_t at = std::string_view::npos, length = 0;
};

Colon colon_in(std::string_view text) {
  constexpr std::string_view signs[] = {":", "：", "﹕",
                                        "︰"};  // full width of Chinese and Japanese programs
  Colon first;
  for (const std::string_view sign : signs) {
    const std::size_t at = text.find(sign);
    if (at < first.at) first = {at, sign.size()};
  }
  return first;
}

// "re[2]", "re^3", "re (4)", "re5", "antw." count how often, or shorten.
std::string_view without_count(std::string_view label) {
  constexpr std::string_view count = "0123456789[](){}^*-. ";
  const std::size_t end = label.find_last_not_of(count);
  label = label.substr(0, end == label.npos ? 0 : end + 1);
  while (label.starts_with('[')) label.remove_prefix(1);
  return trim_line(label);
}

struct Prefix {
  bool found = false;
  SubjectKind kind = SubjectKind::plain;
  std::size_t length = 0;
};

Prefix prefix_of(std::string_view subject) {
  const std::string_view top = cut_utf8(subject, longest_prefix);
  const Colon colon = colon_in(top);
  if (colon.at == top.npos) return {};
  const std::string folded = fold_words(top.substr(0, colon.at));
  const auto row = prefixes().find(without_count(folded));
  if (row == prefixes().end()) return {};
  return {true, row->second, colon.at + colon.length};
}

}  // namespace

SubjectKind subject_kind(std::string_view subject) {
  const Prefix prefix = prefix_of(subject);
  if (prefix.found) return prefix.kind;
  // "[Fwd: lamp]" of Mozilla, cut.
  const std::string folded = fold_words(cut_utf8(subject, longest_prefix));
  return folded.starts_with("[fwd") && folded.find(':') == folded.npos ? SubjectKind::forward
                                                                       : SubjectKind::plain;
}

std::size_t prefix_length(std::string_view subject) {
  const Prefix prefix = prefix_of(subject);
  if (!prefix.found) return 0;
  const std::string_view rest = trim_line(subject.substr(prefix.length));
  return rest.empty() ? subject.size() : static_cast<std::size_t>(rest.data() - subject.data());
}

}  // namespace postroom
