#include <catch2/catch.hpp>

#include "rules/content.h"

using namespace postroom;

namespace {

bool thanks(const std::string& text, const std::string& subject = "Re: [#5] lamp") {
  return is_thanks(read_message("From: Anna Berg <anna.berg@x.test>\nTo: support@desk.test\nSubject: " +
                                    subject + "\nContent-Type: text/plain; charset=utf-8\n\n" + text,
                                MessageLimits{}));
}

const std::string history =
    "\n\nOn Mon, Nov 23, 2026 at 10:00 AM Desk <support@desk.test> wrote:\n> Does the lamp work now?\n> "
    "Order 5\n";

const char* const thanked[] = {
    "Thank you!",
    "thanks",
    "THANKS!!!",
    "Thx",
    "Many thanks, works now.",
    "Thanks a lot for your help!",
    "Hi,\n\nthank you very much for the quick reply. Everything works now.\n\nBest regards\nAnna",
    "Thanks Ivan!",
    "Ivan, thanks a lot!",
    "Great, thank you so much 😊",
    "Thanks 👍🏻",
    "Perfect, thanks :-)",
    "Got it, thanks.",
    "Thanks for your help! Have a nice day!",
    "Thank you\n\nAnna Berg",
    "thanks\nanna",
    "That's great, thanks",
    "Cheers, all good now",
    "Thanks, the problem is solved.",
    "Спасибо!",
    "спасибо",
    "Спасибо, всё работает!",
    "Большое спасибо за помощь!",
    "Огромное спасибо, Иван!",
    "Добрый день!\n\nСпасибо за оперативный ответ, вопрос решён.\n\nС уважением,\nИван Петров",
    "Благодарю вас!",
    "Спасибо большое, всё понятно. Хорошего дня!",
    "Принято, спасибо",
    "Спасибо))",
    "Всё заработало, спасибо!",
    "Дякую!",
    "Дуже дякую за допомогу!",
    "Дякую, все працює",
    "Дзякуй!",
    "Danke!",
    "Vielen Dank!",
    "Herzlichen Dank für die schnelle Antwort!\n\nViele Grüße\nAnna Berg",
    "Danke, jetzt funktioniert es.",
    "Danke Herr Müller, alles klar!",
    "Super, danke schön!",
    "Merci!",
    "Merci beaucoup pour votre aide.",
    "Bonjour,\n\nMerci, tout fonctionne.\n\nCordialement,\nAnna",
    "C'est parfait, merci et bonne journée",
    "Gracias",
    "¡Muchas gracias!",
    "Muchas gracias por su ayuda. Saludos",
    "Perfecto, gracias, ya funciona.",
    "Grazie mille!",
    "Grazie, tutto ok. Buona giornata",
    "Obrigado!",
    "Muito obrigada pela ajuda",
    "Bedankt!",
    "Hartelijk dank voor de snelle reactie!",
    "Dank u wel, het werkt weer.",
    "Dziękuję!",
    "Bardzo dziękuję za pomoc, wszystko działa.",
    "Děkuji!",
    "Moc děkuji za rychlou odpověď.",
    "Ďakujem pekne",
    "Tack!",
    "Tack så mycket för hjälpen!",
    "Mange tak for hjælpen",
    "Takk!",
    "Tusen takk for hjelpen",
    "Kiitos!",
    "Kiitos paljon, nyt toimii.",
    "Teşekkürler!",
    "Çok teşekkür ederim, sorun çözüldü.",
    "Mulțumesc!",
    "Multumesc frumos, o zi buna",
    "Köszönöm szépen!",
    "Благодаря!",
    "Хвала!",
    "Hvala lepo, sve radi.",
    "תודה רבה!",
    "תודה, הכל עובד",
    "شكرا جزيلا",
    "شكراً لكم على المساعدة",
    "ありがとうございました。",
    "承知しました。ありがとうございます。",
    "谢谢！",
    "谢谢您的帮助，问题解决了。",
    "감사합니다!",
    "빠른 답변 감사합니다.",
    "Рахмет!",
    "Ευχαριστώ πολύ!",
    "Aitäh!",
    "Paldies!",
    "Ačiū!",
    "Gràcies!",
    "ขอบคุณครับ",
    "Cảm ơn bạn",
    "Terima kasih banyak",
    "धन्यवाद"};

const char* const more_than_thanks[] = {"",
                                        "Hello",
                                        "OK",
                                        "Have a nice day",
                                        "Thanks?",
                                        "Thanks, when?",
                                        "Thanks, but it does not work",
                                        "Thank you. However, the lamp is still broken.",
                                        "Thanks in advance",
                                        "Thanks in advance!\nAnna",
                                        "Thanks. Please cancel my order.",
                                        "No thanks",
                                        "No, thanks.",
                                        "Yes, thanks",
                                        "Thanks for nothing",
                                        "Thanks, order 12345",
                                        "Thanks, my number is +49 30 1234567",
                                        "Thanks, see http://x.test",
                                        "thanks, a@x.test",
                                        "Thanks. It still fails",
                                        "Thanks, not working",
                                        "Thanks, how do I log in",
                                        "Thanks\nNot working",
                                        "Thanks, one more question",
                                        "thanks; bye",
                                        "Thanks 👎",
                                        "Thanks 😡",
                                        "Thanks ❓",
                                        "Thank you\nIt broke again",
                                        "Thank you, refund received partially",
                                        "Спасибо, но не работает",
                                        "Спасибо. А когда доставят",
                                        "Заранее спасибо!",
                                        "Спасибо заранее",
                                        "Спасибо, жду ответа",
                                        "Спасибо, не надо",
                                        "Нет, спасибо",
                                        "Да, спасибо",
                                        "Спасибо, подскажите номер",
                                        "Спасибо\nНе работает",
                                        "Спасибо, опять ошибка",
                                        "Спасибо, как оплатить",
                                        "Спасибо за информацию о заказе",
                                        "Дякую, але не працює",
                                        "Danke, funktioniert nicht",
                                        "Vielen Dank im Voraus",
                                        "Danke, aber leider nein",
                                        "Danke schonmal vorab, wann kommt die Lampe",
                                        "Merci d'avance",
                                        "Merci, mais ça ne marche pas",
                                        "Gracias de antemano",
                                        "Gracias, pero no funciona",
                                        "Grazie, ma non funziona",
                                        "Grazie in anticipo",
                                        "Obrigado, mas ainda não funciona",
                                        "Alvast bedankt",
                                        "Bedankt, maar het werkt niet",
                                        "Dziękuję, ale nie działa",
                                        "Z góry dziękuję",
                                        "Předem děkuji",
                                        "Tack på förhand",
                                        "Kiitos etukäteen",
                                        "Şimdiden teşekkürler",
                                        "תודה, אבל לא עובד",
                                        "תודה מראש",
                                        "شكرا ولكن لا يعمل",
                                        "شكرا مقدما",
                                        "ありがとうございます。しかし動きません。",
                                        "谢谢，但是不行",
                                        "谢谢，什么时候能好",
                                        "감사합니다. 그런데 안 됩니다",
                                        "Ευχαριστώ, δεν λειτουργεί;",
                                        "Ευχαριστώ εκ των προτέρων"};

}  // namespace

TEST_CASE("thanks are known in many languages", "[rules][thanks]") {
  for (const char* text : thanked) {
    INFO(text);
    CHECK(thanks(text));
    CHECK(thanks(text + history));
  }
}

TEST_CASE("who asks, reports or doubts does more than thank", "[rules][thanks]") {
  for (const char* text : more_than_thanks) {
    INFO(text);
    CHECK_FALSE(thanks(text));
    CHECK_FALSE(thanks(text + history));
  }
}

TEST_CASE("only what is new counts, and history alone is no thanks", "[rules][thanks]") {
  CHECK(thanks("Thank you!" + history));
  CHECK_FALSE(thanks(history));
  CHECK_FALSE(thanks("> Thank you!\n"));
  CHECK(thanks("Спасибо!\n\n23.11.2026 10:00, Desk пишет:\n> Всё ли работает? Заказ 5\n"));
}

TEST_CASE("a mail with another subject is a new matter", "[rules][thanks]") {
  CHECK(thanks("Thanks!", "Thank you!"));
  CHECK(thanks("Thanks!", "Re: Does the lamp work?"));
  CHECK_FALSE(thanks("Thanks!", "My chair is broken"));
  CHECK_FALSE(thanks("Thanks!", "Order 7"));
}

TEST_CASE("thanks in HTML alone are thanks", "[rules][thanks]") {
  const auto html = [](const std::string& body) {
    return is_thanks(
        read_message("From: Anna <anna@x.test>\nSubject: Re: lamp\nContent-Type: text/html\n\n<html><body>" +
                         body + "</body></html>",
                     MessageLimits{}));
  };
  CHECK(html("<p>Thank you!</p>"));
  CHECK(html(
      "<div>Thanks, <b>works</b> now.</div><div class=gmail_quote><div>On Mon, Nov 23, 2026 at 10:00 AM Desk "
      "&lt;support@desk.test&gt; wrote:<br></div><blockquote>Does it work? Call 123</blockquote></div>"));
  CHECK_FALSE(html("<p>Thank you!</p><p>When will it come?</p>"));
}

TEST_CASE("thanks with something attached are more than thanks, but for logos", "[rules][thanks]") {
  const auto with = [](const std::string& type, const std::string& part, const std::string& content) {
    return is_thanks(
        read_message("From: Anna <anna@x.test>\nSubject: Re: lamp\nMIME-Version: 1.0\nContent-Type: " + type +
                         "; boundary=b\n\n--b\n\nThank you!\n--b\n" + part +
                         "\nContent-Transfer-Encoding: base64\n\n" + content + "\n--b--\n",
                     MessageLimits{}));
  };
  const std::string logo = "Content-Type: image/png; name=image001.png\nContent-ID: <a@b>";
  CHECK(with("multipart/related", logo, "aGVsbG8="));
  CHECK_FALSE(with("multipart/mixed", logo, "aGVsbG8="));
  CHECK_FALSE(with("multipart/related", logo, std::string(120000, 'A')));
  CHECK_FALSE(with("multipart/mixed", "Content-Type: application/pdf; name=invoice.pdf", "aGVsbG8="));
}
