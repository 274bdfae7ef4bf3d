"""What further mail does to a ticket: new, claimed, waiting, resolved, merged; robots, bounces, thanks; who is away."""

import pathlib
import smtplib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from conversation import Conversation, command, count_of_messages, links_of, ticket_of_mark  # noqa: E402
from private_mail import wait_until  # noqa: E402
from rig import Rig, message, token  # noqa: E402

# Queues of their own for the settings: sales reopens for a second only, news takes thanks for questions, form puts
# further mail into the queue; petr is away.
CHANGES = (
    ("  sales: {mailbox: Sales, group: firstline}",
     "  sales: {mailbox: Sales, group: firstline, acknowledgement: on, reopen_within: 1s}\n"
     "  news: {mailbox: News, group: firstline, acknowledgement: on, thanks: reopen}\n"
     "  form: {mailbox: Form, group: firstline, acknowledgement: on, follow_up: queue}"),
    ("  - {address: news@desk.test, queue: sales}",
     "  - {address: news@desk.test, queue: news}\n  - {address: form@desk.test, queue: form}"),
    ("  - {login: olga, name: Ольга, groups: [firstline]}",
     "  - {login: olga, name: Ольга, groups: [firstline]}\n  - {login: petr, name: Пётр, groups: [firstline]}"),
)
THANKS = ("Спасибо!", "Thank you, everything works now.", "Большое спасибо, всё получилось.\n\n--\nАнна", "Danke schön!",
          "Merci beaucoup !")
NO_THANKS = ("Спасибо! А когда вернут деньги?", "Thank you, but it still does not work.",
             "Спасибо, не помогло.", "Thanks. Please send me the invoice, too.")

rig = None


def desk(text):
    for old, new in CHANGES:
        assert old in text, old
        text = text.replace(old, new)
    return text


def setUpModule():
    global rig
    rig = Rig(change=desk)


def tearDownModule():
    if rig:
        rig.close()


def folders(talk):
    """Of all files of the ticket, as the database has them; the files are there."""
    rows = rig.rows("SELECT mailbox, folder, file FROM places JOIN messages ON message = number "
                    "WHERE ticket = ? AND published = 1", talk.ticket)
    stored = {m.path.name.split(":")[0]: m.folder for m in rig.stored()}
    return {stored.get(r["file"], "nowhere") for r in rows}


def settle():
    """Until no file waits to be moved."""
    wait_until(lambda: not rig.rows("SELECT 1 FROM moves"), 30, "files are not moved")


class Case(unittest.TestCase):
    def talk(self, to="support@desk.test", *commands):
        """A conversation to whose ticket these commands were given: ("assign", "ivan")."""
        talk = Conversation(rig, to=to).ready()
        for verb, *arguments in commands:
            command(rig, verb, talk.ticket, *arguments)
        settle()
        return talk

    def joins(self, talk, mark):
        self.assertEqual(ticket_of_mark(rig, mark), talk.ticket)
        settle()
        self.assertEqual(talk.acknowledged(), 1, "acknowledged twice")


class States(Case):
    def test_a_ticket_of_an_owner_gets_further_mail_into_his_folder(self):
        talk = self.talk("support@desk.test", ("assign", "ivan"))
        self.joins(talk, talk.answer("gmail web"))
        self.assertEqual(folders(talk), {"Support/Иван"})
        self.assertEqual((talk.row()["status"], talk.row()["owner"]), ("new", "ivan"))

    def test_a_claimed_ticket_stays_claimed(self):
        talk = self.talk("support@desk.test", ("claim", "ivan"))
        self.joins(talk, talk.answer("outlook"))
        self.assertEqual(folders(talk), {"Support/Иван/In progress"})
        self.assertEqual(talk.row()["status"], "open")

    def test_a_queue_may_take_further_mail_itself(self):
        talk = self.talk("form@desk.test", ("assign", "ivan"))
        mark = talk.answer("yandex web")
        self.joins(talk, mark)
        self.assertEqual(rig.arrived(mark).folder, "Form")

    def test_waiting_for_the_customer_ends_when_he_writes(self):
        talk = self.talk("support@desk.test", ("claim", "ivan"), ("wait",))
        self.assertEqual(talk.row()["status"], "waiting")
        self.joins(talk, talk.answer("iphone"))
        self.assertEqual(talk.row()["status"], "open")
        self.assertIn("resumed", talk.events())

    def test_an_answer_to_a_resolved_ticket_reopens_it_with_its_whole_conversation(self):
        talk = self.talk("support@desk.test", ("claim", "olga"), ("close",))
        self.assertEqual(folders(talk), {"Support/Ольга/Done"})
        self.joins(talk, talk.answer("mail.ru web"))
        self.assertEqual((talk.row()["status"], talk.row()["owner"]), ("open", "olga"))
        self.assertIn("reopened", talk.events())
        self.assertEqual(len(folders(talk)), 1)
        self.assertNotIn("Support/Ольга/Done", folders(talk))

    def test_a_resolved_ticket_that_was_nobodys_comes_back_into_the_queue(self):
        talk = self.talk("support@desk.test", ("close",))
        self.joins(talk, talk.answer("android"))
        self.assertEqual(folders(talk), {"Support"})
        self.assertIn(talk.row()["status"], ("new", "open"))
        self.assertIn("reopened", talk.events())

    def test_after_its_time_a_new_ticket_continues_it(self):
        talk = self.talk("sales@desk.test", ("close",))
        resolved = talk.row()["resolved"]
        wait_until(lambda: time.time() * 1000 > resolved + 1100, 10, "a second has passed")
        mark = talk.answer("thunderbird")
        ticket = ticket_of_mark(rig, mark)
        self.assertNotEqual(ticket, talk.ticket)
        self.assertEqual(links_of(rig, ticket), {(talk.ticket, "continues")})
        self.assertEqual(talk.row()["status"], "resolved")
        self.assertNotIn("reopened", talk.events())

    def test_further_mail_to_either_of_two_merged_tickets_lands_in_one(self):
        kept, merged = self.talk(), self.talk()
        command(rig, "merge", merged.ticket, kept.ticket)
        settle()
        for talk, client in ((kept, "gmail web"), (merged, "outlook")):
            self.assertEqual(ticket_of_mark(rig, talk.answer(client)), kept.ticket)
        self.assertEqual(count_of_messages(rig, kept.ticket), 4)
        self.assertIn("merged", merged.events())
        self.assertIn("merged", kept.events())
        tagged = merged.answer("mutt", to="support@desk.test", References=None, In_Reply_To=None,
                               Subject=f"[SUP#{merged.ticket}]")
        self.assertEqual(ticket_of_mark(rig, tagged), kept.ticket)
        self.assertEqual((kept.acknowledged(), merged.acknowledged()), (1, 1))

    def test_an_owner_who_is_away_leaves_further_mail_to_the_queue(self):
        talk = self.talk("support@desk.test", ("assign", "petr"))
        before = rig.desk
        rig.configure(before.replace("name: Пётр,", "name: Пётр, absent: on,"))
        for name in ("postroom-lmtp", "postroom-milter"):
            rig.restart_postroom(name)
        mark = talk.answer("outlook, Russian")
        self.joins(talk, mark)
        self.assertEqual(rig.arrived(mark).folder, "Support")


class Robots(Case):
    def resolved(self, to="support@desk.test"):
        return self.talk(to, ("claim", "ivan"), ("close",))

    def assert_filed(self, talk, mark):
        self.joins(talk, mark)
        self.assertEqual(talk.row()["status"], "resolved")
        self.assertNotIn("reopened", talk.events())
        self.assertIn("filed", talk.events())
        self.assertEqual(folders(talk), {"Support/Иван/Done"})

    def test_an_out_of_office_reply_to_our_acknowledgement_is_filed(self):
        talk = self.resolved()
        mark = talk.answer("outlook", "I am back on 7 December.", Auto_Submitted="auto-replied",
                           X_Auto_Response_Suppress="All", Subject="Automatic reply: your request")
        self.assert_filed(talk, mark)

    def test_an_out_of_office_reply_to_a_new_ticket_changes_nothing(self):
        talk = self.talk()
        mark = talk.answer("gmail web", "Я в отпуске до 7 декабря.", Auto_Submitted="auto-replied", Subject="Автоответ")
        self.joins(talk, mark)
        self.assertEqual(talk.row()["status"], "new")

    def test_a_bounce_of_the_acknowledgement_is_filed_in_its_ticket(self):
        talk = self.talk()
        data = bounce(talk.sender, talk.acknowledgement["Message-ID"], "5.1.1", "failed")
        rig.send(data[1], [talk.reply_to], "")
        self.joins(talk, data[0])

    def test_a_bounced_answer_reopens_and_a_delayed_one_only_notes(self):
        for action, status, event, after in (("delayed", "4.4.1", "answer delayed", "resolved"),
                                             ("failed", "5.1.1", "answer bounced", "open")):
            with self.subTest(action):
                talk = self.talk("support@desk.test", ("claim", "ivan"))
                own = answer_of_operator(talk)
                command(rig, "close", talk.ticket)
                settle()
                mark, data = bounce(talk.sender, own, status, action)
                rig.send(data, ["support@desk.test"], "")
                self.joins(talk, mark)
                self.assertEqual(talk.row()["status"], after)
                self.assertIn(event, talk.events())

    def test_a_bounce_that_only_names_number_and_customer_reopens_nothing(self):
        talk = self.resolved()
        mark, data = bounce(talk.sender, f"<{token()}@elsewhere.test>", "5.1.1", "failed", f"[SUP#{talk.ticket}] answer")
        rig.send(data, ["support@desk.test"], "")
        self.assertNotEqual(ticket_of_mark(rig, mark), talk.ticket)
        self.assertEqual(talk.row()["status"], "resolved")
        self.assertIn((talk.ticket, "possibly the same as"), links_of(rig, ticket_of_mark(rig, mark)))

    def test_an_operator_may_answer_the_customers_own_mail_after_the_ticket_is_resolved(self):
        talk = self.resolved()
        answer_of_operator(talk, "support@desk.test")
        self.assertEqual(talk.row()["status"], "resolved")
        self.assertEqual(folders(talk), {"Support/Иван/Done"})
        self.assertNotIn("reopened", talk.events())

    def test_short_thanks_are_filed_and_do_not_reopen(self):
        for text in THANKS:
            with self.subTest(text):
                talk = self.resolved()
                self.assert_filed(talk, talk.answer("mail.ru web", text))

    def test_thanks_with_more_in_them_reopen(self):
        for text in NO_THANKS:
            with self.subTest(text):
                talk = self.resolved()
                self.joins(talk, talk.answer("gmail web", text))
                self.assertEqual(talk.row()["status"], "open")

    def test_a_queue_may_take_thanks_as_any_other_mail(self):
        talk = self.resolved("news@desk.test")
        self.joins(talk, talk.answer("thunderbird", THANKS[0]))
        self.assertEqual(talk.row()["status"], "open")


def answer_of_operator(talk, copy=None):
    """Ivan answers the customer's mail in his mail client, with the signed address in Cc if there is no other; the
    Message-ID of it."""
    copy = copy or talk.reply_to
    mark = token()
    data = message(mark, "We have sent it again.\n", sender="Ivan <ivan@desk.test>", to=talk.sender, Cc=copy,
                   Subject=f"Re: [SUP#{talk.ticket}] your request", In_Reply_To=f"<{talk.mark}@customer.test>")
    with smtplib.SMTP("127.0.0.1", rig.ports.submission, timeout=60) as client:
        client.login("ivan", "ivan")
        client.sendmail("ivan@desk.test", [talk.sender, copy], data)
    stored = rig.arrived(mark)
    assert ticket_of_mark(rig, mark) == talk.ticket
    assert "answer filed" in talk.events(), talk.events()
    return stored.headers["Message-ID"]


def bounce(recipient, message_id, status, action, subject="Undelivered Mail Returned to Sender"):
    """(mark, a report of Postfix's kind about a mail of ours)"""
    mark = token()
    body = f"""This is the mail system at host mx.customer.test.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.test
Arrival-Date: Mon, 23 Nov 2026 12:00:00 +0300

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
From: support@desk.test
To: {recipient}
Subject: [SUP#1] answer

--b--
"""
    return mark, message(mark, "--b\nContent-Type: text/plain\n\n" + body, sender="MAILER-DAEMON@mx.customer.test",
                         Subject=subject, Auto_Submitted="auto-replied",
                         Content_Type="multipart/report; report-type=delivery-status; boundary=b")


class Afterwards(unittest.TestCase):
    def test_the_database_agrees_with_itself_and_with_the_folders(self):
        command(rig, "verify")


if __name__ == "__main__":
    unittest.main()
