#include "rules/quotes.h"

#include <algorithm>
#include <iterator>

namespace postroom {
namespace {

constexpr std::string_view no_break_space = "\xc2\xa0";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

enum class Key { none, from, subject, date, to };

struct KeyWord {
  Key key;
  std::string_view word;  // ASCII letters in lower case, others as they are written
};
// As the mail programs of these languages write them: en de fr es it pt nl pl cs sk da no sv fi hu et hr tr
// ro ru uk bg zh ja.
constexpr KeyWord key_words[] = {
    {Key::from, "from"},
    {Key::from, "von"},
    {Key::from, "de"},
    {Key::from, "da"},
    {Key::from, "van"},
    {Key::from, "od"},
    {Key::from, "fra"},
    {Key::from, "från"},
    {Key::from, "lähettäjä"},
    {Key::from, "feladó"},
    {Key::from, "saatja"},
    {Key::from, "šalje"},
    {Key::from, "kimden"},
    {Key::from, "gönderen"},
    {Key::from, "de la"},
    {Key::from, "expéditeur"},
    {Key::from, "от"},
    {Key::from, "От"},
    {Key::from, "От кого"},
    {Key::from, "Від"},
    {Key::from, "від"},
    {Key::from, "Від кого"},
    {Key::from, "发件人"},
    {Key::from, "差出人"},
    {Key::from, "mittente"},
    {Key::from, "nadawca"},
    {Key::from, "odesílatel"},
    {Key::from, "Отправитель"},
    {Key::from, "kimdən"},
    {Key::from, "szerző"},
    {Key::subject, "subject"},
    {Key::subject, "betreff"},
    {Key::subject, "objet"},
    {Key::subject, "asunto"},
    {Key::subject, "oggetto"},
    {Key::subject, "assunto"},
    {Key::subject, "onderwerp"},
    {Key::subject, "temat"},
    {Key::subject, "předmět"},
    {Key::subject, "predmet"},
    {Key::subject, "emne"},
    {Key::subject, "ämne"},
    {Key::subject, "aihe"},
    {Key::subject, "tárgy"},
    {Key::subject, "teema"},
    {Key::subject, "konu"},
    {Key::subject, "subiect"},
    {Key::subject, "тема"},
    {Key::subject, "Тема"},
    {Key::subject, "主题"},
    {Key::subject, "件名"},
    {Key::subject, "Předmět"},
    {Key::subject, "Ämne"},
    {Key::subject, "sujet"},
    {Key::subject, "naslov"},
    {Key::subject, "Относно"},
    {Key::date, "date"},
    {Key::date, "sent"},
    {Key::date, "gesendet"},
    {Key::date, "datum"},
    {Key::date, "envoyé"},
    {Key::date, "enviado"},
    {Key::date, "enviado el"},
    {Key::date, "fecha"},
    {Key::date, "inviato"},
    {Key::date, "data"},
    {Key::date, "enviada em"},
    {Key::date, "verzonden"},
    {Key::date, "wysłano"},
    {Key::date, "odesláno"},
    {Key::date, "dato"},
    {Key::date, "sendt"},
    {Key::date, "skickat"},
    {Key::date, "lähetetty"},
    {Key::date, "päivämäärä"},
    {Key::date, "dátum"},
    {Key::date, "kuupäev"},
    {Key::date, "tarih"},
    {Key::date, "trimis"},
    {Key::date, "дата"},
    {Key::date, "Дата"},
    {Key::date, "Отправлено"},
    {Key::date, "Надіслано"},
    {Key::date, "Датa"},
    {Key::date, "发送时间"},
    {Key::date, "日期"},
    {Key::date, "送信日時"},
    {Key::date, "日付"},
    {Key::date, "poslano"},
    {Key::date, "odoslané"},
    {Key::date, "skickades"},
    {Key::date, "Відправлено"},
    {Key::to, "to"},
    {Key::to, "an"},
    {Key::to, "à"},
    {Key::to, "À"},
    {Key::to, "para"},
    {Key::to, "a"},
    {Key::to, "aan"},
    {Key::to, "do"},
    {Key::to, "komu"},
    {Key::to, "til"},
    {Key::to, "till"},
    {Key::to, "címzett"},
    {Key::to, "Címzett"},
    {Key::to, "Кому"},
    {Key::to, "кому"},
    {Key::to, "收件人"},
    {Key::to, "宛先"},
    {Key::to, "kime"},
    {Key::to, "către"},
    {Key::to, "cc"},
    {Key::to, "Копия"},
    {Key::to, "Копія"},
    {Key::to, "reply-to"},
};

struct SeparatorWord {
  Separator separator;
  std::string_view word;
};
constexpr SeparatorWord separator_words[] = {
    {Separator::original, "original message"},
    {Separator::original, "original appointment"},
    {Separator::original, "исходное сообщение"},
    {Separator::original, "Исходное сообщение"},
    {Separator::original, "Оригинальное сообщение"},
    {Separator::original, "Вихідне повідомлення"},
    {Separator::original, "Оригінальне повідомлення"},
    {Separator::original, "ursprüngliche nachricht"},
    {Separator::original, "originalnachricht"},
    {Separator::original, "original-nachricht"},
    {Separator::original, "message d'origine"},
    {Separator::original, "message original"},
    {Separator::original, "mensaje original"},
    {Separator::original, "mensagem original"},
    {Separator::original, "messaggio originale"},
    {Separator::original, "oorspronkelijk bericht"},
    {Separator::original, "wiadomość oryginalna"},
    {Separator::original, "oprindelig meddelelse"},
    {Separator::original, "originalmeddelande"},
    {Separator::original, "opprinnelig melding"},
    {Separator::original, "původní zpráva"},
    {Separator::original, "Původní zpráva"},
    {Separator::original, "alkuperäinen viesti"},
    {Separator::original, "eredeti üzenet"},
    {Separator::original, "原始邮件"},
    {Separator::original, "reply message"},
    {Separator::original, "orijinal mesaj"},
    {Separator::original, "mesaj original"},
    {Separator::original, "ursprungligt meddelande"},
    {Separator::original, "оригинальное сообщение"},
    {Separator::forwarded, "forwarded message"},
    {Separator::forwarded, "forwarded by"},
    {Separator::forwarded, "Пересылаемое сообщение"},
    {Separator::forwarded, "Пересланное сообщение"},
    {Separator::forwarded, "Перенаправленное сообщение"},
    {Separator::forwarded, "Переслане повідомлення"},
    {Separator::forwarded, "Переадресоване повідомлення"},
    {Separator::forwarded, "Пересланное письмо"},
    {Separator::forwarded, "weitergeleitete nachricht"},
    {Separator::forwarded, "weitergeleitete e-mail"},
    {Separator::forwarded, "message transféré"},
    {Separator::forwarded, "message transmis"},
    {Separator::forwarded, "e-mail transféré"},
    {Separator::forwarded, "mensaje reenviado"},
    {Separator::forwarded, "mensagem encaminhada"},
    {Separator::forwarded, "messaggio inoltrato"},
    {Separator::forwarded, "doorgestuurd bericht"},
    {Separator::forwarded, "przekazana wiadomość"},
    {Separator::forwarded, "wiadomość przekazana"},
    {Separator::forwarded, "videresendt meddelelse"},
    {Separator::forwarded, "vidarebefordrat meddelande"},
    {Separator::forwarded, "videresendt melding"},
    {Separator::forwarded, "přeposlaná zpráva"},
    {Separator::forwarded, "Přeposlaná zpráva"},
    {Separator::forwarded, "välitetty viesti"},
    {Separator::forwarded, "továbbított üzenet"},
    {Separator::forwarded, "iletilen mesaj"},
    {Separator::forwarded, "mesaj redirecționat"},
};

constexpr std::string_view wrote_words[] = {
    "wrote",   "writes",   "schrieb", "écrit",    "escribió", "escreveu", "ha scritto", "scrisse",
    "schreef", "skrev",    "napisał", "pisze",    "napsal",   "napísal",  "kirjoitti",  "írta",
    "yazdı",   "a scris",  "пишет",   "написал",  "писал",    "пише",     "написав",    "писав",
    "написа",  "写道",     "寫道",    "のメール", "schreibt", "écrivit",  "escribe",    "kirjutas",
    "napisao", "napisala", "a écrit", "wrote",    "Пишет",    "följande", "ha scritto", "sent"};

// Begins of attributions in the "Begin forwarded message:" family, which have no dashes.
constexpr std::string_view begin_words[] = {"begin forwarded message:",
                                            "Начало переадресованного сообщения:",
                                            "Начало пересылаемого сообщения:",
                                            "anfang der weitergeleiteten",
                                            "début du message réexpédié",
                                            "début du message transféré",
                                            "inicio del mensaje reenviado",
                                            "inizio messaggio inoltrato",
                                            "início da mensagem",
                                            "Початок листа, що пересилається",
                                            "begin doorgestuurd bericht",
                                            "Початок переадресованого"};

std::string ascii_lower(std::string_view text) {
  std::string lowered{text};
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

// Markup that programs leave around a key when they turn bold text into plain text.
std::string_view without_stars(std::string_view text) {
  while (!text.empty() && (text.front() == '*' || text.front() == '_' || is_blank(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == '*' || text.back() == '_' || is_blank(text.back())))
    text.remove_suffix(1);
  return text;
}

struct Field {
  Key key = Key::none;
  std::string_view value;
};

Field field_of(std::string_view line) {
  line = trim_line(line);
  std::size_t colon = line.find(':');
  std::size_t width = 1;
  const std::size_t wide = line.find("：");  // full width, as Chinese and Japanese programs write
  if (wide < colon) {
    colon = wide;
    width = 3;
  }
  if (colon == std::string_view::npos || colon == 0 || colon > 40) return {};
  const std::string_view name = trim_line(without_stars(line.substr(0, colon)));
  const std::string lowered = ascii_lower(name);
  for (const KeyWord& row : key_words) {
    if (row.word == lowered || row.word == name)
      return {row.key, trim_line(without_stars(line.substr(colon + width)))};
  }
  return {};
}

bool ends_with_colon(std::string_view line) { return line.ends_with(':') || line.ends_with("："); }

bool has_digit(std::string_view line) { return std::any_of(line.begin(), line.end(), is_digit); }

// "18:05", "8.30"
bool has_time(std::string_view line) {
  for (std::size_t i = 1; i + 2 < line.size(); ++i) {
    if (line[i] == ':' && is_digit(line[i - 1]) && is_digit(line[i + 1]) && is_digit(line[i + 2]))
      return true;
  }
  return false;
}

bool is_attribution(std::string_view line) {
  line = trim_line(without_stars(trim_line(line)));
  if (!ends_with_colon(line) || line.size() > 400) return false;
  const bool address = line.find('@') != line.npos;
  if (address && has_time(line)) return true;  // "12.03.2013, 18:00, Ivan <ivan@...>:" has no verb
  if (!address && !has_digit(line)) return false;
  const std::string lowered = ascii_lower(line);
  return std::any_of(std::begin(wrote_words), std::end(wrote_words),
                     [&](std::string_view word) { return lowered.find(word) != lowered.npos; });
}

}  // namespace

Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view trim_line(std::string_view line) {
  while (!line.empty()) {
    if (is_blank(line.front()))
      line.remove_prefix(1);
    else if (line.starts_with(no_break_space))
      line.remove_prefix(2);
    else
      break;
  }
  while (!line.empty()) {
    if (is_blank(line.back()))
      line.remove_suffix(1);
    else if (line.ends_with(no_break_space))
      line.remove_suffix(2);
    else
      break;
  }
  return line;
}

bool is_quoted(std::string_view line) { return trim_line(line).starts_with('>'); }

std::string_view unquoted(std::string_view line) {
  std::string_view text = line;
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  if (!text.starts_with('>')) return line;
  text.remove_prefix(1);
  return text.starts_with(' ') ? text.substr(1) : text;
}

HeaderBlock header_block(const Lines& lines, std::size_t at) {
  HeaderBlock block;
  block.begin = block.end = at;
  int foreign = 0;
  Key last = Key::none;
  for (std::size_t i = at; i < lines.size() && i < at + 30; ++i) {
    const std::string_view line = trim_line(lines[i]);
    if (line.empty()) {
      // Some programs put empty lines between the fields; behind three fields one ends the block.
      const bool goes_on = i + 1 < lines.size() && field_of(lines[i + 1]).key != Key::none;
      if (block.fields == 0 || !goes_on) break;
      continue;
    }
    const Field field = field_of(line);
    if (field.key == Key::none) {
      if (block.fields == 0 || ++foreign > 3) break;
      // A folded value, or a field that we do not know ("Organization: ...").
      if (last == Key::subject && line.find(": ") == line.npos) block.subject += ' ' + std::string{line};
      continue;
    }
    last = field.key;
    ++block.fields;
    block.end = i + 1;
    if (field.key == Key::from && !block.has_from) {
      block.from = field.value;
      block.has_from = true;
    }
    if (field.key == Key::subject && block.subject.empty()) block.subject = field.value;
  }
  return block;
}

Separator separator(std::string_view line) {
  line = trim_line(line);
  if (line.size() > 200) return Separator::none;
  const std::string lowered = ascii_lower(line);
  for (std::string_view word : begin_words) {
    if (lowered.starts_with(word) || line.starts_with(word)) return Separator::forwarded;
  }
  if (!line.starts_with("--") && !line.starts_with("__") && !line.starts_with("**") &&
      !line.starts_with("==")) {
    return Separator::none;
  }
  for (const SeparatorWord& row : separator_words) {
    if (lowered.find(row.word) != lowered.npos || line.find(row.word) != line.npos) return row.separator;
  }
  return Separator::none;
}

std::size_t attribution(const Lines& lines, std::size_t at) {
  std::string joined;
  for (std::size_t count = 1; count <= 4 && at + count <= lines.size(); ++count) {
    const std::string_view line = trim_line(lines[at + count - 1]);
    if (line.empty() || line.size() > 300 || is_quoted(line)) return 0;
    joined += line;
    joined += ' ';
    if (ends_with_colon(trim_line(without_stars(line)))) return is_attribution(joined) ? count : 0;
  }
  return 0;
}

}  // namespace postroom
