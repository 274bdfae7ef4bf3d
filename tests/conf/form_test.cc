// Web forms and customers in the configuration.

#include <catch2/catch.hpp>

#include "conf/csv.h"
#include "conf/show.h"
#include "tests/conf/support.h"

using namespace postroom;
using namespace postroom::tests;

namespace {

std::string with_form(const std::string& form) {
  return "channels:\n  - address: form@desk.test\n    queue: support\n    form: " + form +
         "\nqueues:\n  support: {group: firstline}\noperators:\n  - {login: ivan, groups: [firstline]}\n";
}

using List = std::vector<std::string>;

List customers_of(const Settings& settings) {
  List list;
  for (const KnownCustomer& one : settings.desk.customers) list.push_back(one.address + " " + one.status);
  return list;
}

}  // namespace

TEST_CASE("a form's fields are kept in written order", "[conf][R6]") {
  const TempDir dir;
  const Settings s = good_settings(
      dir,
      "paths: {texts: " + std::string{SOURCE_DIR} + "/conf/texts}\n" +
          with_form(
              "{name: \"Имя: *\", phone: [\"Телефон: *\", \"Phone: *\"], x: \"/a=(.*)/\", reply_to: on}"));
  const WebForm& form = s.desk.channels.at(0).form.value();
  List fields;
  for (const FormField& field : form.fields) fields.push_back(field.name + " " + field.pattern);
  CHECK(fields == List{"name Имя: *", "phone Телефон: *", "phone Phone: *", "x /a=(.*)/"});
  CHECK(form.reply_to == Switch::on);
  CHECK(s.desk.channels.at(0).automatic == AutomaticMail::ticket);

  const TempDir other;
  const Settings again = good_settings(other, show_yaml(s));
  CHECK(again.desk.channels.at(0).form->fields.size() == 4);
  CHECK(show_json(again).find("Телефон") != std::string::npos);
}

TEST_CASE("what cannot be read in a form is said where it stands", "[conf][R6][R31]") {
  CHECK(problems_of(with_form("{name: \"/a/\"}")) ==
        List{"4:18: name: pattern '/a/' has 0 groups; it needs one, around the value"});
  CHECK(problems_of(with_form("{name: \": *\"}")) ==
        List{"4:18: name: ': *' holds no label, as 'Name: *' does"});
  CHECK(problems_of(with_form("{a b: \"x: *\"}")) ==
        List{"4:12: 'a b' cannot name a field of a form; write one word"});
  CHECK(problems_of(with_form("{reply_to: maybe}")).size() == 1);
  CHECK(problems_of(with_form("on")).size() == 1);
  CHECK(problems_of(with_form("{name: \"/(a/\"}")).size() == 1);
}

TEST_CASE("a channel may file its automatic mail", "[conf][R7]") {
  std::string yaml = good_yaml;
  yaml.insert(yaml.find(", queue: support}"), ", automatic: file");
  const TempDir dir;
  CHECK(good_settings(dir, yaml).desk.channels.at(0).automatic == AutomaticMail::file);
  CHECK(
      problems_of(good_yaml + "folders: {automatic: ivan}\n") ==
      List{"6:5: operator name 'ivan' is also the folder of automatic mail of the queues; give him another"});
}

TEST_CASE("customers stand in the configuration or in a file", "[conf][R9]") {
  const TempDir dir;
  CHECK(customers_of(good_settings(dir, good_yaml + "customers:\n  - {address: Anna@Bank.test, status: vip}\n"
                                                    "  - {address: \"@bank.test\", status: client}\n")) ==
        List{"anna@bank.test vip", "@bank.test client"});
  write_file(dir / "people.csv",
             "\xEF\xBB\xBF"
             "Адрес;Статус;Имя\r\nAnna@Bank.test ; vip ;\"Анна; главная\"\r\n\r\n# old\n"
             "\"@bank.test\";client\nanna@bank.test;vip\n");
  CHECK(customers_of(good_settings(dir, good_yaml + "customers: {file: people.csv}\n")) ==
        List{"anna@bank.test vip", "@bank.test client"});
  write_file(dir / "people.yaml", "- {address: a@b.test, status: vip}\n");
  CHECK(customers_of(good_settings(dir, good_yaml + "customers: {file: people.yaml}\n")) ==
        List{"a@b.test vip"});
  CHECK(good_settings(dir, good_yaml + "customers: []\n").desk.customers.empty());
}

TEST_CASE("mistakes in a list of customers are told with their lines", "[conf][R9][R31]") {
  const TempDir dir;
  write_file(dir / "people.csv",
             "address,status\na@b.test\nnobody,vip\n\"a@b.test,vip\na@b.test,very important\n"
             "c@d.test,vip\nc@d.test,other\n\xFF@d.test,vip\n");
  CHECK(problems_of(dir, good_yaml + "customers: {file: people.csv}\n") ==
        List{"people.csv:2:1: 1 fields stand here; expected are address, status and perhaps a name and "
             "other addresses",
             "people.csv:3:1: 'nobody' is neither a mail address nor an @domain",
             "people.csv:4:1: the quotes of this line do not fit",
             "people.csv:5:1: status 'very important' does not work; write one word such as vip",
             "people.csv:7:1: 'c@d.test' is vip in line 6 already",
             "people.csv:8:1: this line is not UTF-8 text; convert the file to UTF-8"});
  write_file(dir / "people.yaml", "- {address: a@b.test}\n");
  CHECK(problems_of(dir, good_yaml + "customers: {file: people.yaml}\n") ==
        List{"people.yaml:1:3: customer: 'status' is missing"});
  CHECK(problems_of(dir, good_yaml + "customers: {file: none.csv}\n").size() == 1);
  CHECK(problems_of(dir, good_yaml + "customers: {path: x}\n").size() == 1);
  CHECK(problems_of(dir, good_yaml + "customers:\n  - {address: a, status: vip}\n") ==
        List{"8:15: address: 'a' is neither a mail address nor an @domain"});
}

TEST_CASE("a table of another kind is refused in a few lines", "[conf][R9]") {
  const TempDir dir;
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "rubbish\n";
  write_file(dir / "people.csv", text);
  CHECK(problems_of(dir, good_yaml + "customers: {file: people.csv}\n").size() == 21);
}

TEST_CASE("a spreadsheet's table is read field by field", "[conf]") {
  const std::vector<CsvRow> rows = read_csv("a, \"b \"\"c\"\", d\" ,e\n\n  # no\nx,,\n\"y\"z\n");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].fields == List{"a", "b \"c\", d", "e"});
  CHECK(rows[1].fields == List{"x", "", ""});
  CHECK(rows[1].line == 4);
  CHECK_FALSE(rows[2].wrong.empty());
  CHECK(read_csv("").empty());
}

TEST_CASE("a remark in a table does not say what separates its fields", "[conf]") {
  const std::vector<CsvRow> rows = read_csv("# ours, from \"CRM\na@b.test;vip\rc@d.test;vip\r\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].fields == List{"a@b.test", "vip"});
  CHECK(rows[1].fields == List{"c@d.test", "vip"});
  CHECK(rows[1].line == 3);
}

TEST_CASE("a customer who could never be found, or has two standings, is complained of", "[conf][R9][R31]") {
  const TempDir dir;
  write_file(dir / "people.csv", "bank.test,vip\n*@home.test,vip\n");
  CHECK(problems_of(dir, good_yaml + "customers: {file: people.csv}\n") ==
        List{"people.csv:1:1: 'bank.test' is neither a mail address nor an @domain",
             "people.csv:2:1: '*@home.test' would be no pattern; write @example.org for everybody there"});
  CHECK(problems_of(dir, good_yaml + "customers:\n  - {address: a@b.test, status: vip}\n"
                                     "  - {address: A@b.test, status: late}\n") ==
        List{"9:5: 'a@b.test' is vip above already"});
}

TEST_CASE("a form's field that names the customer in capitals is not lost in silence", "[conf][R6][R31]") {
  const TempDir dir;
  CHECK(problems_of(dir, with_form("{Email: \"E-mail: *\"}")) ==
        List{"4:12: 'Email' does not name the customer's email; write 'email'"});
}
