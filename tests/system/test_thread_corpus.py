"""Threads that others' own tests expect (../shared/corpus beside the source tree), as mail to this desk: the people and
texts are theirs, every address is rewritten, so that it belongs to somebody of customer.test who takes part.

What a mailbox shows as a thread by equal subjects alone (ORDEREDSUBJECT) is several requests to a help desk: those
files must come out as several tickets."""

import email
import email.policy
import email.utils
import json
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from conversation import Conversation, command, links_of, ticket_of_mark  # noqa: E402
from private_mail import wait_until  # noqa: E402
from rig import Rig, SOURCE, token  # noqa: E402

CORPUS = SOURCE.parent / "shared/corpus"
SUPPORT = "support@desk.test"
THREADING = ("Message-ID", "In-Reply-To", "References")

# Where a help desk wants something else than a mailbox shows:
OTHERWISE = {
    "thread/": [["1", "2", "3"]],  # the second names the first; IMAP breaks the circle of the other two there
    "thread3/": [["1"], ["2"]],    # one Message-ID on two different texts: two mails
}

rig = None


def desk(text):
    """sales reopens for a second only: what other systems call "closed for follow-ups"."""
    old = "  sales: {mailbox: Sales, group: firstline}"
    assert old in text
    return text.replace(old, old[:-1] + ", acknowledgement: on, reopen_within: 1s}")


def setUpModule():
    global rig
    if not CORPUS.is_dir():
        raise unittest.SkipTest("../shared/corpus is not here")
    rig = Rig(change=desk)


def tearDownModule():
    if rig:
        rig.close()


def read(path):
    data = re.sub(rb"\AFrom [^\n]*\n", b"", path.read_bytes())
    return email.message_from_bytes(data, policy=email.policy.compat32)


def flat(value):
    return " ".join(str(value or "").split())


def person(mail):
    """Who wrote it, at home in our customer.test."""
    address = email.utils.parseaddr(flat(mail["From"]))[1] or "nobody"
    return re.sub(r"[^a-z0-9]+", ".", address.lower()).strip(".") + "@customer.test"


def text_of(mail):
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            return (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
    return ""


class Rewritten:
    """A message of the corpus as mail to the desk: threading headers and subject stay, people are ours."""

    def __init__(self, path, family=""):
        self.path, self.mail, self.mark = path, read(path), token()
        self.sender = person(self.mail)
        self.family = family  # makes ids of one test different from those of another

    def header_lines(self, everybody):
        yield f"From: <{self.sender}>\nTo: {SUPPORT}\n"
        yield f"Cc: {', '.join(sorted(everybody - {self.sender}))}\n" if len(everybody) > 1 else ""
        yield f"Subject: {flat(self.mail['Subject'])}\n"
        yield f"Date: {flat(self.mail['Date'])}\n" if self.mail["Date"] else ""
        for name in THREADING:
            if self.mail[name]:
                yield f"{name}: {flat(self.mail[name]).replace('@', f'.{self.family}@')}\n"
        yield f"X-Token: {self.mark}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"

    def send(self, everybody=frozenset()):
        head = "".join(self.header_lines(set(everybody) | {self.sender}))
        # A text of its own: the corpus' shortest ones are empty, and two such would be one mail sent twice.
        body = f"{text_of(self.mail)}\n\nFile {self.path.parent.name}/{self.path.stem}, read again.\n"
        data = (head + "Content-Transfer-Encoding: 8bit\n\n" + body).encode("utf-8", "replace")
        rig.send(re.sub(rb"\r*\n", b"\r\n", data), [SUPPORT], self.sender)
        rig.wait_for_empty_queue()
        return self


def groups(mails):
    """Sets of file names, one set for each ticket."""
    tickets = {}
    for mail in mails:
        tickets.setdefault(ticket_of_mark(rig, mail.mark), set()).add(mail.path.stem)
    return sorted(map(sorted, tickets.values()))


class Others(unittest.TestCase):
    def expectations(self, folder):
        path = CORPUS / folder / "expect.jsonl"
        if not path.exists():
            self.skipTest(f"{path} is not here")
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def send_all(self, paths, family):
        mails = [Rewritten(path, family) for path in paths]
        everybody = {mail.sender for mail in mails}
        return [mail.send(everybody) for mail in mails]

    def test_imap_threads_by_references_are_tickets(self):
        for row in self.expectations("imaptest-threads"):
            with self.subTest(row["file"]):
                paths = [CORPUS / "imaptest-threads" / name for name in row["files"]]
                marks = self.send_all(paths, "imap" + row["file"].strip("/"))
                threads = top_groups(row["expect"]["imap_thread"])
                if row["expect"]["algorithm"] == "orderedsubject":
                    threads = [[path.stem] for path in paths]
                threads = OTHERWISE.get(row["file"], threads)
                self.assertEqual(groups(marks), sorted(map(sorted, threads)))

    def test_a_mailing_lists_threads_are_tickets(self):
        row = next(r for r in self.expectations("notmuch-threads") if r["file"] == "default/")
        paths = sorted((CORPUS / "notmuch-threads/default").glob("*.eml"))
        first_of = {}
        for path in paths:  # a mail that is there twice is one
            first_of.setdefault(flat(read(path)["Message-ID"]), path)
        mails = self.send_all(sorted(first_of.values()), "list")
        sizes = {}
        for group in groups(mails):
            sizes[len(group)] = sizes.get(len(group), 0) + 1
        wanted = {}
        for thread in row["expect"]["whole_folder_threads"]:
            wanted[thread["messages"]] = wanted.get(thread["messages"], 0) + 1
        self.assertEqual(sizes, wanted)

    def test_the_same_threads_come_out_when_the_mail_comes_in_reverse(self):
        paths = sorted((CORPUS / "notmuch-threads/parent-priority").glob("*.eml"))
        self.assertEqual(len(groups(self.send_all(paths[::-1], "reverse"))), 1)

    def test_replies_of_real_customers_find_what_they_answer(self):
        """Each mail of two help desks' tests that answers something, after a mail of its sender with that id."""
        found = 0
        for path in sorted([*(CORPUS / "zammad").glob("*.eml"), *(CORPUS / "chatwoot").glob("*.eml")]):
            answered = re.findall(r"<[^<>\s]+@[^<>\s]+>", flat(read(path)["In-Reply-To"]))
            if not answered or "mailer-daemon" in flat(read(path)["From"]).lower():
                continue
            with self.subTest(path.name):
                found += 1
                reply = Rewritten(path, "desk")
                talk = Conversation(rig, sender=reply.sender, Message_ID=answered[-1].replace("@", ".desk@"))
                rig.arrived(talk.mark)
                reply.send()
                self.assertEqual(ticket_of_mark(rig, reply.mark), rig.ticket_of(talk.mark)["number"])
        self.assertGreater(found, 3)

    def test_follow_ups_by_number_depend_on_the_state_as_elsewhere(self):
        path = CORPUS / "otobo-followup/cases.jsonl"
        if not path.exists():
            self.skipTest(f"{path} is not here")
        for case in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            with self.subTest(case["id"]):
                self.follow_up(case)

    def follow_up(self, case):
        """We never reject: where they do, ours is a new ticket, linked."""
        forever = case["queue_follow_up_option"] == "possible"
        talk = Conversation(rig, to=SUPPORT if forever else "sales@desk.test").ready()
        target = self.bring_into_state(talk, case["ticket_state"])
        subject = re.search(r"^Subject: (.*)$", case["input"], re.MULTILINE)[1]
        body = case["input"].partition("\n\n")[2]
        mark = talk.answer("thunderbird", body, to=talk.channel, In_Reply_To=None, References=None,
                           Subject=subject.replace("Ticket#{TICKETNUMBER}", f"[#{talk.ticket}]"))
        ticket = ticket_of_mark(rig, mark)
        if case["expect"]["result"] == "follow-up (open/reopen)":
            self.assertEqual(ticket, target)
        else:
            self.assertNotEqual(ticket, target)
            self.assertEqual(links_of(rig, ticket), {(target, "continues")})

    def bring_into_state(self, talk, state):
        """What they call so, in our words; the ticket that further mail is for."""
        commands = {"new": (), "open": ("claim", "ivan"), "pending reminder": ("wait",),
                    "closed successful": ("close",), "removed": ("close",), "merged": ("merge",)}[state]
        if commands == ("merge",):
            other = Conversation(rig, to=talk.channel).ready()
            command(rig, "merge", talk.ticket, other.ticket)
            return other.ticket
        if commands:
            command(rig, commands[0], talk.ticket, *commands[1:])
        if commands == ("close",) and talk.channel != SUPPORT:
            resolved = talk.row()["resolved"]
            wait_until(lambda: time.time() * 1000 > resolved + 1100, 10, "a second has passed")
        return talk.ticket


def top_groups(thread):
    """IMAP THREAD answer -> the numbers of each thread: "(3 2)(1)" -> [["3", "2"], ["1"]]"""
    found, depth = [], 0
    for piece in re.findall(r"[()]|\d+", thread):
        if piece == "(" and depth == 0:
            found.append([])
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece.isdigit():
            found[-1].append(piece)
    return found


if __name__ == "__main__":
    unittest.main()
