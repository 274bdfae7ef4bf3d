"""What fails is late, never lost: each part of the mail system taken away, and given back."""

import contextlib
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from rig import Rig, message, token, unique_sender, wait_until  # noqa: E402

rig = None


def setUpModule():
    global rig
    rig = Rig()


def tearDownModule():
    if rig:
        rig.close()


class Failures(unittest.TestCase):
    def tearDown(self):
        for name in ("postroom-lmtp", "postroom-milter"):
            if not rig.postroom_pid(name):
                rig.start_postroom(name)

    def setUp(self):
        self.before = rig.text_of("maillog").count("status=deferred")

    def wait_deferred(self, count=1):
        """Waits until Postfix has been told so often in this test to try again."""
        wait_until(lambda: rig.text_of("maillog").count("status=deferred") >= self.before + count, 60,
                   f"{count} deferred recipients")

    def send(self, to="support@desk.test"):
        mark = token()
        rig.send(message(mark), [to])
        return mark

    def arrives_once(self, mark):
        rig.arrived(mark)
        rig.ticket_of(mark)

    def test_postroom_lmtp_away_postfix_keeps_the_mail_and_delivers_it_when_it_is_back(self):
        rig.stop_postroom("postroom-lmtp")
        marks = [self.send() for _ in range(5)]
        self.wait_deferred(5)
        rig.start_postroom("postroom-lmtp")
        for mark in marks:
            self.arrives_once(mark)

    def test_postroom_milter_away_the_mail_is_classified_at_delivery(self):
        rig.stop_postroom("postroom-milter")
        mark = token()
        rig.send(message(mark, "Payment failed again.\n", X_Postroom_Queue="sales"), ["support@desk.test"])
        stored = rig.arrived(mark)
        self.assertEqual(stored.headers.get_all("X-Postroom-Queue"), ["billing"])
        self.assertEqual(rig.ticket_of(mark)["priority"], "high")

    def test_postfix_away_the_acknowledgement_waits_and_is_sent_once_when_it_is_back(self):
        mark, sender = token(), unique_sender()
        rig.stop_postfix()
        try:
            self.assertEqual(rig.deliver(message(mark, sender=sender), ["support@desk.test"], sender)[0][:3], "250")
            wait_until(lambda: rig.rows("SELECT 1 FROM outbox WHERE recipient = ? AND tries > 0", sender), 30,
                       "a failed attempt")
            self.assertEqual(rig.peer.mails(sender), [])
        finally:
            rig.start_postfix()
        self.assertEqual(len(rig.acknowledgements(sender, at_least=1)), 1)

    def test_a_locked_database_delays(self):
        with contextlib.closing(sqlite3.connect(rig.root / "var/postroom.db", isolation_level=None)) as db:
            db.execute("BEGIN EXCLUSIVE")
            mark = self.send()
            self.wait_deferred()
            self.assertEqual(rig.with_token(mark), [])
            db.execute("ROLLBACK")
        self.arrives_once(mark)

    def test_a_folder_that_cannot_be_written_delays(self):
        self.arrives_once(self.send("sales@desk.test"))  # the folder exists from now on
        folders = [rig.root / "var/mailboxes/Sales" / part for part in ("tmp", "new")]
        modes = [folder.stat().st_mode for folder in folders]
        for folder in folders:
            folder.chmod(0o500)
        try:
            mark = self.send("sales@desk.test")
            self.wait_deferred()
            self.assertEqual(rig.with_token(mark), [])
        finally:
            for folder, mode in zip(folders, modes):
                folder.chmod(mode)
        self.arrives_once(mark)

    def test_a_folder_that_cannot_take_the_file_after_the_commit_delays_and_keeps_one_ticket(self):
        self.arrives_once(self.send("sales@desk.test"))
        new = rig.root / "var/mailboxes/Sales/new"
        mode = new.stat().st_mode
        new.chmod(0o500)
        try:
            mark = self.send("sales@desk.test")
            self.wait_deferred()
        finally:
            new.chmod(mode)
        self.arrives_once(mark)

    def test_a_good_new_configuration_is_taken_and_a_broken_one_is_not(self):
        good = rig.desk
        try:
            position = len(rig.text_of("postroom.log"))
            rig.configure(good.replace("subject: [спасибо, thank you]", "subject: [gratitude]"))
            self.reload()
            self.wait_for_line("reload", position)
            self.wait_for_priority("gratitude", "low")

            position = len(rig.text_of("postroom.log"))
            rig.configure(good.replace("queue: support}", "queue: suport}"))
            self.reload()
            self.wait_for_line("suport", position)
            mark = self.send()
            self.assertEqual(rig.arrived(mark).folder, "Support")
        finally:
            rig.configure(good)
            self.reload()
        self.wait_for_priority("thank you", "low")

    def wait_for_line(self, text, position):
        wait_until(lambda: text in rig.text_of("postroom.log")[position:], 30, f"'{text}' in the log")

    def reload(self):
        for name in ("postroom-lmtp", "postroom-milter"):
            os.kill(rig.postroom_pid(name), signal.SIGUSR1)

    def wait_for_priority(self, subject, priority):
        """Signals come when they come: send until the new rules decide."""
        def decided():
            mark = token()
            rig.send(message(mark, Subject=f"{subject} {mark}"), ["support@desk.test"])
            rig.arrived(mark)
            return rig.ticket_of(mark)["priority"] == priority
        wait_until(decided, 30, f"'{subject}' making {priority} priority")

    def test_a_full_disk_delays_and_loses_nothing(self):
        full = Rig(start=False)
        var = full.root / "var"
        mount = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=0700,uid=8,gid=8", "none", str(var)]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            full.close()
            self.skipTest("mount is not permitted here, so there is no small disk to fill")
        try:
            (var / "mailboxes").mkdir()
            os.chown(var / "mailboxes", 8, 8)
            full.start()
            self.fill_and_free(full, var)
        finally:
            full.stop()
            subprocess.run(["umount", str(var)], check=True)
            full.close()

    def fill_and_free(self, full, var):
        marks = [token() for _ in range(40)]
        for mark in marks[:2]:
            full.send(message(mark), ["support@desk.test"])
        full.wait_for_empty_queue()
        filler = var / "filler"
        space = os.statvfs(var)
        filler.write_bytes(b"x" * (space.f_bavail * space.f_bsize - 600_000))
        for mark in marks[2:]:
            full.send(message(mark, "0123456789abcde\n" * 2000), ["support@desk.test"])
        wait_until(lambda: full.text_of("maillog").count("status=deferred") > 5, 60, "deferred messages")
        filler.unlink()
        full.wait_for_empty_queue(120)
        tokens = sorted(m.token for m in full.stored())
        self.assertEqual(tokens, sorted(marks))
        for mark in marks:
            full.ticket_of(mark)
        self.assertNotIn("status=bounced", full.text_of("maillog"))

    def test_nothing_bounced(self):
        self.assertNotIn("status=bounced", rig.text_of("maillog"))


if __name__ == "__main__":
    unittest.main()
