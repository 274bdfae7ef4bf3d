"""A small Postfix: the MTA's side of the milter protocol, version 6 (mfdef.h of libmilter).

    with Connection("unix:/run/milter") as mta:
        result = mta.message("<ann@example.net>", ["<support@desk.test>"], [("Subject", "Hi")], b"Hello\r\n")
        result.verdict, result.stage, result.edits
"""

import socket
import struct
from dataclasses import dataclass, field

ADDHDRS, CHGHDRS = 0x01, 0x10
ALL_ACTIONS = 0x1FF
NOCONNECT, NOHELO, NOEOH, NOUNKNOWN, NODATA = 0x01, 0x02, 0x40, 0x100, 0x200
NR_HDR, SKIP, NR_MAIL, NR_RCPT, NR_DATA, NR_EOH, NR_BODY = 0x80, 0x400, 0x4000, 0x8000, 0x10000, 0x40000, 0x80000
ALL_STEPS = 0x1FFFFF  # what Postfix 3.7 offers

VERDICTS = {b"c": "continue", b"a": "accept", b"r": "reject", b"t": "tempfail", b"d": "discard",
            b"s": "skip", b"y": "reply code"}
# Stage: the number of its macro list, the bit that leaves the step out, and the bit that spares the reply.
STAGES = {"mail": (b"M", 2, 0x4, NR_MAIL), "rcpt": (b"R", 3, 0x8, NR_RCPT), "data": (b"T", 4, NODATA, NR_DATA),
          "header": (b"L", None, 0x20, NR_HDR), "eoh": (b"N", 6, NOEOH, NR_EOH), "body": (b"B", None, 0x10, NR_BODY),
          "eom": (b"E", 5, 0, 0), "connect": (b"C", 0, NOCONNECT, 0x1000), "helo": (b"H", 1, NOHELO, 0x2000)}
CHUNK = 65535


class ProtocolError(Exception):
    pass


@dataclass
class Result:
    verdict: str = "continue"  # the last word: continue, accept, tempfail, ...
    stage: str = ""            # the step that got it
    edits: list = field(default_factory=list)  # ("insert", index, name, value), ("change", index, name, value), ...
    body_sent: int = 0         # bytes; less than the body has after a "skip"
    skipped: bool = False

    def headers(self, before):
        """The header section after the edits, as Postfix makes them."""
        lines = list(before)
        for kind, index, name, value in self.edits:
            if kind == "insert":
                lines.insert(index, (name, value))
            elif kind == "add":
                lines.append((name, value))
            else:
                places = [i for i, line in enumerate(lines) if line[0].lower() == name.lower()]
                if len(places) < index:
                    raise ProtocolError(f"no {name} number {index}")
                if value:
                    lines[places[index - 1]] = (lines[places[index - 1]][0], value)
                else:
                    del lines[places[index - 1]]
        return lines


def text(value):
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


def open_socket(address, timeout):
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX)
        target = address[5:]
    else:
        port, host = address[len("inet:"):].split("@")
        connection = socket.socket(socket.AF_INET)
        target = (host, int(port))
    connection.settimeout(timeout)
    connection.connect(target)
    return connection


class Connection:
    def __init__(self, address, actions=ALL_ACTIONS, steps=ALL_STEPS, timeout=20):
        self.socket = open_socket(address, timeout)
        self.macros = {}
        try:
            self.negotiate(actions, steps)
        except Exception:
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.quit()

    # Packets: length, command, data.
    def send(self, command, data=b""):
        self.socket.sendall(struct.pack("!I", len(data) + 1) + command + data)

    def read_exactly(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise ProtocolError("the milter closed the connection")
            data += piece
        return data

    def read(self):
        (size,) = struct.unpack("!I", self.read_exactly(4))
        packet = self.read_exactly(size)
        return packet[:1], packet[1:]

    def negotiate(self, actions, steps):
        self.send(b"O", struct.pack("!III", 6, actions, steps))
        command, data = self.read()
        if command != b"O":
            raise ProtocolError(f"negotiation answered with {command!r}")
        self.version, self.actions, self.steps = struct.unpack("!III", data[:12])
        if self.actions & ~actions or self.steps & ~steps:
            raise ProtocolError("the milter asks for what was not offered")
        lists = data[12:]
        while lists:
            (stage,) = struct.unpack("!I", lists[:4])
            names, lists = lists[4:].split(b"\0", 1)
            self.macros[stage] = names.decode().split()

    def step(self, stage, data=b"", macros=None):
        """Sends one step if it was negotiated; the verdict, "continue" where no reply is due."""
        command, number, left_out, silent = STAGES[stage]
        if self.steps & left_out:
            return "continue"
        wanted = self.macros.get(number, [])
        known = {name: value for name, value in (macros or {}).items() if name in wanted}
        if known:
            pairs = b"".join(text(name) + b"\0" + text(value) + b"\0" for name, value in known.items())
            self.send(b"D", command + pairs)
        self.send(command, data)
        if silent and self.steps & silent:
            return "continue"
        reply, _ = self.read()
        return VERDICTS[reply]

    def envelope(self, sender, recipients, queue_id="4Xy1Zq"):
        verdict = self.step("mail", text(sender) + b"\0")
        for recipient in recipients:
            verdict = self.step("rcpt", text(recipient) + b"\0", {"i": queue_id})
        return verdict

    def message(self, sender, recipients, headers, body=b"", queue_id="4Xy1Zq"):
        """One message from MAIL to the end, as far as the milter wants to see it."""
        result = Result()
        result.verdict, result.stage = self.envelope(sender, recipients, queue_id), "rcpt"
        if result.verdict != "continue":
            return result
        result.verdict, result.stage = self.step("data", macros={"i": queue_id}), "data"
        if result.verdict != "continue":
            return result
        for name, value in headers:
            result.verdict, result.stage = self.step("header", text(name) + b"\0" + text(value) + b"\0"), "header"
            if result.verdict != "continue":
                return result
        return self.finish(result, body, queue_id)

    def finish(self, result, body, queue_id):
        """The end of the header section, the body and the end of the message."""
        self.step("eoh")
        for start in range(0, len(body), CHUNK):
            piece = body[start:start + CHUNK]
            verdict = self.step("body", piece)
            result.body_sent += len(piece)
            if verdict == "skip":
                result.skipped = True
                break
            if verdict != "continue":
                result.verdict, result.stage = verdict, "body"
                return result
        if "i" in self.macros.get(5, []):
            self.send(b"D", b"E" + b"i\0" + text(queue_id) + b"\0")
        self.send(b"E")
        result.stage = "eom"
        while True:
            reply, data = self.read()
            if reply in VERDICTS:
                result.verdict = VERDICTS[reply]
                return result
            result.edits.append(self.edit(reply, data))

    @staticmethod
    def edit(reply, data):
        if reply == b"h":
            name, value = data.split(b"\0")[:2]
            return ("add", 0, name.decode(), value.decode("utf-8", "surrogateescape"))
        if reply in (b"i", b"m"):
            (index,) = struct.unpack("!I", data[:4])
            name, value = data[4:].split(b"\0")[:2]
            kind = "insert" if reply == b"i" else "change"
            return (kind, index, name.decode(), value.decode("utf-8", "surrogateescape"))
        raise ProtocolError(f"unexpected {reply!r}")

    def abort(self):
        self.send(b"A")

    def quit(self):
        try:
            self.send(b"Q")
        except OSError:
            pass
        self.socket.close()
