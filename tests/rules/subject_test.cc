#include "rules/subject.h"

#include <catch2/catch.hpp>

using namespace postroom;

namespace {

const char* const prefixed[] = {"lamp is broken",
                                "Re: lamp is broken",
                                "RE: lamp is broken",
                                "re:lamp is broken",
                                "Re : lamp is broken",
                                "Re[2]: lamp is broken",
                                "Re(3): lamp is broken",
                                "Re^2: lamp is broken",
                                "RE: RE: Re: lamp is broken",
                                "Re: AW: RE: WG: lamp is broken",
                                "Fwd: Re: lamp is broken",
                                "FW: lamp is broken",
                                "Fw: lamp is broken",
                                "AW: lamp is broken",
                                "Antw: lamp is broken",
                                "Antwort: lamp is broken",
                                "WG: lamp is broken",
                                "SV: lamp is broken",
                                "VS: lamp is broken",
                                "VB: lamp is broken",
                                "VL: lamp is broken",
                                "TR: lamp is broken",
                                "TR : lamp is broken",
                                "RÉF : lamp is broken",
                                "RV: lamp is broken",
                                "RES: lamp is broken",
                                "ENC: lamp is broken",
                                "Odp: lamp is broken",
                                "PD: lamp is broken",
                                "YNT: lamp is broken",
                                "İLT: lamp is broken",
                                "Vá: lamp is broken",
                                "Továbbítva: lamp is broken",
                                "R: lamp is broken",
                                "I: lamp is broken",
                                "RIF: lamp is broken",
                                "BLS: lamp is broken",
                                "Atb: lamp is broken",
                                "Doorst: lamp is broken",
                                "Отв: lamp is broken",
                                "ОТВ: lamp is broken",
                                "Ответ: lamp is broken",
                                "На: lamp is broken",
                                "НА: lamp is broken",
                                "Пересл: lamp is broken",
                                "ФВ: lamp is broken",
                                "Відп: lamp is broken",
                                "ΑΠ: lamp is broken",
                                "ΠΡΘ: lamp is broken",
                                "回复: lamp is broken",
                                "回复：lamp is broken",
                                "答复： lamp is broken",
                                "转发: lamp is broken",
                                "轉寄: lamp is broken",
                                "返信: lamp is broken",
                                "Re：lamp is broken",
                                "ＲＥ：lamp is broken",
                                "답장: lamp is broken",
                                "전달: lamp is broken",
                                "תגובה: lamp is broken",
                                "\u200fהועבר: lamp is broken",
                                "رد: lamp is broken",
                                "[Fwd: lamp is broken]",
                                "[Fwd: Re: lamp is broken]",
                                "lamp is broken (fwd)",
                                "Re: lamp is broken (Fwd)",
                                "[sales] lamp is broken",
                                "[sales] Re: lamp is broken",
                                "Re: [sales] lamp is broken",
                                "Re: [sales] Re: [shop-list] lamp is broken",
                                "[#48213] lamp is broken",
                                "Re: [#48213] lamp is broken",
                                "lamp is broken [SUP#48213]",
                                "Re: lamp [SUP #48213] is broken",
                                "[ #48213 ] AW: lamp is broken",
                                "  lamp \t is\u00a0 broken ",
                                "Re: lamp is\n broken",
                                "Re2: lamp is broken"};

}  // namespace

TEST_CASE("a subject without its prefixes is the subject of the first mail", "[rules][subject]") {
  for (const char* subject : prefixed) {
    INFO(subject);
    CHECK(base_subject(subject) == "lamp is broken");
  }
}

TEST_CASE("what only resembles a prefix stays", "[rules][subject]") {
  for (const char* subject :
       {"Order: lamp", "Rechnung: lamp", "Reply lamp", "10:30 meeting", "Visa: lamp", "lamp: Re: order",
        "[sales]", "lamp [blue]", "Warning [2]: lamp", "http://x.test", "a", "#48213", "[#]", "[48213]",
        "Тема: лампа", "lamp (forward light)", "Retour: lamp"}) {
    INFO(subject);
    CHECK(base_subject(subject) == subject);
  }
}

TEST_CASE("a subject of prefixes alone is empty", "[rules][subject]") {
  for (const char* subject : {"", "Re:", "Re: ", "Fwd: Re:", "[#5]", "Re: [#5]", " \t\n", "Re: Re: (fwd)"}) {
    INFO(subject);
    CHECK(base_subject(subject).empty());
  }
}

TEST_CASE("replies are told by their subject", "[rules][subject]") {
  for (const char* subject :
       {"Re: a", "[#5] Re: a", "[list] AW: a", "Fwd: a", "VS: a", "回复：a", "RE[2]: a", "Re:"})
    CHECK(is_reply_subject(subject));
  for (const char* subject : {"a", "[#5] a", "[list] a", "order: a", "", "[Re]"})
    CHECK_FALSE(is_reply_subject(subject));
}

TEST_CASE("ticket tags are read wherever they stand", "[rules][subject]") {
  const auto tags = [](const char* subject) { return ticket_tags_in(subject); };
  CHECK(tags("Re: [#48213] lamp") == std::vector<TicketNumber>{48213});
  CHECK(tags("[SUP#1] lamp [SUP #2] [sup-x#3]") == std::vector<TicketNumber>{1, 2, 3});
  CHECK(tags("[#1] [#1] [#2]") == std::vector<TicketNumber>{1, 2});
  CHECK(tags("[#1][#2][#3][#4][#5][#6]").size() == 5);
  CHECK(tags("[SUP\n #7]") == std::vector<TicketNumber>{7});
  for (const char* subject : {"#48213", "[48213]", "[#0]", "[#-1]", "[#]", "[# a]", "[#99999999999999999999]",
                              "(#5)", "[a b #5]", "[#5"}) {
    INFO(subject);
    CHECK(tags(subject).empty());
  }
}

TEST_CASE("a base subject is its own base subject", "[rules][subject]") {
  for (const std::string subject :
       {"Re: [#[#1]2] x", "[SUP [#2] #1] x", "[a] (fwd)", "[Fwd: [Fwd: a]]", "Re: [a] [b] Re: [c]", "[a][b]",
        "[Fwd:", "[Fwd: a", "Re\xff: \xf0\x9f", "re[re[re[2]]]:x", "[re:]", ":", "：", "[]", "(fwd)(fwd)",
        "x (fwd) [#1]"}) {
    INFO(subject);
    const std::string base = base_subject(subject);
    CHECK(base_subject(base) == base);
    CHECK(ticket_tags_in(base).empty());
  }
}
