"""The outside world: an SMTP (or LMTP) server that keeps what it gets and answers as it is told."""

import dataclasses
import socketserver
import threading

EXTENSIONS = ("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "SMTPUTF8")


@dataclasses.dataclass(frozen=True)
class Mail:
    sender: str
    recipients: tuple
    data: bytes  # CRLF, dots unstuffed


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.sender, self.recipients = "", []
        try:
            self.say("220 peer.test ESMTP")
            while line := self.rfile.readline():
                if not self.command(line.decode("utf-8", "replace").strip()):
                    return
        except OSError:
            pass

    def command(self, line):
        verb = line.split(" ")[0].split(":")[0].upper()
        if verb in ("EHLO", "LHLO", "HELO"):
            for name in ("peer.test", *EXTENSIONS[:-1]):
                self.say(f"250-{name}")
            self.say(f"250 {EXTENSIONS[-1]}")
        elif verb == "MAIL":
            self.sender, self.recipients = between(line), []
            self.say("250 2.1.0 ok")
        elif verb == "RCPT":
            self.recipient(between(line))
        elif verb == "DATA":
            self.message()
        elif verb == "QUIT":
            self.say("221 2.0.0 bye")
            return False
        else:
            self.say("250 2.0.0 ok")
        return True

    def recipient(self, address):
        reply = self.server.peer.answer(address)
        if reply.startswith("250"):
            self.recipients.append(address)
        self.say(reply)

    def message(self):
        if not self.recipients:
            self.say("503 5.5.1 no recipients")
            return
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line[1:] if line.startswith(b".") else line)
        self.server.peer.keep(Mail(self.sender, tuple(self.recipients), b"".join(lines)))
        for _ in self.recipients if self.server.peer.lmtp else self.recipients[:1]:
            self.say("250 2.0.0 kept")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


class SmtpPeer:
    """Listens on a port of 127.0.0.1 until close()."""

    def __init__(self, lmtp=False):
        self.lmtp = lmtp
        self._lock = threading.Lock()
        self._mails = []
        self._replies = {}
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.peer = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def reply_to(self, recipient, reply):
        """From now on RCPT for this recipient is answered so ("450 4.2.0 not now")."""
        with self._lock:
            self._replies[recipient] = reply

    def answer(self, recipient):
        with self._lock:
            return self._replies.get(recipient, "250 2.1.5 ok")

    def keep(self, mail):
        with self._lock:
            self._mails.append(mail)

    def mails(self, recipient=None):
        with self._lock:
            return [m for m in self._mails if recipient is None or recipient in m.recipients]


def between(line):
    return line.partition("<")[2].partition(">")[0]
