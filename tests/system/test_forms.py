"""Mail of web forms, answers to a newsletter, and customers with a standing of their own."""

import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from rig import BOUNCE, Rig, message, token, unique_sender  # noqa: E402

rig = None

FORM = """\
  - address: form@desk.test
    queue: support
    form:
      name: "Имя: *"
      email: "E-mail: *"
      phone: ["Телефон: *", "Phone: *"]
      topic: "/^Тема = (.+)$$/"
"""
RULES = """\
  - name: important customers
    when: {customer: vip}
    then: {priority: high}
"""
CUSTOMERS = """\
customers:
  - {address: "@bank.test", status: vip}
"""


def with_forms(text):
    text = text.replace("  - {address: news@desk.test, queue: sales}\n",
                        "  - {address: news@desk.test, queue: billing, automatic: file}\n" + FORM)
    return text.replace("rules:\n", CUSTOMERS + "rules:\n" + RULES)


def setUpModule():
    global rig
    rig = Rig(change=with_forms)


def tearDownModule():
    if rig:
        rig.close()


def form_mail(mark, text, **headers):
    """As a script of a web site writes it: in KOI8-R, and with every sign of a machine."""
    fields = {"From": "www-data <www-data@web.desk.test>", "To": "form@desk.test", "Subject": f"Form {mark}",
              "Message-ID": f"<{mark}@web.desk.test>", "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
              "X-Token": mark, "MIME-Version": "1.0", "Auto-Submitted": "auto-generated",
              "Content-Type": "text/plain; charset=koi8-r", "Content-Transfer-Encoding": "8bit"}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return (lines + "\n" + text).encode("koi8-r").replace(b"\n", b"\r\n")


def tickets(*arguments):
    return subprocess.run([rig.program("postroom-tickets"), "-c", str(rig.config), *arguments],
                          capture_output=True, text=True, check=False)


class Forms(unittest.TestCase):
    def fill_in(self, text, **headers):
        mark = token()
        rig.send(form_mail(mark, text, **headers), ["form@desk.test"], "www-data@web.desk.test")
        return rig.arrived(mark), rig.ticket_of(mark)

    def why_not(self, ticket):
        return dict(rig.events(ticket["number"]))["acknowledgement not sent"]

    def test_the_acknowledgement_and_replies_go_to_who_filled_it_in(self):
        customer = unique_sender()
        stored, ticket = self.fill_in(f"Заявка с сайта\n\nИмя: Анна Петрова\nE-mail: {customer}\n"
                                      "Телефон: +7 495 123-45-67\nТема = Доставка\n",
                                      Reply_To="noreply@web.desk.test")
        mails = rig.acknowledgements(customer, at_least=1)
        self.assertEqual(len(mails), 1)
        self.assertIn("Анна Петрова", mails[0].get_body().get_content())
        self.assertEqual(rig.acknowledgements("www-data@web.desk.test"), [])
        self.assertEqual(rig.acknowledgements("noreply@web.desk.test"), [])
        reply_to = stored.headers.get_all("Reply-To")
        self.assertEqual(len(reply_to), 1)
        self.assertEqual(reply_to[0].addresses[0].addr_spec, customer)
        self.assertEqual(reply_to[0].addresses[0].display_name, "Анна Петрова")
        self.assertEqual(stored.headers["X-Postroom-Form-Reply-To"], "noreply@web.desk.test")
        self.assertIn("phone=+7 495 123-45-67; topic=Доставка", stored.headers["X-Postroom-Form"])
        known = rig.rows("SELECT c.* FROM customers AS c JOIN tickets AS t ON t.customer = c.id WHERE t.number = ?",
                         ticket["number"])[0]
        self.assertEqual((known["address"], known["name"]), (customer, "Анна Петрова"))

    def test_without_a_readable_address_there_is_a_ticket_and_no_acknowledgement(self):
        stored, ticket = self.fill_in("Имя: Анна\nE-mail: нет\nТелефон: 123\n")
        self.assertEqual(stored.folder, "Support")
        self.assertIsNone(ticket["customer"])
        self.assertEqual(self.why_not(ticket), "the form names no address")
        self.assertEqual(rig.acknowledgements("www-data@web.desk.test"), [])

    def test_a_bounce_at_the_forms_channel_is_a_bounce(self):
        mark, customer = token(), unique_sender()
        rig.send(message(mark, f"Имя: Анна\nE-mail: {customer}\n\n" + BOUNCE, sender="MAILER-DAEMON@customer.test",
                         Content_Type="multipart/report; report-type=delivery-status; boundary=b"),
                 ["form@desk.test"], "")
        rig.arrived(mark)
        self.assertEqual(rig.acknowledgements(customer), [])

    def test_a_person_who_writes_to_the_form_is_answered_himself(self):
        mark, customer = token(), unique_sender()
        rig.send(message(mark, "Где мой заказ?\n", sender=customer), ["form@desk.test"], customer)
        stored = rig.arrived(mark)
        self.assertEqual(len(rig.acknowledgements(customer, at_least=1)), 1)
        self.assertIsNone(stored.headers["Reply-To"])

    def test_without_the_milter_it_is_the_same(self):
        mark, customer = token(), unique_sender()
        rig.deliver(form_mail(mark, f"Имя: Анна\nE-mail: {customer}\n"), ["form@desk.test"])
        self.assertEqual(len(rig.acknowledgements(customer, at_least=1)), 1)
        self.assertEqual(rig.arrived(mark).headers["Reply-To"].addresses[0].addr_spec, customer)


class Newsletter(unittest.TestCase):
    def answer(self, mark, sender, envelope=None, body="Hello,\nplease help.\n", **headers):
        rig.send(message(mark, body, sender=sender, to="news@desk.test", **headers), ["news@desk.test"],
                 sender if envelope is None else envelope)
        return rig.arrived(mark)

    def filed(self, mark, stored):
        self.assertEqual(stored.folder, "Счета/Automatic")
        self.assertTrue(stored.headers["X-Postroom-Ticket"].startswith("0;"))
        self.assertEqual(rig.rows("SELECT * FROM tickets WHERE subject LIKE ?", f"%{mark}%"), [])
        row = rig.rows("SELECT e.* FROM events AS e JOIN messages AS m ON m.number = e.message "
                       "WHERE m.subject LIKE ?", f"%{mark}%")
        self.assertEqual([r["what"] for r in row], ["filed as automatic"])

    def test_a_person_who_answers_gets_a_ticket(self):
        mark, customer = token(), unique_sender()
        self.assertIn(self.answer(mark, customer).folder, ("Счета/Иван", "Счета/Ольга"))
        self.assertEqual(rig.ticket_of(mark)["channel"], "news@desk.test")
        self.assertEqual(len(rig.acknowledgements(customer, at_least=1)), 1)

    def test_a_bounce_is_filed_without_a_ticket(self):
        mark = token()
        stored = self.answer(mark, "MAILER-DAEMON@customer.test", "", BOUNCE,
                             Content_Type="multipart/report; report-type=delivery-status; boundary=b")
        self.filed(mark, stored)

    def test_an_out_of_office_reply_is_filed_without_a_ticket_and_not_acknowledged(self):
        mark, customer = token(), unique_sender()
        self.filed(mark, self.answer(mark, customer, Auto_Submitted="auto-replied"))
        self.assertEqual(rig.acknowledgements(customer), [])

    def test_operators_see_the_folder_before_anything_is_in_it(self):
        self.assertTrue((rig.root / "var/mailboxes/Support/Automatic/cur").is_dir())


class Standing(unittest.TestCase):
    def ask(self, sender):
        mark = token()
        rig.send(message(mark, sender=sender), ["support@desk.test"], sender)
        rig.arrived(mark)
        return rig.ticket_of(mark)

    def test_a_customer_of_the_list_comes_first(self):
        self.assertEqual(self.ask("boris@mail.bank.test")["priority"], "high")
        self.assertEqual(self.ask(unique_sender())["priority"], "normal")

    def test_a_status_that_the_admin_gives_counts_from_the_next_mail_on(self):
        customer = unique_sender()
        self.assertEqual(self.ask(customer)["priority"], "normal")
        done = tickets("--json", "customer", "--status", "vip", customer)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["status"], "vip")
        self.assertEqual(self.ask(customer)["priority"], "high")
        self.assertEqual(tickets("customer", "--clear", customer).returncode, 0)
        self.assertEqual(self.ask(customer)["priority"], "normal")
        told = [r["why"] for r in rig.rows("SELECT why FROM events WHERE what = 'customer status' ORDER BY id")]
        self.assertEqual([why.startswith(f"{customer}: ") for why in told], [True, True])

    def test_the_tool_knows_the_list_and_strangers(self):
        self.assertIn("vip", tickets("customer", "anna@bank.test").stdout)
        self.assertEqual(tickets("customer", "stranger@nowhere.test").returncode, 1)
        self.assertEqual(tickets("customer", "stranger").returncode, 64)
        for wrong in ("a b", "a\nb", ""):
            self.assertEqual(tickets("customer", "--status", wrong, "anna@bank.test").returncode, 64, wrong)


class Consistency(unittest.TestCase):
    def test_the_database_agrees_with_itself(self):
        done = tickets("verify")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
