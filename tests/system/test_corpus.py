"""Mail that others wrote, every message of ../shared/corpus: delivered byte for byte, explained, survived. What is
there twice is kept once, and what answers another one is in its ticket."""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from lmtp_client import Lmtp  # noqa: E402
from rig import Rig, SOURCE  # noqa: E402

CORPUS = SOURCE.parent / "shared/corpus"
RECEIPTS = re.compile(
    rb"(?:disposition-notification-(?:to|options)|return-receipt-(?:to|requested)|read-receipt-to|"
    rb"(?:x-)?confirm-reading-to|x-confirm-delivery|confirm-delivery-to|generate-delivery-report|x-pmrqc|"
    rb"notice-requested-upon-delivery-to|x-rcpt-to-confirm|register-mail-reply-requested-by)[ \t]*:",
    re.IGNORECASE)
OURS = re.compile(rb"x-postroom-[^:]*:", re.IGNORECASE)
TRACE = "Received: from peer.test (peer.test [192.0.2.1])\r\n\tby mx.desk.test (Postfix) with ESMTP id {}\r\n"
BATCH = 200

rig = None


def setUpModule():
    global rig
    if not CORPUS.is_dir():
        raise unittest.SkipTest("../shared/corpus is not here")
    rig = Rig(milter=False)


def tearDownModule():
    if rig:
        rig.close()


def corpus():
    return sorted(CORPUS.rglob("*.eml"))


def as_postfix_sends(data):
    """CRLF line ends, and lines over 998 bytes folded (lmtp_line_length_limit)."""
    lines = []
    for line in re.sub(rb"\r\n", b"\n", data).split(b"\n"):
        while len(line) > 998:
            lines.append(line[:998])
            line = b" " + line[998:]
        lines.append(line)
    text = b"\r\n".join(lines)
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def as_stored(sent):
    """What must lie below our own lines: LF, without receipt requests and headers of ours."""
    head, gap, body = sent.replace(b"\r\n", b"\n").partition(b"\n\n")
    kept, drop = [], False
    for line in head.split(b"\n"):
        if not line.startswith((b" ", b"\t")):
            drop = bool(RECEIPTS.match(line) or OURS.match(line))
        if not drop:
            kept.append(line)
    return b"\n".join(kept) + gap + body


def author(data):
    """The address in From, whatever else stands there."""
    found = re.search(rb"^from[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", data.partition(b"\n\n")[0], re.IGNORECASE | re.MULTILINE)
    return set(re.findall(rb"[\w.+-]+@[\w.-]+", found[0] if found else b""))


class Corpus(unittest.TestCase):
    def test_every_message_is_stored_byte_for_byte_once_and_with_a_ticket(self):
        paths = corpus()
        expected = {}
        for number, path in enumerate(paths):
            trace = TRACE.format(f"4corpus{number:06}z").encode()
            sent = trace + as_postfix_sends(path.read_bytes())
            with Lmtp(rig.root / "run/lmtp") as client:
                replies = client.deliver("someone@peer.test", ["support@desk.test"], sent)
            self.assertEqual([r[:3] for r in replies], ["250"], f"{path}: {replies}")
            expected[f"4corpus{number:06}z".encode()] = (path, as_stored(sent), hashlib.sha256(sent).hexdigest().encode())
        again = self.told_to_be_again(expected)
        wrong = self.differences({mark: row for mark, row in expected.items() if mark not in again})
        self.assertEqual(wrong, [], f"{len(wrong)} of {len(paths)}")
        kept = rig.rows("SELECT ticket FROM messages WHERE kind <> 'acknowledgement'")
        self.assertEqual(len(kept), len(paths) - len(again))
        spam = [m for m in rig.stored() if m.folder == "Support/Junk"]
        self.assertEqual(sum(r["ticket"] is None for r in kept), len(spam))
        self.assertEqual({r["ticket"] for r in kept} - {None}, {r["number"] for r in rig.rows("SELECT number FROM tickets")})
        self.assertEqual(rig.reports(), "")

    def told_to_be_again(self, expected):
        """Marks of what the desk took for another arrival of a message before it: of the same author, with the same
        Message-ID or the same text."""
        stored = {m["message"]: m for m in ({"message": int(re.search(r"message=(\d+)", s.headers["X-Postroom-Ticket"])[1]),
                                            "data": s.data} for s in rig.stored())}
        repeats = {bytes(r["digest"]): r["message"] for r in rig.rows("SELECT digest, message FROM repeats")}
        again = {}
        for mark, (path, text, digest) in expected.items():
            if digest not in repeats:
                continue
            again[mark] = path
            first = stored[repeats[digest]]["data"]
            one, other = author(first), author(text)
            self.assertTrue(one == other or one & other, f"{path}: {other} repeats nothing of {one}")
        print(f"{len(again)} of {len(expected)} are there already: "
              f"{', '.join(sorted({p.parent.name for p in again.values()}))}")
        return again

    def differences(self, expected):
        """One sentence for each message that is not stored once, as it came."""
        found, wrong = {}, []
        for stored in rig.stored():
            mark = re.search(rb"4corpus\d{6}z", stored.data).group(0)
            found.setdefault(mark, []).append(stored)
        for mark, (path, text, _) in expected.items():
            name = path.relative_to(CORPUS)
            copies = found.get(mark, [])
            if len(copies) != 1:
                wrong.append(f"{name}: stored {len(copies)} times")
                continue
            data = copies[0].data
            if data[data.index(b"Received: from peer.test"):] != text:
                wrong.append(f"{name}: other bytes, see {copies[0].path}")
        return wrong

    def test_every_message_can_be_explained(self):
        paths = [str(path) for path in corpus()]
        explained = {}
        for start in range(0, len(paths), BATCH):
            batch = paths[start:start + BATCH]
            done = subprocess.run(
                [rig.program("postroom-rules"), "explain", "-c", str(rig.config), "--json", "--rcpt",
                 "support@desk.test", *batch], capture_output=True, check=False, timeout=600)
            self.assertEqual((done.returncode, done.stderr[-2000:]), (0, b""))
            for line in done.stdout.decode("utf-8").splitlines():
                row = json.loads(line)
                explained[row["file"]] = row
        self.assertEqual(sorted(set(paths) - set(explained)), [])
        for row in explained.values():
            self.assertEqual(row["verdict"]["channel"], "support@desk.test")
            self.assertTrue(row["acknowledge"]["reason"])


if __name__ == "__main__":
    unittest.main()
