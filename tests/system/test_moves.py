"""Messages follow their ticket while mail clients look on: Dovecot sees an ordinary move."""

import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from rig import Rig, message, token, wait_until  # noqa: E402
from private_mail import MAIL_USER  # noqa: E402

DONE, IN_PROGRESS = "Support/&BBgEMgQwBD0-/Done", "Support/&BBgEMgQwBD0-/In progress"  # of Иван

rig = None


def setUpModule():
    global rig
    rig = Rig()


def tearDownModule():
    if rig:
        rig.close()


def shown(imap, folder):
    """UID -> token of all messages that the client sees in the folder."""
    assert imap.select(f'"Desk/{folder}"')[0] == "OK"
    found = {}
    for part in imap.uid("fetch", "1:*", "(BODY.PEEK[HEADER.FIELDS (X-Token)])")[1]:
        if isinstance(part, tuple):
            uid = re.search(rb"UID (\d+)", part[0]).group(1).decode()
            found[uid] = part[1].decode().partition(":")[2].strip()
    return found


def tickets(*words):
    done = subprocess.run([rig.program("postroom-tickets"), "-c", str(rig.config), *words], cwd="/",
                          capture_output=True, text=True, check=False, user=MAIL_USER, group=MAIL_USER,
                          extra_groups=[])
    assert done.returncode == 0, done.stdout + done.stderr


class Customer:
    """Who writes about one ticket."""

    def __init__(self):
        self.mark = token()
        self.address = f"{self.mark}@customer.test"
        self.tokens = {self.mark}
        rig.send(message(self.mark, sender=self.address), ["support@desk.test"], self.address)
        rig.arrived(self.mark)
        self.ticket = rig.ticket_of(self.mark)["number"]

    def write_again(self):
        own = token()
        rig.send(message(own, f"And one thing more: {own}.\n", self.address, Subject=f"Re: Question {self.mark}",
                         In_Reply_To=f"<{self.mark}@customer.test>"), ["support@desk.test"], self.address)
        rig.arrived(own)
        self.tokens.add(own)

    def is_served(self):
        tickets("claim", str(self.ticket), "ivan")
        tickets("close", str(self.ticket))


class Moves(unittest.TestCase):
    def test_a_conversation_that_is_reopened_moves_under_the_eyes_of_its_operators(self):
        customer, other, third = Customer(), Customer(), Customer()
        for _ in range(4):
            customer.write_again()
        tickets("claim", str(third.ticket), "ivan")
        with rig.imap("ivan") as done, rig.imap("olga") as progress:
            for one in (customer, other):
                one.is_served()
                wait_until(lambda one=one: one.tokens <= set(shown(done, DONE).values()), 60, "the ticket is done")
            wait_until(lambda: third.mark in shown(progress, IN_PROGRESS).values(), 60, "the other is claimed")
            stays = {uid: mark for uid, mark in shown(done, DONE).items() if mark not in customer.tokens}
            known = shown(progress, IN_PROGRESS)

            customer.write_again()
            wait_until(lambda: customer.tokens <= set(shown(progress, IN_PROGRESS).values()), 60, "it is back")
            wait_until(lambda: not customer.tokens & set(shown(done, DONE).values()), 60, "it is nowhere else")
            now = shown(progress, IN_PROGRESS)
            self.assertEqual(shown(done, DONE), stays, "other messages have other UIDs")
            self.assertEqual({uid: mark for uid, mark in now.items() if uid in known}, known)
            self.assertEqual(len(now), len(known) + len(customer.tokens), "a message is shown twice")
        self.assertEqual(rig.rows("SELECT * FROM moves"), [])
        self.assertNotIn("reappeared", rig.text_of("dovecot.log"))
        self.assertNotIn("Fixed a duplicate", rig.text_of("dovecot.log"))

    def test_a_message_that_is_flagged_and_labelled_keeps_its_flags_alone(self):
        customer = Customer()
        with rig.imap("olga") as imap:
            self.assertEqual(imap.select('"Desk/Support"')[0], "OK")
            number = imap.search(None, "HEADER", "X-Token", customer.mark)[1][0].decode()
            imap.store(number, "+FLAGS", r"(\Flagged $label1)")
            imap.close()
            tickets("claim", str(customer.ticket), "ivan")
            wait_until(lambda: customer.mark in shown(imap, IN_PROGRESS).values(), 60, "the ticket is claimed")
            number = imap.search(None, "HEADER", "X-Token", customer.mark)[1][0].decode()
            flags = imap.fetch(number, "(FLAGS)")[1][0].decode()
        self.assertIn(r"\Flagged", flags)
        self.assertNotIn("label", flags)


if __name__ == "__main__":
    unittest.main()
