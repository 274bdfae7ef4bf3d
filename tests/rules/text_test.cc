#include "rules/text.h"

#include <catch2/catch.hpp>

#include "tests/support/growth.h"

using namespace postroom;

namespace {

using tests::growth;
using tests::linear;

std::string repeat(const std::string& piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

std::string attributes(std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += " a" + std::to_string(i);
  return all;
}

}  // namespace

TEST_CASE("HTML paragraphs, rows and links become lines of text", "[rules]") {
  CHECK(html_to_text("<p>one</p><p>two</p>") == "one\n\ntwo\n");
  CHECK(html_to_text("one<br>two<br><br>three") == "one\ntwo\n\nthree\n");
  CHECK(html_to_text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>") == "a b\nc\n");
  CHECK(html_to_text("<a href='https://x.test/'>x.test</a>") == "x.test\n");
  CHECK(html_to_text("<a href='mailto:a@x.test?subject=1'>write</a>") == "write (a@x.test)\n");
  CHECK(html_to_text("a &amp; b &lt;c&gt; &eacute;") == "a & b <c> é\n");
  CHECK(html_to_text("<pre>a\n  b</pre>") == "a\nb\n");
  CHECK(html_to_text("<blockquote>old<blockquote>older</blockquote></blockquote>new") ==
        "> old\n> > older\nnew\n");
  CHECK(html_to_text("<!-- no --><style>no</style><script>no</script>yes") == "yes\n");
  CHECK(html_to_text("").empty());
  CHECK(html_to_text("<meta charset=windows-1251><p>Привет") == "Привет\n");
}

TEST_CASE("what a style hides is not read", "[rules]") {
  for (const char* style :
       {"display:none", "display: none !important;", "color:red; DISPLAY : NONE", "visibility:hidden",
        "mso-hide:all", "max-height:0px;overflow:hidden", "height:0;overflow:hidden", "opacity:0",
        "opacity: 0.0", "font-size:0px", "font-size:1px", "color:#ffffff;background-color:#FFFFFF"}) {
    INFO(style);
    const std::string hidden = "<div style=\"" + std::string{style} + "\">now <b>only</b><br>99 &euro;</div>";
    CHECK(html_to_text(hidden + "<p>Dear Ivan</p>") == "Dear Ivan\n");
    CHECK(html_to_text("<p>Dear " + hidden + "Ivan</p>").find("99") == std::string::npos);
  }
  for (const char* style : {"display:block", "opacity:0.9", "font-size:12px", "max-height:0", "color:#fff",
                            "none", "font-size:0.9em", "overflow:hidden;height:20px", ":::;;", ""}) {
    INFO(style);
    CHECK(html_to_text("<div style='" + std::string{style} + "'>text</div>") == "text\n");
  }
  CHECK(html_to_text("<td style='font-size:0'> x <div style='font-size:13px'>text</div> y </td>") ==
        "text\n");
  CHECK(html_to_text("<div style='display:none'>a<img src=x>b<p>c</div>d") == "d\n");
  CHECK(html_to_text("<body style='display:none'><p>all of it</p></body>") == "all of it\n");
}

TEST_CASE("comments, scripts and styles end where a browser ends them", "[rules]") {
  CHECK(html_to_text("a<!-->b<!-- x --!>c<!-- > -->d") == "abcd\n");
  CHECK(html_to_text("a<script>x('</b>')</SCRIPT >b<style>c</style>d") == "abd\n");
  CHECK(html_to_text("<scripture>a</scripture><b>b</b>") == "ab\n");
}

TEST_CASE("a tag cannot be hidden from the bound on its attributes", "[rules]") {
  for (const char* before : {"<!-- --!><p", "<!--><p", "<_", "<:p", "<.p", "<script>'</script><p",
                             "<![CDATA[<p", "<?p <p", "<p a=b\"", "<p \"", "<textarea><p", "</p><p"}) {
    INFO(before);
    CHECK(growth(10000, [&](std::size_t count) {
            html_to_text("one " + std::string{before} + attributes(count) + "> two");
          }) < linear);
  }
}

TEST_CASE("Thunderbird's introduction of a quote is part of the quote", "[rules][R17]") {
  CHECK(new_text(html_to_text(
            "<p>Yes.</p><div class=\"moz-cite-prefix\">Nieznany 1.2.2026 ktoś mówi:<br></div>"
            "<blockquote type=\"cite\">Is it?</blockquote><p>Indeed.</p>")) == "Yes.\n\n\nIndeed.\n");
}

TEST_CASE("a tag of countless attributes is read, and what follows it", "[rules]") {
  std::string tag = "<p title='a > b'";
  for (int i = 0; tag.size() < (2U << 20); ++i)
    tag += " a" + std::to_string(i) + "=\"> " + std::to_string(i) + "\"";
  CHECK(html_to_text("before" + tag + ">after</p><p>more") == "before\n\nafter\n\nmore\n");
  CHECK(html_to_text("<b>x</b>" + tag + "><br/" + tag.substr(2) + ">after") == "x\n\nafter\n");
  CHECK(html_to_text("<script>if (a<b) c='</script>" + tag + ">after") == "after\n");
  CHECK(html_to_text("<!-- ' -->" + tag + ">after") == "after\n");
  CHECK(html_to_text("one" + tag) == "one\n");
}

TEST_CASE("a picture in a data: URI does not end the text", "[rules]") {
  const std::string picture = "data:image/png;base64," + repeat("iVBORw0KGgo=", 180000);
  CHECK(html_to_text("one <img alt=two src=\"" + picture + "\" width=1> three") == "one two three\n");
  CHECK(html_to_text("one <img src=" + picture + " alt=two> three") == "one two three\n");
  const std::string style = repeat("color: red; ", 1000);
  CHECK(html_to_text("<p style='" + style + "'>one</p><img title=\"" + style + "\" alt=two>") ==
        "one\n\ntwo\n");
}

TEST_CASE("hostile HTML costs no more than its size", "[rules]") {
  const std::string rows[] = {
      "<div>",     "<b></i>", "<blockquote>x", "<a href='https://x.test/y'>link</a> ",
      "<a",        "<!-- ",   "<!---->",       "--!>",
      "&amp",      "&#x",     "</scrip",       "<p title=\"",
      "<table><p", "<!--!",   "<b><i></b>",
  };
  for (const std::string& piece : rows) {
    for (const char* before : {"", "<!--", "<script>", "<a href='"}) {
      INFO(before << piece);
      CHECK(growth(2000, [&](std::size_t times) { html_to_text(before + repeat(piece, times) + "end"); }) <
            linear);
    }
  }
}

TEST_CASE("the new part of a reply stands above the quoted mail", "[rules][R17]") {
  const std::string answer = "Да, всё работает.\n";
  for (const char* history : {
           "\nOn Mon, Nov 23, 2026 at 9:00 AM Support <s@desk.test> wrote:\n\n> Is it better?\n",
           "\nOn Mon, Nov 23, 2026 at 9:00 AM Support\n<s@desk.test> wrote:\n> Is it better?\n",
           "\n23.11.2026 9:00, Поддержка пишет:\n> Стало лучше?\n",
           "\n23.11.2026, 09:00, \"Поддержка\" <s@desk.test>:\n> Стало лучше?\n",
           "\nПонедельник, 23 ноября 2026, 9:00 +03:00 от Поддержка <s@desk.test>:\n\nСтало лучше?\n",
           "\n23 ноября 2026 г. Анна написал(а):\nСтало лучше?\n",
           "\nAm 23.11.2026 um 09:00 schrieb Support:\n> Besser?\n",
           "\nLe lun. 23 nov. 2026 à 09:00, Support <s@desk.test> a écrit :\n> Mieux ?\n",
           "\n-----Original Message-----\nFrom: Support\nIs it better?\n",
           "\n-----Исходное сообщение-----\nОт: Поддержка\n",
           "\nFrom: Support <s@desk.test>\nSent: Monday\nTo: Ivan\nSubject: Re: order\n\nIs it better?\n",
           "\nОт: Поддержка <s@desk.test>\nОтправлено: понедельник\nКому: Иван\nТема: заказ\n\nСтало "
           "лучше?\n",
           "\nVon: Support\nGesendet: Montag\nAn: Ivan\nBetreff: Frage\n\nBesser?\n",
           "\nDe : Support\nEnvoyé : lundi\nÀ : Ivan\nObjet : question\n\nMieux ?\n",
           "\nВід: Підтримка\nНадіслано: понеділок\nКому: Іван\nТема: замовлення\n\nКраще?\n",
           "\n________________________________\nFrom: Support\nSent: Monday\nTo: Ivan\nSubject: "
           "order\n\nBetter?\n",
           "\n-- \nИван\n",
       }) {
    INFO(history);
    CHECK(new_text(answer + history) == answer);
  }
}

TEST_CASE("answers between quoted lines are kept", "[rules][R17]") {
  CHECK(new_text("On 1 Nov 2026, A <a@x.test> wrote:\n> One?\nYes.\n> Two?\nNo.\n") == "Yes.\nNo.\n");
}

TEST_CASE("what only looks like history is kept", "[rules][R17]") {
  for (const char* text :
       {"From: Berlin\nI need a ticket.\n", "Question 3:\nWhere is it?\n", "I wrote:\nhello\n",
        "--verbose does not work\n", "He wrote a letter.\nThanks\n",
        "Hello,\nI wrote to s@desk.test at 10:30 and got this answer:\nUnknown order.\nWhere is it?\n",
        "Здравствуйте!\n15.11.2026 мне Анна написала:\nЗаказ готов.\nНо его нет.\n",
        "Hello.\nThe mail of 12.11.2026, 18:00, went to s@desk.test with these words:\nBill, please.\nNo "
        "reply.\n"}) {
    INFO(text);
    CHECK(new_text(text) == text);
  }
}

TEST_CASE("a mail of nothing but history keeps its text", "[rules]") {
  CHECK(new_text("> only quoted\n") == "> only quoted\n");
  CHECK(new_text("").empty());
}

TEST_CASE("a forwarded mail names its writer", "[rules][R6]") {
  const auto english = forwarded_in(
      "FYI\n\n---------- Forwarded message ---------\nFrom: Clara <clara@x.test>\nDate: today\nSubject: "
      "Lamp\n"
      "To: me@desk.test\n\nIt is broken.\n");
  REQUIRE(english);
  CHECK(english->from == Address{"Clara", "clara@x.test"});
  CHECK(english->subject == "Lamp");
  CHECK(english->text == "It is broken.\n");
  const auto russian = forwarded_in(
      "-------- Пересылаемое сообщение --------\n22.11.2026, 10:00, \"Клара\" <clara@x.test>:\n\nЛампа "
      "разбита.\n");
  REQUIRE(russian);
  CHECK(russian->from == Address{"Клара", "clara@x.test"});
  CHECK(russian->text == "Лампа разбита.\n");
  const auto thunderbird = forwarded_in(
      "-------- Перенаправленное сообщение --------\nТема: Лампа\nДата: сегодня\nОт: Клара <clara@x.test>\n"
      "Кому: s@desk.test\n\nРазбита.\n");
  REQUIRE(thunderbird);
  CHECK(thunderbird->subject == "Лампа");
  CHECK_FALSE(forwarded_in("I forwarded a message to you.\n"));
  CHECK_FALSE(
      forwarded_in("-----Original Message-----\nFrom: a@x.test\nSubject: b\n\ntext\n", SubjectKind::reply));
}

TEST_CASE("a mail forwarded by any program names its writer and subject", "[rules][R6]") {
  for (const char* text : {
           "FYI\n\n> Begin forwarded message:\n>\n> From: Clara May <clara@x.test>\n> Subject: Lamp\n> Date: "
           "1 May "
           "2026 at 10:00:00 CEST\n> To: s@desk.test\n>\n> Broken.\n",
           "---------- Weitergeleitete Nachricht ---------\nVon: Clara May <clara@x.test>\nDatum: Mo., 4. "
           "Mai 2026\n"
           "Betreff: Lamp\nAn: s@desk.test\n\nBroken.\n",
           "-------- Message transféré --------\nSujet : \tLamp\nDate : \tMon, 4 May 2026 10:00:00 +0200\nDe "
           ": "
           "\tClara May <clara@x.test>\nPour : \ts@desk.test\n\n\n\nBroken.\n",
           "   ----- Пересылаемое сообщение ----- От: Clara May <clara@x.test>Кому: \"s@desk.test\" "
           "<s@desk.test>Отправлено: понедельник, 4 мая 2026 г., 10:00:00 GMT+3Тема: Lamp\n Broken.\n",
           "---------- メッセージを転送 ---------\n送信元：Clara May <clara@x.test>\n日付：2026年5月4日 "
           "10:00\n件名：Lamp\n送信先：s@desk.test\n\nBroken.\n",
           "---------- Forwarded message ----------\nFrom: Clara May "
           "<clara@x.test<mailto:clara@x.test>>\nDate: May 4, "
           "2026 at 5:03 PM\nTo: s@desk.test\nSubject: Lamp\n\n> Broken.\n",
           "\n________________________________\nFrom: Clara May <clara@x.test>\nSent: Monday, May 4, 2026 "
           "10:00\nTo: s@desk.test\nSubject: Lamp\n\nBroken.\n",
           "*Od:* Clara May [mailto:clara@x.test]\r\n*Wysłano:* 4 maja 2026 10:00\r\n*Do:* "
           "s@desk.test\r\n*Temat:* "
           "Lamp\r\n\r\nBroken.\r\n",
           "-----Original Message-----\nFrom:\xc2\xa0\"Clara May\"\xc2\xa0<clara@x.test>\nSent: 4 May 2026 "
           "10:00\nTo: "
           "s@desk.test\nSubject: Lamp\n\nBroken.\n",
       }) {
    INFO(text);
    const auto forwarded = forwarded_in(text, SubjectKind::forward);
    REQUIRE(forwarded);
    CHECK(forwarded->from == Address{"Clara May", "clara@x.test"});
    CHECK(forwarded->subject == "Lamp");
    CHECK(forwarded->text.find("Broken.") < 2);
  }
}

TEST_CASE("a forward that looks like a reply is told by the subject", "[rules][R6]") {
  for (const char* text :
       {"On 28/10/2026 12:46, \"Clara May\" <clara@x.test> wrote:\n\n    Broken.\n",
        "\xef\xbb\xbf"
        "28/10/2026, 12:46 пользователь \"Clara May\" <clara@x.test> написал:\n\n    Broken.\n",
        "Clara May <clara@x.test> kirjoitti 28/10/2026 12.46:\n\n    Broken.\n",
        "Dnia 28/10/2026, 12:46 użytkownik „Clara May” <clara@x.test> napisał:\n\n    Broken.\n",
        "Op 28/10/2026 12:46 heeft Clara May <clara@x.test> geschreven:\n\n    Broken.\n"}) {
    INFO(text);
    const auto forwarded = forwarded_in(text, SubjectKind::forward);
    REQUIRE(forwarded);
    CHECK(forwarded->from == Address{"Clara May", "clara@x.test"});
    CHECK_FALSE(forwarded_in(text, SubjectKind::plain));
    CHECK_FALSE(forwarded_in(text, SubjectKind::reply));
  }
}

TEST_CASE("a reply whose history holds a forwarded mail is no forward", "[rules][R6]") {
  const std::string history =
      "> ---------- Forwarded message ---------\n> From: Clara <clara@x.test>\n> Date: 4 May "
      "2026\n> Subject: Lamp\n> To: s@desk.test\n>\n> Broken.\n";
  CHECK_FALSE(forwarded_in("Yes.\n\nOn 5 May 2026, S <s@desk.test> wrote:\n" + history, SubjectKind::reply));
  CHECK_FALSE(
      forwarded_in("Yes.\n\nFrom: S <s@desk.test>\nSent: 5 May 2026\nTo: Clara\nSubject: Lamp\n\n" + history,
                   SubjectKind::reply));
  CHECK_FALSE(forwarded_in("From: Berlin\nTo: Paris\nDate: 12 May\n"));
}

TEST_CASE("the subject says whether a mail is a reply or a forward", "[rules]") {
  for (const char* subject : {"Fwd: lamp", "FW: Re: lamp", "WG: Lampe", "TR : lampe", "[Fwd: lamp]",
                              "İLT: lamba", "Пересл: лампа", "轉寄: 燈", "Fwd[2]: lamp"}) {
    INFO(subject);
    CHECK(subject_kind(subject) == SubjectKind::forward);
  }
  for (const char* subject :
       {"Re: lamp", "AW: Lampe", "RE: Fwd: lamp", "Re[2]: lamp", "Ответ: лампа", "回复：灯"}) {
    INFO(subject);
    CHECK(subject_kind(subject) == SubjectKind::reply);
  }
  for (const char* subject : {"lamp", "", "Retour: lampe", "Order 5: lamp"}) {
    INFO(subject);
    CHECK(subject_kind(subject) == SubjectKind::plain);
  }
}

TEST_CASE("what telephones and courtesy put under a mail is no news", "[rules][R17]") {
  const std::string answer = "Has it been sent?\n";
  for (const char* below :
       {"\nSent from my iPhone\n", "Sent from my iPhone\n", "\nSent by hand\n",
        "\nMit Outlook für iOS gesendet\n",
        "\nMessage du : 12/12/2026 13:20\nDe : S <s@desk.test>\nA : I\nSujet : L\n\nOui\n",
        "\nОтправлено из мобильной Почты Mail.ru\n", "\nEnvoyé depuis mon iPhone\n",
        "\nVon meinem Mobilgerät gesendet\n", "\nGet [Outlook for iOS](https://aka.ms/x)\n",
        "\nKind regards,\nIvan Petrov\nAcme Ltd.\n+7 812 1234567\n", "\nС уважением,\nИван\n",
        "\nMit freundlichen Grüßen\n\nIvan\n", "\n--\nIvan\n",
        "\n____________\nlamps mailing list\nlamps@x.test\n",
        "\n---- On Wed, 24 Feb 2021 14:02:50 +0530 s@desk.test wrote ----\n\nYes\n",
        "\n2016-03-03 17:21 GMT+01:00 Support <s@desk.test>:\n> Yes\n",
        "\n##- Please type your reply above this line -##\n\nYes\n",
        "\n-------- Unbekannte Worte --------\nVon: S <s@desk.test>\nDatum: "
        "4.5.2026\nAn: I\nBetreff: L\n\nYes\n"}) {
    INFO(below);
    CHECK(new_text(answer + below) == answer);
  }
}

TEST_CASE("words that only resemble a signature are kept", "[rules][R17]") {
  for (const char* text :
       {"With regards to the bill:\nit is wrong.\n",
        "Regards,\nIvan\n\nAnd one more thing: can you call me?\n",
        "Points:\n----\n1. Price\n\n----\n\nWhat do you think of this very long line below the dashes, which "
        "is "
        "text?\n",
        "Guten Tag,\ndas Geld habe ich gestern gesendet.\n",
        "Where is my lamp?\nSent by DHL on Monday, number 4711.\n",
        "It is dark.\n\nKind regards,\nClara\n\nP.S. My order is 4711.\n",
        "Лампа не горит.\n\nС уважением,\nКлара\nПС: заказ 4711\n",
        "The parcel was sent from Berlin.\nWhere is it?\n", "--\nIvan\n", "Thanks\nOn it already!\n"}) {
    INFO(text);
    CHECK(new_text(text) == text);
  }
  CHECK(new_text("Thanks!\nOn 4 May 2026 at 10:00 S <s@desk.test> wrote:\n> Yes\n") == "Thanks!\n");
}

TEST_CASE("the language of a mail is told only when it is sure", "[rules][R18]") {
  CHECK(language_of("Здравствуйте, подскажите, пожалуйста, когда придёт мой заказ.") == "ru");
  CHECK(language_of("Hello, could you please tell me when my order will arrive at my home?") == "en");
  CHECK(language_of("Guten Tag, könnten Sie mir bitte sagen, wann meine Bestellung ankommt?") == "de");
  CHECK(language_of("Дякую за допомогу") == "uk");
  CHECK(language_of("Благодаря за помощта") == "bg");
  CHECK(language_of("Спасибо большое за помощь") == "ru");
  CHECK(language_of("ok").empty());
  CHECK(language_of("").empty());
  CHECK(language_of("12345 67890").empty());
  CHECK(language_of("\xff\xfe").empty());
}

TEST_CASE("any bytes become valid UTF-8", "[rules]") {
  CHECK(valid_utf8("ok\xffok") == "ok\xef\xbf\xbdok");
  CHECK(valid_utf8(std::string{"a\0b", 3}) == "ab");
  CHECK(valid_utf8("\xed\xa0\x80").find("\xed\xa0\x80") == std::string::npos);
  CHECK(valid_utf8("Привет") == "Привет");
  CHECK(cut_utf8("Привет", 3) == "П");
  CHECK(cut_utf8("ab", 5) == "ab");
}

TEST_CASE("long texts without structure are read in linear time", "[rules]") {
  for (const std::string& line : {std::string{"From: x\n"}, std::string{"> a\n"}, std::string{"word "},
                                  std::string{"---- Forwarded message ----\n"}, std::string{"a:\n"}}) {
    INFO(line);
    CHECK(growth(5000, [&](std::size_t times) {
            const std::string text = repeat(line, times);
            new_text(text);
            forwarded_in(text);
          }) < linear);
  }
}
