#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/conf/support.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

std::string acknowledging(const std::string& language) {
  std::string yaml = good_yaml + "paths: {texts: texts}\n";
  const std::string from = "{group: firstline}";
  return yaml.replace(yaml.find(from), from.size(),
                      "{group: firstline, acknowledgement: on, language: " + language + "}");
}

void write_text(const TempDir& dir, const std::string& language, const std::string& text) {
  std::filesystem::create_directories(dir / ("texts/" + language));
  write_file(dir / ("texts/" + language + "/acknowledgement.txt"), text);
}

}  // namespace

TEST_CASE("a queue gets the acknowledgement in every language that has it", "[conf][R31]") {
  const TempDir dir;
  write_text(dir, "en", "Subject: Hello\r\n\r\nBody {{number}}\r\n");
  write_text(dir, "ru", "Subject: Привет\n\nТекст\n");
  std::filesystem::create_directories(dir / "texts/de");

  const Settings settings = good_settings(dir, acknowledging("ru"));
  const auto& texts = settings.desk.queues.at(0).texts;
  CHECK(texts == std::map<std::string, std::string>{{"en", "Subject: Hello\n\nBody {{number}}\n"},
                                                    {"ru", "Subject: Привет\n\nТекст\n"}});
}

TEST_CASE("a queue that acknowledges without a text in its language is refused", "[conf][R31]") {
  const TempDir dir;
  write_text(dir, "en", "Subject: Hello\n\nBody\n");
  CHECK(problems_of(dir, acknowledging("ru")) ==
        std::vector<std::string>{"4:3: queue 'support' acknowledges in 'ru', but there is no file " +
                                 (dir / "texts/ru/acknowledgement.txt")});
}

TEST_CASE("a broken text is reported with its own file, once", "[conf][R31]") {
  const TempDir dir;
  write_text(dir, "en", "Subject: Hello\n\n{{#name}} never closed\n");
  const auto problems = problems_of(dir, acknowledging("en"));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].starts_with("texts/en/acknowledgement.txt: "));

  write_text(dir, "en", "Subject: \xff\n\nBody\n");
  CHECK(problems_of(dir, acknowledging("en")) ==
        std::vector<std::string>{"texts/en/acknowledgement.txt: the text is not UTF-8"});
}

TEST_CASE("a text that is named and nowhere is refused even if nothing is acknowledged", "[conf][R31]") {
  const TempDir dir;
  std::string yaml = good_yaml + "paths: {texts: texts}\n";
  yaml.replace(yaml.find("firstline}"), 10, "firstline, text: thanks}");
  CHECK(problems_of(dir, yaml) ==
        std::vector<std::string>{"4:37: text 'thanks': there is no file " + (dir / "texts/en/thanks.txt")});
}
