"""Every message that Postfix accepts for the desk is where the log says, or it is named; and the database can be
made anew from the mail."""

import contextlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from rig import Rig, message, token, wait_until  # noqa: E402

rig = None


def setUpModule():
    global rig
    rig = Rig()


def tearDownModule():
    if rig:
        rig.close()


def tickets(*arguments):
    """Exit status and the lines of output as objects."""
    done = subprocess.run([rig.program("postroom-tickets"), "-c", str(rig.config), "--json", *map(str, arguments)],
                          capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def audit(*more):
    status, rows = tickets("audit", *more, "--postfix-config", rig.root / "postfix/etc", "--log", rig.log("maillog"))
    return status, rows[:-1], rows[-1]


class Audit(unittest.TestCase):
    def send(self, *recipients):
        mark = token()
        rig.send(message(mark), list(recipients) or ["support@desk.test"], "anna@customer.test")
        return mark

    def assert_balance(self, numbers):
        parts = ("delivered", "passed", "bounced", "removed", "queued", "missing")
        self.assertEqual(numbers["accepted"], sum(numbers[part] for part in parts))

    def test_what_came_and_is_there_balances(self):
        for mark in [self.send() for _ in range(5)] + [self.send("sales@desk.test", "help@desk.test")]:
            rig.arrived(mark)
        status, problems, numbers = audit()
        self.assertEqual((status, problems), (0, []))
        self.assertGreaterEqual(numbers["delivered"], 7)
        self.assert_balance(numbers)

    def test_a_file_that_somebody_deleted_is_named(self):
        path = rig.arrived(self.send()).path
        text = path.read_bytes()
        path.unlink()
        try:
            status, problems, numbers = audit()
            self.assertEqual(status, 1)
            self.assertEqual([row["kind"] for row in problems], ["missing-file"])
            self.assertEqual(problems[0]["recipient"], "support@desk.test")
            self.assertEqual(problems[0]["sender"], "anna@customer.test")
            self.assert_balance(numbers)
            self.assertEqual([row["kind"] for row in tickets("verify")[1]], ["missing-file"])
        finally:
            path.write_bytes(text)
        self.assertEqual(audit()[0], 0)

    def test_a_ticket_that_vanished_from_the_database_is_named(self):
        mark = self.send()
        rig.arrived(mark)
        number = rig.ticket_of(mark)["number"]
        rig.wait_for_outbox()
        with contextlib.closing(sqlite3.connect(rig.root / "var/postroom.db", timeout=30)) as db:
            db.execute("CREATE TEMP TABLE saved AS SELECT * FROM tickets WHERE number = ?", [number])
            db.execute("CREATE TEMP TABLE came AS SELECT * FROM deliveries WHERE message IN "
                       "(SELECT number FROM messages WHERE ticket = ?)", [number])
            db.execute("DELETE FROM deliveries WHERE message IN (SELECT message FROM came)")
            db.execute("DELETE FROM tickets WHERE number = ?", [number])
            db.commit()
            status, problems, _ = audit()
            db.execute("INSERT INTO tickets SELECT * FROM saved")
            db.execute("INSERT INTO deliveries SELECT * FROM came")
            db.commit()
        self.assertEqual(status, 1)
        self.assertEqual([row["kind"] for row in problems], ["not-in-database"])
        self.assertIn(f"ticket {number} ", problems[0]["problem"])
        self.assertEqual(audit()[0], 0)

    def test_what_waits_for_us_is_in_the_queue(self):
        rig.stop_postroom("postroom-lmtp")
        try:
            before = rig.text_of("maillog").count("status=deferred")
            mark = self.send()
            wait_until(lambda: rig.text_of("maillog").count("status=deferred") > before, 60, "a deferred mail")
            status, problems, numbers = audit()
            self.assertEqual((status, problems), (0, []))
            self.assertEqual(numbers["queued"], 1)
            self.assert_balance(numbers)
            empty = rig.root / "nothing-queued"
            empty.write_text("")
            status, problems, _ = audit("--queue", empty)
            self.assertEqual(status, 1)
            self.assertEqual([row["kind"] for row in problems], ["missing"])
        finally:
            rig.start_postroom("postroom-lmtp")
        rig.arrived(mark)
        self.assertEqual(audit()[2]["queued"], 0)

    def test_the_database_is_rebuilt_and_the_desk_goes_on(self):
        for _ in range(3):
            rig.arrived(self.send())
        refused = subprocess.run([rig.program("postroom-tickets"), "-c", str(rig.config), "rebuild", "--force"],
                                 capture_output=True, text=True, check=False)
        self.assertEqual(refused.returncode, 75)
        self.assertIn("postroom-lmtp and postroom-milter run: stop the daemons, rebuild,", refused.stderr)
        rows = "SELECT number, queue, status, owner, subject FROM tickets ORDER BY number"
        before = [tuple(row) for row in rig.rows(rows)]
        for name in ("postroom-lmtp", "postroom-milter"):
            rig.stop_postroom(name)
        status, made = tickets("rebuild")
        self.assertEqual(status, 1)  # not without --force
        status, made = tickets("rebuild", "--force")
        self.assertEqual(status, 0)
        self.assertEqual(made[0]["without_record"], 0)
        self.assertTrue(pathlib.Path(made[0]["kept"]).exists())
        self.assertEqual([tuple(row) for row in rig.rows(rows)], before)
        for name in ("postroom-milter", "postroom-lmtp"):
            rig.start_postroom(name)
        rig.arrived(self.send())
        self.assertEqual(tickets("verify"), (0, []))
        self.assertEqual(audit()[0], 0)


if __name__ == "__main__":
    unittest.main()
