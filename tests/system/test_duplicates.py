"""One mail that comes more than once is one ticket: to several addresses, in one transaction or in several, sent twice,
with and without Bcc, by a list and directly, brought again by Postfix."""

import concurrent.futures
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from conversation import command, count_of_messages, numbers_of  # noqa: E402
from private_mail import wait_until  # noqa: E402
from reply_thief import ReplyThief  # noqa: E402
from rig import Rig, message, token, unique_sender  # noqa: E402

SUPPORT, SALES, NEWS, BILLING = (f"{name}@desk.test" for name in ("support", "sales", "news", "billing"))
DAEMONS = ("postroom-lmtp", "postroom-milter")

rig = None


def setUpModule():
    """Postfix brings each recipient in a transaction of his own."""
    global rig
    rig = Rig(start=False)
    with open(rig.root / "postfix/etc/main.cf", "a", encoding="utf-8") as file:
        file.write("lmtp_destination_recipient_limit = 1\n")
    rig.start()


def tearDownModule():
    if rig:
        rig.close()


class Case(unittest.TestCase):
    def sender(self):
        return unique_sender()

    def once(self, mark, sender, acknowledged=1):
        """One file, one ticket, one acknowledgement; the ticket's row."""
        stored = rig.arrived(mark)
        ticket = rig.ticket_of(mark)
        self.assertEqual(numbers_of(stored)[0], ticket["number"])
        self.assertEqual(count_of_messages(rig, ticket["number"]), 1)
        self.assertEqual(len(rig.acknowledgements(sender, at_least=acknowledged)), acknowledged)
        return ticket

    def new_events(self, ticket):
        """What happened to the ticket beside the usual."""
        usual = {"created", "assigned", "not assigned", "acknowledgement queued", "acknowledgement sent",
                 "acknowledgement not sent"}
        return [(what, why) for what, why in rig.events(ticket["number"]) if what not in usual]


class OneMail(Case):
    def test_several_addresses_in_one_mail_with_a_transaction_each(self):
        mark, sender = token(), self.sender()
        rig.send(message(mark, sender=sender, to=f"{BILLING}, {SUPPORT}"), [BILLING, SUPPORT, "support+autumn@desk.test"], sender)
        ticket = self.once(mark, sender)
        self.assertIn(ticket["channel"], (SUPPORT, BILLING))  # whichever Postfix has brought first
        keys = rig.rows("SELECT recipient FROM deliveries JOIN messages ON message = number WHERE ticket = ?", ticket["number"])
        self.assertEqual(len(keys), 3)

    def test_an_alias_and_the_address_it_means(self):
        mark, sender = token(), self.sender()
        rig.send(message(mark, sender=sender), ["help@desk.test", SUPPORT], sender)
        self.once(mark, sender)

    def test_several_addresses_in_sessions_of_their_own(self):
        mark, sender = token(), self.sender()
        for to in (SUPPORT, BILLING, SUPPORT):
            rig.send(message(mark, sender=sender, to=f"{SUPPORT}, {BILLING}"), [to], sender)
        ticket = self.once(mark, sender)
        self.assertEqual(len(self.new_events(ticket)), 2, self.new_events(ticket))

    def test_two_sessions_at_the_same_moment(self):
        marks = [(token(), self.sender()) for _ in range(6)]
        data = {mark: message(mark, sender=sender, to=f"{SUPPORT}, {BILLING}") for mark, sender in marks}
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            list(pool.map(lambda job: rig.send(data[job[0]], [job[2]], job[1]),
                          [(mark, sender, to) for mark, sender in marks for to in (SUPPORT, BILLING)]))
        for mark, sender in marks:
            self.once(mark, sender)

    def test_a_client_that_sends_the_same_mail_again(self):
        mark, sender = token(), self.sender()
        for _ in range(3):
            rig.send(message(mark, sender=sender), [SUPPORT], sender)
            rig.wait_for_empty_queue()
        self.assertEqual(len(self.new_events(self.once(mark, sender))), 2)

    def test_a_client_that_sends_the_same_text_under_another_message_id(self):
        mark, sender = token(), self.sender()
        for number in range(2):
            rig.send(message(mark, sender=sender, Message_ID=f"<{mark}.{number}@customer.test>",
                             Date=f"Sun, 22 Nov 2026 12:0{number}:00 +0000"), [SUPPORT], sender)
            rig.wait_for_empty_queue()
        self.assertEqual(len(self.new_events(self.once(mark, sender))), 1)

    def in_two_forms(self, mark, sender, html, number):
        """As a client sends it when its button is pressed twice: another Message-ID, boundary and second."""
        boundary = f"=_{mark}_{number}"
        body = f"--{boundary}\nContent-Type: text/plain\n\nWhere is my parcel?\n--{boundary}\n" \
               f"Content-Type: text/html\n\n{html}\n--{boundary}--\n"
        return message(mark, body, sender=sender, MIME_Version="1.0", Message_ID=f"<{mark}.{number}@customer.test>",
                       Content_Type=f'multipart/alternative; boundary="{boundary}"',
                       Date=f"Sun, 22 Nov 2026 12:00:0{number} +0000")

    def test_a_client_that_sends_text_and_html_twice(self):
        mark, sender = token(), self.sender()
        for number in range(2):
            rig.send(self.in_two_forms(mark, sender, "<p>Where is my <b>parcel</b>?</p>", number), [SUPPORT], sender)
            rig.wait_for_empty_queue()
        self.assertEqual(len(self.new_events(self.once(mark, sender))), 1)

    def test_mails_whose_html_differs_are_two(self):
        mark, sender = token(), self.sender()
        for number in range(2):
            rig.send(self.in_two_forms(mark, sender, f"<p>Where is parcel {number}?</p>", number), [SUPPORT], sender)
            rig.wait_for_empty_queue()
        self.assertEqual(len(rig.with_token(mark)), 2)

    def test_with_and_without_bcc(self):
        mark, sender = token(), self.sender()
        rig.send(message(mark, sender=sender, to="boss@customer.test"), [SUPPORT], sender)
        rig.send(message(mark, sender=sender, to="boss@customer.test", Bcc=SUPPORT), [BILLING], sender)
        self.once(mark, sender)

    def test_directly_and_by_a_list_with_its_subject_and_footer(self):
        footer = "\n_______________________________________________\nOffers mailing list\noffers@lists.test\n" \
                 "https://lists.test/listinfo/offers\n"
        body = "Hello,\nwho can help with the parcel that has not come?\n"
        for first in ("list", "direct"):
            with self.subTest(first=first):
                mark, sender = token(), self.sender()
                direct = message(mark, body, sender=sender)
                listed = message(mark, body + footer, sender=sender, Subject=f"[Offers] Question {mark}",
                                 List_Id="Offers <offers.lists.test>", Precedence="list",
                                 List_Unsubscribe="<https://lists.test/options>")
                both = [(direct, sender), (listed, "offers-bounces@lists.test")]
                for data, envelope in both if first == "direct" else reversed(both):
                    rig.send(data, [SUPPORT], envelope)
                    rig.wait_for_empty_queue()
                self.once(mark, sender, acknowledged=1 if first == "direct" else 0)

    def test_postfix_brings_again_what_it_heard_no_answer_about(self):
        thief = ReplyThief(rig.root / "run/thief", rig.root / "run/lmtp", one_in=2, seed=1)
        self.addCleanup(thief.close)
        ours = rig.lmtp_socket
        self.addCleanup(self.deliver_to, ours)
        self.deliver_to(rig.root / "run/thief")
        marks = []
        for _ in range(4):
            mark, sender = token(), self.sender()
            rig.send(message(mark, sender=sender, to=f"{SUPPORT}, {BILLING}"), [SUPPORT, BILLING], sender)
            marks.append((mark, sender))
        thief.stop_stealing_after(4)
        rig.flush()
        for mark, sender in marks:
            self.once(mark, sender)
        self.assertGreater(thief.stolen, 0)

    def deliver_to(self, socket):
        rig.lmtp_socket = socket
        rig.write_postfix({}, [f"{name}@desk.test" for name in ("support", "sales", "billing", "news")], ())
        with open(rig.root / "postfix/etc/main.cf", "a", encoding="utf-8") as file:
            file.write("lmtp_destination_recipient_limit = 1\n")
        rig.run_quietly(["postfix", "-c", rig.root / "postfix/etc", "reload"], "postfix-start.log")


class OtherMails(Case):
    """What resembles a repetition, and is none."""

    def two(self, first, second):
        for data, to, sender in (first, second):
            rig.send(data, [to], sender)
            rig.wait_for_empty_queue()

    def test_another_text_under_the_same_subject(self):
        mark, sender = token(), self.sender()
        self.two((message(mark, "The blue one, please.\n", sender=sender), SUPPORT, sender),
                 (message(mark, "The red one, please.\n", sender=sender, Message_ID=f"<2{mark}@customer.test>"), SUPPORT, sender))
        self.assertEqual(len(rig.with_token(mark)), 2)

    def test_the_same_text_of_another_person(self):
        mark, sender, other = token(), self.sender(), self.sender()
        self.two((message(mark, sender=sender), SUPPORT, sender),
                 (message(mark, sender=other, Message_ID=f"<2{mark}@customer.test>"), SUPPORT, other))
        self.assertEqual(len(rig.with_token(mark)), 2)
        self.assertEqual(len(rig.rows("SELECT 1 FROM tickets WHERE subject LIKE ?", f"%{mark}%")), 2)

    def test_a_message_id_that_a_stranger_copied(self):
        mark, sender, other = token(), self.sender(), self.sender()
        self.two((message(mark, sender=sender), SUPPORT, sender),
                 (message(mark, "Give me the same.\n", sender=other), SUPPORT, other))
        self.assertEqual(len(rig.with_token(mark)), 2)
        self.assertEqual(len(rig.rows("SELECT 1 FROM tickets WHERE subject LIKE ?", f"%{mark}%")), 2)


class Channels(Case):
    """Which of several channels wins: duplicates.channel."""

    def tearDown(self):
        self.configure("first")

    def configure(self, channel, general=""):
        text = (pathlib.Path(__file__).resolve().parent.parent / "support/desk.yaml").read_text(encoding="utf-8")
        channel_line = "{address: support@desk.test, queue: support%s}"
        text = text.replace(channel_line % "", channel_line % general)
        rig.configure(text + f"duplicates: {{channel: {channel}}}\n")
        for name in DAEMONS:
            rig.restart_postroom(name)

    def send_apart(self, first, second):
        mark, sender = token(), self.sender()
        for to in (first, second):
            rig.send(message(mark, sender=sender, to=f"{first}, {second}"), [to], sender)
            rig.wait_for_empty_queue()
        return mark, sender

    def test_the_more_specific_one_in_one_mail(self):
        self.configure("specific", ", general: on")
        mark, sender = token(), self.sender()
        rig.send(message(mark, sender=sender), [SUPPORT, SALES], sender)
        wait_until(lambda: rig.arrived(mark).folder == "Sales", 20, "the message is not moved")
        self.assertEqual(rig.ticket_of(mark)["channel"], SALES)

    def test_the_more_specific_one_also_when_it_comes_later(self):
        self.configure("specific", ", general: on")
        for first, second in ((SUPPORT, SALES), (SALES, SUPPORT)):
            with self.subTest(first=first):
                mark, sender = self.send_apart(first, second)
                wait_until(lambda m=mark: rig.arrived(m).folder == "Sales", 20, "the message is not moved")
                self.assertEqual(rig.ticket_of(mark)["queue"], "sales")

    def test_the_first_one_stays(self):
        self.configure("first", ", general: on")
        mark, sender = self.send_apart(SUPPORT, SALES)
        self.assertEqual((rig.arrived(mark).folder, self.once(mark, sender)["queue"]), ("Support", "support"))

    def test_one_ticket_for_each_queue(self):
        self.configure("queue")
        for together in (True, False):
            with self.subTest(together=together):
                mark, sender = token(), self.sender()
                for to in ([[SUPPORT, SALES, NEWS]] if together else [[SUPPORT], [SALES], [NEWS]]):
                    rig.send(message(mark, sender=sender), to, sender)
                    rig.wait_for_empty_queue()
                self.assertEqual(sorted(m.folder for m in rig.with_token(mark)), ["Sales", "Support"])
                rows = rig.rows("SELECT queue FROM tickets WHERE subject LIKE ? ORDER BY queue", f"%{mark}%")
                self.assertEqual([r["queue"] for r in rows], ["sales", "support"])
                self.assertEqual(len(rig.acknowledgements(sender, at_least=1)), 1)


class Verified(unittest.TestCase):
    def test_the_database_agrees_with_itself_and_with_the_folders(self):
        command(rig, "verify")


if __name__ == "__main__":
    unittest.main()
