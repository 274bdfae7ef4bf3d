#!/usr/bin/python3
"""What a store of many tickets costs: deliveries a second, fsyncs a message, size, and postroom-tickets.

    tests/bench/tickets.py [--build DIR] [--tickets 0,100000,1000000] [--rounds 3] [--messages 2000] [PART]...

PARTs: commands, deliveries, fsyncs; none: all of them. The stores are filled by SQL with tickets of a help desk's
kind (a mail, its acknowledgement, five events, threads), and their files are there: links to one message. Deliveries go
Postfix -> postroom-lmtp, the sizes of the store interleaved, after a checkpoint; every message is counted. Needs root, a
release build with bench-tools, and about 2.5 GB below --root for a million."""
import argparse, hashlib, os, shutil, sqlite3, statistics, subprocess, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import messages
from bench import Bench, SOURCE, build
from servers import MAIL, Servers, wait_for

# One ticket in ten is still new; the others ivan has claimed and resolved, in his folder. Message 2n is the customer's
# mail to ticket n, 2n+1 our acknowledgement. `n` runs from 1.
FILL = '''
INSERT INTO customers (id, address, name) SELECT n, 'c' || n || '@client.test', 'Customer ' || n FROM one WHERE n <= :tickets / 2 + 1;
INSERT INTO tickets (number, queue, channel, priority, status, owner, customer, subject, tags, created, updated, resolved)
  SELECT n, 'u' || (n % 20), 'u' || (n % 20) || '@room.test', 'normal', iif(n % 10, 'resolved', 'new'), iif(n % 10, 'ivan', ''),
    n / 2 + 1, 'Where is parcel ' || (n * 7919), '[]', :start + n * 60000, :start + n * 60000 + 7200000,
    iif(n % 10, :start + n * 60000 + 7200000, NULL) FROM one;
INSERT INTO messages (number, ticket, digest, kind, message_id, sender, subject, automatic, at, published)
  SELECT 2 * n + half, n, iif(half, NULL, digest(n)), iif(half, 'acknowledgement', 'inbound'),
    iif(half, 't' || n || '.m' || (2 * n) || '.abcdefgh.k7q2m9p4xaq3@mx.bench.test', n || '@client.test'),
    iif(half, '', 'c' || (n / 2 + 1) || '@client.test'), iif(half, '', 'Where is parcel ' || (n * 7919)), iif(half, '', 'none'),
    :start + n * 60000, 1 FROM one, (SELECT 0 AS half UNION ALL SELECT 1);
INSERT INTO places SELECT 2 * n, 'U' || (n % 20), iif(n % 10, '["Ivan","Done"]', '[]'), name(n) FROM one;
INSERT INTO deliveries SELECT 2 * n, 'u' || (n % 20) || '@room.test', 'rfc822;u' || (n % 20) || '@room.test', '4fill' || n, :start FROM one;
INSERT INTO events (ticket, message, at, who, what, why)
  SELECT n, iif(step < 3, 2 * n + (step > 0), NULL), :start + n * 60000 + step, iif(step < 3, 'postroom-lmtp', 'ivan'), what, why FROM one,
    (SELECT 0 AS step, 'created' AS what, 'channel of queue' AS why UNION ALL SELECT 1, 'acknowledgement queued', 'a person wrote'
     UNION ALL SELECT 2, 'acknowledgement sent', '250 2.0.0 ok' UNION ALL SELECT 3, 'claimed', 'by ivan'
     UNION ALL SELECT 4, 'resolved', '') WHERE step < 3 OR n % 10;
INSERT INTO outbox (ticket, message, answers, kind, recipient, message_id, body, state, tries, next_try, created, why)
  SELECT n, 2 * n + 1, 2 * n, 'acknowledgement', 'c' || (n / 2 + 1) || '@client.test', 't' || n || '.m' || (2 * n) ||
    '.abcdefgh.k7q2m9p4xaq3@mx.bench.test', NULL, 'sent', 1, :start, :start + n * 60000, '250 2.0.0 ok' FROM one;
INSERT INTO thread_keys SELECT thread_hash('id', n || '@client.test') AS hash, 2 * n FROM one ORDER BY 1;
INSERT INTO contents SELECT (:start + n * 60000) / 3600000, thread_hash('content', digest(n)), 2 * n FROM one ORDER BY 1, 2;
UPDATE counters SET next = 2 * :tickets + 1000;
'''


def name(number):
    return '%d.M%d_fill.mx,S=1180,W=1210' % (1700000000, number)


def fill(path, tickets):
    """A store made by postroom-tickets migrate, filled."""
    db = sqlite3.connect(path, isolation_level=None)
    db.create_function('name', 1, name, deterministic=True)
    db.create_function('digest', 1, lambda n: hashlib.sha256(b'%d' % n).digest(), deterministic=True)
    db.create_function('thread_hash', 2, lambda kind, text: int.from_bytes(hashlib.sha256(
        kind.encode() + b'\n' + (text if isinstance(text, bytes) else text.encode())).digest()[:8], 'big', signed=True), deterministic=True)
    db.executescript('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; CREATE TEMP TABLE one (n INTEGER PRIMARY KEY); BEGIN')
    db.execute('INSERT INTO one WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < :t) '
               'SELECT n FROM up WHERE n <= :t', {'t': tickets})
    names = {'tickets': tickets, 'start': (int(time.time()) - 60 * tickets - 86400) * 1000}
    for statement in FILL.split(';\n'):
        if statement.strip():
            db.execute(statement, {key: names[key] for key in names if ':' + key in statement})
    db.execute('COMMIT')
    db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()


def make_files(root, tickets):
    """Links to one message, as many as a file may have, where the store says they lie."""
    text = b'X-Postroom-Ticket: 1; message=2; mac=0\nFrom: c@client.test\nSubject: x\n\n' + b'Where is my parcel?\n' * 55
    original = None
    for number in range(1, tickets + 1):
        folder = '%s/U%d%s/cur' % (root, number % 20, '/Ivan/Done' if number % 10 else '')
        os.makedirs(folder, exist_ok=True) if number <= 400 else None
        target = '%s/%s:2,S' % (folder, name(number))
        if number % 60000 == 1:
            original = target
            with open(target, 'wb') as file:
                file.write(text)
        else:
            os.link(original, target)


class Many(Bench):
    def __init__(self, options, servers):
        super().__init__(options, servers)
        self.sizes = [int(size) for size in options.tickets.split(',')]
        self.config = servers.root + '/postroom.yaml'
        self.text = open(self.config).read()

    def database(self, size):
        return '%s/state/%d.db' % (self.servers.root, size)

    def use(self, size):
        """Starts postroom-lmtp on the store of this size."""
        self.servers.stop('postroom-lmtp') if 'postroom-lmtp' in self.servers.pids else None
        self.configure(size)
        self.servers.start('postroom-lmtp', [self.servers.build + '/bin/postroom-lmtp', '-c', self.config], as_mail=True)
        wait_for('postroom-lmtp', lambda: os.path.exists(self.servers.root + '/run/lmtp') and self.answers_lmtp())

    def answers_lmtp(self):
        return subprocess.run(['ss', '-lxH', 'src', self.servers.root + '/run/lmtp'], capture_output=True).stdout != b''

    def configure(self, size):
        text = self.text.replace('/state/postroom.db', '/state/%d.db' % size)
        text = text.replace('mailboxes: %s/mail/room.test' % self.servers.root, 'mailboxes: %s/mail/%d' % (self.servers.root, size))
        with open(self.config, 'w') as out:
            out.write(text)

    def tickets(self, size, *arguments):
        """(seconds, lines) of postroom-tickets on the store of this size."""
        self.configure(size)
        begun = time.monotonic()
        done = subprocess.run([self.servers.build + '/bin/postroom-tickets', '-c', self.config, *arguments], capture_output=True)
        seconds = time.monotonic() - begun
        if done.returncode != 0:
            raise SystemExit('%s: %s%s' % (arguments, done.stdout[-500:].decode(), done.stderr[-500:].decode()))
        return seconds, done.stdout.count(b'\n')

    def prepare(self):
        for size in self.sizes:
            self.tickets(size, 'migrate')
            os.makedirs('%s/mail/%d' % (self.servers.root, size), exist_ok=True)
            if size:
                fill(self.database(size), size)
                make_files('%s/mail/%d' % (self.servers.root, size), size)
            for path in ('state', 'mail/%d' % size):
                subprocess.run(['chown', '-R', '%d:%d' % (MAIL.pw_uid, MAIL.pw_gid), '%s/%s' % (self.servers.root, path)], check=True)
            bytes_ = os.stat(self.database(size)).st_size
            print('%8d tickets: %d bytes, %.0f a ticket' % (size, bytes_, bytes_ / max(size, 1)), flush=True)
        os.sync()

    def deliveries(self):
        print('\nDeliveries a second (Postfix -> postroom-lmtp, 2 KB, 10 sessions), sizes interleaved; ratio to the first')
        rates = {size: [] for size in self.sizes}
        for _ in range(self.options.rounds):
            for size in self.sizes:
                self.use(size)
                rates[size].append(self.rate(size))
        for size in self.sizes:
            ratio = statistics.median(one / first for one, first in zip(rates[size], rates[self.sizes[0]]))
            print('%8d tickets: %5.0f  ratio %.2f   (%s)' % (size, statistics.median(rates[size]), ratio,
                                                          ' '.join('%.0f' % rate for rate in rates[size])), flush=True)

    def rate(self, size):
        """Messages a second from the first connection to the last row."""
        os.sync()
        count, before = self.options.messages, self.count(size)
        begun = time.time()
        self.blast('none', 'room.test', '2k', count, 10)
        wait_for('the queue to empty', lambda: not self.servers.queued(), 300)
        seconds = time.time() - begun
        if self.count(size) - before != count:
            raise SystemExit('%d tickets: %d sent, %d recorded' % (size, count, self.count(size) - before))
        return count / seconds

    def count(self, size):
        with sqlite3.connect('file:%s?mode=ro' % self.database(size), uri=True) as db:
            return db.execute("SELECT max(rowid), (SELECT count(*) FROM messages WHERE kind = 'inbound' AND number > ?) FROM tickets",
                              (2 * size + 1 if size else 0,)).fetchone()[1]

    def fsyncs_of_sizes(self):
        for size in self.sizes:
            print('\n%d tickets' % size, end='')
            self.use(size)
            self.fsyncs()

    def commands(self):
        print('\npostroom-tickets, seconds')
        for size in self.sizes[1:]:
            for arguments in (('list',), ('list', '--queue', 'u7', '--status', 'new'), ('list', '--customer', 'c77@client.test'),
                              ('show', '77'), ('events', '--most', '100'), ('verify',)):
                seconds, lines = self.tickets(size, *arguments)
                print('%8d tickets: %-34s %7.2f s, %d lines' % (size, ' '.join(arguments), seconds, lines), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default=SOURCE + '/build/release')
    parser.add_argument('--root', default='/var/tmp/postroom-bench-tickets')
    parser.add_argument('--tickets', default='0,100000,1000000')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--messages', type=int, default=2000)
    parser.add_argument('part', nargs='*')
    options = parser.parse_args()
    build(options.build)
    servers = Servers(options.root, options.build, SOURCE, base=13100)
    try:
        servers.up()
        servers.stop('postroom-lmtp')
        messages.write(options.root + '/messages')
        bench = Many(options, servers)
        bench.prepare()
        parts = {'commands': bench.commands, 'deliveries': bench.deliveries, 'fsyncs': bench.fsyncs_of_sizes}
        for part in options.part or parts:
            parts[part]()
    finally:
        servers.down()
        shutil.rmtree(options.root, ignore_errors=True)


if __name__ == '__main__':
    main()
