#include "rules/bounce_words.h"

#include <algorithm>
#include <iterator>

namespace postroom {
namespace {

constexpr std::string_view subjects[] = {
    "undeliver", "delivery status notification", "delivery fail", "delivery has failed", "failure notice",
    "returned mail", "return receipt", "mail delivery", "delivery notif", "delivery-notif", "non-deliver",
    "nondeliver", "non deliver", "could not be delivered", "couldn't be delivered", "cannot be delivered",
    "not delivered", "delivery error", "delivery problem", "delivery report", "mail failure", "mail error",
    "mail system error", "user unknown", "unknown user", "delayed", "delivery delay", "warning: could not",
    "has not yet been delivered", "failed mail", "failed delivery", "unable to deliver",
    "error sending your mail", "returned to sender", "returning message to sender", "returned message",
    "returned email", "no such user", "are not member", "loop alert", "delivery incomplete",
    "delivery service notification", "failure delivery", "message not deliver", "mail could not",
    "error in delivery", "mail refused", "ndn:", "ndr:", "mailbox full", "over quota", "quota exceeded",
    "undeliv",
    // Russian, Ukrainian
    "не доставлен", "недоставлен", "не удалось доставить", "ошибка доставки", "задержка доставки",
    "невозможно доставить", "сбой доставки", "уведомление о доставке", "недоставка", "не доставлено",
    "не вдалося доставити",
    // German
    "unzustellbar", "nicht zugestellt", "nicht zustellbar", "zustellung fehlgeschlagen", "fehler bei",
    "zustellungsfehler", "zustellfehler", "übermittlungsfehler",
    // French, Spanish, Italian, Portuguese
    "non remis", "non délivré", "échec d", "remise impossible", "non distribuable", "no entregado",
    "no se puede entregar", "no se ha podido entregar", "correo devuelto", "mensaje devuelto",
    "mancata consegna", "non recapitabile", "não entregue", "falha na entrega", "não foi possível entregar",
    // Polish, Czech, Dutch, Scandinavian, Turkish
    "niedostarczon", "nie dostarczon", "niedoręczon", "zwrot wiadomości", "zwrot poczty", "nedoručiteln",
    "nelze doručit", "onbestelbaar", "niet afgeleverd", "kunde inte leverera", "olevererbart",
    "kan ikke leveres", "kunne ikke levere", "teslim edilemedi",
    // Japanese, Chinese, Korean
    "配信", "メールエラー", "送信でき", "不達", "退信", "无法投递", "無法投遞", "無法傳遞", "无法送达",
    "未送达", "배달되지", "전송 실패", "반송"};

// What subjects of other mail say too.
constexpr std::string_view half_subjects[] = {
    "message status", "rejected", "delayed",    "processing error", "blocked by", "message notification",
    "does not exist", "bounce",   "fehler bei", "ошибка",           "error",      "配達",
    "エラー",         "반송"};

constexpr std::string_view phrases[] = {
    "mail system at host", "qmail-send program", "created automatically by mail delivery software",
    "dragonfly mail agent", "could not be delivered", "couldn't be delivered", "cannot be delivered",
    "can not be delivered", "couldn't deliver", "could not deliver", "permanent fatal error",
    "permanent delivery error", "returned permanent errors", "did not reach the following",
    "did not receive your message", "unable to deliver", "wasn't able to deliver", "not able to deliver",
    "isn't able to deliver", "error delivering your mail", "trouble delivering your message",
    "delivery to the following", "delivery to these recipients", "delivery failed", "delivery has failed",
    "failed to deliver", "delivering your message", "user unknown", "unknown user", "unknown recipient",
    "user not found", "no such user", "not a valid user", "invalid user", "invalid recipient",
    "invalid mailbox", "invalid address", "mailbox unavailable", "mailbox not found", "mailbox full",
    "mailbox is full", "over quota", "quota exceeded", "exceeded storage", "address rejected",
    "address(es) failed", "addresses failed", "failed addresses", "session follows", "failed permanently",
    "not be delivered", "was not delivered", "has not been delivered", "not yet been delivered",
    "undeliverable", "does not exist", "may not exist", "host unknown", "unknown host", "not known here",
    "not recognized", "returned to sender", "has been returned", "no mailbox here", "addressee unknown",
    "not deliver", "recipient rejected", "not accepting mail", "message was rejected", "was rejected by",
    "remote host said", "undelivered", "no valid recipients", "had delivery errors", "delivery problems",
    "failure reasons", "rejected by a remote", "hop count", "mailfolder is full", "unrouteable address",
    "not a member of this mailing list", "are not allowed to post", "refused to accept your message",
    "content filtering has rejected", "too many hops", "unreachable for too long",
    "\"notificationtype\":\"bounce\"", "\"eventtype\":\"bounce\"",
    // Russian, Ukrainian
    "не удалось доставить", "не может быть доставлено", "не было доставлено", "не доставлено",
    "невозможно доставить", "не существует", "ящик переполнен", "не найден", "не вдалося доставити",
    // German
    "nicht zugestellt", "konnte nicht", "nicht zustellbar", "unzustellbar", "empfänger unbekannt",
    // French, Spanish, Italian, Portuguese
    "n'a pas pu", "pas pu etre", "n'a pas été remis", "n'existe pas", "non remis", "no se pudo entregar",
    "no se ha podido", "no existe", "non è stato possibile", "impossibile recapitare",
    "não pôde ser entregue", "não foi possível", "não existe",
    // Polish, Czech, Dutch, Scandinavian
    "nie została dostarczona", "nie można dostarczyć", "nie mogła zostać", "nie istnieje", "nelze doručit",
    "nebyla doručena", "niet worden afgeleverd", "kon niet", "kunde inte", "kunne ikke",
    // Japanese, Chinese, Korean
    "送信できません", "配信できません", "配信不能", "お届けできません", "見つかりません", "存在しません",
    "一杯のため", "受信できません", "无法", "無法", "不存在", "退回", "被退", "존재하지", "전송하지 못"};

constexpr std::string_view delays[] = {"will keep trying",
                                       "will continue trying",
                                       "will continue to try",
                                       "still being retried",
                                       "not need to resend",
                                       "don't need to resend",
                                       "this is a warning",
                                       "just a warning",
                                       "warning only",
                                       "not yet been delivered",
                                       "not been delivered yet",
                                       "will be retried",
                                       "will try again",
                                       "will retry",
                                       "delivery delayed",
                                       "delivery status notification (delay",
                                       "delayed mail",
                                       "warning: message",
                                       "warning: could not send",
                                       "delayed delivery",
                                       "attempts will continue",
                                       "continue to attempt delivery",
                                       "will continue to be made",
                                       "попытки доставки будут продолжены",
                                       "задержка доставки",
                                       "is delayed",
                                       "has been delayed",
                                       "has been temporarily delayed",
                                       "delivery is delayed",
                                       "message delayed",
                                       "будут повторены",
                                       "wird verzögert",
                                       "verzögerte zustellung",
                                       "weitere zustellversuche",
                                       "retardé",
                                       "remise différée",
                                       "entrega retrasada",
                                       "retrasado",
                                       "consegna ritardata",
                                       "opóźnion",
                                       "zpožděn",
                                       "vertraagd",
                                       "再送を",
                                       "遅延",
                                       "延迟",
                                       "延遲"};

constexpr std::string_view ends[] = {"giving up",
                                     "given up",
                                     "not going to try again",
                                     "permanent error",
                                     "failed permanently",
                                     "permanent failure",
                                     "permanently failed",
                                     "permanent fatal error",
                                     "no further attempts",
                                     "will not be retried",
                                     "message will be deleted from queue",
                                     "expired",
                                     "retry timeout exceeded",
                                     "retry time not reached",
                                     "has been in the queue too long"};

constexpr std::string_view originals[] = {"below this line is a copy",
                                          "this is a copy of the message",
                                          "this is a copy of your message",
                                          "this is a copy of the headers",
                                          "original message follows",
                                          "message header follows",
                                          "unsent message",
                                          "returned message",
                                          "returned mail",
                                          "original message -",
                                          "original message:",
                                          "headers follow",
                                          "header of the original",
                                          "copy of the original",
                                          "original headers",
                                          "text of the message",
                                          "message headers",
                                          "undelivered message follows",
                                          "the original message is",
                                          "original message header",
                                          "your message follows",
                                          "your original message:",
                                          "lines of the message follow",
                                          "of the message follows",
                                          "original mail",
                                          "original e-mail",
                                          "message text follows",
                                          "enclosed is a copy",
                                          "undelivered message -",
                                          "content of the original",
                                          "your message was:",
                                          "below is a copy",
                                          "text of your message",
                                          "message contents follow",
                                          "start of returned",
                                          "заголовки исходного",
                                          "исходное сообщение",
                                          "kopie der nachricht",
                                          "ursprüngliche nachricht",
                                          "message d'origine",
                                          "messaggio originale",
                                          "mensaje original",
                                          "oryginalna wiadomość",
                                          "元のメッセージ",
                                          "元のメール"};

constexpr std::string_view challenges[] = {"confirm that you are a human",
                                           "prove that you are human",
                                           "to be added to the guest list",
                                           "added to the guest list",
                                           "waiting list",
                                           "verify that you are a person",
                                           "verify your email address so",
                                           "challenge-response",
                                           "guest list so your",
                                           "has been waitlisted",
                                           "was waitlisted",
                                           "recipient's allowed",
                                           "account is protected by",
                                           "challenge/response",
                                           "spamarrest",
                                           "spam arrest",
                                           "boxbe.com",
                                           "reply to this message to have your",
                                           "one-time verification",
                                           "approve your message",
                                           "held until you confirm",
                                           "is being held",
                                           "not on my approved senders",
                                           "approved senders list",
                                           "подтвердите, что вы не робот",
                                           "подтвердить отправку письма"};

template <std::size_t count>
bool contains_any(std::string_view text, const std::string_view (&words)[count]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

}  // namespace

int subject_of_bounce(std::string_view subject) {
  if (contains_any(subject, subjects)) return 2;
  return contains_any(subject, half_subjects) ? 1 : 0;
}

bool text_of_bounce(std::string_view text) { return contains_any(text, phrases); }

bool speaks_of_delay(std::string_view text) { return contains_any(text, delays); }

bool speaks_of_the_end(std::string_view text) { return contains_any(text, ends); }

bool announces_original(std::string_view line) { return contains_any(line, originals); }

bool is_challenge(std::string_view text) { return contains_any(text, challenges); }

}  // namespace postroom
