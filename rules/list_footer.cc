#include "rules/list_footer.h"

#include <algorithm>
#include <iterator>

#include "rules/quotes.h"

namespace postroom {
namespace {

constexpr std::size_t footer_bytes = 3000;
constexpr std::size_t footer_lines = 30;
constexpr int most_footers = 3;

// Words in which list programs speak of the list; folded.
constexpr std::string_view list_words =
    "mailing list|mailing-list|mailinglist|mailman|listinfo|google groups|groups.google.|groups.io|"
    "yahoo! groups|yahoogroups|unsubscribe|subscribed to|subscription|to post to this|list-archive|"
    "/lists/|lists.|sympa|listserv|majordomo|freelists|"
    "mailingliste|verteiler|abbestellen|abonnement|abonniert|abmelden|liste de diffusion|désabonner|"
    "désinscrire|désinscription|lista de correo|lista de distribución|suscripción|suscrito|"
    "cancelar la suscripción|lista di distribuzione|iscrizione|iscritto|disiscri|annullare l'iscrizione|"
    "lista de discussão|inscrito|cancelar a inscrição|mailinglijst|afmelden|geabonneerd|lista dyskusyjna|"
    "wypisać|subskryb|konference|odhlásit|odhlásiť|postlista|prenumer|avprenumerera|maillista|avmelde|"
    "afmeld|sähköpostilista|postituslista|levelezőlista|leiratkoz|lista de discuții|dezabona|"
    "списк рассылки|список рассылки|списка рассылки|рассылк|подписан|отписаться|отказаться от подписки|"
    "розсилк|підписан|відписатися|рассылкі|абонира|отпиш|メーリングリスト|購読|配信停止|邮件列表|郵件列表|"
    "退订|退訂|取消订阅|"
    "메일링|구독|λίστα|רשימת תפוצה|القائمة البريدية|e-posta listesi|abonelik";

bool is_ruler(std::string_view line) {
  constexpr std::string_view signs = "_-=~*#.,+";
  if (line == "-- " || line == "--") return true;
  line = trim_line(line);
  if (line.size() < 4 || line.size() > 200) return false;
  if (line == "-----BEGIN PGP SIGNATURE-----") return false;
  return line.find_first_not_of(signs) == line.npos;
}

bool names_an_address(std::string_view text) {
  return text.find("://") != text.npos || text.find('@') != text.npos || text.find("www.") != text.npos;
}

bool speaks_of_list(std::string_view text) {
  const std::string folded = fold_words(text);
  return any_word(list_words, [&](std::string_view word) { return folded.find(word) != folded.npos; });
}

// Where the footer begins in the last part of a text; its size if there is none.
std::size_t footer_in(std::string_view tail) {
  const Lines lines = split_lines(tail);
  const std::size_t first = lines.size() > footer_lines ? lines.size() - footer_lines : 0;
  // From below: the ruler nearest to the end, above which stands what somebody wrote. A ruler may close the
  // footer, too.
  for (std::size_t i = lines.size(); i-- > first;) {
    if (!is_ruler(lines[i])) continue;
    const auto begin = static_cast<std::size_t>(lines[i].data() - tail.data());
    const std::string_view below = tail.substr(begin + lines[i].size());
    if (trim_line(below).empty()) continue;
    return names_an_address(below) && speaks_of_list(below) ? begin : tail.size();
  }
  return tail.size();
}

}  // namespace

std::string_view without_list_footer(std::string_view text) {
  for (int i = 0; i < most_footers; ++i) {
    const std::size_t top = text.size() > footer_bytes ? text.size() - footer_bytes : 0;
    const std::size_t begin = footer_in(text.substr(top));
    if (top + begin >= text.size()) break;
    text = text.substr(0, top + begin);
  }
  return text;
}

}  // namespace postroom
