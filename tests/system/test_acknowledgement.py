"""The acknowledgement as the customer gets it, and why others get none."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from rig import BOUNCE, Rig, message, token, unique_sender  # noqa: E402

rig = None

# Headers of mail that no human wrote for us, and a word of the reason that is recorded.
ROBOTS = (
    ({"Auto_Submitted": "auto-replied"}, "auto-submitted"),
    ({"Auto_Submitted": "auto-generated"}, "auto-submitted"),
    ({"List_Id": "<news.lists.test>"}, "list"),
    ({"List_Unsubscribe": "<mailto:off@lists.test>", "List_Id": "<a.lists.test>"}, "list"),
    ({"Precedence": "bulk"}, "precedence"),
    ({"X_Auto_Response_Suppress": "All"}, "x-auto-response-suppress"),
    ({"Return_Path": "<>", "X_Autoreply": "yes"}, ""),
)


def setUpModule():
    global rig
    rig = Rig()


def tearDownModule():
    if rig:
        rig.close()


class Acknowledgement(unittest.TestCase):
    def ask(self, sender, to="support@desk.test", **headers):
        """Sends a message from this address; its mark and ticket."""
        mark = token()
        rig.send(message(mark, sender=f"Anna <{sender}>", **headers), [to], sender)
        rig.arrived(mark)
        return mark, rig.ticket_of(mark)

    def test_the_customer_gets_one_acknowledgement_as_rfc_3834_wants_it(self):
        sender = unique_sender()
        mark, ticket = self.ask(sender, References="<older@customer.test>")
        mails = rig.acknowledgements(sender, at_least=1)
        self.assertEqual(len(mails), 1)
        mail = mails[0]
        self.assertEqual([m.sender for m in rig.peer.mails(sender)], [""])
        self.assertEqual(mail["Auto-Submitted"], "auto-replied")
        self.assertEqual(mail["In-Reply-To"], f"<{mark}@customer.test>")
        self.assertIn(f"<{mark}@customer.test>", mail["References"])
        self.assertIn("<older@customer.test>", mail["References"])
        self.assertEqual(mail["Precedence"], "bulk")
        self.assertEqual(mail["X-Auto-Response-Suppress"], "All")
        self.assertEqual(mail["From"].addresses[0].addr_spec, "support@desk.test")
        self.assertEqual(mail["From"].addresses[0].display_name, "Поддержка")
        self.assertEqual(mail["To"].addresses[0].addr_spec, sender)
        self.assertIn(f"[SUP#{ticket['number']}]", mail["Subject"])
        self.assertIn(str(ticket["number"]), mail.get_body().get_content())
        self.assertIn("Anna", mail.get_body().get_content())

    def test_it_is_sent_from_the_channel_and_in_the_queues_language_or_the_customers(self):
        russian, english = unique_sender(), unique_sender()
        mark = token()
        rig.send(message(mark, "Здравствуйте! Подскажите, пожалуйста, когда придёт мой заказ?\n", sender=russian),
                 ["support@desk.test"], russian)
        rig.send(message(token(), "Good morning! Could you please tell me where my parcel is at the moment?\n",
                         sender=english), ["billing@desk.test"], english)
        text = rig.acknowledgements(russian, at_least=1)[0].get_body().get_content()
        self.assertRegex(text, "[а-я]{3,}")
        self.assertIn("4 час", text)
        mail = rig.acknowledgements(english, at_least=1)[0]
        self.assertNotRegex(mail.get_body().get_content(), "[а-я]{3,}")
        self.assertEqual(mail["From"].addresses[0].addr_spec, "billing@desk.test")

    def test_a_queue_that_is_not_switched_on_sends_none(self):
        sender = unique_sender()
        _, ticket = self.ask(sender, to="sales@desk.test")
        self.assertEqual(rig.acknowledgements(sender), [])
        self.assertIn("acknowledgement not sent", [what for what, _ in rig.events(ticket["number"])])

    def test_robots_get_none_and_the_event_says_why(self):
        for headers, reason in ROBOTS:
            with self.subTest(headers=headers):
                sender = unique_sender()
                _, ticket = self.ask(sender, **headers)
                self.assertEqual(rig.acknowledgements(sender), [])
                why = dict(rig.events(ticket["number"])).get("acknowledgement not sent")
                self.assertTrue(why, rig.events(ticket["number"]))
                self.assertIn(reason, why.lower())

    def test_the_null_sender_gets_none(self):
        mark = token()
        data = message(mark, BOUNCE, sender="MAILER-DAEMON@customer.test", Content_Type=
                       "multipart/report; report-type=delivery-status; boundary=b")
        rig.send(data, ["news@desk.test"], "")
        rig.arrived(mark)
        self.assertEqual(rig.acknowledgements("MAILER-DAEMON@customer.test"), [])
        ticket = rig.ticket_of(mark)
        self.assertNotIn("acknowledgement queued", dict(rig.events(ticket["number"])))

    def test_an_address_gets_three_a_day_and_the_fourth_ticket_says_so(self):
        sender = unique_sender()
        tickets = [self.ask(sender)[1] for _ in range(4)]
        self.assertEqual(len(rig.acknowledgements(sender, at_least=3)), 3)
        self.assertTrue(dict(rig.events(tickets[3]["number"]))["acknowledgement not sent"])

    def test_two_desk_recipients_make_one_acknowledgement(self):
        mark, sender = token(), unique_sender()
        rig.send(message(mark, sender=sender), ["support@desk.test", "billing@desk.test"], sender)
        rig.arrived(mark)
        self.assertEqual(len(rig.acknowledgements(sender, at_least=1)), 1)

    def test_a_hostile_name_is_only_text(self):
        sender = unique_sender()
        name = '"{{ticket}}{{#x}} =?utf-8?q?=0D=0ABcc:_all=40customer.test?= <b>"'
        mark = token()
        rig.send(message(mark, From=f"{name} <{sender}>"), ["support@desk.test"], sender)
        rig.arrived(mark)
        mail = rig.acknowledgements(sender, at_least=1)[0]
        self.assertIsNone(mail["Bcc"])
        self.assertEqual(len(mail.get_all("Subject")), 1)
        self.assertEqual([m.recipients for m in rig.peer.mails(sender)], [(sender,)])

    def test_the_events_tell_how_it_went(self):
        _, ticket = self.ask(unique_sender())
        rig.wait_for_outbox()
        self.assertEqual([what for what, _ in rig.events(ticket["number"])],
                         ["created", "acknowledgement queued", "acknowledgement sent"])


if __name__ == "__main__":
    unittest.main()
