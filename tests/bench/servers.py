"""What a benchmark runs against: a private Postfix, a private Dovecot and postroom under one directory, loopback and
unix sockets only, ended by pid."""
import os, pwd, shutil, signal, socket, subprocess, time

MAIL = pwd.getpwnam('mail')
USERS = 20

MAIN_CF = '''compatibility_level = 3.6
queue_directory = {root}/postfix/queue
data_directory = {root}/postfix/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = {root}/postfix/log
maillog_file_prefixes = {root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.bench.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
enable_long_queue_ids = yes
relay_domains = discard.test client.test dovecot.test room.test plain.test
transport_maps = inline:{{ {{discard.test=discard:}}, {{client.test=discard:}}, {{dovecot.test=lmtp:unix:{root}/dovecot/lmtp}}, {{room.test={room}}}, {{plain.test=lmtp:unix:{root}/plain}} }}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
milter_default_action = tempfail
'''
MASTER_CF = '''127.0.0.1:{none} inet n - n - - smtpd
127.0.0.1:{noop} inet n - n - - smtpd
  -o smtpd_milters=unix:{root}/noop
127.0.0.1:{postroom} inet n - n - - smtpd
  -o smtpd_milters=unix:{root}/run/milter
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
'''
DOVECOT = '''base_dir = {root}/dovecot/run
state_dir = {root}/dovecot/state
instance_name = postroom-bench
protocols = lmtp
listen = 127.0.0.1
ssl = no
log_path = {root}/dovecot/log
first_valid_uid = {uid}
mail_location = maildir:~/Maildir
lda_mailbox_autocreate = yes
postmaster_address = postmaster@bench.test
hostname = mx.bench.test
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%d/%n allow_all_users=yes
}}
service lmtp {{
  unix_listener {root}/dovecot/lmtp {{
    mode = 0666
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
'''
POSTROOM = '''host: mx.bench.test
log: {root}/log
paths: {{mailboxes: {root}/mail/room.test, database: {root}/state/postroom.db, secret: {root}/state/secret, run: {root}/run, texts: {source}/conf/texts}}
sockets: {{milter: "unix:{root}/run/milter", lmtp: "unix:{root}/run/lmtp", mode: "0666", submit: "smtp://127.0.0.1:{submit}"}}
acknowledgements: {{per_address: 1000000, global: 1000000, global_window: 1m}}
'''
WORDS = ['оплата', 'возврат', 'доставка', 'курьер', 'акт сверки', 'пароль', 'личный кабинет', 'жалоба', 'договор', 'invoice']


def wait_for(what, condition, limit=30):
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise SystemExit('gave up waiting for ' + what)
        time.sleep(.01)


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(('127.0.0.1', port)) == 0


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as out:
        out.write(text)


class Servers:
    """room: where Postfix takes mail for room.test; fsync_us: how much slower fsync is for our daemons."""

    def __init__(self, root, build, source, base=13000, rules=50):
        self.root, self.build, self.source = root, build, source
        self.port = {'none': base, 'noop': base + 1, 'postroom': base + 2, 'sink': base + 3}
        self.rules, self.pids = rules, {}

    def prepare(self):
        shutil.rmtree(self.root, ignore_errors=True)
        for folder in ('postfix/queue', 'postfix/data', 'dovecot', 'mail', 'run', 'state'):
            os.makedirs('%s/%s' % (self.root, folder))
        os.chmod(self.root, 0o755)
        os.chown(self.root + '/postfix/data', pwd.getpwnam('postfix').pw_uid, -1)
        for folder in ('', '/mail', '/run', '/state'):
            os.chown(self.root + folder, MAIL.pw_uid, MAIL.pw_gid)
        names = dict(self.port, root=self.root, room='lmtp:unix:%s/run/lmtp' % self.root, uid=MAIL.pw_uid, gid=MAIL.pw_gid,
                     source=self.source, submit=self.port['sink'])
        write(self.root + '/postfix/etc/main.cf', MAIN_CF.format(**names))
        write(self.root + '/postfix/etc/master.cf', MASTER_CF.format(**names))
        write(self.root + '/dovecot/dovecot.conf', DOVECOT.format(**names))
        write(self.root + '/postroom.yaml', POSTROOM.format(**names) + self.desk())

    def desk(self):
        lines = ['channels:'] + ['  - {address: u%d@room.test, queue: u%d}' % (u, u) for u in range(USERS)] + ['queues:']
        lines += ['  u%d: {mailbox: U%d, group: all, language: ru, acknowledgement: on, answer_within: 4h}' % (u, u) for u in range(USERS)]
        lines += ['operators:', '  - {login: ivan, name: Ivan, groups: [all]}', 'rules:']
        for n in range(self.rules):
            lines.append('  - {name: "rule %d", when: {any: [{subject: ["%s", "ключ %d"]}, {body: ["%s", "слово %d"]}]}, then: {tags: ["t%d"]}}'
                         % (n, WORDS[n % len(WORDS)], n, WORDS[(n + 3) % len(WORDS)], n, n))
        return '\n'.join(lines) + '\n'

    def start(self, name, argv, as_mail=False, **env):
        if as_mail:
            argv = ['setpriv', '--reuid', 'mail', '--regid', 'mail', '--clear-groups'] + argv
        with open('%s/%s.out' % (self.root, name), 'w') as out:
            self.pids[name] = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=dict(os.environ, **env))

    def up(self):
        self.prepare()
        subprocess.run(['postfix', '-c', self.root + '/postfix/etc', 'start'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run(['dovecot', '-c', self.root + '/dovecot/dovecot.conf'], check=True)
        self.start('sink', ['smtp-sink', '-u', 'mail', '127.0.0.1:%d' % self.port['sink'], '100'])
        self.start('noop', [self.build + '/bench/noop_milter', 'unix:%s/noop' % self.root], as_mail=True)
        self.start_postroom()
        for name in ('none', 'sink'):
            wait_for('port of ' + name, lambda: answers(self.port[name]))
        wait_for('Dovecot', lambda: os.path.exists(self.root + '/dovecot/lmtp'))
        wait_for('the milter that does nothing', lambda: os.path.exists(self.root + '/noop'))
        os.chmod(self.root + '/noop', 0o666)

    def start_postroom(self, **env):
        for program in ('postroom-milter', 'postroom-lmtp'):
            self.start(program, ['%s/bin/%s' % (self.build, program), '-c', self.root + '/postroom.yaml'], as_mail=True, **env)
        for name in ('milter', 'lmtp'):
            wait_for('postroom-' + name, lambda: os.path.exists('%s/run/%s' % (self.root, name)))

    def start_plain(self, **env):
        self.start('plain', [self.build + '/bench/maildir_lmtp', self.root + '/plain', self.root + '/mail/plain.test'], as_mail=True, **env)
        wait_for('the server without tickets', lambda: os.path.exists(self.root + '/plain'))

    def stop(self, name):
        child = self.pids.pop(name)
        child.terminate()
        child.wait(60)

    def stop_postroom(self):
        self.stop('postroom-milter')
        self.stop('postroom-lmtp')

    def down(self):
        for name in list(self.pids):
            self.stop(name)
        for file in ('/postfix/queue/pid/master.pid', '/dovecot/run/master.pid'):
            with open(self.root + file) as pid:
                os.kill(int(pid.read()), signal.SIGTERM)

    def cpu(self, *names):
        """Seconds of CPU that these programs have used so far."""
        return sum(sum(map(int, open('/proc/%d/stat' % self.pids[n].pid).read().rsplit(')', 1)[1].split()[11:13])) for n in names) / os.sysconf('SC_CLK_TCK')

    def memory(self, name):
        """Resident MB."""
        for line in open('/proc/%d/status' % self.pids[name].pid):
            if line.startswith('VmRSS'):
                return int(line.split()[1]) / 1024

    def queued(self):
        folders = ('incoming', 'active', 'maildrop')
        return any(os.listdir('%s/postfix/queue/%s' % (self.root, folder)) for folder in folders)
