"""Start, reload and end of postroom-milter, the real binary.

POSTROOM_BIN=build/release/bin /usr/bin/python3 tests/system/test_milter_life.py
"""

import os
import pathlib
import re
import signal
import socket
import stat
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from milter_client import ProtocolError, Result
from milter_rig import CONFIG, HELLO, Milter, MilterTest, PATIENCE, PROGRAM, names, value_of


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
