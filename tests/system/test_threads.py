"""To which ticket does a message belong? Conversations through Postfix: a customer's mail, the acknowledgement as he
got it, and what his mail client, his friends and strangers make of it."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from conversation import Conversation, command, count_of_messages, links_of, numbers_of, ticket_of_mark  # noqa: E402
from mail_clients import CLIENTS  # noqa: E402
from rig import Rig, message, token, unique_sender  # noqa: E402

CHANNEL = "support@desk.test"
BARE = {"In_Reply_To": None, "References": None}

rig = None


def setUpModule():
    global rig
    rig = Rig()


def tearDownModule():
    if rig:
        rig.close()


def conversations(count):
    return [c.ready() for c in [Conversation(rig) for _ in range(count)]]


def upper(address):
    return address.upper()


def quoted(address):
    local, _, domain = address.rpartition("@")
    return f'"{local}"@{domain}'


def forged(address):
    """The signature with another letter at its end."""
    local, _, domain = address.rpartition("@")
    return f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"


# What the same customer's answer may have lost on its way, and is known all the same:
# name, client, to (of the signed address, or None for the plain channel), changed headers
SAME_CUSTOMER = (
    ("only References", "thunderbird", None, {"In_Reply_To": None}),
    ("only In-Reply-To", "mutt", None, {"References": None}),
    ("only the signed address", "gmail web", str, BARE),
    ("only the signed address, and no subject", "iphone", str, {**BARE, "Subject": None}),
    ("the signed address in capitals", "outlook", upper, BARE),
    ("the signed address quoted", "apple mail", quoted, BARE),
    ("a cut subject", "yandex web", str, {"Subject": "Re: [SUP"}),
    ("a translated subject", "mail.ru web", str, {"Subject": "Antwort: Wir haben Ihre Nachricht erhalten"}),
    ("a cut subject and only References", "android", None, {"References": "<{id}>", "In_Reply_To": None, "Subject": "Re:"}),
    ("References in capitals", "thunderbird", None, {"References": "<{ID}>", "In_Reply_To": None}),
    ("References wrapped in comments", "thunderbird", None,
     {"References": "Your message of Monday (sent) <{id}>", "In_Reply_To": None}),
    ("only the tag in the subject", "thunderbird", None, {**BARE, "Subject": "Re: [SUP#{ticket}] still the same"}),
    ("the tag in the middle of a new subject", "thunderbird", None, {**BARE, "Subject": "and so [SUP#{ticket}], again"}),
    ("the tag without its prefix", "thunderbird", None, {**BARE, "Subject": "Fwd: RE[2]: [#{ticket}] ?"}),
)
# What says nothing of a ticket
NOTHING = (
    ("the number as a plain word", {**BARE, "Subject": "order {ticket} has not come"}),
    ("a number that is nobody's", {**BARE, "Subject": "Re: [SUP#99999999] hello"}),
    ("the tag of another desk", {**BARE, "Subject": "Re: [Ticket {ticket}] hello"}),
    ("unknown References", {"In_Reply_To": "<nobody@elsewhere.test>", "References": "<nothing@elsewhere.test>",
                            "Subject": "Re: a mail of somebody else"}),
)
# What a stranger writes who has seen something of it: client, recipients, changed headers
STRANGER = (
    ("the tag in the subject", CHANNEL, {**BARE, "Subject": "Re: [SUP#{ticket}] let me in"}),
    ("a copied Message-ID of the customer", CHANNEL, {"In_Reply_To": "<{first}>", "References": "<{first}>", "Subject": "me too"}),
    ("a forged token and the tag", forged, {**BARE, "Subject": "Re: [SUP#{ticket}] let me in"}),
)


def filled(changes, conversation):
    own = conversation.acknowledgement["Message-ID"].strip("<> ")
    values = {"ticket": conversation.ticket, "id": own, "ID": own.upper(), "first": f"{conversation.mark}@customer.test"}
    return {name: value.format(**values) if value else value for name, value in changes.items()}


class Joined(unittest.TestCase):
    def assert_joined(self, talk, mark, joined=1):
        self.assertEqual(ticket_of_mark(rig, mark), talk.ticket)
        self.assertEqual(count_of_messages(rig, talk.ticket), 1 + joined)
        self.assertEqual(rig.arrived(mark).folder, rig.arrived(talk.mark).folder)
        self.assertEqual(numbers_of(rig.arrived(mark))[0], talk.ticket)
        self.assertIn("followed up", talk.events())
        self.assertEqual(talk.acknowledged(), 1, "acknowledged twice")

    def test_the_answer_of_every_mail_client_joins_its_ticket(self):
        talks = conversations(len(CLIENTS))
        marks = [talk.answer(client) for talk, client in zip(talks, CLIENTS)]
        rig.wait_for_empty_queue()
        for talk, client, mark in zip(talks, CLIENTS, marks):
            with self.subTest(client=client):
                self.assert_joined(talk, mark)
                self.assertEqual(talk.participants(), set())

    def test_what_an_answer_has_lost_on_its_way_does_not_matter(self):
        talks = conversations(len(SAME_CUSTOMER))
        marks = [talk.answer(client, to=how(talk.reply_to) if how else CHANNEL, **filled(changes, talk))
                 for talk, (_, client, how, changes) in zip(talks, SAME_CUSTOMER)]
        rig.wait_for_empty_queue()
        for talk, row, mark in zip(talks, SAME_CUSTOMER, marks):
            with self.subTest(row[0]):
                self.assert_joined(talk, mark)

    def test_the_signed_address_may_stand_in_bcc_alone(self):
        talk, = conversations(1)
        mark = talk.answer("thunderbird", to="friend@customer.test",
                           recipients=[talk.reply_to, "friend@customer.test"], **BARE)
        self.assert_joined(talk, mark)

    def test_a_mail_to_the_signed_address_and_to_the_channel_is_one(self):
        talk, = conversations(1)
        mark = talk.answer("outlook", to=f"{talk.reply_to}, {CHANNEL}", recipients=[talk.reply_to, CHANNEL])
        self.assert_joined(talk, mark)

    def test_an_answer_to_the_answer_joins_by_what_the_customer_wrote_himself(self):
        talk, = conversations(1)
        second = talk.answer("thunderbird")
        rig.arrived(second)
        own = rig.arrived(second).headers["Message-ID"].strip("<> ")
        mark = talk.answer("mutt", to=CHANNEL, References=f"<{own}>", In_Reply_To=f"<{own}>", Subject="Re: again")
        self.assert_joined(talk, mark, joined=2)

    def test_an_answer_that_overtakes_its_mail_makes_one_ticket_with_it(self):
        sender, first, second = unique_sender(), token(), token()
        rig.send(message(second, sender=f"Anna <{sender}>", Subject=f"Re: the parcel {second}",
                         References=f"<{first}@customer.test>"), [CHANNEL], sender)
        ticket = ticket_of_mark(rig, second)
        rig.send(message(first, sender=f"Anna <{sender}>", Subject=f"the parcel {first}"), [CHANNEL], sender)
        self.assertEqual(ticket_of_mark(rig, first), ticket)
        self.assertEqual(len(rig.acknowledgements(sender, at_least=1)), 1)


class Others(unittest.TestCase):
    def test_a_friend_who_was_forwarded_the_signed_address_joins_and_is_shown(self):
        talk, = conversations(1)
        friend = unique_sender()
        mark = talk.answer("gmail web", sender=friend, **BARE)
        self.assertEqual(ticket_of_mark(rig, mark), talk.ticket)
        self.assertIn(friend, talk.participants())
        self.assertIn("participant joined", talk.events())
        self.assertIn(friend, rig.arrived(mark).headers["X-Postroom-New-Participant"])
        self.assertEqual(rig.rows("SELECT address FROM customers JOIN tickets ON id = customer WHERE number = ?",
                                  talk.ticket)[0]["address"], talk.sender, "the requester changed")
        self.assertIn(friend, command(rig, "show", talk.ticket))
        self.assertEqual(rig.acknowledgements(friend), [])

    def test_a_colleague_in_cc_answers_without_any_signature(self):
        colleague = unique_sender()
        talk = Conversation(rig, Cc=f"Boris <{colleague}>").ready()
        mark = talk.answer("outlook", sender=colleague, to=CHANNEL, In_Reply_To=f"<{talk.mark}@customer.test>",
                           References=f"<{talk.mark}@customer.test>", Subject="RE: Question")
        self.assertEqual(ticket_of_mark(rig, mark), talk.ticket)
        self.assertEqual(talk.participants(), {colleague})
        self.assertEqual(rig.acknowledgements(colleague), [])
        tagged = talk.answer("android", sender=colleague, to=CHANNEL, **filled({**BARE, "Subject": "[SUP#{ticket}]"}, talk))
        self.assertEqual(ticket_of_mark(rig, tagged), talk.ticket)

    def test_operators_and_the_desk_are_no_participants(self):
        talk = Conversation(rig, Cc="Ivan <ivan@desk.test>, sales@desk.test, Help <help@desk.test>").ready()
        self.assertEqual(talk.participants() & {"sales@desk.test"}, set())

    def test_a_stranger_gets_a_ticket_of_his_own_that_is_linked(self):
        talks = conversations(len(STRANGER))
        strangers = [unique_sender() for _ in STRANGER]
        marks = [talk.answer("thunderbird", sender=stranger, to=to if isinstance(to, str) else to(talk.reply_to),
                             **filled(changes, talk))
                 for talk, stranger, (_, to, changes) in zip(talks, strangers, STRANGER)]
        rig.wait_for_empty_queue()
        for talk, stranger, row, mark in zip(talks, strangers, STRANGER, marks):
            with self.subTest(row[0]):
                ticket = ticket_of_mark(rig, mark)
                self.assertNotEqual(ticket, talk.ticket)
                self.assertIn((talk.ticket, "possibly the same as"), links_of(rig, ticket))
                self.assertEqual(count_of_messages(rig, talk.ticket), 1)
                self.assertNotIn("followed up", talk.events())
                self.assertEqual(talk.participants(), set())
                self.assertEqual(len(rig.acknowledgements(stranger, at_least=1)), 1)

    def test_an_operators_address_and_the_tag_make_no_answer(self):
        talk, = conversations(1)
        marks = [talk.answer("thunderbird", sender="ivan@desk.test", to=CHANNEL, **filled(changes, talk)) for changes in
                 ({**BARE, "Subject": "Re: [SUP#{ticket}] pay here"}, {**BARE, "Message_ID": "<{first}>", "Subject": "again"})]
        rig.wait_for_empty_queue()
        for mark in marks:
            ticket = ticket_of_mark(rig, mark)
            self.assertNotEqual(ticket, talk.ticket)
            self.assertIn((talk.ticket, "possibly the same as"), links_of(rig, ticket))
        self.assertEqual(count_of_messages(rig, talk.ticket), 1)
        self.assertNotIn("answer filed", talk.events())

    def test_a_forged_token_alone_is_as_good_as_none(self):
        talk, = conversations(1)
        mark = talk.answer("thunderbird", sender=unique_sender(), to=forged(talk.reply_to), **BARE, Subject="hello")
        self.assertNotEqual(ticket_of_mark(rig, mark), talk.ticket)

    def test_what_names_no_ticket_is_a_new_one(self):
        talks = conversations(len(NOTHING))
        marks = [talk.answer("thunderbird", to=CHANNEL, **filled(changes, talk)) for talk, (_, changes) in zip(talks, NOTHING)]
        rig.wait_for_empty_queue()
        for talk, row, mark in zip(talks, NOTHING, marks):
            with self.subTest(row[0]):
                self.assertNotEqual(ticket_of_mark(rig, mark), talk.ticket)
                self.assertEqual(count_of_messages(rig, talk.ticket), 1)

    def test_a_spammers_mail_with_the_tag_stays_in_junk(self):
        talk, = conversations(1)
        mark = talk.answer("thunderbird", sender="spammer@customer.test", to=CHANNEL, X_Spam_Flag="YES",
                           **filled({**BARE, "Subject": "[SUP#{ticket}] cheap"}, talk))
        self.assertEqual(rig.arrived(mark).folder, "Support/Junk")
        self.assertIsNone(ticket_of_mark(rig, mark))


class Afterwards(unittest.TestCase):
    def test_the_database_agrees_with_itself_and_with_the_folders(self):
        command(rig, "verify")


if __name__ == "__main__":
    unittest.main()
