"""The rig of the system tests: a private Postfix, Dovecot and postroom, the outside world, and eyes."""

import contextlib
import email.policy
import imaplib
import itertools
import os
import pathlib
import re
import shutil
import smtplib
import sqlite3
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
sys.path.insert(0, str(SOURCE / "packaging"))
import private_mail  # noqa: E402
from lmtp_client import Lmtp  # noqa: E402
from private_mail import wait_until  # noqa: E402
from smtp_peer import SmtpPeer  # noqa: E402

PROGRAMS = pathlib.Path(os.environ.get("POSTROOM_BIN", SOURCE / "build/release/bin")).resolve()
USERS = {"ivan": "ivan", "olga": "olga"}
ADDRESSES = [f"{name}@desk.test" for name in ("support", "sales", "billing", "news", "form")]
REPORT = re.compile(r"AddressSanitizer|LeakSanitizer|ThreadSanitizer|runtime error:")
_numbers = itertools.count(1)
# Body of multipart/report; report-type=delivery-status; boundary=b
BOUNCE = """This is the mail system. Your newsletter could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.test

Final-Recipient: rfc822; gone@customer.test
Action: failed
Status: 5.1.1

--b--
"""


def require_root():
    if os.geteuid() != 0:
        raise unittest.SkipTest("a private Postfix and Dovecot need root")


class Stored:
    """A message file in a folder of the desk."""

    def __init__(self, root, path):
        self.path = path
        self.folder = str(path.parent.parent.relative_to(root))
        self.data = path.read_bytes()
        self.headers = email.message_from_bytes(self.data, policy=email.policy.default)

    @property
    def token(self):
        """What message() wrote, whoever rewrote the other headers."""
        return self.headers["X-Token"]


class Rig(private_mail.PrivateMail):
    """Everything in a directory of its own below /var/tmp; removed by close() unless POSTROOM_KEEP is set."""

    def __init__(self, milter=True, change=lambda text: text, start=True):
        require_root()
        self.peer = SmtpPeer()
        root = tempfile.mkdtemp(prefix="postroom-", dir="/var/tmp")
        super().__init__(root, PROGRAMS, outside=f"smtp:[127.0.0.1]:{self.peer.port}")
        self.milter = milter
        self.desk = change((HERE / "desk.yaml").read_text(encoding="utf-8"))
        self.prepare(self.desk, USERS, ADDRESSES)
        if start:
            self.start()

    def close(self):
        """Stops everything; a sanitizer's report or an unclean end is a failure of the test."""
        statuses = {name: self.stop_postroom(name) for name in list(self.children)}
        self.stop()
        self.peer.close()
        reports = self.reports()
        if not os.environ.get("POSTROOM_KEEP"):
            shutil.rmtree(self.root)
        assert not reports, reports
        assert not any(statuses.values()), f"exit statuses {statuses}"

    def reports(self):
        """What sanitizers wrote, and what was thrown out of a daemon."""
        found = []
        for name in private_mail.DAEMONS:
            text = self.text_of(f"{name}.out")
            if REPORT.search(text) or "terminate called" in text:
                found.append(f"{name}:\n{text[-8000:]}")
        return "\n".join(found)

    def text_of(self, log):
        with contextlib.suppress(OSError):
            return self.log(log).read_text(encoding="utf-8", errors="replace")
        return ""

    # --- acting

    def send(self, data, recipients, sender=None):
        """By SMTP, as a stranger does. Raises if Postfix does not accept the message."""
        sender = unique_sender() if sender is None else sender
        with smtplib.SMTP("127.0.0.1", self.ports.smtp, timeout=120) as client:
            client.ehlo()
            client.sendmail(sender, recipients, data)

    def deliver(self, data, recipients, sender=None):
        """By LMTP, past Postfix. One reply for each recipient."""
        with Lmtp(self.root / "run/lmtp") as client:
            return client.deliver(unique_sender() if sender is None else sender, recipients, data)

    def restart_postroom(self, name):
        self.stop_postroom(name)
        self.start_postroom(name)

    def configure(self, text):
        """Writes another postroom.yaml; nobody is told."""
        self.desk = text
        self.write("etc/postroom.yaml", private_mail.string.Template(text).substitute(self.values()))

    # --- seeing

    def stored(self):
        """All messages in the desk's folders, as they lie on disk. What moves during the look is looked for again."""
        top = self.root / "var/mailboxes"
        while True:
            try:
                return [Stored(top, path) for part in ("new", "cur") for path in top.rglob(f"{part}/*")]
            except FileNotFoundError:
                continue

    def with_token(self, token):
        return [m for m in self.stored() if m.token == token]

    def arrived(self, token, limit=60):
        """The one stored message of this token, once Postfix has nothing left to deliver."""
        self.wait_for_empty_queue(limit)
        found = private_mail.wait_until(lambda: self.with_token(token), limit, f"{token} is stored nowhere")
        assert len(found) == 1, f"{token} is stored {len(found)} times"
        return found[0]

    def rows(self, query, *values):
        """Reads the database beside the daemons."""
        with contextlib.closing(sqlite3.connect(f"file:{self.root}/var/postroom.db?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(query, values).fetchall()

    def ticket_of(self, token):
        """The one ticket of the message with this token in its subject."""
        rows = self.rows("SELECT * FROM tickets WHERE subject LIKE ?", f"%{token}%")
        assert len(rows) == 1, f"{token} has {len(rows)} tickets"
        return rows[0]

    def events(self, ticket):
        return [(r["what"], r["why"]) for r in
                self.rows("SELECT what, why FROM events WHERE ticket = ? ORDER BY id", ticket)]

    def acknowledgements(self, recipient, at_least=0):
        """Mails the outside got for this address, once nothing waits in the outbox or with Postfix."""
        self.wait_for_outbox()
        self.wait_for_empty_queue()
        mails = wait_until(lambda: len(self.peer.mails(recipient)) >= at_least and
                           [self.peer.mails(recipient)], 30, f"mail for {recipient}")[0]
        return [email.message_from_bytes(m.data, policy=email.policy.default) for m in mails]

    def wait_for_outbox(self, limit=60):
        wait_until(lambda: not self.rows("SELECT 1 FROM outbox WHERE state IN ('queued', 'claimed')"), limit,
                   "the outbox is not empty")

    @contextlib.contextmanager
    def imap(self, login="ivan"):
        client = imaplib.IMAP4("127.0.0.1", self.ports.imap, timeout=60)
        client.login(login, USERS[login])
        try:
            yield client
        finally:
            client.logout()


def token():
    return f"token{next(_numbers)}x"


def unique_sender():
    return f"customer{next(_numbers)}@customer.test"


def message(mark, body="Hello,\nplease help.\n", sender="Anna <anna@customer.test>", to="support@desk.test",
            **headers):
    """A plain message whose subject and X-Token carry the mark; header names with '_' for '-'."""
    fields = {"From": sender, "To": to, "Subject": f"Question {mark}", "Message-ID": f"<{mark}@customer.test>",
              "Date": "Sun, 22 Nov 2026 12:00:00 +0000", "X-Token": mark, "MIME-Version": "1.0",
              "Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit"}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items() if value is not None)
    return (lines + "\n" + body).encode().replace(b"\n", b"\r\n")
