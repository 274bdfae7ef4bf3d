"""A Postfix, a Dovecot and a postroom of their own in one directory, on loopback ports.

Nothing outside the directory is read or written, but for the programs themselves. Needs root (the mail
programs change to their own users) and Debian's postfix, dovecot-imapd and dovecot-lmtpd. Everything is
ended by the pid files in the directory, so another process may stop what this one started.
"""

import dataclasses
import os
import pathlib
import shutil
import signal
import smtplib
import socket
import string
import subprocess
import time

TEMPLATES = pathlib.Path(__file__).resolve().parent / "private"
MAIL_USER = "mail"  # exists on every Debian; owns the mailboxes and runs the postroom daemons
DAEMONS = ("postroom-lmtp", "postroom-milter")


class Failure(Exception):
    """Something did not start, stop or happen in time. The text says what, and where to look."""


@dataclasses.dataclass(frozen=True)
class Ports:
    smtp: int
    submission: int
    imap: int
    dovecot_lmtp: int


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(preferred=(0, 0, 0, 0)):
    """Ports nobody listens on: the preferred ones where possible, 0 means any."""
    held = [socket.socket() for _ in preferred]
    try:
        numbers = []
        for probe, wanted in zip(held, preferred):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", wanted if wanted and is_free(wanted) else 0))
            numbers.append(probe.getsockname()[1])
        return Ports(*numbers)
    finally:
        for probe in held:
            probe.close()


def wait_until(condition, limit, what):
    """Waits for a condition, not for a time. Returns what the condition returned."""
    end = time.monotonic() + limit
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise Failure(f"{what}: not within {limit} seconds")
        time.sleep(0.02)


def greets(address, greeting):
    """True if a server accepts the connection and its first bytes are the greeting (b"": none expected)."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as peer:
        peer.settimeout(5)
        try:
            peer.connect(address)
            return not greeting or peer.recv(64).startswith(greeting)
        except OSError:
            return False


def alive(pid):
    """True if the process exists and is more than a dead one nobody waited for."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def pid_in(path):
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


class PrivateMail:
    """One private mail system. `outside` is Postfix's transport for everybody but desk.test."""

    def __init__(self, root, programs, ports=None, outside="error:5.1.2 there is no outside here"):
        self.root = pathlib.Path(root)
        self.programs = pathlib.Path(programs)
        self.ports = ports or free_ports()
        self.outside = outside
        self.milter = True
        self.lmtp_socket = self.root / "run/lmtp"  # where Postfix delivers; a test may put a proxy there
        self.children = {}

    @property
    def config(self):
        return self.root / "etc/postroom.yaml"

    def program(self, name):
        return str(self.root / "bin" / name)

    def log(self, name):
        return self.root / "log" / name

    # --- preparing

    def prepare(self, desk, users, addresses, transport=()):
        """Writes the directory: `desk` is postroom.yaml with ${root} and ports to be filled in, `users` login
        -> password, `addresses` the desk's; `transport` further lines for Postfix's map of that name."""
        self.make_directories()
        self.copy_programs()
        self.write("etc/postroom.yaml", string.Template(desk).substitute(self.values()))
        self.write("dovecot/dovecot.conf", self.filled("dovecot.conf"))
        self.write("dovecot/users", "".join(f"{u}:{{PLAIN}}{p}::::::\n" for u, p in users.items()))
        self.write_postfix(users, addresses, transport)

    def make_directories(self):
        for name in ("bin", "etc", "run", "var", "log", "home", "postfix/etc", "postfix/queue",
                     "postfix/data", "dovecot/run", "dovecot/state"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        os.chmod(self.root, 0o755)
        (self.root / "var/mailboxes").mkdir(exist_ok=True)
        for name in ("var", "var/mailboxes", "home", "log"):
            shutil.chown(self.root / name, MAIL_USER, MAIL_USER)
        shutil.chown(self.root / "postfix/data", "postfix")
        # New sockets get the directory's group, so Postfix may connect to them and others may not.
        shutil.chown(self.root / "run", MAIL_USER, "postfix")
        os.chmod(self.root / "run", 0o2750)

    def copy_programs(self):
        """The build directory may be closed to the user "mail" (below /root, say)."""
        for path in self.programs.glob("postroom-*"):
            shutil.copy2(path, self.root / "bin" / path.name)
        texts = TEMPLATES.parent.parent / "conf/texts"
        shutil.copytree(texts, self.root / "etc/texts", dirs_exist_ok=True)

    def write_postfix(self, users, addresses, transport):
        for name in ("main.cf", "master.cf"):
            self.write(f"postfix/etc/{name}", self.filled(name))
        known = [*addresses, *(f"{user}@desk.test" for user in users)]
        self.write("postfix/etc/mailboxes", "".join(f"{a} x\n" for a in known))
        self.write("postfix/etc/aliases", "help@desk.test support@desk.test\n")
        lines = [f"{a} lmtp:unix:{self.lmtp_socket}" for a in addresses]
        self.write("postfix/etc/transport", "\n".join([*lines, *transport]) + "\n")

    def values(self):
        milters = f"unix:{self.root}/run/milter" if self.milter else ""
        return {"root": self.root, "milters": milters, "outside": self.outside,
                **dataclasses.asdict(self.ports)}

    def filled(self, template):
        return string.Template((TEMPLATES / template).read_text()).substitute(self.values())

    def write(self, name, text):
        (self.root / name).write_text(text, encoding="utf-8")

    # --- starting

    def start(self):
        self.start_dovecot()
        self.start_postroom("postroom-lmtp")
        if self.milter:
            self.start_postroom("postroom-milter")
        self.start_postfix()

    def start_dovecot(self):
        self.run_quietly(["dovecot", "-c", self.root / "dovecot/dovecot.conf"], "dovecot-start.log")
        for port, greeting in ((self.ports.imap, b"* OK"), (self.ports.dovecot_lmtp, b"220 ")):
            wait_until(lambda p=port, g=greeting: greets(("127.0.0.1", p), g), 30,
                       f"Dovecot does not answer on port {port}, see {self.log('dovecot.log')}")

    def start_postfix(self):
        self.run_quietly(["postfix", "-c", self.root / "postfix/etc", "start"], "postfix-start.log")
        for port in (self.ports.smtp, self.ports.submission):
            wait_until(lambda p=port: self.answers_smtp(p), 30,
                       f"Postfix does not answer on port {port}, see {self.log('maillog')}")

    def answers_smtp(self, port):
        """A polite probe: a connection that is just closed would be a line in Postfix's log."""
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
                return client.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def start_postroom(self, name, arguments=()):
        """Starts a daemon as the user "mail" and waits until it serves."""
        with open(self.log(f"{name}.out"), "ab") as output:
            child = subprocess.Popen(
                [self.program(name), "-c", str(self.config), *arguments], stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True, cwd="/", user=MAIL_USER,
                group=MAIL_USER, extra_groups=[])
        self.children[name] = child
        address = str(self.root / "run" / name.removeprefix("postroom-"))
        greeting = b"220 " if name == "postroom-lmtp" else b""
        wait_until(lambda: child.poll() is not None or greets(address, greeting), 30,
                   f"{name} does not answer on {address}, see {self.log(f'{name}.out')}")
        if child.poll() is not None:
            raise Failure(f"{name} ended with status {child.returncode}:\n" + self.tail(f"{name}.out"))

    def run_quietly(self, command, log):
        """Daemons keep what they inherit open, so output goes to a file, never into a pipe."""
        with open(self.log(log), "ab") as output:
            done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=output,
                                  stderr=output, check=False)
        if done.returncode != 0:
            raise Failure(f"{command[0]} ended with status {done.returncode}:\n" + self.tail(log))

    def tail(self, log, lines=20):
        try:
            return "\n".join(self.log(log).read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    # --- stopping

    def stop(self):
        """Ends what runs in the directory, whoever started it. Harmless if nothing does."""
        self.stop_postfix()
        for name in reversed(DAEMONS):
            self.stop_postroom(name)
        self.stop_dovecot()

    def stop_postfix(self):
        pid = pid_in(self.root / "postfix/queue/pid/master.pid")
        if pid and self.is_ours(pid):
            self.run_quietly(["postfix", "-c", self.root / "postfix/etc", "stop"], "postfix-start.log")
            wait_until(lambda: not alive(pid), 30, "Postfix does not stop")

    def stop_dovecot(self):
        pid = pid_in(self.root / "dovecot/run/master.pid")
        if pid and self.is_ours(pid):
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not alive(pid), 30, "Dovecot does not stop")

    def stop_postroom(self, name, how=signal.SIGTERM):
        """Returns the exit status if this process started the daemon, else None."""
        pid = self.postroom_pid(name)
        if pid:
            os.kill(pid, how)
        child = self.children.pop(name, None)
        if child:
            return child.wait(60)
        if pid:
            wait_until(lambda: not alive(pid), 60, f"{name} does not stop")
        return None

    def postroom_pid(self, name):
        child = self.children.get(name)
        pid = child.pid if child else pid_in(self.root / f"run/{name}.pid")
        return pid if pid and alive(pid) and self.is_ours(pid) else None

    def is_ours(self, pid):
        """A pid file may be old and its number another program's by now: ours names the directory in its
        command line, or works in it (Postfix)."""
        try:
            command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            place = os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            return False
        return f"{self.root}/".encode() in command or place.startswith(f"{self.root}/")

    # --- watching

    def running(self):
        """Name -> pid of what runs in the directory, None for what does not."""
        pids = {"postfix": pid_in(self.root / "postfix/queue/pid/master.pid"),
                "dovecot": pid_in(self.root / "dovecot/run/master.pid")}
        found = {name: pid if pid and alive(pid) and self.is_ours(pid) else None for name, pid in pids.items()}
        return {**found, **{name: self.postroom_pid(name) for name in reversed(DAEMONS)}}

    def queued(self):
        """Queue files of Postfix: mail accepted and not yet delivered."""
        queue = self.root / "postfix/queue"
        return sum(1 for part in ("maildrop", "incoming", "active", "deferred", "hold")
                   for _, _, files in os.walk(queue / part) for _ in files)

    def wait_for_empty_queue(self, limit=60):
        wait_until(lambda: self.queued() == 0, limit,
                   f"{self.queued()} messages are still in Postfix's queue, see {self.log('maillog')}")

    def flush(self):
        self.run_quietly(["postqueue", "-c", self.root / "postfix/etc", "-f"], "postfix-start.log")
