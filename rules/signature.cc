#include "rules/signature.h"

#include <algorithm>
#include <iterator>

namespace postroom {
namespace {

constexpr std::size_t most_lines = 12;  // of a signature whose mark is not the one of RFC 3676
constexpr std::size_t longest_line = 90;

// What telephones and programs write below a mail; the line begins with it.
constexpr std::string_view device_lines =
    "sent from|sent via|sent with|sent by|sent using|get outlook for|from my iphone|from my ipad|"
    "from my android|from my mobile|gesendet von|gesendet mit|gesendet aus|gesendet über|von meinem|"
    "von meiner|diese nachricht wurde von|outlook für|holen sie sich|laden sie outlook|envoyé de|"
    "envoyé depuis|envoyé à partir|envoyé avec|envoyé via|télécharger outlook|obtenez outlook|"
    "obtenir outlook|enviado desde|enviado con|enviado do|enviado a partir|enviado de|enviado por|"
    "enviado via|enviat des|obtener outlook|obtenga outlook|obter o outlook|obtenha o outlook|"
    "inviato da|inviato dal|inviato con|scarica outlook|ottieni outlook|trimis de pe|trimis din|"
    "trimis de la|descărcați outlook|verzonden met|verzonden vanaf|verzonden vanuit|verstuurd vanaf|"
    "verstuurd met|outlook voor|download outlook|sendt fra|sendt med|sendt via|hent outlook|"
    "skickat från|skickat med|skickades från|från min|hämta outlook|sent úr|lähetetty |hanki outlook|"
    "saadetud minu|nosūtīts no|išsiųsta iš|küldve |elküldve a|iphone-ról|wysłane z|wysłano z|"
    "wysłane przy|pobierz outlook|odesláno z|získat outlook|stáhnout outlook|odoslané z|odoslané cez|"
    "poslano z|poslano sa|poslato sa|şuradan|iphone'umdan|ipad'imden|samsung cihaz|"
    "android uygulamasını edinin|đã gửi từ|gửi từ|dikirim dari|στάλθηκε από|εστάλη από|отправлено с|"
    "отправлено из|отправлено через|отправлено от|отправлено мобильн|отправил с|послано с|написано с|"
    "с айфона|скачать outlook|получить outlook|надіслано з|надіслано через|відправлено з|"
    "отримати outlook|адпраўлена з|изпратено от|послато са|נשלח מ|أرسلت من|أُرسلت من|تم الإرسال من|"
    "ส่งจาก|发自|來自我的|從我的|寄自|傳送自|下载 outlook|获取 outlook|取得 outlook|iphoneから|私の|나의|내 "
    "iphone";

// ... or ends with it.
constexpr std::string_view device_ends = "から送信|에서 보냄|에서 보냈습니다|傳送|gönderildi|from mobile";

// German ends with the verb: "Mit Outlook für iOS gesendet" is a program's, "Das Geld habe ich gesendet" is
// not.
bool is_german_device(std::string_view folded) {
  const bool begins = folded.starts_with("mit ") || folded.starts_with("von ") ||
                      folded.starts_with("diese ") || folded.starts_with("über ");
  return begins && folded.ends_with("gesendet");
}

// A line of nothing else, and below it names and addresses.
constexpr std::string_view closings =
    "regards|kind regards|kindest regards|best regards|warm regards|warmest regards|with kind regards|"
    "with best regards|with regards|many regards|sincere regards|thanks and regards|thanks & regards|"
    "thank you and regards|best wishes|with best wishes|sincerely|sincerely yours|yours sincerely|"
    "yours faithfully|yours truly|respectfully|respectfully yours|cordially|mit freundlichen grüßen|"
    "mit freundlichen grüssen|mit freundlichem gruß|mit freundlichem gruss|freundliche grüße|"
    "freundliche grüsse|mit besten grüßen|mit besten grüssen|beste grüße|beste grüsse|viele grüße|"
    "viele grüsse|liebe grüße|liebe grüsse|herzliche grüße|herzliche grüsse|schöne grüße|"
    "hochachtungsvoll|mfg|freundlicher gruss|mit freundlichen grüßen / best regards|"
    "viele grüße / best regards|cordialement|bien cordialement|très cordialement|sincères salutations|"
    "bien à vous|bien à toi|meilleures salutations|salutations distinguées|salutations|"
    "respectueusement|saludos|un saludo|saludos cordiales|cordiales saludos|un cordial saludo|"
    "cordialmente|atentamente|muy atentamente|salutacions|cordiali saluti|distinti saluti|saluti|"
    "cordialità|un cordiale saluto|atenciosamente|com os melhores cumprimentos|cumprimentos|"
    "melhores cumprimentos|att|cu stimă|cu respect|o zi bună|met vriendelijke groet|"
    "met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|hartelijke groet|"
    "hartelijke groeten|groeten|mvg|hoogachtend|med venlig hilsen|venlig hilsen|de bedste hilsner|mvh|"
    "med vennlig hilsen|vennlig hilsen|hilsen|med vänlig hälsning|med vänliga hälsningar|"
    "vänliga hälsningar|vänligen|hälsningar|ystävällisin terveisin|terveisin|parhain terveisin|"
    "lugupidamisega|parimate soovidega|ar cieņu|pagarbiai|üdvözlettel|tisztelettel|üdv|z poważaniem|"
    "pozdrawiam|serdecznie pozdrawiam|z wyrazami szacunku|s pozdravem|s přátelským pozdravem|s úctou|"
    "s pozdravom|s priateľským pozdravom|lep pozdrav|lepo pozdravljeni|s spoštovanjem|srdačan pozdrav|"
    "s poštovanjem|lijep pozdrav|pozdrav|saygılarımla|saygılarımızla|iyi çalışmalar|trân trọng|"
    "hormat saya|salam|με εκτίμηση|φιλικά|с уважением|с наилучшими пожеланиями|с искренним уважением|"
    "с глубоким уважением|искренне ваш|всего доброго|всего наилучшего|з повагою|"
    "з найкращими побажаннями|щиро ваш|з павагай|с уважение|поздрави|с поштовањем|срдачан поздрав|"
    "со почит|בברכה|مع التحية|مع أطيب التحيات|تحياتي|با "
    "احترام|ด้วยความเคารพ|此致|敬上|谨启|祝好|顺祝商祺|此致敬礼|"
    "よろしくお願いします|よろしくお願いいたします|以上、よろしくお願いいたします|敬具|감사합니다|드림";

bool is_empty(std::string_view line) { return trim_line(line).empty(); }

bool is_rule(std::string_view line, std::string_view signs) {
  line = trim_line(line);
  return line.size() >= 2 && line.find_first_not_of(signs) == line.npos;
}

// RFC 3676, section 4.3.
bool is_mark(std::string_view line) {
  return line == "-- " || line == "--\xc2\xa0" || line == "-----BEGIN PGP SIGNATURE-----";
}

// What programs and people make of it.
bool is_likely_mark(std::string_view line) {
  line = trim_line(line);
  return line == "--" || line == "—" || line == "–" || is_rule(line, "_");
}

bool is_device_line(std::string_view line) {
  line = trim_line(line);
  if (line.empty() || line.size() > 200) return false;
  std::string folded = fold_words(line);
  folded.erase(std::remove_if(folded.begin(), folded.end(), [](char c) { return c == '[' || c == ']'; }),
               folded.end());
  std::string_view told = folded;
  told.remove_prefix(std::min(told.find_first_not_of("(<_ "), told.size()));
  while (told.ends_with('.') || told.ends_with(')') || told.ends_with('>')) told.remove_suffix(1);
  const auto begins = [&](std::string_view word) { return told.starts_with(word); };
  if (any_word(device_lines, begins)) return true;
  const auto ends = [&](std::string_view word) { return told.ends_with(word); };
  return told.size() < 60 && (is_german_device(told) || any_word(device_ends, ends));
}

bool is_closing(std::string_view line) {
  line = trim_line(line);
  if (line.size() > 80) return false;
  std::string folded = fold_words(line);
  const std::size_t end = folded.find_last_not_of(",.!;:-/ ");
  folded.resize(end == folded.npos ? 0 : end + 1);
  return any_word(closings, [&](std::string_view word) { return folded == word; });
}

// What comes to mind behind the signature.
bool is_postscript(std::string_view line) {
  constexpr std::string_view words = "p.s|ps:|ps.|ps |p. s.|p.p.s|pps|п.с|пс:|пс.|з.ы|зы:|зы.|зы |n.b|nb:";
  const std::string folded = fold_words(line.substr(0, 20));
  return any_word(words, [&](std::string_view word) { return folded.starts_with(word); });
}

// Short lines to the end, and few: a name, an office, an address. A question is text.
bool is_tail(const Lines& lines, std::size_t at, std::size_t end) {
  std::size_t count = 0;
  for (; at < end; ++at) {
    const std::string_view line = trim_line(lines[at]);
    if (line.empty()) continue;
    if (++count > most_lines || line.size() > longest_line || line.ends_with('?')) return false;
    if (is_postscript(line)) return false;
  }
  return true;
}

bool has_text(const Lines& lines, std::size_t end) {
  return std::any_of(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(end),
                     [](std::string_view line) { return !is_empty(line); });
}

bool names_device(std::string_view line) {
  constexpr std::string_view words =
      "iphone|ipad|ipod|айфон|android|андроид|samsung|galaxy|huawei|honor|xiaomi|redmi|nokia|blackberry|"
      "phone|"
      "handy|mobil|мобильн|мобільн|смартфон|телефон|outlook|gmail|yahoo|mail.ru|ukr.net|яндекс|yandex|proton|"
      "thunderbird|windows|app";
  const std::string folded = fold_words(line);
  return any_word(words, [&](std::string_view word) { return folded.find(word) != folded.npos; });
}

// Without the lines at the end that nobody wrote. In a paragraph, "Sent by DHL on Monday" is one more line of
// it.
std::size_t without_trailers(const Lines& lines, std::size_t end) {
  constexpr std::string_view signs = "_-=*#+";
  const auto is_blank = [&](std::string_view line) { return is_empty(line) || is_rule(line, signs); };
  const auto is_device = [&](std::size_t at) {
    const bool apart = at == 0 || is_blank(lines[at - 1]) || is_device_line(lines[at - 1]);
    return is_device_line(lines[at]) && (apart || names_device(lines[at]));
  };
  while (end > 0 && (is_blank(lines[end - 1]) || is_device(end - 1))) --end;
  return end;
}

// The first of the last lines that is_first holds for, when all below are a signature's.
template <class IsFirst>
std::size_t cut_tail(const Lines& lines, std::size_t end, IsFirst is_first) {
  std::size_t found = end, count = 0;
  for (std::size_t i = end; i > 0 && count <= most_lines + 1; --i) {
    if (is_empty(lines[i - 1])) continue;
    ++count;
    if (is_first(lines[i - 1]) && is_tail(lines, i, end)) found = i - 1;
  }
  return found;
}

}  // namespace

std::size_t lines_above_signature(const Lines& lines) {
  std::size_t first = 0;
  while (first < lines.size() && is_empty(lines[first])) ++first;
  const auto mark = std::find_if(
      lines.begin() + static_cast<std::ptrdiff_t>(std::min(first + 1, lines.size())), lines.end(), is_mark);
  std::size_t end = static_cast<std::size_t>(mark - lines.begin());
  const auto cut = [&](std::size_t to) {
    if (to < end && has_text(lines, to)) end = to;
  };
  cut(without_trailers(lines, end));
  cut(cut_tail(lines, end, is_likely_mark));
  cut(cut_tail(lines, end, is_closing));
  cut(without_trailers(lines, end));
  return end;
}

}  // namespace postroom
