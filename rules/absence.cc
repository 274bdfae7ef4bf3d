#include "rules/absence.h"

#include <algorithm>
#include <iterator>

namespace postroom {
namespace {

// Before a colon or in brackets: no person begins a subject so.
constexpr std::string_view prefixes[] = {"automatic reply",
                                         "automated reply",
                                         "auto reply",
                                         "auto-reply",
                                         "autoreply",
                                         "auto response",
                                         "auto-response",
                                         "autoresponse",
                                         "automatic response",
                                         "automated response",
                                         "out of office autoreply",
                                         "out of office reply",
                                         "vacation reply",
                                         "автоматический ответ",
                                         "автоответ",
                                         "автоответчик",
                                         "автоматична відповідь",
                                         "автовідповідь",
                                         "аўтаматычны адказ",
                                         "автоматичен отговор",
                                         "аутоматски одговор",
                                         "automatische antwort",
                                         "automatische abwesenheitsnotiz",
                                         "réponse automatique",
                                         "respuesta automática",
                                         "resposta automática",
                                         "resposta automàtica",
                                         "risposta automatica",
                                         "automatisch antwoord",
                                         "automatische reactie",
                                         "odpowiedź automatyczna",
                                         "automatyczna odpowiedź",
                                         "autoodpowiedź",
                                         "automatická odpověď",
                                         "automatická odpoveď",
                                         "samodejni odgovor",
                                         "automatski odgovor",
                                         "automatikus válasz",
                                         "răspuns automat",
                                         "automatisk svar",
                                         "automatiskt svar",
                                         "autosvar",
                                         "automaattinen vastaus",
                                         "automaatvastus",
                                         "automātiska atbilde",
                                         "automatinis atsakymas",
                                         "otomatik yanıt",
                                         "otomatik cevap",
                                         "αυτόματη απάντηση",
                                         "תשובה אוטומטית",
                                         "מענה אוטומטי",
                                         "رد تلقائي",
                                         "الرد التلقائي",
                                         "پاسخ خودکار",
                                         "自動応答",
                                         "自動返信",
                                         "自动答复",
                                         "自动回复",
                                         "自動回覆",
                                         "自動回復",
                                         "자동 회신",
                                         "자동 응답",
                                         "ตอบกลับอัตโนมัติ",
                                         "trả lời tự động",
                                         "balasan otomatis",
                                         "balasan automatik"};

constexpr std::string_view absences[] = {"out of office",
                                         "out of the office",
                                         "out-of-office",
                                         "away from",
                                         "away message",
                                         "on vacation",
                                         "on annual leave",
                                         "on leave",
                                         "auto reply",
                                         "auto-reply",
                                         "autoreply",
                                         "automatic reply",
                                         "automated reply",
                                         "automatic response",
                                         "auto response",
                                         "autoresponse",
                                         "autoresponder",
                                         "vacation",
                                         "holiday",
                                         "maternity leave",
                                         "не в офисе",
                                         "нет на месте",
                                         "нет на рабочем месте",
                                         "вне офиса",
                                         "в отпуске",
                                         "отпуск",
                                         "автоответ",
                                         "автоматический ответ",
                                         "у відпустці",
                                         "відпустк",
                                         "автовідповід",
                                         "abwesen",
                                         "nicht im büro",
                                         "im urlaub",
                                         "réponse automatique",
                                         "absence du bureau",
                                         "absent du bureau",
                                         "en congé",
                                         "en vacances",
                                         "fuera de la oficina",
                                         "de vacaciones",
                                         "fuori sede",
                                         "fuori ufficio",
                                         "in ferie",
                                         "fora do escritório",
                                         "de férias",
                                         "afwezig",
                                         "met vakantie",
                                         "poza biurem",
                                         "na urlopie",
                                         "nieobecn",
                                         "odpowiedź automatyczna",
                                         "automatyczna odpowiedź",
                                         "mimo kancelář",
                                         "dovolen",
                                         "frånvar",
                                         "semester",
                                         "fravær",
                                         "på ferie",
                                         "lomalla",
                                         "poissa",
                                         "szabadság",
                                         "házon kívül",
                                         "izinde",
                                         "iş yeri dışında",
                                         "ikke til stede",
                                         "εκτός γραφείου",
                                         "不在",
                                         "休假",
                                         "휴가",
                                         "부재"};

// "[Automatic reply] Prices", "Automatic reply : Prices", "Automatic reply"
bool stands_before(std::string_view prefix, std::string_view subject) {
  const bool bracket = subject.starts_with('[') || subject.starts_with('(');
  if (bracket) subject.remove_prefix(1);
  if (!subject.starts_with(prefix)) return false;
  std::string_view behind = subject.substr(prefix.size());
  if (bracket) return behind.starts_with(']') || behind.starts_with(')');
  while (behind.starts_with(' ')) behind.remove_prefix(1);
  return behind.starts_with(':');
}

}  // namespace

bool is_auto_reply_subject(std::string_view subject) {
  return std::any_of(std::begin(prefixes), std::end(prefixes),
                     [&](std::string_view prefix) { return stands_before(prefix, subject); });
}

bool speaks_of_absence(std::string_view subject) {
  return std::any_of(std::begin(absences), std::end(absences),
                     [&](std::string_view word) { return subject.find(word) != subject.npos; });
}

}  // namespace postroom
