"""kill -9 at random moments under a stream of mail, and replies that never reach Postfix.

The seed is printed; POSTROOM_SEED repeats a run, as far as a storm can be repeated.
"""

import collections
import os
import pathlib
import random
import signal
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from reply_thief import ReplyThief  # noqa: E402
from rig import Rig, message, token, unique_sender  # noqa: E402

MESSAGES = int(os.environ.get("POSTROOM_STORM", "600"))
KILLS = MESSAGES // 20
SENDERS = 6
SEED = int(os.environ.get("POSTROOM_SEED", str(int(time.time()))))


class Stream(threading.Thread):
    """Sends messages one after the other until enough are sent and the storm is over; remembers those that
    Postfix accepted."""

    def __init__(self, rig, count, seed, over):
        super().__init__()
        self.rig, self.count, self.over = rig, count, over
        self.random = random.Random(seed)
        self.accepted = {}  # token -> sender

    def run(self):
        sent = 0
        while sent < self.count or not self.over.is_set():
            sent += 1
            mark, sender = token(), unique_sender()
            body = "Good day, where is my parcel?\n" * self.random.choice((1, 30, 1500))
            to = self.random.sample(["support@desk.test", "billing@desk.test", "sales@desk.test"],
                                    self.random.choice((1, 1, 2)))
            try:
                self.rig.send(message(mark, body, sender=sender), to, sender)
                self.accepted[mark] = sender
            except OSError:
                pass  # not accepted: the sender would try again


class Desk(unittest.TestCase):
    def stream(self, rig, count, over):
        streams = [Stream(rig, count // SENDERS, SEED + n, over) for n in range(SENDERS)]
        for stream in streams:
            stream.start()
        return streams

    def accepted(self, streams):
        together = {}
        for stream in streams:
            stream.join()
            together.update(stream.accepted)
        return together

    def assert_all_once(self, rig, accepted):
        """Every accepted message in one folder, with one ticket, and acknowledged at most once."""
        rig.flush()
        rig.wait_for_empty_queue(240)
        stored = collections.Counter(m.token for m in rig.stored())
        self.assertEqual({m: stored[m] for m in accepted if stored[m] != 1}, {})
        self.assertEqual(set(stored) - set(accepted), set(), "stored, though not accepted")
        subjects = collections.Counter(r["subject"].split()[-1] for r in rig.rows("SELECT subject FROM tickets"))
        self.assertEqual({m: subjects[m] for m in accepted if subjects[m] != 1}, {})
        numbers = collections.Counter(m.headers["X-Postroom-Ticket"] for m in rig.stored())
        self.assertEqual([n for n, times in numbers.items() if times > 1], [])
        self.assertEqual(rig.rows("SELECT number FROM messages WHERE published = 0 AND kind = 'inbound'"), [])
        rig.wait_for_outbox(120)
        rig.wait_for_empty_queue(120)
        times = collections.Counter(r for m in rig.peer.mails() for r in m.recipients)
        self.assertEqual({s: n for s, n in times.items() if n > 1}, {}, "acknowledged twice")
        self.assertNotIn("status=bounced", rig.text_of("maillog"))
        self.assertEqual(rig.reports(), "")

    def test_no_message_is_lost_or_doubled_when_the_daemons_are_killed(self):
        print(f"seed {SEED}", flush=True)
        rig = Rig()
        self.addCleanup(rig.close)
        dice = random.Random(SEED)
        over = threading.Event()
        streams = self.stream(rig, MESSAGES, over)
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.02, 0.6))  # the moment of death, not a wait for anything
            name = dice.choice(("postroom-lmtp", "postroom-lmtp", "postroom-milter"))
            rig.stop_postroom(name, signal.SIGKILL)
            rig.start_postroom(name)
        over.set()
        accepted = self.accepted(streams)
        print(f"{KILLS} kills, {len(accepted)} messages accepted", flush=True)
        self.assertGreaterEqual(len(accepted), 500 if MESSAGES >= 600 else 1)
        self.assert_all_once(rig, accepted)

    def test_replies_that_never_reach_postfix_make_no_second_copy(self):
        rig = Rig(start=False)
        self.addCleanup(rig.close)
        rig.lmtp_socket = rig.root / "run/thief"
        rig.write_postfix({}, ["support@desk.test", "billing@desk.test", "sales@desk.test"], ())
        rig.start()
        thief = ReplyThief(rig.lmtp_socket, rig.root / "run/lmtp", one_in=3, seed=SEED)
        self.addCleanup(thief.close)
        over = threading.Event()
        over.set()
        accepted = self.accepted(self.stream(rig, 60, over))
        thief.stop_stealing_after(40)
        self.assert_all_once(rig, accepted)
        self.assertGreater(thief.stolen, 5)


if __name__ == "__main__":
    unittest.main()
