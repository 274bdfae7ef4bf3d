"""postroom-milter, the real binary, beside a small Postfix that speaks the milter protocol.

POSTROOM_BIN=build/release/bin /usr/bin/python3 tests/system/test_milter.py
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from milter_client import (ALL_ACTIONS, ALL_STEPS, CHUNK, Connection, NOCONNECT, NOHELO, NOUNKNOWN, NR_EOH, NR_HDR,
                           NR_MAIL, NR_RCPT, ProtocolError, Result, SKIP)

PROGRAM = os.path.join(os.environ.get("POSTROOM_BIN", "build/release/bin"), "postroom-milter")
PATIENCE = 60  # seconds; sanitizers are slow

CONFIG = """
host: mx.desk.test
log: {dir}/log
paths: {{mailboxes: {dir}/mail, database: {dir}/db, secret: {dir}/secret, run: {dir}/run, texts: {dir}/texts}}
sockets: {{milter: "{socket}", lmtp: "unix:{dir}/lmtp", mode: "0660"}}
limits: {{read: 256K, header_bytes: 16K, headers: 100, stop: 20s}}
channels:
  - {{address: support@desk.test, queue: support}}
  - {{address: sales@desk.test, queue: sales}}
queues:
  support: {{group: all}}
  sales: {{group: all}}
operators:
  - {{login: ivan, name: Ivan, groups: [all]}}
rules:
  - name: payment failures
    when: {{subject: [payment, оплата]}}
    then: {{priority: high, tags: [{tag}]}}
"""
HELLO = [("From", "Ann <ann@example.net>"), ("To", "support@desk.test"), ("Subject", "payment failed"),
         ("Date", "Sun, 22 Nov 2026 18:00:00 +0000"), ("Message-ID", "<1@example.net>")]


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {PATIENCE} s for {what}")
        time.sleep(0.01)


class Milter:
    """A postroom-milter of its own in a directory of its own."""

    def __init__(self, inet=False):
        self.dir = tempfile.mkdtemp(prefix="postroom-milter-")
        self.socket = f"inet:{free_port()}@127.0.0.1" if inet else f"unix:{self.dir}/milter"
        self.config = os.path.join(self.dir, "postroom.yaml")
        self.process = None
        self.configure()

    def configure(self, content=CONFIG, tag="payment"):
        pathlib.Path(self.config).write_text(content.format(dir=self.dir, socket=self.socket, tag=tag))

    def start(self):
        ready = self.count("ready: ")
        with open(os.path.join(self.dir, "stderr"), "ab") as errors:
            self.process = subprocess.Popen([PROGRAM, "-c", self.config], stdout=errors, stderr=errors)
        wait_for(lambda: self.count("ready: ") > ready or self.process.poll() is not None, "ready")
        if self.process.poll() is not None:
            raise AssertionError(f"ended with {self.process.returncode}: {self.errors()}")
        return self

    def run_and_fail(self):
        done = subprocess.run([PROGRAM, "-c", self.config], capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode, done.stderr

    def log(self):
        path = pathlib.Path(self.dir, "log")
        return path.read_text() if path.exists() else ""

    def errors(self):
        return pathlib.Path(self.dir, "stderr").read_text(errors="replace")

    def count(self, words):
        return self.log().count(words)

    def connect(self, **offers):
        return Connection(self.socket, timeout=PATIENCE, **offers)

    def kill(self, number):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill(signal.SIGKILL)
        shutil.rmtree(self.dir, ignore_errors=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def names(headers):
    return [name.lower() for name, _ in headers]


def value_of(headers, wanted):
    return next(value for name, value in headers if name.lower() == wanted.lower())


class MilterTest(unittest.TestCase):
    def setUp(self):
        self.milter = Milter()
        self.addCleanup(self.milter.end)

    def wait_log(self, words, times=1):
        wait_for(lambda: self.milter.count(words) >= times, f"'{words}' in the log:\n{self.milter.log()}")

    def assert_serves(self):
        with self.milter.connect() as mta:
            result = mta.message("<ann@example.net>", ["<support@desk.test>"], HELLO, b"Help\r\n")
        self.assertEqual((result.verdict, result.stage), ("continue", "eom"))
        self.assertIn("x-postroom-seal", names(result.headers(HELLO)))


class Messages(MilterTest):
    def setUp(self):
        super().setUp()
        self.milter.start()

    def test_only_the_steps_in_use_are_negotiated(self):
        with self.milter.connect() as mta:
            self.assertEqual(mta.steps, NOCONNECT | NOHELO | NOUNKNOWN | NR_MAIL | NR_RCPT | NR_HDR | NR_EOH | SKIP)
            self.assertEqual(mta.actions, 0x11)
            self.assertEqual(set(map(tuple, mta.macros.values())), {("i",)})

    def test_mail_for_the_desk_gets_its_tags_on_top(self):
        with self.milter.connect() as mta:
            result = mta.message("<ann@example.net>", ["<Support+7@Desk.test>"], HELLO, b"Help\r\n", "4ABCDE")
        self.assertEqual((result.verdict, result.stage), ("continue", "eom"))
        after = result.headers(HELLO)
        self.assertEqual(after[-len(HELLO):], HELLO)
        self.assertEqual(value_of(after, "X-Postroom-Queue"), "support")
        self.assertEqual(value_of(after, "X-Postroom-Channel"), "support@desk.test")
        self.assertEqual(value_of(after, "X-Postroom-Priority"), "high")
        self.assertEqual(value_of(after, "X-Postroom-Tags"), "payment")
        for _, value in after:
            self.assertNotRegex(value, r"\n[^ \t]|\r|\0")
        self.wait_log("4ABCDE: channel=support@desk.test queue=support priority=high tags=payment automatic=none")
        self.assertRegex(self.milter.log(), r'rules="payment failures" status=tagged micros=\d+')
        self.assertNotIn("payment failed", self.milter.log())

    def test_mail_for_others_is_accepted_at_DATA_and_not_logged(self):
        before = self.milter.log()
        with self.milter.connect() as mta:
            for _ in range(3):
                result = mta.message("<ann@example.net>", ["<bob@desk.test>", "<support@other.test>"], HELLO)
                self.assertEqual((result.verdict, result.stage, result.edits), ("accept", "data", []))
        self.assert_serves()
        self.assertEqual(self.milter.log()[len(before):].count("\n"), 1)

    def test_forged_tags_are_removed_wherever_they_stand(self):
        forged = [("X-Postroom-Queue", "sales"), *HELLO[:2], ("x-POSTROOM-queue", "boss"), *HELLO[2:],
                  ("X-Postroom-Seal", "AAAA"), ("X-POSTROOM-QUEUE", "x"), ("X-Postroom-Ticket", "1; m=2")]
        with self.milter.connect() as mta:
            after = mta.message("<ann@example.net>", ["<support@desk.test>"], forged, b"Help\r\n").headers(forged)
        self.assertEqual(after[-len(HELLO):], HELLO)
        self.assertEqual(names(after).count("x-postroom-queue"), 1)
        self.assertEqual(value_of(after, "X-Postroom-Queue"), "support")
        self.assertNotIn("x-postroom-ticket", names(after))

    def test_requests_of_receipts_are_removed(self):
        asking = [*HELLO, ("Disposition-Notification-To", "ann@example.net"),
                  ("return-receipt-to", "ann@example.net"), ("X-Confirm-Reading-To", "ann@example.net")]
        with self.milter.connect() as mta:
            after = mta.message("<ann@example.net>", ["<support@desk.test>"], asking, b"Help\r\n").headers(asking)
            others = mta.message("<ann@example.net>", ["<bob@desk.test>"], asking, b"Help\r\n")
        self.assertEqual(after[-len(HELLO):], HELLO)
        self.assertEqual(others.edits, [])

    def test_headers_beyond_the_limit_are_removed_as_well(self):
        long = [*HELLO, *[("X-Filler", str(i)) for i in range(200)], ("X-Postroom-Queue", "sales")]
        with self.milter.connect() as mta:
            after = mta.message("<ann@example.net>", ["<support@desk.test>"], long, b"Help\r\n").headers(long)
        self.assertEqual(value_of(after, "X-Postroom-Queue"), "support")
        self.assertEqual(names(after).count("x-postroom-queue"), 1)

    def test_endless_forgery_is_deferred_and_the_next_message_served(self):
        forged = [*HELLO, *[("X-Postroom-Queue", "sales")] * 101]
        with self.milter.connect() as mta:
            result = mta.message("<ann@example.net>", ["<support@desk.test>"], forged, b"Help\r\n", "4BAD")
            self.assertEqual((result.verdict, result.edits), ("tempfail", []))
            mta.abort()
            result = mta.message("<ann@example.net>", ["<support@desk.test>"], HELLO, b"Help\r\n")
            self.assertEqual((result.verdict, result.stage), ("continue", "eom"))
        self.wait_log("4BAD: status=deferred error=")
        self.assertEqual(self.milter.count("status=deferred"), 1)

    def test_the_rest_of_a_big_body_is_not_asked_for(self):
        body = b"word " * 800_000
        with self.milter.connect() as mta:
            result = mta.message("<ann@example.net>", ["<support@desk.test>"], HELLO, body)
        self.assertEqual(result.verdict, "continue")
        self.assertTrue(result.skipped)
        self.assertLessEqual(result.body_sent, 256 * 1024 + CHUNK)

    def test_messages_of_one_connection_do_not_know_each_other(self):
        plain = [HELLO[0], ("Subject", "a question"), *HELLO[3:]]
        with self.milter.connect() as mta:
            first = mta.message("<ann@example.net>", ["<support@desk.test>"], HELLO, b"Help\r\n")
            second = mta.message("<>", ["<sales@desk.test>"], plain, b"Help\r\n")
            others = mta.message("<ann@example.net>", ["<bob@desk.test>"], HELLO, b"Help\r\n")
        self.assertEqual(value_of(first.headers(HELLO), "X-Postroom-Priority"), "high")
        self.assertEqual(value_of(second.headers(plain), "X-Postroom-Queue"), "sales")
        self.assertEqual(value_of(second.headers(plain), "X-Postroom-Priority"), "normal")
        self.assertEqual((others.verdict, others.stage), ("accept", "data"))

    def test_an_aborted_message_leaves_nothing_behind(self):
        with self.milter.connect() as mta:
            mta.envelope("<ann@example.net>", ["<support@desk.test>"])
            mta.abort()
            result = mta.message("<ann@example.net>", ["<bob@desk.test>"], HELLO)
            self.assertEqual((result.verdict, result.stage), ("accept", "data"))
            mta.envelope("<ann@example.net>", ["<support@desk.test>"])
            mta.step("data")
            mta.step("header", b"X-Postroom-Queue\0boss\0")
            mta.abort()
            result = mta.message("<ann@example.net>", ["<sales@desk.test>"], HELLO, b"Help\r\n")
        self.assertEqual([edit for edit in result.edits if edit[0] == "change"], [])
        self.assertEqual(value_of(result.headers(HELLO), "X-Postroom-Queue"), "sales")

    def test_Cyrillic_and_broken_bytes_pass(self):
        russian = [("From", "Анна <anna@пример.рф>"), ("Subject", "=?koi8-r?B?z9DMwdTB?="), ("X-Bad", b"\xff\xfe(")]
        with self.milter.connect() as mta:
            result = mta.message("<анна@пример.рф>", ["<support@desk.test>"], russian, b"\xff\x00\xd0\r\n")
        self.assertEqual(result.verdict, "continue")
        self.assertEqual(value_of(result.headers(russian), "X-Postroom-Priority"), "high")

    def test_a_message_without_header_or_body_passes(self):
        for headers, body in (([], b""), (HELLO, b""), ([], b"Help\r\n")):
            with self.milter.connect() as mta:
                result = mta.message("<>", ["support@desk.test"], headers, body)
            self.assertEqual(result.verdict, "continue")
            self.assertEqual(value_of(result.headers(headers), "X-Postroom-Queue"), "support")


class Peers(MilterTest):
    def test_an_MTA_without_silent_steps_gets_its_replies(self):
        self.milter.start()
        with self.milter.connect(steps=SKIP | NOCONNECT | NOHELO) as mta:
            self.assertEqual(mta.steps & (NR_MAIL | NR_RCPT | NR_HDR), 0)
            result = mta.message("<ann@example.net>", ["<support@desk.test>"], HELLO, b"Help\r\n")
        self.assertEqual((result.verdict, result.stage), ("continue", "eom"))

    def test_an_MTA_that_offers_too_little_is_told_in_the_log(self):
        self.milter.start()
        for offers in ({"actions": 0x01}, {"steps": ALL_STEPS & ~SKIP}):
            with self.assertRaises((ProtocolError, OSError)):
                self.milter.connect(**offers)
        self.wait_log("milter_protocol", 2)
        self.assert_serves()

    def test_garbage_on_the_socket_harms_nobody(self):
        self.milter.start()
        negotiation = struct.pack("!I", 13) + b"O" + struct.pack("!III", 6, ALL_ACTIONS, ALL_STEPS)
        for garbage in (b"", b"\0", b"GET / HTTP/1.0\r\n\r\n", b"\xff" * 5000, struct.pack("!I", 0),
                        struct.pack("!I", 1) + b"E", struct.pack("!I", 1) + b"M", negotiation,
                        negotiation + b"\0\0\0\1M", negotiation + b"\0\0\0\2Mx", negotiation + b"\0\0\0\1E",
                        negotiation + b"\0\0\0\3L\0\0", negotiation + os.urandom(4000)):
            with socket.socket(socket.AF_UNIX) as raw:
                raw.connect(self.milter.socket[5:])
                raw.sendall(garbage)
        self.assert_serves()
        self.assertIsNone(self.milter.process.poll())

    def test_clients_that_leave_at_any_step_harm_nobody(self):
        self.milter.start()
        for stage in range(4):
            mta = self.milter.connect()
            if stage > 0:
                mta.envelope("<ann@example.net>", ["<support@desk.test>"])
            if stage > 1:
                mta.step("data")
                mta.step("header", b"Subject\0Hi\0")
            if stage > 2:
                mta.step("eoh")
                mta.step("body", b"Help\r\n")
            mta.socket.close()
        self.assert_serves()

    def test_fifty_connections_at_once(self):
        self.milter.start()
        together = threading.Barrier(50)
        verdicts = []

        def session(number):
            with self.milter.connect() as mta:
                together.wait(PATIENCE)
                for message in range(4):
                    result = mta.message("<ann@example.net>", ["<sales@desk.test>"], HELLO, b"Help\r\n" * 2000,
                                         f"4Q{number}M{message}")
                    verdicts.append((result.verdict, value_of(result.headers(HELLO), "X-Postroom-Queue")))

        threads = [threading.Thread(target=session, args=(number,)) for number in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual(verdicts, [("continue", "sales")] * 200)
        self.assertEqual(self.milter.count("status=tagged"), 200)


class Life(MilterTest):
    def test_the_socket_has_the_configured_mode(self):
        self.milter.start()
        self.assertEqual(stat.S_IMODE(os.stat(self.milter.socket[5:]).st_mode), 0o660)

    def test_it_listens_on_a_loopback_port(self):
        self.milter.end()
        self.milter = Milter(inet=True)
        self.addCleanup(self.milter.end)
        self.milter.start()
        self.assert_serves()

    def test_a_reload_changes_the_rules(self):
        self.milter.start()
        self.milter.configure(tag="urgent")
        self.milter.process.send_signal(signal.SIGUSR1)
        self.wait_log(": reloaded")
        with self.milter.connect() as mta:
            result = mta.message("<ann@example.net>", ["<support@desk.test>"], HELLO, b"Help\r\n")
        self.assertEqual(value_of(result.headers(HELLO), "X-Postroom-Tags"), "urgent")

    def test_a_message_keeps_the_rules_it_began_with(self):
        self.milter.start()
        with self.milter.connect() as mta:
            mta.envelope("<ann@example.net>", ["<support@desk.test>"])
            self.assertEqual(mta.step("data"), "continue")  # the first reply: now MAIL has been seen
            self.milter.configure(tag="urgent")
            self.milter.process.send_signal(signal.SIGUSR1)
            self.wait_log(": reloaded")
            mta.step("header", b"Subject\0payment\0")
            result = mta.finish(Result(), b"Help\r\n", "4OLD")
        self.assertEqual(value_of(result.headers([]), "X-Postroom-Tags"), "payment")

    def test_a_broken_configuration_is_refused_and_the_old_one_stays(self):
        self.milter.start()
        self.milter.configure(CONFIG.replace("queue: sales", "queue: salse").replace("group: all", "gruop: all"))
        self.milter.process.send_signal(signal.SIGUSR1)
        self.wait_log("refused, the old configuration stays")
        self.assertRegex(self.milter.log(), r"postroom\.yaml:\d+:\d+: .*salse")
        self.assert_serves()

    def test_a_broken_configuration_at_the_start_is_exit_78(self):
        self.milter.configure("channels: 7\n")
        code, errors = self.milter.run_and_fail()
        self.assertEqual(code, 78)
        self.assertRegex(errors, r"postroom\.yaml:\d+:\d+: ")

    def test_a_public_address_is_refused(self):
        self.milter.socket = "inet:8891@0.0.0.0"
        self.milter.configure()
        self.assertEqual(self.milter.run_and_fail()[0], 78)

    def test_a_socket_left_by_kill_9_is_replaced(self):
        self.milter.start()
        self.milter.kill(signal.SIGKILL)
        self.assertTrue(os.path.exists(self.milter.socket[5:]))
        self.milter.start()
        self.assert_serves()

    def test_a_second_instance_is_refused_and_the_first_goes_on(self):
        self.milter.start()
        code, errors = self.milter.run_and_fail()
        self.assertEqual(code, 75)
        self.assertIn("already running", errors)
        self.assert_serves()

    def test_a_socket_of_somebody_else_is_left_alone(self):
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(self.milter.socket[5:])
            other.listen()
            code, errors = self.milter.run_and_fail()
            self.assertEqual(code, 75)
            self.assertIn("listens", errors)
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(self.milter.socket[5:])

    def test_a_file_in_place_of_the_socket_is_left_alone(self):
        pathlib.Path(self.milter.socket[5:]).write_text("precious")
        code, errors = self.milter.run_and_fail()
        self.assertEqual(code, 75)
        self.assertIn("no socket", errors)
        self.assertEqual(pathlib.Path(self.milter.socket[5:]).read_text(), "precious")

    def test_stop_is_clean_while_a_message_is_in_progress(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            self.milter.start()
            mta = self.milter.connect()
            mta.envelope("<ann@example.net>", ["<support@desk.test>"])
            mta.step("data")
            self.assertEqual(self.milter.kill(number), 0)
            mta.socket.close()
        self.assertEqual(self.milter.count(": stopped"), 2)

    def test_decisions_in_progress_at_a_stop_are_answered_or_dropped_whole(self):
        self.milter.start()
        body = b"payment " * 30_000
        stop = threading.Event()
        broken = []

        def session():
            try:
                with self.milter.connect() as mta:
                    while not stop.is_set():
                        result = mta.message("<ann@example.net>", ["<support@desk.test>"], HELLO, body)
                        if result.verdict == "continue" and "x-postroom-seal" not in names(result.headers(HELLO)):
                            broken.append(result)
            except (ProtocolError, OSError):
                pass  # for Postfix a temporary failure

        threads = [threading.Thread(target=session) for _ in range(8)]
        for thread in threads:
            thread.start()
        self.wait_log("status=tagged", 20)
        self.milter.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.milter.process.wait(PATIENCE), 0)
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual(broken, [])

    def test_memory_is_flat(self):
        if re.search(rb"__[at]san_init", pathlib.Path(PROGRAM).read_bytes()):
            self.skipTest("a sanitizer keeps what was freed")
        self.milter.start()

        def resident():
            status = pathlib.Path(f"/proc/{self.milter.process.pid}/status").read_text()
            return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

        def many(count):
            with self.milter.connect() as mta:
                for _ in range(count):
                    mta.message("<ann@example.net>", ["<support@desk.test>"], HELLO, b"Help\r\n" * 500)
            for _ in range(count // 10):
                self.milter.connect().quit()

        many(500)
        before = resident()
        many(2000)
        self.assertLess(resident() - before, 3000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
