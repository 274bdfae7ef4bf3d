#!/usr/bin/python3
"""Time and memory of `postroom-tickets rebuild`, `verify` and `audit` on a desk with many tickets.

    tests/bench/folders.py [--build DIR] [--tickets 1000000] [--directory /dev/shm/...]

Makes a tree of files as postroom-lmtp writes them (a file system in memory keeps the disk out of it), builds the
database from it with rebuild, and looks at both."""
import argparse, base64, hashlib, hmac, json, os, shutil, subprocess, sys, tempfile, time

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SECRET = b'0123456789abcdef0123456789abcdef'
PLACES = [('', 'new'), ('Ivan', 'cur'), ('Ivan/In progress', 'cur'), ('Ivan/Done', 'cur'), ('Done', 'cur')]


def mac(text):
    return hmac.new(SECRET, text.encode(), hashlib.sha256).hexdigest()[:32]


def record(number, when):
    row = {'ticket': number, 'message': number, 'at': when, 'digest': hashlib.sha256(b'%d' % number).hexdigest(),
           'id': '4Xy%09d' % number, 'keys': [['support@desk.test', 'rfc822;support@desk.test']], 'opens': True,
           'queue': 'support', 'channel': 'support@desk.test', 'name': 'Customer %d' % number,
           'customer': 'c%d@home.test' % number, 'why': 'the channel support@desk.test',
           'content': hashlib.md5(b'%d' % number).hexdigest()}
    text = json.dumps(row, separators=(',', ':'))
    encoded = base64.b64encode(text.encode()).decode()
    lines = '\n '.join(encoded[i:i + 72] for i in range(0, len(encoded), 72))
    return 'X-Postroom-Record: v1;\n %s;\n mac=%s\n' % (lines, mac('postroom record v1\n' + text))


def make_tree(root, tickets):
    for folder, _ in PLACES:
        for inner in ('cur', 'new', 'tmp'):
            os.makedirs(os.path.join(root, 'mail/Support', folder, inner), exist_ok=True)
    start = 1790000000
    for number in range(1, tickets + 1):
        folder, inner = PLACES[number % len(PLACES)]
        text = ('Return-Path: <c%d@home.test>\n' % number + record(number, (start + number) * 1000) +
                'X-Postroom-Ticket: %d; message=%d; mac=%s\n' % (number, number, mac('postroom ticket v1\n%d\n%d\n' % (number, number))) +
                'From: Customer <c%d@home.test>\nTo: <support@desk.test>\nSubject: question %d\n'
                'Message-ID: <%d@home.test>\n\nHow do I pay?\n' % (number, number, number))
        name = '%d.M%dP1R0123456789abcdef.mx.desk.test,S=%d,W=%d' % (start + number, number, len(text), len(text) + text.count('\n'))
        with open(os.path.join(root, 'mail/Support', folder, inner, name + (':2,S' if inner == 'cur' else '')), 'w') as file:
            file.write(text)


def make_log(root, tickets):
    with open(root + '/maillog', 'w') as log:
        for number in range(1, tickets + 1):
            at = '2026-10-01T%02d:%02d:%02dZ mx postfix' % (number // 3600 % 24, number // 60 % 60, number % 60)
            name = '4Xy%09d' % number
            log.write('%s/smtpd[1]: %s: client=home.test[192.0.2.1]\n%s/cleanup[2]: %s: message-id=<%d@home.test>\n'
                      '%s/qmgr[3]: %s: from=<c%d@home.test>, size=900, nrcpt=1 (queue active)\n'
                      '%s/lmtp[4]: %s: to=<support@desk.test>, relay=x, delay=0.1, dsn=2.0.0, status=sent (250 2.0.0 ticket %d in Support)\n'
                      '%s/qmgr[3]: %s: removed\n' % (at, name, at, name, number, at, name, number, at, name, number, at, name))


def make_desk(root):
    os.makedirs(root + '/texts')
    with open(root + '/secret', 'wb') as file:
        file.write(SECRET)
    os.chmod(root + '/secret', 0o600)
    with open(root + '/postroom.yaml', 'w') as file:
        file.write('host: mx.desk.test\npaths: {mailboxes: %(r)s/mail, database: %(r)s/db, secret: %(r)s/secret, run: %(r)s/run, texts: %(r)s/texts}\n'
                   'channels:\n  - {address: support@desk.test, queue: support}\nqueues:\n  support: {mailbox: Support, group: first}\n'
                   'operators:\n  - {login: ivan, name: Ivan, groups: [first]}\n' % {'r': root})
    open(root + '/queue', 'w').close()


def run(options, root, *arguments):
    start = time.monotonic()
    process = subprocess.Popen([options.build + '/bin/postroom-tickets', '-c', root + '/postroom.yaml', *arguments], stdout=subprocess.PIPE)
    out = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    print('%-8s %7.1f s  %6.0f MB  status %d  %s' % (arguments[0], time.monotonic() - start, used.ru_maxrss / 1024,
                                                  os.waitstatus_to_exitcode(status), out.strip().replace('\n', '; ')[:150]), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', default=SOURCE + '/build/release')
    parser.add_argument('--tickets', type=int, default=1000000)
    parser.add_argument('--directory', default='/dev/shm')
    options = parser.parse_args()
    root = tempfile.mkdtemp(prefix='postroom-bench-', dir=options.directory)
    try:
        make_desk(root)
        start = time.monotonic()
        make_tree(root, options.tickets)
        make_log(root, options.tickets)
        print('made     %7.1f s  %d tickets' % (time.monotonic() - start, options.tickets), flush=True)
        run(options, root, 'rebuild')
        run(options, root, 'verify')
        run(options, root, 'audit', '--queue', root + '/queue', '--log', root + '/maillog')
        print('database %7.0f bytes a ticket' % (os.path.getsize(root + '/db') / options.tickets))
    finally:
        shutil.rmtree(root)


if __name__ == '__main__':
    sys.exit(main())
