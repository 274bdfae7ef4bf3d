"""LMTP (RFC 2033) spoken byte by byte, for what smtplib would tidy up."""

import re
import socket


class Lmtp:
    def __init__(self, path, timeout=120):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")
        self.reply()
        self.command("LHLO client.test")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def reply(self):
        """One reply, with its continuation lines, as text."""
        lines = []
        while line := self.file.readline():
            lines.append(line.decode("utf-8", "replace").rstrip("\r\n"))
            if line[3:4] != b"-":
                return "\n".join(lines)
        raise ConnectionError("the server closed the connection")

    def command(self, text):
        self.socket.sendall(f"{text}\r\n".encode())
        return self.reply()

    def deliver(self, sender, recipients, data):
        """Sends one message; `data` with CRLF line ends. One reply for each recipient, in order."""
        replies = [self.command(f"MAIL FROM:<{sender}>")]
        replies += [self.command(f"RCPT TO:<{r}>") for r in recipients]
        refused = [r for r in replies if not r.startswith("250")]
        if refused:
            self.command("RSET")
            return refused
        self.command("DATA")
        end = b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n"
        self.socket.sendall(re.sub(rb"(?m)^\.", b"..", data) + end)
        return [self.reply() for _ in recipients]
