"""Mail comes in by SMTP and is read by IMAP: headers, folders, bytes, tickets."""

import base64
import email
import email.policy
import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from rig import Rig, message, token  # noqa: E402

rig = None


def setUpModule():
    global rig
    rig = Rig()


def tearDownModule():
    if rig:
        rig.close()


def mutf7(name):
    """Modified UTF-7 of IMAP folder names (RFC 3501, 5.1.3), for names without '&'."""
    out, shifted = "", ""
    for char in name + "\0":
        if not char.isascii():
            shifted += char
            continue
        if shifted:
            coded = base64.b64encode(shifted.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            out, shifted = f"{out}&{coded}-", ""
        out += char
    return out[:-1]


def after_our_lines(stored, first_original):
    """The stored bytes from the first line that the customer's side wrote."""
    return stored.data[stored.data.index(first_original):]


class MailIn(unittest.TestCase):
    def arrive(self, mark, data, to=("support@desk.test",), sender=None):
        rig.send(data, list(to), sender)
        return rig.arrived(mark)

    def test_a_message_is_read_by_imap_in_the_folder_of_its_queue(self):
        mark = token()
        self.arrive(mark, message(mark))
        for login in ("ivan", "olga"):
            with rig.imap(login) as imap:
                self.assertEqual(imap.select('"Desk/Support"')[0], "OK")
                _, found = imap.search(None, "HEADER", "X-Token", mark)
                numbers = found[0].split()
                self.assertEqual(len(numbers), 1)
                _, parts = imap.fetch(numbers[0], "(BODY.PEEK[])")
        text = email.message_from_bytes(parts[0][1], policy=email.policy.default)
        self.assertIn("please help", text.get_content())
        self.assertEqual(text["X-Postroom-Queue"], "support")

    def test_the_stored_headers_are_those_that_were_promised(self):
        mark = token()
        stored = self.arrive(mark, message(mark, "Почему не прошла оплата?\n", to="sales@desk.test"),
                             ["sales@desk.test"])
        ticket = rig.ticket_of(mark)
        self.assertTrue(stored.headers["X-Postroom-Ticket"].startswith(str(ticket["number"])))
        self.assertEqual(stored.headers["X-Postroom-Queue"], "billing")
        self.assertEqual(stored.headers["X-Postroom-Channel"], "sales@desk.test")
        self.assertEqual(stored.headers["X-Postroom-Priority"], "high")
        self.assertEqual(stored.headers["X-Postroom-Tags"], "payment")
        self.assertIn("payment failures", stored.headers["X-Postroom-Rules"])
        self.assertEqual(stored.headers["Importance"].lower(), "high")
        self.assertEqual((ticket["queue"], ticket["priority"]), ("billing", "high"))

    def test_low_priority_shows_in_every_mail_client(self):
        mark = token()
        stored = self.arrive(mark, message(mark, Subject=f"Thank you {mark}"))
        self.assertEqual(stored.headers["Importance"].lower(), "low")
        self.assertEqual(rig.ticket_of(mark)["priority"], "low")

    def test_cyrillic_folders_are_seen_by_imap_and_messages_can_be_moved_there(self):
        mark = token()
        owner = pathlib.Path(self.arrive(mark, message(mark), ["billing@desk.test"]).folder)
        self.assertEqual(owner.parts[0], "Счета")
        with rig.imap() as imap:
            listed = b"\n".join(imap.list('""', "*")[1]).decode()
            name = mutf7(f"Desk/{owner}")
            for folder in (name, f"{name}/In progress", f"{name}/Done"):
                self.assertIn(folder, listed)
            self.assertEqual(imap.select(f'"{name}"')[0], "OK")
            number = imap.search(None, "HEADER", "X-Token", mark)[1][0].decode()
            self.assertEqual(imap.copy(number, f'"{name}/In progress"')[0], "OK")
            imap.store(number, "+FLAGS", r"(\Deleted)")
            imap.expunge()
        self.assertEqual([m.folder for m in rig.with_token(mark)], [f"{owner}/In progress"])

    def test_the_customers_bytes_are_stored_as_they_came(self):
        mark = token()
        body = "Строка\n.\n..two dots\n trailing spaces  \n\ttab\n" + "x" * 900 + "\n\n\nend\n"
        data = message(mark, body)
        stored = self.arrive(mark, data)
        self.assertEqual(after_our_lines(stored, b"From: Anna"), data.replace(b"\r\n", b"\n"))
        self.assertEqual(stored.path.stat().st_mode & 0o777, 0o600)
        self.assertIn(f",S={len(stored.data)}", stored.path.name)
        crlf = len(stored.data) + stored.data.count(b"\n")
        self.assertIn(f",W={crlf}", stored.path.name)

    def test_a_message_of_six_megabytes_arrives_whole(self):
        mark = token()
        data = message(mark, "0123456789abcdef\n" * 380000)
        stored = self.arrive(mark, data)
        self.assertEqual(after_our_lines(stored, b"From: Anna"), data.replace(b"\r\n", b"\n"))

    def test_receipt_requests_are_removed_and_nothing_else(self):
        mark = token()
        data = message(mark, Disposition_Notification_To="anna@customer.test",
                       Return_Receipt_To="Anna\n <anna@customer.test>", X_Other="stays")
        stored = self.arrive(mark, data)
        self.assertNotIn("Disposition-Notification-To", stored.headers)
        self.assertNotIn("Return-Receipt-To", stored.headers)
        self.assertEqual(stored.headers["X-Other"], "stays")

    def test_forged_headers_of_ours_are_removed(self):
        mark = token()
        stored = self.arrive(mark, message(
            mark, X_Postroom_Queue="billing", x_postroom_ticket="1; message=1; mac=0000", X_Postroom_Seal="v1 x",
            X_Postroom_Spam="yes"))
        self.assertEqual(stored.headers.get_all("X-Postroom-Queue"), ["support"])
        self.assertEqual(len(stored.headers.get_all("X-Postroom-Ticket")), 1)
        self.assertIsNone(stored.headers["X-Postroom-Spam"])
        self.assertEqual(rig.ticket_of(mark)["queue"], "support")

    def test_spam_goes_to_junk_without_ticket_and_acknowledgement(self):
        mark = token()
        stored = self.arrive(mark, message(mark, X_Spam_Flag="YES"), sender="spammer@customer.test")
        self.assertEqual(stored.folder, "Support/Junk")
        self.assertEqual(rig.rows("SELECT * FROM tickets WHERE subject LIKE ?", f"%{mark}%"), [])
        self.assertEqual(rig.acknowledgements("spammer@customer.test"), [])

    def test_round_robin_gives_tickets_to_the_operators_in_turn(self):
        folders = []
        for _ in range(4):
            mark = token()
            stored = self.arrive(mark, message(mark), ["billing@desk.test"])
            folders.append(stored.folder)
            self.assertEqual(rig.ticket_of(mark)["owner"], {"Счета/Иван": "ivan", "Счета/Ольга": "olga"}[stored.folder])
        self.assertEqual(sorted(folders[:2]), ["Счета/Иван", "Счета/Ольга"])
        self.assertEqual(folders[:2], folders[2:])

    def test_two_desk_recipients_make_one_ticket_in_one_place(self):
        mark = token()
        stored = self.arrive(mark, message(mark, to="sales@desk.test, support@desk.test"),
                             ["sales@desk.test", "support@desk.test", "help@desk.test"])
        self.assertEqual(stored.folder, "Support")
        self.assertEqual(rig.ticket_of(mark)["channel"], "support@desk.test")

    def test_an_extension_of_a_channel_is_that_channel(self):
        mark = token()
        self.assertEqual(self.arrive(mark, message(mark), ["sales+autumn@desk.test"]).folder, "Sales")

    def test_mail_for_an_operators_own_mailbox_is_not_touched(self):
        mark = token()
        rig.send(message(mark, X_Postroom_Queue="mine"), ["ivan@desk.test"])
        rig.wait_for_empty_queue()
        with rig.imap() as imap:
            imap.select("INBOX")
            number = imap.search(None, "HEADER", "X-Token", mark)[1][0].decode()
            _, parts = imap.fetch(number, "(BODY.PEEK[])")
        headers = email.message_from_bytes(parts[0][1])
        self.assertEqual(headers["X-Postroom-Queue"], "mine")
        self.assertEqual(rig.with_token(mark), [])

    def test_the_database_agrees_with_itself(self):
        done = subprocess.run([rig.program("postroom-tickets"), "-c", str(rig.config), "--json", "verify"],
                              capture_output=True, text=True, check=False)
        problems = [json.loads(line) for line in done.stdout.splitlines()]
        # One test moves a message as operators do.
        self.assertEqual([each for each in problems if each["kind"] != "other-folder"], [], done.stderr)


if __name__ == "__main__":
    unittest.main()
