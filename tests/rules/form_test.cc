#include "rules/form.h"

#include <catch2/catch.hpp>

#include "tests/support/growth.h"

namespace postroom::tests {
namespace {

FormReader contact_form() {
  return FormReader{WebForm{{{"name", "Имя: *"},
                             {"email", "E-mail: *"},
                             {"phone", "Телефон: *"},
                             {"phone", "Phone: *"},
                             {"topic", "/^Topic = (.+)$/"}},
                            Switch::off}};
}

std::string name_in(const std::string& text) { return contact_form().read(text).value_of("name"); }
std::string email_in(const std::string& text) { return contact_form().read(text).address; }
std::string phone_in(const std::string& text) { return contact_form().read(text).value_of("phone"); }

}  // namespace

TEST_CASE("a form's fields are read by label and by pattern", "[rules][R6]") {
  const FormRead read = contact_form().read(
      "Новая заявка с сайта\n\nИмя: Анна Петрова\nE-mail: anna@home.test\nТелефон: +7 (495) 123-45-67\n"
      "Topic = Доставка\n");
  CHECK(read.values == std::vector<FormValue>{{"name", "Анна Петрова"},
                                              {"email", "anna@home.test"},
                                              {"phone", "+7 (495) 123-45-67"},
                                              {"topic", "Доставка"}});
  CHECK(read.address == "anna@home.test");
  CHECK(read.present == 4);
  CHECK(read.fields == 4);
}

TEST_CASE("a label is found however the mail writes it", "[rules][R6]") {
  for (const std::string line : {"Имя: Анна",
                                 "имя :Анна",
                                 "ИМЯ:\tАнна",
                                 "  Имя:  Анна  ",
                                 "*Имя:* Анна",
                                 "**Имя**: Анна",
                                 "Имя*: Анна",
                                 "Имя\xC2\xA0:\xC2\xA0\xD0\x90нна",
                                 "Имя Анна",
                                 "Имя | Анна",
                                 "| Имя | Анна |",
                                 "- Имя: Анна",
                                 "Имя - Анна",
                                 "Имя \xE2\x80\x94 Анна",
                                 "Имя = Анна",
                                 "Имя\tАнна",
                                 "Имя\xEF\xBC\x9A Анна",
                                 "\xE2\x80\xA2 Имя: Анна",
                                 "_Имя:_ Анна",
                                 "Имя: | Анна",
                                 "Имя:\r\nАнна\r\n",
                                 "Имя\n\nАнна",
                                 "*Имя*\nАнна\n",
                                 "1. Имя: Анна",
                                 "2) Имя: Анна",
                                 "1 Имя Анна",
                                 "[Имя] Анна",
                                 "\"Имя\": Анна",
                                 "\"Имя\": \"Анна\"",
                                 "Имя (обязательно): Анна",
                                 "Имя => Анна",
                                 "Имя..... Анна",
                                 "Имя: Анна, Телефон: 1",
                                 "Имя: Анна; E-mail: a@b.test",
                                 "Имя: Анна | Телефон: 1",
                                 "Имя:\n\n  Анна\nЕщё строка",
                                 "Имя: \xE2\x80\x94\nИмя: Анна"}) {
    CAPTURE(line);
    CHECK(name_in("Заявка\n" + line + "\nТелефон: 1") == "Анна");
  }
}

TEST_CASE("a label with ё, or with a letter of two characters, is the same label", "[rules][R6]") {
  const FormReader reader{WebForm{{{"tour", "Отъём: *"}, {"city", "Район: *"}}, Switch::off}};
  const FormRead read = reader.read("отъем: да\nРаи\xCC\x86он: Север\n");
  CHECK(read.value_of("tour") == "да");
  CHECK(read.value_of("city") == "Север");
}

TEST_CASE("a label inside another word or sentence is none", "[rules][R6]") {
  for (const std::string line : {"Имямойней: Анна", "Ваше имя: Анна", "Имя-Отчество: Анна",
                                 "Имя пользователя: anna", "Моё имя Анна"}) {
    CAPTURE(line);
    CHECK(name_in(line).empty());
  }
}

TEST_CASE("a label with a colon counts more than one with a space", "[rules][R6]") {
  CHECK(phone_in("Телефон не отвечает\nТелефон: +7 1\n") == "+7 1");
  const FormReader reader{WebForm{{{"phone", "Телефон: *"}, {"work", "Телефон рабочий: *"}}, Switch::off}};
  const FormRead read = reader.read("Телефон рабочий: 2\nТелефон: 1\n");
  CHECK(read.value_of("phone") == "1");
  CHECK(read.value_of("work") == "2");
}

TEST_CASE("several fields in a line are told apart", "[rules][R6]") {
  const FormRead read = contact_form().read("Имя: Петрова, Анна, E-mail: anna@home.test; Телефон: 1, 2\n");
  CHECK(read.value_of("name") == "Петрова, Анна");
  CHECK(read.address == "anna@home.test");
  CHECK(read.value_of("phone") == "1, 2");
}

TEST_CASE("an empty field takes nothing from the next one", "[rules][R6]") {
  const FormRead read = contact_form().read("Имя:\nТелефон:\nE-mail: a@b.test\n");
  CHECK(read.value_of("name").empty());
  CHECK(read.value_of("phone").empty());
  CHECK(read.present == 3);
  CHECK(name_in("Имя:\nГород: Москва\n").empty());
}

TEST_CASE("the first of several labels that has a value counts", "[rules][R6]") {
  CHECK(phone_in("Phone: 2\n") == "2");
  CHECK(phone_in("Phone: 2\nТелефон: 1\n") == "1");
  CHECK(phone_in("Phone: 2\nТелефон: -\n") == "2");
}

TEST_CASE("a question may have several lines, a name has one", "[rules][R6]") {
  const FormReader reader{WebForm{{{"name", "Name: *"}, {"question", "Question: *"}}, Switch::off}};
  const FormRead read = reader.read("Question:\nWhere is\nmy parcel?\nName:\nAnna\nSmith\n");
  CHECK(read.value_of("question") == "Where is my parcel?");
  CHECK(read.value_of("name") == "Anna");
}

TEST_CASE("an address is read without what surrounds it", "[rules][R6]") {
  for (const std::string value :
       {"anna@home.test", "<anna@home.test>", "mailto:anna@home.test", "Anna <mailto:anna@home.test>",
        "anna@home.test (mailto:anna@home.test)", "[anna@home.test](mailto:anna@home.test)",
        "anna@home.test, please write soon", "anna@home.test.", "\"anna@home.test\"", "«anna@home.test»",
        "*anna@home.test*", "me@home @ anna@home.test", "почта:anna@home.test"}) {
    CAPTURE(value);
    CHECK(email_in("E-mail: " + value + "\n") == "anna@home.test");
  }
  CHECK(email_in("E-mail: не указан\nE-mail: anna@home.test\n") == "anna@home.test");
  CHECK(email_in("E-mail: почта@пример.рф\n") == "почта@пример.рф");
  for (const std::string value : {"", "-", "anna", "anna@", "@home.test", "anna@localhost", "anna@.test"}) {
    CAPTURE(value);
    CHECK(email_in("E-mail: " + value + "\n").empty());
  }
}

TEST_CASE("what the admin wrote as a field's place is checked", "[rules][R6]") {
  CHECK(form_field_problem("Имя: *").empty());
  CHECK(form_field_problem("Имя").empty());
  CHECK(form_field_problem("/^Topic = (.+)$/").empty());
  CHECK(form_field_problem("/(?:a|b)=(.*)/").empty());
  CHECK_FALSE(form_field_problem("").empty());
  CHECK_FALSE(form_field_problem(": *").empty());
  CHECK_FALSE(form_field_problem("Имя: * (полностью)").empty());
  CHECK_FALSE(form_field_problem("/Topic = .+/").empty());
  CHECK_FALSE(form_field_problem("/(a)(b)/").empty());
  CHECK_FALSE(form_field_problem("/(a/").empty());
  CHECK_FALSE(form_field_problem("/" + std::string(600, 'a') + "(b)/").empty());
}

TEST_CASE("a value is one line of bounded UTF-8", "[rules][R6]") {
  const std::string name = name_in("Имя: A\x01\xFF\x1B[2Jnna" + std::string(5000, 'x') + "\n");
  CHECK(name.size() <= 500);
  CHECK(name.find('\x1B') == std::string::npos);
}

TEST_CASE("hostile forms are read in linear time", "[rules][R6]") {
  const FormReader reader{WebForm{
      {{"name", "Имя: *"}, {"email", "E-mail: *"}, {"x", "/(a*a*a*a*b)/"}, {"email", "/([^ ]+@[^ ]+)/"}},
      Switch::off}};
  for (const std::string& piece :
       {std::string{"\n"}, std::string{"Имя:\n"}, std::string{"Имя: ,"}, std::string{"Имя: a, "},
        std::string{"a"}, std::string{"@"}, std::string{"*|*|"}, std::string{"E-mail: a@\n"},
        std::string{"и\xCC\x86"}, std::string{"\xCC\x86"}, std::string{"\xC2\xA0"}}) {
    INFO(piece);
    CHECK(growth(100000, [&](std::size_t size) {
            std::string text;
            while (text.size() < size) text += piece;
            reader.read(text);
          }) < linear);
  }
}

}  // namespace postroom::tests
