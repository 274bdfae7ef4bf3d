"""Several programs write the same database at once: mail comes in while two people give command after command. Nobody
is refused, and nobody waits until the others have finished."""

import concurrent.futures
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from conversation import command, numbers_of  # noqa: E402
from rig import Rig, message, token, unique_sender  # noqa: E402

EACH = 30  # what every writer has to get done while the others go on
CONNECTIONS = 4

rig = None


def setUpModule():
    global rig
    rig = Rig(milter=False)


def tearDownModule():
    if rig:
        rig.close()


class Count:
    """How much each writer has done; over once each has done enough."""

    def __init__(self, names):
        self.lock, self.done = threading.Lock(), dict.fromkeys(names, 0)
        self.over = threading.Event()

    def one_more(self, name):
        with self.lock:
            self.done[name] += 1
            if min(self.done.values()) >= EACH:
                self.over.set()


def deliver():
    mark, sender = token(), unique_sender()
    trace = f"Received: from peer.test by mx.desk.test (Postfix) with ESMTP id 4{mark}\r\n".encode()
    replies = rig.deliver(trace + message(mark, sender=sender), ["support@desk.test"], sender)
    assert replies[0].startswith("250"), replies
    return mark


class ManyWriters(unittest.TestCase):
    def write_until_over(self, count, name, write):
        try:
            while not count.over.is_set():
                write(count.done[name])
                count.one_more(name)
        finally:
            count.over.set()

    def test_mail_and_commands_are_written_side_by_side(self):
        tickets = [numbers_of(rig.with_token(deliver())[0])[0] for _ in range(2)]
        names = ["lmtp", *(f"operator of {ticket}" for ticket in tickets)]
        count = Count(names)
        jobs = [(names[0], lambda _: deliver())] * CONNECTIONS
        for name, ticket in zip(names[1:], tickets):
            jobs.append((name, lambda n, t=ticket: command(rig, "close" if n % 2 == 0 else "reopen", t)))
        with concurrent.futures.ThreadPoolExecutor(len(jobs)) as pool:
            running = [pool.submit(self.write_until_over, count, *job) for job in jobs]
            for job in running:
                job.result(timeout=120)
        print(count.done, flush=True)
        self.assertGreaterEqual(min(count.done.values()), EACH)
        for name, ticket in zip(names[1:], tickets):
            told = [what for what, _ in rig.events(ticket) if what in ("resolved", "reopened")]
            self.assertEqual(len(told), count.done[name])
        command(rig, "verify")


if __name__ == "__main__":
    unittest.main()
