"""A postroom-milter of its own for each test, run from the binaries in POSTROOM_BIN."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from milter_client import Connection

PROGRAM = os.path.join(os.environ.get("POSTROOM_BIN", "build/release/bin"), "postroom-milter")
PATIENCE = 60  # seconds; sanitizers are slow

CONFIG = """
host: mx.desk.test
log: {dir}/log
paths: {{mailboxes: {dir}/mail, database: {dir}/db, secret: {dir}/secret, run: {dir}/run, texts: {dir}/texts}}
sockets: {{milter: "{socket}", lmtp: "unix:{dir}/lmtp", mode: "0660"}}
limits: {{read: 256K, header_bytes: 16K, headers: 100, stop: 20s}}
channels:
  - {{address: support@desk.test, queue: support}}
  - {{address: sales@desk.test, queue: sales}}
queues:
  support: {{group: all}}
  sales: {{group: all}}
operators:
  - {{login: ivan, name: Ivan, groups: [all]}}
rules:
  - name: payment failures
    when: {{subject: [payment, оплата]}}
    then: {{priority: high, tags: [{tag}]}}
"""
HELLO = [("From", "Ann <ann@example.net>"), ("To", "support@desk.test"), ("Subject", "payment failed"),
         ("Date", "Sun, 22 Nov 2026 18:00:00 +0000"), ("Message-ID", "<1@example.net>")]


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {PATIENCE} s for {what}")
        time.sleep(0.01)


class Milter:
    """A postroom-milter of its own in a directory of its own."""

    def __init__(self, inet=False):
        self.dir = tempfile.mkdtemp(prefix="postroom-milter-")
        self.socket = f"inet:{free_port()}@127.0.0.1" if inet else f"unix:{self.dir}/milter"
        self.config = os.path.join(self.dir, "postroom.yaml")
        self.process = None
        self.configure()

    def configure(self, content=CONFIG, tag="payment"):
        pathlib.Path(self.config).write_text(content.format(dir=self.dir, socket=self.socket, tag=tag))

    def start(self):
        ready = self.count("ready: ")
        with open(os.path.join(self.dir, "stderr"), "ab") as errors:
            self.process = subprocess.Popen([PROGRAM, "-c", self.config], stdout=errors, stderr=errors)
        wait_for(lambda: self.count("ready: ") > ready or self.process.poll() is not None, "ready")
        if self.process.poll() is not None:
            raise AssertionError(f"ended with {self.process.returncode}: {self.errors()}")
        return self

    def run_and_fail(self):
        done = subprocess.run([PROGRAM, "-c", self.config], capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode, done.stderr

    def log(self):
        path = pathlib.Path(self.dir, "log")
        return path.read_text() if path.exists() else ""

    def errors(self):
        return pathlib.Path(self.dir, "stderr").read_text(errors="replace")

    def count(self, words):
        return self.log().count(words)

    def connect(self, **offers):
        return Connection(self.socket, timeout=PATIENCE, **offers)

    def kill(self, number):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill(signal.SIGKILL)
        shutil.rmtree(self.dir, ignore_errors=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def names(headers):
    return [name.lower() for name, _ in headers]


def value_of(headers, wanted):
    return next(value for name, value in headers if name.lower() == wanted.lower())


class MilterTest(unittest.TestCase):
    """self.milter: not yet started; ended by its process id."""

    def setUp(self):
        self.milter = Milter()
        self.addCleanup(self.milter.end)

    def wait_log(self, words, times=1):
        wait_for(lambda: self.milter.count(words) >= times, f"'{words}' in the log:\n{self.milter.log()}")

    def assert_serves(self):
        with self.milter.connect() as mta:
            result = mta.message("<ann@example.net>", ["<support@desk.test>"], HELLO, b"Help\r\n")
        self.assertEqual((result.verdict, result.stage), ("continue", "eom"))
        self.assertIn("x-postroom-seal", names(result.headers(HELLO)))
