#include "rules/match.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "rules/desk.h"
#include "tests/support/growth.h"

namespace postroom {
namespace {

bool occurs(const std::string& word, std::string_view text) {
  return !Matcher{{word}}.find(fold(text)).empty();
}

std::vector<std::size_t> found_in(const Matcher& matcher, std::string_view text) {
  std::vector<std::size_t> words;
  for (const Matcher::Found& found : matcher.find(fold(text))) words.push_back(found.word);
  return words;
}

}  // namespace

TEST_CASE("a text is compared without regard to case, ё, invisible characters and kinds of space",
          "[rules][R2]") {
  struct Row {
    std::string text, folded;
  };
  const Row row = GENERATE(values<Row>({
      {"Payment FAILED", "payment failed"},
      {"Оплата НЕ Прошла ЯЁЙ", "оплата не прошла яей"},
      {"щёлк", "щелк"},
      {"йод й ИЙ", "йод й ий"},
      {"и\u0306од", "йод"},
      {"е\u0308лка Е\u0308ж", "елка еж"},
      {"опл\u00ADата о\u200Bп\u200Dл\uFEFFата", "оплата оплата"},
      {"a \t\r\n\u00A0\u2003 b", "a b"},
      {"Straße ﬁne ＡＢＣ", "strasse fine abc"},
      {"ΟΔΟΣ", "οδοσ"},
      {"İstanbul", "i\u0307stanbul"},
      {"— «да» “yes” №", "— «да» “yes” no"},
      {"cafe\u0301 CAFÉ", "café café"},
      {"can’t об\u02BCєкт d\u2018or", "can't об'єкт d'or"},
      {"e\u2010mail счёт\u2011фактура", "e-mail счет-фактура"},
      {"日本語テスト", "日本語テスト"},
      {"", ""},
  }));
  CHECK(fold(row.text) == row.folded);
  CHECK(fold(row.folded) == row.folded);
}

TEST_CASE("ill-formed UTF-8 in a text becomes a replacement character and spoils nothing else", "[rules]") {
  CHECK(fold("a\xFFz") == "a\uFFFDz");
  CHECK(fold("a\xD0") == "a\uFFFD");
  CHECK(fold("\xD0Я") == "\uFFFDя");
  CHECK(fold(std::string("x\0y", 3)) == std::string("x\0y", 3));
  CHECK(fold(std::string(3000, '\x80')).size() == 9000);
}

TEST_CASE("a word of a rule is found only where it stands as a word", "[rules][R2][R9]") {
  struct Row {
    std::string word, text;
    bool found;
  };
  const Row row = GENERATE(values<Row>({
      {"payment", "Payment failed", true},
      {"payment", "prepayment", false},
      {"payment", "payments", false},
      {"payment", "(payment)", true},
      {"payment", "non-payment", true},
      {"оплата", "Оплата!", true},
      {"оплата", "предоплата", false},
      {"ОПЛАТА", "моя оплата", true},
      {"не прошла", "оплата не\r\n\u00A0прошла.", true},
      {"не прошла", "оплата не-прошла", false},
      {"учет", "учёт и расчёт", true},
      {"bug", "bug2", false},
      {"bug", "bug\u0301", false},
      {"*****", "X ******* Y", true},
      {"c++", "I write C++ code", true},
      {"c++", "abc++", false},
      {"@shop.test", "Ivan ivan@shop.test", true},
      {"@shop.test", "ivan@shop.test.evil.example", false},
      {"@shop.test", "write to ivan@shop.test.", true},
      {"@shop.test", "ivan@shop.testing", false},
      {"vip@x.test", "Vip <VIP@x.test>", true},
      {"vip@x.test", "not-vip@x.test", false},
      {"vip@x.test", "a.vip@x.test", false},
      {"vip@x.test", "vip@x.test-suite.example", false},
      {"退款", "我要退款谢谢", true},
      {"คืนเงิน", "ขอคืนเงินด้วย", true},
      {"возврат", "Возврата", false},
      {"  spaced  word ", "a spaced word here", true},
      {"", "anything", false},
      {"   ", "any thing", false},
      {"a", "", false},
  }));
  CAPTURE(row.word, row.text);
  CHECK(occurs(row.word, row.text) == row.found);
}

TEST_CASE("words that overlap, contain each other or are given twice are all found, once each",
          "[rules][R2]") {
  const Matcher matcher{{"not paid", "paid", "paid in full", "in", "PAID", "full stop", "zzz"}};
  CHECK(found_in(matcher, "Not paid in full, not paid") == std::vector<std::size_t>{0, 1, 2, 3, 4});
  CHECK(found_in(matcher, "nothing").empty());
  CHECK(Matcher{{}}.find("paid").empty());
}

TEST_CASE("a match that falls back through other words is not missed", "[rules]") {
  const Matcher matcher{{"a b a c", "b a d", "a d", "b a c"}};
  CHECK(found_in(matcher, "a b a d") == std::vector<std::size_t>{1, 2});
  CHECK(found_in(matcher, "a b a b a c") == std::vector<std::size_t>{0, 3});
}

TEST_CASE("ten thousand words find exactly what each of them finds alone", "[rules][R2]") {
  std::vector<std::string> words;
  for (int i = 0; i < 10000; ++i) words.push_back("слово" + std::to_string(i * 7) + (i % 3 ? "" : " ещё"));
  const Matcher matcher{words};
  const std::string text = "Слово7 слово14, СЛОВО21 ЕЩЕ слово69993 слово700000 слово0 еще";
  std::vector<std::size_t> expected;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string folded = fold(text), word = fold(words[i]);
    for (std::size_t at = folded.find(word); at != std::string::npos; at = folded.find(word, at + 1)) {
      const char after = at + word.size() < folded.size() ? folded[at + word.size()] : ' ';
      if (after >= '0' && after <= '9') continue;
      expected.push_back(i);
      break;
    }
  }
  CHECK(expected.size() == 4);
  CHECK(found_in(matcher, text) == expected);
}

TEST_CASE("finding words is linear in a hostile text", "[rules]") {
  std::vector<std::string> words;
  for (std::size_t i = 1; i <= 200; ++i) words.push_back(std::string(i, 'a') + "b");
  const Matcher matcher{words};
  CHECK(tests::growth(50000, [&](std::size_t size) {
          CHECK(matcher.find(fold(std::string(size, 'a'))).empty());
        }) < tests::linear);
  CHECK(fold(std::string(1U << 20, '\xCC')).size() > 0);
}

TEST_CASE("a desk recipient is found by its address, with or without an extension", "[rules][R1]") {
  Desk desk;
  desk.channels = {{"support@desk.test", "support"}, {"sales+eu@desk.test", "sales"}};
  struct Row {
    std::string recipient, queue;
  };
  const Row row = GENERATE(values<Row>({
      {"support@desk.test", "support"},
      {"<Support@DESK.test>", "support"},
      {"support+48213@desk.test", "support"},
      {"sales+eu@desk.test", "sales"},
      {"sales@desk.test", ""},
      {"ivan@desk.test", ""},
      {"", ""},
  }));
  const Channel* channel = find_channel(desk, row.recipient);
  CHECK((channel ? channel->queue : "") == row.queue);
}

}  // namespace postroom
