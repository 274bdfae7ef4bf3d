"""postroom-milter, the real binary, beside a small Postfix that speaks the milter protocol.

POSTROOM_BIN=build/release/bin /usr/bin/python3 tests/system/test_milter.py
"""

import os
import pathlib
import socket
import struct
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from milter_client import (ALL_ACTIONS, ALL_STEPS, CHUNK, NOCONNECT, NOHELO, NOUNKNOWN, NR_EOH, NR_HDR, NR_MAIL,
                           NR_RCPT, ProtocolError, SKIP)
from milter_rig import HELLO, MilterTest, PATIENCE, names, value_of


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


if __name__ == "__main__":
    unittest.main(verbosity=2)
