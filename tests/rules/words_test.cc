#include <catch2/catch.hpp>

#include "rules/lookalike.h"
#include "rules/match.h"
#include "rules/pattern.h"
#include "rules/sought.h"
#include "rules/stem.h"
#include "tests/rules/desk_for_tests.h"

namespace postroom {
namespace {

using namespace tests;

// What a word finds in a body, as it stands there; "" for nothing.
struct Asked {
  std::vector<std::string> languages;  // of the desk
  std::string language;                // of the text; "": not known
};

std::string found(const std::string& word, const std::string& text, const Asked& asked = {}) {
  Desk desk = small_desk();
  desk.languages = asked.languages;
  Rule rule;
  rule.name = "r";
  rule.all = {words(Field::body, {word})};
  desk.rules = {rule};
  const Message message = mail_from("anna@home.test", "", text);
  const Verdict verdict =
      Rulebook{desk}.classify(message, to({"support@desk.test"}), {{}, {}, {}, asked.language});
  return verdict.rules.empty() ? "" : verdict.rules[0].hit;
}

}  // namespace

TEST_CASE("a word of a rule finds its forms in the languages of the desk", "[rules][R2]") {
  struct Row {
    Asked asked;
    std::string word, text, hit;
  };
  const Row row = GENERATE(values<Row>({
      {{{}, "ru"}, "оплата", "Деньги списались, не прошла оплату!", "оплату"},
      {{{}, ""}, "оплата", "Оплаты нет", "оплаты"},
      {{{}, "ru"}, "не прошла оплата", "не прошли оплаты", "не прошли оплаты"},
      {{{}, "ru"}, "счёт", "Два счета на оплату", "счета"},
      {{{}, "ru"}, "оплата", "предоплата", ""},
      {{{}, "ru"}, "refund", "Сделайте refunds срочно", "refunds"},
      {{{}, "en"}, "order", "I ordered it", "ordered"},
      {{{}, ""}, "orders", "Where is my order?", "order"},
      {{{}, "en"}, "customer order", "the customers' orders", "customers' orders"},
      {{{"de"}, "de"}, "Rechnung", "Wo sind die Rechnungen?", "rechnungen"},
      {{{"en", "de"}, "en"}, "Rechnung", "Wo sind die Rechnungen?", ""},
      {{{"en", "de"}, "xx"}, "Rechnung", "Wo sind die Rechnungen?", "rechnungen"},
      {{{"en", "de"}, ""}, "order", "I ordered it", "ordered"},
      {{{"fr"}, "fr"}, "commande", "J'ai deux commandes", "commandes"},
      {{{"fr"}, "fr"}, "argent", "Rendez-moi l'argent", "argent"},
      {{{"en"}, "uk"}, "оплата", "де моя оплата?", "оплата"},
      {{{"en"}, "uk"}, "оплата", "немає оплати", ""},
      {{{"en", "ru"}, "uk"}, "оплата", "немає оплати", "оплати"},
      {{{"ru"}, "ru"}, "заказ", "номер заказа2", ""},
      {{{}, ""}, "e-mail", "my E-mails", "e-mails"},
      {{{}, ""}, "退款", "我要退款谢谢", "退款"},
  }));
  CAPTURE(row.word, row.text);
  CHECK(found(row.word, row.text, row.asked) == row.hit);
}

TEST_CASE("gaps, quotes, prefixes and patterns find what they say", "[rules][R2]") {
  struct Row {
    std::string word, text, hit;
  };
  const Row row = GENERATE(values<Row>({
      {"не прошла ... оплата", "не прошла моя вчерашняя оплата.", "не прошла моя вчерашняя оплата"},
      {"не прошла ... оплата", "не прошла оплата", "не прошла оплата"},
      {"об'єкт", "мій об\u02BCєкт", "об'єкт"},
      {"\"can't login\"", "I can’t login", "can't login"},
      {"счёт\u2011фактура", "счёт-фактуры нет", "счет-фактуры"},
      {"/straße \\d+/", "Hauptstraße 5", "strasse 5"},
      {"/can’t [ёж]+/", "can't же", "can't же"},
      {"/（\\d+）/", "（5）", "(5)"},
      {"does not ... work", "it does not a b c d e work", "does not a b c d e work"},
      {"does not ... work", "it does not a b c d e f work", ""},
      {"does not ... work", "work does not", ""},
      {"a ... b ... c", "a x a b x x x b x x x c", "a b x x x b x x x c"},
      {"a … b", "a x b", "a x b"},
      {"not paid ... not paid", "not paid not paid", "not paid not paid"},
      {"not paid ... not paid", "not paid paid", ""},
      {"\"Order\"", "the ORDER", "order"},
      {"\"order\"", "orders ordered", ""},
      {"order*", "preorder ordering", "ordering"},
      {"заказ*", "Заказчик пишет", "заказчик"},
      {"C++", "I write C++ code", "c++"},
      {"#42", "order #42.", "#42"},
      {"wait...", "please wait...", "wait..."},
      {"/заказ №? ?\\d+/", "мой Заказ 1234 где", "заказ 1234"},
      {"/Сч[её]т/", "СЧЁТ", "счет"},
      {"/\\bзаказ\\b/", "мой заказ, где", "заказ,"},
      {"/\\bзаказ\\b/", "мой предзаказ", ""},
      {"/\\w+ка\\b/", "доставка", "доставка"},
      {"/^re:/", "fwd: re: x", ""},
      {"/(/", "(", ""},
  }));
  CAPTURE(row.word, row.text);
  CHECK(found(row.word, row.text) == row.hit);
}

TEST_CASE("a word that can find nothing is refused with the reason", "[rules][R31]") {
  const auto problem = [](const std::string& word) { return read_word(Field::body, word).problem; };
  CHECK(problem("order").empty());
  CHECK(problem("/order/").empty());
  CHECK(problem("\u200B").starts_with("nothing of it is left"));
  CHECK(problem("\"\"").starts_with("nothing of it is left"));
  CHECK(problem("... order") == "a gap, ..., stands between words");
  CHECK(problem("//") == "the pattern is empty");
  CHECK_THAT(problem("/заказ\\b.*отмен/"), Catch::Contains("either end"));
  CHECK(problem("/\\bзаказ\\W+отмен\\b/").empty());
  CHECK(problem("/order\\b.*cancel/").empty());
  CHECK(problem("/a(/") == "the pattern does not work: missing ): a(");
  CHECK(problem("/a*/") == "the pattern matches every text, even an empty one");
  CHECK(read_word(Field::hour, "18-9").problem.empty());
  CHECK_FALSE(read_word(Field::hour, "25").problem.empty());
  CHECK_FALSE(read_word(Field::size, "5M").problem.empty());
  CHECK(read_word(Field::header, "/a(/").problem.empty());
}

TEST_CASE("look-alike letters inside one word are those of one script", "[rules][R2]") {
  struct Row {
    std::string text, same;
  };
  const Row row = GENERATE(values<Row>({
      {"oплaтa", "оплата"},
      {"OПЛATA", "ОПЛАТА"},
      {"рayment", "payment"},
      {"пiдтримка", "підтримка"},
      {"о\u00ADpлата", "о\u00ADрлата"},
      {"ok оплата", "ok оплата"},
      {"webсайт", "webсайт"},
      {"аmex", "amex"},
      {"", ""},
      {"\xD0", "\xD0"},
  }));
  CHECK(one_script(row.text) == row.same);
  CHECK(one_script(row.same) == row.same);
}

TEST_CASE("a spoofed word is found all the same", "[rules][R5]") {
  CHECK(found("оплата", "Вoзврат: не прошла o\u200Bплaту") == "оплату");
  CHECK(found("casino", "cаsinо") == "casino");
}

TEST_CASE("every one of five thousand words is found, and no other", "[rules][R2]") {
  Desk desk = small_desk();
  for (int i = 0; i < 5000; ++i) {
    const std::string number = std::to_string(10000 + i);
    desk.rules.emplace_back();
    desk.rules.back().name = number;
    desk.rules.back().all = {words(Field::mentions, {(i % 2 ? "товар" : "item") + number, "zzz" + number})};
  }
  const Rulebook rulebook{desk};
  for (int i = 0; i < 5000; i += 7) {
    const std::string number = std::to_string(10000 + i);
    const Message message =
        mail_from("a@b.test", "x", "is " + std::string(i % 2 ? "Товар" : "ITEM") + number + " in?");
    const Verdict verdict = rulebook.classify(message, to({"support@desk.test"}), {});
    REQUIRE(verdict.rules.size() == 1);
    CHECK(verdict.rules[0].rule == number);
  }
}

TEST_CASE("a Russian word is found in KOI8-R base64 inside HTML", "[rules][R2]") {
  // <p>Здравствуйте!</p><p>Не прошла оплату.</p>
  const std::string mail =
      "From: anna@home.test\r\nTo: support@desk.test\r\nSubject: =?koi8-r?B?79DMwdTB?=\r\nMIME-Version: "
      "1.0\r\n"
      "Content-Type: text/html; charset=koi8-r\r\nContent-Transfer-Encoding: base64\r\n\r\n"
      "PHA+/sTSwdfT1NfVytTFITwvcD48cD7uxSDQ0s/bzMEgz9DMwdTVLjwvcD4=\r\n";
  Desk desk = small_desk();
  desk.rules.resize(1);
  desk.rules[0].name = "payments";
  desk.rules[0].all = {words(Field::body, {"оплата"}), words(Field::subject, {"оплаты"}),
                       words(Field::size, {"<1K"}), words(Field::hour, {"20-6"})};
  desk.time_zone = "Asia/Tokyo";
  Envelope envelope = to({"support@desk.test"});
  envelope.arrived =
      std::chrono::sys_seconds{std::chrono::seconds{1'780'000'000 / 86400 * 86400 + 12 * 3600}};
  const Message message = read_message(mail, {});
  CHECK(message.size == mail.size());
  const Decision decision = decide(Rulebook{desk}, message, envelope);
  REQUIRE(decision.verdict.rules.size() == 4);
  CHECK(decision.verdict.rules[0].hit == "оплату");
  CHECK(decision.verdict.rules[1].hit == "оплата");
  CHECK(decision.verdict.rules[3].hit == "21");
  desk.time_zone = "UTC";
  CHECK(decide(Rulebook{desk}, message, envelope).verdict.rules.empty());
}

TEST_CASE("the same rulebook finds the same, whatever it has read before", "[rules]") {
  Desk desk = small_desk();
  desk.rules.resize(1);
  desk.rules[0].all = {words(Field::body, {"order"})};
  const Rulebook rulebook{desk};
  const Message message = mail_from("a@b.test", "", "I ordered. Ordering orders!");
  const Verdict first = rulebook.classify(message, to({"support@desk.test"}), {});
  std::string noise;
  for (int i = 0; i < 120'000; ++i) noise += "n" + std::to_string(i) + " ";
  rulebook.classify(mail_from("a@b.test", "", noise), to({"support@desk.test"}), {});
  CHECK(rulebook.classify(message, to({"support@desk.test"}), {}) == first);
  CHECK(first.rules.size() == 1);
}

}  // namespace postroom
