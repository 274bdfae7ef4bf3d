"""kill -9 at random moments under a stream of mail: new mail, answers, mail sent twice, while operators give commands
and read by IMAP; and replies that never reach Postfix.

The seed is printed; POSTROOM_SEED repeats a run, as far as a storm can be repeated.
"""

import collections
import contextlib
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from conversation import audit, command, numbers_of  # noqa: E402
from private_mail import MAIL_USER, wait_until  # noqa: E402
from reply_thief import ReplyThief  # noqa: E402
from rig import Rig, message, token, unique_sender  # noqa: E402

MESSAGES = int(os.environ.get("POSTROOM_STORM", "600"))
KILLS = MESSAGES // 20
SENDERS = 6
SEED = int(os.environ.get("POSTROOM_SEED", str(int(time.time()))))
DESKS = ["support@desk.test", "billing@desk.test", "sales@desk.test"]
COMMANDS = (("assign", "ivan"), ("claim", "olga"), ("close",), ("close",), ("reopen",), ("wait",), ("merge",))


class Stream(threading.Thread):
    """Sends messages one after the other until enough are sent and the storm is over; remembers those that
    Postfix accepted. Some answer an earlier one, some are an earlier one again."""

    def __init__(self, rig, count, seed, over):
        super().__init__()
        self.rig, self.count, self.over = rig, count, over
        self.random = random.Random(seed)
        self.accepted = {}  # token -> sender
        self.answers = {}   # token -> the token it answers
        self.sent = []      # (token, sender, bytes, recipients) of what was accepted as new

    def run(self):
        sent = 0
        while sent < self.count or not self.over.is_set():
            sent += 1
            write = self.random.choice((self.new, self.new, self.new, self.answer, self.again))
            with contextlib.suppress(OSError):  # not accepted: the sender would try again
                (write if self.sent else self.new)()

    def new(self):
        mark, sender = token(), unique_sender()
        body = "Good day, where is my parcel?\n" * self.random.choice((1, 30, 1500))
        to = self.random.sample(DESKS, self.random.choice((1, 1, 2)))
        data = message(mark, body, sender=sender)
        self.rig.send(data, to, sender)
        self.accepted[mark] = sender
        self.sent.append((mark, sender, data, to))

    def answer(self):
        first, sender, _, to = self.random.choice(self.sent)
        mark = token()
        self.rig.send(message(mark, f"And one thing more, {mark}: where is the other one?\n", sender=sender,
                              Subject=f"Re: Question {first}", In_Reply_To=f"<{first}@customer.test>"), to[:1], sender)
        self.accepted[mark] = sender
        self.answers[mark] = first

    def again(self):
        _, sender, data, to = self.random.choice(self.sent)
        self.rig.send(data, self.random.sample(to, 1), sender)


class Operator(threading.Thread):
    """Gives commands to random tickets, and is now and then killed while he does so."""

    def __init__(self, rig, seed, over):
        super().__init__()
        self.rig, self.random, self.over, self.given = rig, random.Random(seed), over, 0

    def run(self):
        while not self.over.is_set():
            numbers = [r["number"] for r in self.rig.rows("SELECT number FROM tickets")]
            if len(numbers) < 2:
                time.sleep(0.05)
                continue
            verb, *arguments = self.random.choice(COMMANDS)
            one, other = self.random.sample(numbers, 2)
            self.give(verb, one, *(arguments if verb != "merge" else [other]))

    def give(self, *arguments):
        child = subprocess.Popen([self.rig.program("postroom-tickets"), "-c", str(self.rig.config), *map(str, arguments)],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 user=MAIL_USER, group=MAIL_USER, extra_groups=[])
        if self.random.random() < 0.2:
            time.sleep(self.random.uniform(0, 0.03))  # the moment of death
            child.kill()
        child.wait(60)
        self.given += child.returncode == 0


class Reader(threading.Thread):
    """Reads and marks the mail of a queue by IMAP, while files come and go below him."""

    def __init__(self, rig, over):
        super().__init__()
        self.rig, self.over, self.problem = rig, over, None

    def run(self):
        try:
            with self.rig.imap("olga") as imap:
                while not self.over.is_set():
                    imap.select('"Desk/Support"')
                    found = imap.search(None, "UNSEEN")[1][0].split()[:5]
                    if found:
                        imap.store(b",".join(found).decode(), "+FLAGS", r"(\Seen $label1)")
                    time.sleep(0.05)
        except Exception as problem:  # told in the test's own thread
            self.problem = problem


class Desk(unittest.TestCase):
    def stream(self, rig, count, over):
        streams = [Stream(rig, count // SENDERS, SEED + n, over) for n in range(SENDERS)]
        for stream in streams:
            stream.start()
        return streams

    def accepted(self, streams):
        together, self.answers = {}, {}
        for stream in streams:
            stream.join()
            together.update(stream.accepted)
            self.answers.update(stream.answers)
        return together

    def assert_all_once(self, rig, accepted):
        """Every accepted message in one folder, in one ticket, and acknowledged at most once."""
        rig.flush()
        rig.wait_for_empty_queue(240)
        everything = rig.stored()
        stored = collections.Counter(m.token for m in everything)
        self.assertEqual({m: stored[m] for m in accepted if stored[m] != 1}, {})
        self.assertEqual(set(stored) - set(accepted) - {None}, set(), "stored, though not accepted")
        self.assert_tickets(rig, accepted, everything)
        numbers = collections.Counter(m.headers["X-Postroom-Ticket"] for m in everything)
        self.assertEqual([n for n, times in numbers.items() if times > 1], [])
        self.assertEqual(rig.rows("SELECT number FROM messages WHERE published = 0 AND kind = 'inbound'"), [])
        rig.wait_for_outbox(120)
        rig.wait_for_empty_queue(120)
        times = collections.Counter(r for m in rig.peer.mails() for r in m.recipients)
        self.assertEqual({s: n for s, n in times.items() if n > 1}, {}, "acknowledged twice")
        self.assertNotIn("status=bounced", rig.text_of("maillog"))
        self.assertEqual(rig.reports(), "")

    def assert_tickets(self, rig, accepted, everything):
        """One ticket for each new mail; answers are in the ticket of what they answer."""
        subjects = collections.Counter(r["subject"].split()[-1] for r in rig.rows("SELECT subject FROM tickets"))
        new = set(accepted) - set(self.answers)
        self.assertEqual({m: subjects[m] for m in new if subjects[m] != 1}, {})
        ticket_of = {r["number"]: r["ticket"] for r in rig.rows("SELECT number, ticket FROM messages")}
        placed = {m.token: ticket_of.get(numbers_of(m)[1]) for m in everything}
        self.assertEqual([m for m, first in self.answers.items() if placed[m] != placed[first]], [])

    def test_no_message_is_lost_or_doubled_when_everything_is_killed(self):
        print(f"seed {SEED}", flush=True)
        rig = Rig()
        self.addCleanup(rig.close)
        dice = random.Random(SEED)
        over = threading.Event()
        self.addCleanup(over.set)  # else the threads outlive a failure
        operator, reader = Operator(rig, SEED, over), Reader(rig, over)
        streams = self.stream(rig, MESSAGES, over)
        operator.start()
        reader.start()
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.02, 0.6))  # the moment of death, not a wait for anything
            name = dice.choice(("postroom-lmtp", "postroom-lmtp", "postroom-milter"))
            rig.stop_postroom(name, signal.SIGKILL)
            rig.start_postroom(name)
        wait_until(lambda: operator.given > KILLS // 3, 120, "operators hardly get a command done")
        over.set()
        accepted = self.accepted(streams)
        operator.join()
        reader.join()
        print(f"{KILLS} kills, {len(accepted)} messages accepted, {len(self.answers)} of them answers, "
              f"{operator.given} commands", flush=True)
        self.assertIsNone(reader.problem)
        self.assertGreaterEqual(len(accepted), 500 if MESSAGES >= 600 else 1)
        self.assert_all_once(rig, accepted)
        wait_until(lambda: not rig.rows("SELECT 1 FROM moves"), 60, "files are not moved")
        command(rig, "verify")
        audit(rig)

    def test_replies_that_never_reach_postfix_make_no_second_copy(self):
        rig = Rig(start=False)
        self.addCleanup(rig.close)
        rig.lmtp_socket = rig.root / "run/thief"
        rig.write_postfix({}, DESKS, ())
        rig.start()
        thief = ReplyThief(rig.lmtp_socket, rig.root / "run/lmtp", one_in=3, seed=SEED)
        self.addCleanup(thief.close)
        over = threading.Event()
        over.set()
        accepted = self.accepted(self.stream(rig, 60, over))
        thief.stop_stealing_after(40)
        self.assert_all_once(rig, accepted)
        self.assertGreater(thief.stolen, 5)
        command(rig, "verify")


if __name__ == "__main__":
    unittest.main()
