#!/usr/bin/python3
"""Mail throughput of postroom beside plain Postfix -> Dovecot, interleaved, as ratios.

    tests/bench/bench.py [--build DIR] [--rounds 3] [--messages 2000] [--quick] [PART]...

Builds what it needs (as root, after packaging/install-deps and a release build). PARTs: throughput (the default
table), latency, slowdisk, fsyncs, memory; none: all of them. Rates are messages a second from the first connection to
the newest stored file; every stored file is matched to its Message-ID, and a lost or doubled message ends the run."""
import argparse, json, os, re, signal, statistics, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import messages
from servers import USERS, Servers, wait_for

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OURS = ('postroom-milter', 'postroom-lmtp')
# name: (port, domain, what it is)
WAYS = {
    'a': ('none', 'dovecot.test', 'Postfix -> Dovecot LMTP, no milter'),
    'b': ('postroom', 'room.test', 'Postfix -> postroom-milter -> postroom-lmtp'),
    'c': ('none', 'room.test', 'Postfix -> postroom-lmtp, no milter'),
}


def stored(root, domain, run, start):
    """Number of distinct messages of this run, of files, and the newest change time. Base names begin with seconds."""
    ids, files, newest = set(), 0, 0.0
    mark = re.compile(rb'Message-ID: <%s\.(\d{8})@' % run.encode())
    for base, _, names in os.walk('%s/mail/%s' % (root, domain)):
        if os.path.basename(base) not in ('new', 'cur'):
            continue
        for name in names:
            if int(name.split('.')[0]) < int(start):
                continue
            with open('%s/%s' % (base, name), 'rb') as file:
                found = mark.search(file.read(65536))
            if found:
                ids.add(found[1])
                files += 1
                newest = max(newest, os.stat('%s/%s' % (base, name)).st_ctime)
    return len(ids), files, newest


class Bench:
    def __init__(self, options, servers):
        self.options, self.servers, self.runs = options, servers, 0

    def blast(self, port, domain, size, count, sessions, rate=0):
        self.runs += 1
        run = 'r%d' % self.runs
        argv = [self.servers.build + '/bench/blast', '-s', str(sessions), '-n', str(count), '-u', str(USERS), '-i', run, '-d', domain]
        argv += ['-r', str(rate)] if rate else []
        argv += ['%s/messages/%s' % (self.servers.root, size), str(self.servers.port[port])]
        out = subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout
        return run, json.loads(out)

    def once(self, port, domain, size, count, sessions):
        """One run: rate and CPU milliseconds of our programs for each message. What it stored stays: ext4 is slow to
        use inodes again that were freed a moment ago, and the next run would pay for it."""
        os.sync()
        before = self.servers.cpu(*OURS)
        run, sent = self.blast(port, domain, size, count, sessions)
        wait_for('the queue to empty', lambda: not self.servers.queued(), 120)
        distinct, files, newest = stored(self.servers.root, domain, run, sent['start'])
        if distinct != count or files != count:
            raise SystemExit('%s: %d sent, %d stored, %d different' % (domain, count, files, distinct))
        cpu = (self.servers.cpu(*OURS) - before) / count * 1e3
        return count / (newest - sent['start']), cpu

    def throughput(self):
        print('\nThroughput, messages/second (median of %d interleaved rounds); ratio to a, round by round' % self.options.rounds)
        print('%-8s %-9s %9s %9s %9s %8s %8s %14s %14s' % ('size', 'sessions', 'a', 'b', 'c', 'b/a', 'c/a', 'b: our CPU ms', 'c: our CPU ms'))
        for size, sessions in (('2k', 10), ('2k', 1), ('2k', 20), ('50k', 10), ('50k', 1), ('50k', 20)):
            count = self.options.messages if size == '2k' and sessions > 1 else self.options.messages // 2
            rounds = [{way: self.once(*WAYS[way][:2], size, count, sessions) for way in WAYS} for _ in range(self.options.rounds)]
            middle = lambda value: statistics.median(value(r) for r in rounds)
            print('%-8s %-9d %9.0f %9.0f %9.0f %8.2f %8.2f %14.2f %14.2f' % (
                size, sessions, *(middle(lambda r: r[way][0]) for way in 'abc'), middle(lambda r: r['b'][0] / r['a'][0]),
                middle(lambda r: r['c'][0] / r['a'][0]), middle(lambda r: r['b'][1]), middle(lambda r: r['c'][1])), flush=True)

    def latency(self):
        """Acceptance by Postfix with our milter and with one that does nothing, at 30 messages a second."""
        print('\nLatency of acceptance at 30 messages/second, 2 KB, ms (median of rounds)')
        count, seen = 30 * (10 if self.options.quick else 20), {'noop': [], 'postroom': []}
        for _ in range(self.options.rounds):
            for port in seen:
                seen[port].append(self.blast(port, 'room.test', '2k', count, 20, 30)[1])
                wait_for('the queue to empty', lambda: not self.servers.queued(), 120)
        for part in ('p50', 'p99'):
            noop, ours = (statistics.median(s[part] for s in seen[port]) for port in ('noop', 'postroom'))
            ratio = statistics.median(o[part] / n[part] for o, n in zip(seen['postroom'], seen['noop']))
            print('%s: milter that does nothing %.2f, postroom-milter %.2f, ratio %.2f' % (part, noop, ours, ratio), flush=True)

    def slowdisk(self):
        """Our LMTP server with tickets and one without, every fsync of both 3 ms slower."""
        print('\nEvery fsync 3 ms slower: with tickets / the same server without tickets, 2 KB')
        slow = {'LD_PRELOAD': self.servers.build + '/bench/slowfsync.so', 'SLOW_FSYNC_US': '3000'}
        self.servers.stop_postroom()
        self.servers.start_postroom(**slow)
        self.servers.start_plain(**slow)
        for sessions in (10, 20):
            pairs = [(self.once('none', 'room.test', '2k', self.options.messages // 2, sessions)[0],
                      self.once('none', 'plain.test', '2k', self.options.messages // 2, sessions)[0]) for _ in range(self.options.rounds)]
            print('%d sessions: with %.0f, without %.0f, ratio %.2f' % (
                sessions, *(statistics.median(p[i] for p in pairs) for i in (0, 1)), statistics.median(w / o for w, o in pairs)), flush=True)
        self.servers.stop('plain')
        self.servers.stop_postroom()
        self.servers.start_postroom()

    def fsyncs(self):
        print('\nfsync + fdatasync of postroom-lmtp for each message (strace)')
        pid = self.servers.pids['postroom-lmtp'].pid
        for name, count, sessions, rate in (('lone message', 100, 1, 5), ('10 sessions', 1000, 10, 0), ('20 sessions', 1000, 20, 0)):
            log = tempfile.NamedTemporaryFile()
            trace = subprocess.Popen(['strace', '-f', '-c', '-e', 'trace=fsync,fdatasync', '-o', log.name, '-p', str(pid)],
                                     stderr=subprocess.PIPE, text=True)
            trace.stderr.readline()  # "Process N attached"
            self.blast('none', 'room.test', '2k', count, sessions, rate)
            wait_for('the queue to empty', lambda: not self.servers.queued(), 120)
            trace.send_signal(signal.SIGINT)
            trace.wait()
            calls = sum(int(line.split()[3]) for line in open(log.name) if line.rstrip().endswith(('fsync', 'fdatasync')))
            print('%-14s %.2f' % (name, calls / count), flush=True)

    def memory(self):
        print('\nResident memory, MB')
        self.servers.stop_postroom()
        self.servers.start_postroom()
        total = 4000 if self.options.quick else 20000
        for sent in (1000, total):
            self.blast('postroom', 'room.test', '2k', sent if sent == 1000 else total - 1000, 10)
            wait_for('the queue to empty', lambda: not self.servers.queued(), 300)
            print('after %6d messages: %s' % (sent, ', '.join('%s %.1f' % (n, self.servers.memory(n)) for n in OURS)), flush=True)


def build(directory):
    targets = [*OURS, 'bench-tools']
    subprocess.run(['cmake', '--build', directory, '--target', *targets], check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', default=SOURCE + '/build/release')
    parser.add_argument('--root', default='/var/tmp/postroom-bench')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--messages', type=int, default=2000)
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('part', nargs='*')
    options = parser.parse_args()
    build(options.build)
    servers = Servers(options.root, options.build, SOURCE)
    bench = Bench(options, servers)
    try:
        servers.up()
        messages.write(options.root + '/messages')
        for part in options.part or ('throughput', 'latency', 'slowdisk', 'fsyncs', 'memory'):
            getattr(bench, part)()
    finally:
        servers.down()


if __name__ == '__main__':
    main()
