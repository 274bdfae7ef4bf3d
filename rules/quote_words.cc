#include "rules/quote_words.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <unordered_map>

namespace postroom {
namespace {

struct LabelRow {
  Label label;
  std::string_view words;
};

// English, German, French, Spanish, Italian, Portuguese, Catalan, Romanian; Dutch; Danish, Norwegian,
// Swedish, Icelandic; Finnish, Estonian, Latvian, Lithuanian, Hungarian; Polish, Czech, Slovak, Slovene,
// Croatian; Turkish, Azerbaijani, Vietnamese, Indonesian; Greek; Russian, Ukrainian, Belarusian, Bulgarian,
// Serbian, Macedonian; Hebrew, Arabic, Persian, Thai; Chinese, Japanese, Korean.
constexpr LabelRow label_rows[] = {
    {Label::from,
     "from|sender|von|absender|de|expéditeur|remitente|da|mittente|remetente|expeditor|expeditorul|de la|"
     "van|afzender|fra|afsender|avsender|från|avsändare|frá|sendandi|lähettäjä|saatja|no|sūtītājs|nuo|"
     "siuntėjas|feladó|od|nadawca|odesílatel|odosielateľ|pošiljatelj|šalje|kimden|gönderen|kimdən|göndərən|"
     "từ|người gửi|dari|pengirim|από|αποστολέας|от|от кого|отправитель|від|від кого|відправник|ад|ад каго|"
     "адпраўнік|подател|изпращач|од|шаље|испраќач|пошиљалац|מאת|من|المرسل|از|فرستنده|จาก|ผู้ส่ง|发件人|发信人|"
     "寄件者|"
     "寄件人|發件人|送信元|差出人|送信者|送信者名|보낸 사람|보낸사람|발신|발신자|보낸이"},
    {Label::to,
     "to|an|empfänger|à|pour|destinataire|destinataires|para|destinatario|destinatarios|a|per|destinatari|"
     "destinatário|per a|către|pentru|destinatar|destinatarul|aan|ontvanger|til|modtager|mottaker|till|"
     "mottagare|viðtakandi|vastaanottaja|kellele|adressaat|saaja|kam|adresāts|gavėjas|címzett|do|adresat|"
     "odbiorca|komu|příjemce|adresát|pre|príjemca|za|prejemnik|prima|primatelj|kime|alıcı|kimə|đến|tới|"
     "người nhận|kepada|ke|untuk|προς|παραλήπτης|кому|получатель|одержувач|каму|атрымальнік|до|получател|за|"
     "прима|прималац|אל|إلى|الى|المستلم|به|گیرنده|ถึง|ผู้รับ|收件人|收件者|收信人|宛先|送信先|받는 "
     "사람|받는사람|수신|"
     "수신자|받는이"},
    {Label::cc,
     "cc|copy|bcc|kopie|kopie (cc)|copie|copie à|copie carbone|con copia|copia|cópia|còpia|copie la|"
     "copie carbon|kopi|kopia|afrit|kopio|koopia|kopija|másolat|másolatot kap|dw|do wiadomości|kópia|kp|"
     "bilgi|kopya|đồng gửi|tembusan|κοιν|κοιν.|κοινοποίηση|копия|копия (cc)|копія|копія (cc)|копие|копија|"
     "עותק|نسخة|نسخة إلى|رونوشت|สำเนา|สำเนาถึง|抄送|副本|写し|참조"},
    {Label::subject,
     "subject|betreff|betrifft|objet|sujet|asunto|oggetto|assunto|assumpte|subiect|subiectul|onderwerp|emne|"
     "ämne|efni|aihe|otsikko|teema|tēma|temats|tema|temat|předmět|predmet|zadeva|naslov|tárgy|konu|mövzu|"
     "chủ đề|tiêu đề|subjek|perihal|judul|θέμα|тема|тэма|относно|предмет|наслов|נושא|الموضوع|موضوع|เรื่อง|"
     "หัวเรื่อง|主题|主旨|主題|标题|標題|件名|제목"},
    {Label::date,
     "date|sent|date sent|sent at|sent on|received|datum|gesendet|gesendet am|envoyé|envoyé le|message du|"
     "date d'envoi|le|fecha|enviado|enviado el|enviat|data|inviato|inviata|data invio|enviada|enviada em|"
     "enviado em|dată|trimis|trimisă|trimis la|verzonden|verstuurd|dato|sendt|sendt den|skickat|skickades|"
     "dagsetning|sendtur|päivämäärä|päiväys|lähetetty|kuupäev|saadetud|datums|nosūtīts|išsiųsta|"
     "dátum|küldve|elküldve|küldés dátuma|wysłano|wysłane|odesláno|odoslané|dátum odoslania|poslano|poslato|"
     "tarih|gönderilen|gönderme tarihi|gönderilme tarihi|tarix|göndərildi|ngày|đã gửi|tanggal|terkirim|"
     "dikirim|ημερομηνία|ημ/νία|στάλθηκε|дата|отправлено|дата отправки|надіслано|відправлено|дасланы|"
     "адпраўлена|изпратено|датум|послато|испратено|תאריך|נשלח|التاريخ|تاريخ|تم الإرسال|تاريخ الإرسال|تاریخ|"
     "วันที่|ส่งเมื่อ|ส่ง|发送时间|发送日期|发件时间|日期|时间|傳送時間|寄件日期|寄件時間|已發送|已发送|日付|日時|"
     "送信日時|送信日|"
     "날짜|보낸 날짜|보낸날짜|보낸 시간|일시|발송일"},
    {Label::reply_to,
     "reply-to|reply to|antwort an|répondre à|responder a|rispondi a|risposta|respon a|răspuns către|"
     "antwoord aan|beantwoorden - aan|svar til|svara till|svarsadress|vastaus|vastausosoite|vasta|válaszcím|"
     "odpowiedź-do|odpowiedz do|odpověď na|odpovedať-pre|odgovori na|odgovor za|yanıt adresi|"
     "απάντηση προς|απάντηση σε|ответ-кому|кому ответить|ответить|обратный адрес|кому відповісти|"
     "отговор до|одговори на|השב אל|الرد على|الرد إلى|ตอบกลับไปยัง|回复至|回复|回覆至|返信先|회신 받는 "
     "사람|회신"},
    {Label::other,
     "importance|priority|sensitivity|attachments|attachment|organization|organisation|message-id|x-mailer|"
     "newsgroups|references|in-reply-to|mime-version|content-type|return-path|resent-from|wichtigkeit|"
     "priorität|anlagen|anlage|anhang|anhänge|importance :|pièces jointes|importancia|datos "
     "adjuntos|priorità|"
     "allegati|prioridade|anexos|urgentie|bijlagen|vigtighed|vedhæftede filer|prioritet|bilagor|tärkeys|"
     "fontosság|priorytet|ważność|załączniki|důležitost|přílohy|dôležitosť|prílohy|önem|ekler|важность|"
     "приоритет|вложения|вложение|важливість|вкладення|附件|重要性|添付ファイル|重要度|첨부파일|중요도"},
};

struct SeparatorRow {
  Separator separator;
  std::string_view words;
};
constexpr SeparatorRow separator_rows[] = {
    {Separator::forwarded,
     "forwarded message|forwarded mail|forwarded email|forwarded e-mail|forwarded by|forwarded "
     "letter|fwd.msg|"
     "forward message|weitergeleitete nachricht|weitergeleitete e-mail|weitergeleitete mail|weitergeleitet "
     "von|"
     "message transféré|message transmis|message réexpédié|e-mail transféré|courriel transféré|mail "
     "transféré|"
     "message suivi|mensaje reenviado|correo reenviado|missatge reenviat|mensaxe reenviada|"
     "mensagem encaminhada|mensagem reencaminhada|messaggio inoltrato|mail inoltrata|inoltrato da|"
     "mesaj redirecționat|mesaj redirecţionat|mesaj transmis|mesaj forward|mesaj înaintat|"
     "doorgestuurd bericht|doorgezonden bericht|videresendt meddelelse|videresendt besked|"
     "videresendt mail|videresendt melding|videresendt e-post|vidarebefordrat meddelande|"
     "vidarebefordrat mejl|vidarebefordrad|áframsent|framsent|edelleenlähetetty viesti|"
     "edelleen lähetetty viesti|välitetty viesti|edastatud kiri|edastatud sõnum|pārsūtīts ziņojums|"
     "pārsūtītais ziņojums|persiųstas laiškas|persiunčiamas laiškas|továbbított üzenet|továbbított levél|"
     "przekazana wiadomość|wiadomość przekazana|przekazanej wiadomości|wiadomość przesłana dalej|"
     "przesłana wiadomość|přeposlaná zpráva|přeposlaný e-mail|preposlaná správa|posredovano sporočilo|"
     "proslijeđena poruka|prosleđena poruka|iletilen ileti|iletilen mesaj|iletilmiş mesaj|"
     "iletilen e-posta|yönləndirilmiş|thư đã chuyển tiếp|thư được chuyển tiếp|pesan terusan|"
     "pesan yang diteruskan|προωθημένο μήνυμα|προωθούμενο μήνυμα|пересылаемое сообщение|пересланное "
     "сообщение|"
     "пересылаемое письмо|пересланное письмо|перенаправленное сообщение|переадресованное сообщение|"
     "переадресованное письмо|переслане повідомлення|переслане письмо|пересланий лист|"
     "перенаправлене повідомлення|переадресоване повідомлення|перасланае паведамленне|препратено съобщение|"
     "препратено писмо|прослеђена порука|проследена порака|הודעה שהועברה|הודעה מועברת|رسالة محوّلة|"
     "رسالة معاد توجيهها|الرسالة المعاد توجيهها|پیام "
     "هدایت‌شده|ข้อความที่ส่งต่อ|转发的邮件|转发邮件|"
     "转发的信件|"
     "轉寄郵件|轉寄的郵件|轉寄訊息|已轉寄的郵件|转发的消息|メッセージを転送|転送メッセージ|"
     "転送されたメッセージ|転送メール|전달된 메시지|"
     "전달된 메일|전달 메시지"},
    {Separator::original,
     "original message|original appointment|original mail|original email|original e-mail|reply message|"
     "ursprüngliche nachricht|ursprüngliche mail|original-nachricht|originalnachricht|"
     "original nachricht|urspr. nachricht|antwort nachricht|ursprünglicher termin|message d'origine|"
     "message d’origine|message original|message initial|courriel original|mensaje original|"
     "missatge original|mensagem original|messaggio originale|messaggio originario|mesaj original|"
     "mesajul original|oorspronkelijk bericht|oorspronkelijke bericht|oorspronkelijke mail|"
     "oprindelig meddelelse|oprindelig besked|oprindelig mail|oprindelig besked|oprindelig mail|original "
     "meddelelse|opprinnelig "
     "melding|opprinnelig e-post|originalmeddelande|"
     "ursprungligt meddelande|ursprungliga meddelandet|upprunaleg skilaboð|alkuperäinen viesti|"
     "algkiri|algne sõnum|sākotnējais ziņojums|originalus laiškas|pradinis laiškas|eredeti üzenet|"
     "eredeti levél|wiadomość oryginalna|oryginalna wiadomość|wiadomość pierwotna|původní zpráva|"
     "původní e-mail|pôvodná správa|izvirno sporočilo|izvorna poruka|originalna poruka|orijinal ileti|"
     "orijinal mesaj|özgün ileti|orijinal mesajı|thư gốc|tin nhắn gốc|pesan asli|αρχικό μήνυμα|"
     "исходное сообщение|исходное письмо|оригинальное сообщение|первоначальное сообщение|"
     "вихідне повідомлення|оригінальне повідомлення|первинне повідомлення|початкове повідомлення|"
     "зыходнае паведамленне|оригинално съобщение|първоначално съобщение|оригинална порука|изворна порука|"
     "оригинална порака|הודעה מקורית|ההודעה המקורית|الرسالة الأصلية|رسالة أصلية|پیام اصلی|ข้อความต้นฉบับ|"
     "ข้อความดั้งเดิม|原始邮件|原邮件|原始信件|原始郵件|原始訊息|元のメッセージ|元のメール|원본 메시지|원본 "
     "메일|원본메시지"},
};

// Apple Mail, iOS, MailMate: a line of its own that ends in ':'.
constexpr std::string_view forward_intros =
    "begin forwarded message|start of forwarded message|forwarded message|anfang der weitergeleiteten|"
    "weitergeleitete nachricht|début du message réexpédié|début du message transféré|"
    "début du courriel transféré|début de l'e-mail transféré|message réexpédié|message transféré|"
    "inicio del mensaje reenviado|mensaje reenviado|inici del missatge reenviat|inizio messaggio inoltrato|"
    "inizio del messaggio inoltrato|messaggio inoltrato|início da mensagem|mensagem encaminhada|"
    "mensagem reencaminhada|începe mesajul redirecționat|începutul mesajului|începe mesajul|"
    "begin doorgestuurd bericht|begin van doorgestuurd bericht|doorgestuurd bericht|"
    "start på videresendt|begynnelse på videresendt|videresendt melding|videresendt besked|"
    "vidarebefordrat mejl|vidarebefordrat brev|vidarebefordrat meddelande|början på vidarebefordrat|"
    "välitetty viesti|edelleenlähetetty viesti|algab edastatud|továbbított levél|továbbított üzenet|"
    "początek przekazywanej|początek przekazanej|przekazana wiadomość|wiadomość przekazana|"
    "začátek přeposílané|začátek přeposlané|přeposlaná zpráva|začiatok preposlanej|preposlaná správa|"
    "začetek posredovanega|započni proslijeđenu|početak proslijeđene|ileti başlangıcı|iletilen ileti|"
    "bắt đầu thư được chuyển|bắt đầu thư đã chuyển|memulai pesan|mulai meneruskan pesan|"
    "αρχή προωθημένου|αρχή προωθούμενου|έναρξη προωθημένου|начало переадресованного|начало пересылаемого|"
    "начало пересланного|пересылаемое сообщение|пересланное сообщение|переадресованное сообщение|"
    "початок листа, що пересилається|початок переадресованого|початок пересланого|переслане повідомлення|"
    "начало на препратено|пренасочено съобщение|תחילת ההודעה|بدء الرسالة|بداية الرسالة|"
    "เริ่มต้นข้อความที่ส่งต่อ|เริ่มข้อความที่ส่งต่อ|开始转发|以下是转发的邮件|下面是被转发的邮件|開始轉寄|以下是轉寄的郵件|"
    "下面是被轉寄的郵件|"
    "轉寄的郵件|転送されたメッセージ|以下、転送メッセージ|転送メッセージ|전달된 메시지|다음은 전달된 메시지";

constexpr std::string_view wrote_list =
    "wrote|writes|says|said|schrieb|schreibt|geschrieben|schrieben sie|a écrit|écrit|écrivit|nous a dit|"
    "escribió|escribio|escribe|va escriure|escriví|escribiu|ha scritto|scrisse|scrive|escreveu|escrevia|"
    "a scris|scris|schreef|geschreven|verzond|skrev|skriver|følgende|följande|skrifaði|kirjoitti|"
    "kirjutas|kirjoittaa|rakstīja|rašė|írta|ezt írta|napisał|pisze|napisała|napsal|napísal|píše|"
    "je napisal|napisao|napisala|je pisao|yazdı|şunu yazdı|yazmış|đã viết|menulis|έγραψε|написал|"
    "написала|написали|пишет|пишут|писал|писала|написав|написала|пише|писав|напісаў|піша|написа|"
    "написао|написала|כתב|كتب|نوشت|เขียน|写道|寫道|写到|のメール|のメッセージ|書きました|は書きました|"
    "작성|님이 작성|썼습니다|님이";

// Between date and name of an attribution.
constexpr std::string_view user_list =
    "user|user:|пользователь|користувач|užívateľ|používateľ|uživatel|użytkownik|heeft|időpontban|"
    "потребител|om|um|uhr|kl|kl.|klo|at|à|às|alle|o|godz.|в|о|от|від|de|von|by|from|am|pm|a.m.|p.m.|г.|р.|г|"
    "р|"
    "del|el|den|le|il|on|schrieb:|via";

template <class Take>
void each_word(std::string_view list, Take take) {
  any_word(list, [&](std::string_view word) {
    take(word);
    return false;
  });
}

using WordMap = std::unordered_map<std::string_view, int>;

WordMap map_of(std::string_view list) {
  WordMap map;
  each_word(list, [&](std::string_view word) { map.emplace(word, 1); });
  return map;
}

bool contains_word(std::string_view text, std::string_view list) {
  return any_word(list, [&](std::string_view word) { return text.find(word) != text.npos; });
}

bool is_invisible(UChar32 c) {
  return c == 0xFEFF || c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069);
}

void append(std::string& text, UChar32 c) {
  const auto code = static_cast<std::uint32_t>(c);
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return text.push_back(static_cast<char>(code));
  if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | code >> 12);
    tail(6);
  } else {
    text += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
  }
  tail(0);
}

}  // namespace

std::string fold_words(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  bool space = false;
  const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT(data, i, length, c);
    if (c < 0 || c == '*' || is_invisible(c)) continue;
    if (c == ' ' || (c >= '\t' && c <= '\r') || (c > 0x7F && u_isUWhiteSpace(c))) {
      space = !folded.empty();
      continue;
    }
    if (space) folded += ' ';
    space = false;
    if (c < 0x80)
      folded += static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    else
      append(folded, u_tolower(c));
  }
  return folded;
}

std::string in_capital(std::string_view word) {
  int32_t length = 0;
  UChar32 c;
  U8_NEXT(reinterpret_cast<const std::uint8_t*>(word.data()), length, static_cast<int32_t>(word.size()), c);
  std::string text;
  if (c >= 0) append(text, u_toupper(c));
  return text += word.substr(static_cast<std::size_t>(length));
}

Label label_of(std::string_view folded) {
  static const std::unordered_map<std::string_view, Label> labels = [] {
    std::unordered_map<std::string_view, Label> map;
    for (const LabelRow& row : label_rows) {
      each_word(row.words, [&](std::string_view word) { map.emplace(word, row.label); });
    }
    return map;
  }();
  const auto found = labels.find(folded);
  return found == labels.end() ? Label::none : found->second;
}

std::string_view words_of(Label label) {
  const auto row = std::find_if(std::begin(label_rows), std::end(label_rows),
                                [&](const LabelRow& one) { return one.label == label; });
  return row == std::end(label_rows) ? std::string_view{} : row->words;
}

Separator separator_in(std::string_view folded) {
  for (const SeparatorRow& row : separator_rows) {
    if (contains_word(folded, row.words)) return row.separator;
  }
  return Separator::none;
}

bool is_forward_intro(std::string_view folded) {
  if (!folded.ends_with(':') && !folded.ends_with("：")) return false;
  return any_word(forward_intros, [&](std::string_view word) { return folded.starts_with(word); });
}

bool has_wrote(std::string_view folded) { return contains_word(folded, wrote_list); }

bool is_wrote_word(std::string_view folded) {
  static const WordMap wrote = map_of(wrote_list), user = map_of(user_list);
  return wrote.count(folded) > 0 || user.count(folded) > 0;
}

}  // namespace postroom
