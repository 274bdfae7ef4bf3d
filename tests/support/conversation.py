"""A customer's exchange with the desk: a mail, its acknowledgement, what he answers, and where all that lies."""

import re
import subprocess

from mail_clients import CLIENTS, reply
from rig import message, private_mail, token, unique_sender

TICKET = re.compile(r"(\d+); message=(\d+)")


def numbers_of(stored):
    """(ticket, message) as the file says; ticket 0: none."""
    found = TICKET.match(stored.headers["X-Postroom-Ticket"] or "")
    return (int(found[1]), int(found[2])) if found else (0, 0)


def command(rig, *arguments):
    """postroom-tickets as an operator of the machine runs it; its output."""
    done = subprocess.run([rig.program("postroom-tickets"), "-c", str(rig.config), *map(str, arguments)],
                          capture_output=True, text=True, check=False, user=private_mail.MAIL_USER, group=private_mail.MAIL_USER,
                          extra_groups=[])
    assert done.returncode == 0, f"postroom-tickets {arguments}: {done.returncode} {done.stdout}{done.stderr}"
    return done.stdout


def audit(rig):
    """Postfix's log against tickets and folders, by root, who may read Postfix's queue."""
    done = subprocess.run([rig.program("postroom-tickets"), "-c", str(rig.config), "audit", "--postfix-config",
                           rig.root / "postfix/etc", "--log", rig.log("maillog")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"audit: {done.returncode} {done.stdout}{done.stderr}"


class Conversation:
    """Begins with a mail to the channel; ready() waits for ticket and acknowledgement. Many may begin before one is ready."""

    def __init__(self, rig, to="support@desk.test", sender=None, **headers):
        self.rig, self.channel = rig, to
        self.sender = sender or unique_sender()
        self.mark = token()
        rig.send(message(self.mark, sender=f"Anna <{self.sender}>", to=to, **headers), [to], self.sender)

    def ready(self):
        self.stored = self.rig.arrived(self.mark)
        self.ticket = self.rig.ticket_of(self.mark)["number"]
        self.acknowledgement = self.rig.acknowledgements(self.sender, at_least=1)[0]
        self.reply_to = self.acknowledgement["Reply-To"].addresses[0].addr_spec
        return self

    def answer(self, client="thunderbird", text="One more thing ({}): the order number is 4417. Can you see it?",
               sender=None, to=None, recipients=None, **changes):
        """Sends what this client makes of an answer to the acknowledgement; its mark."""
        mark, sender, to = token(), sender or self.sender, to or self.reply_to
        data = reply(CLIENTS[client], self.acknowledgement, mark, text.format(mark), f"Anna <{sender}>", to, **changes)
        self.rig.send(data, recipients or [to], sender)
        return mark

    # --- seeing

    def row(self):
        return self.rig.rows("SELECT * FROM tickets WHERE number = ?", self.ticket)[0]

    def events(self):
        return [what for what, _ in self.rig.events(self.ticket)]

    def acknowledged(self):
        """How many of our automatic mails he has got; an operator's answer has a sender."""
        return sum(mail.sender == "" for mail in self.rig.peer.mails(self.sender))

    def participants(self):
        return {r["address"] for r in self.rig.rows(
            "SELECT address FROM participants JOIN customers ON id = customer WHERE ticket = ?", self.ticket)}


def ticket_of_mark(rig, mark):
    """The ticket that the one stored message of this mark belongs to; None: none."""
    _, number = numbers_of(rig.arrived(mark))
    rows = rig.rows("SELECT ticket FROM messages WHERE number = ?", number)
    assert len(rows) == 1, f"message {number} has {len(rows)} rows"
    return rows[0]["ticket"]


def links_of(rig, ticket):
    return {(r["other"], r["relation"]) for r in rig.rows("SELECT other, relation FROM links WHERE ticket = ?", ticket)}


def count_of_messages(rig, ticket):
    return rig.rows("SELECT count(*) AS n FROM messages WHERE ticket = ? AND kind = 'inbound'", ticket)[0]["n"]
