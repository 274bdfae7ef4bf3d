"""What packaging/quickstart does once the programs are built. usage: quickstart.py start|status|reload|stop"""

import email
import email.policy
import imaplib
import os
import pathlib
import re
import shutil
import smtplib
import subprocess
import sys

import private_mail
from folder_tree import folder_tree
from sample_mail import BILLING, CUSTOMERS, FORM, NEWS, SALES, SUPPORT, answer, samples

SOURCE = pathlib.Path(__file__).resolve().parent.parent
ROOT = pathlib.Path(os.environ.get("POSTROOM_QUICKSTART", "/var/tmp/postroom-quickstart")).absolute()
MARK = ROOT / ".postroom-quickstart"  # only a directory with this file is ever removed
PORTS = (10025, 10587, 10143, 10024)
OPERATORS = {"ivan": "ivan", "olga": "olga"}
USERS = {**OPERATORS, **{name: name for name in CUSTOMERS}}


def heading(text):
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}\n{'-' * len(text)}", flush=True)


def step(text):
    print(text, flush=True)


def make_room():
    """Ends the quickstart before this one, and empties its directory."""
    if MARK.exists():
        private_mail.PrivateMail(ROOT, ROOT / "bin").stop()
        shutil.rmtree(ROOT)
    elif ROOT.exists() and any(ROOT.iterdir()):
        raise private_mail.Failure(f"{ROOT} exists and was not made by quickstart; name another directory in "
                                   "POSTROOM_QUICKSTART")
    ROOT.mkdir(parents=True, exist_ok=True)
    MARK.touch()


def start_system():
    make_room()
    system = private_mail.PrivateMail(ROOT, SOURCE / "build/release/bin", private_mail.free_ports(PORTS))
    to_customers = f"customer.test lmtp:inet:127.0.0.1:{system.ports.dovecot_lmtp}"
    desk = (private_mail.TEMPLATES / "postroom.yaml").read_text(encoding="utf-8")
    system.prepare(desk, USERS, [SUPPORT, BILLING, SALES, NEWS, FORM], [to_customers])
    try:
        system.start()
    except private_mail.Failure:
        system.stop()
        raise
    return system


def send_samples(system):
    with smtplib.SMTP("127.0.0.1", system.ports.smtp, timeout=120) as client:
        for sample in samples():
            client.sendmail(sample.sender, sample.recipients, sample.data)
            step(f"  {sample.what}")
    system.wait_for_empty_queue(120)
    private_mail.wait_until(lambda: count_of_mail(system, "anna"), 60,
                            f"the acknowledgement did not reach anna, see {system.log('postroom.log')}")
    system.wait_for_empty_queue(60)


def send(system, sample):
    with smtplib.SMTP("127.0.0.1", system.ports.smtp, timeout=120) as client:
        client.sendmail(sample.sender, sample.recipients, sample.data)
    step(f"  {sample.what} ({', '.join(sample.recipients)})")
    system.wait_for_empty_queue(60)


def logged_in(system, login):
    client = imaplib.IMAP4("127.0.0.1", system.ports.imap, timeout=60)
    client.login(login, USERS[login])
    return client


def count_of_mail(system, login):
    client = logged_in(system, login)
    count = int(client.select("INBOX", readonly=True)[1][0])
    client.logout()
    return count


def first_mail(system, login):
    client = logged_in(system, login)
    client.select("INBOX", readonly=True)
    raw = client.fetch("1", "(BODY.PEEK[])")[1][0][1]
    client.logout()
    return email.message_from_bytes(raw, policy=email.policy.default)


def print_mail(mail):
    for name in ("Return-Path", "From", "Reply-To", "To", "Subject", "Message-ID", "Auto-Submitted", "In-Reply-To",
                 "Precedence"):
        print(f"  {name}: {mail[name]}")
    print()
    for line in mail.get_body().get_content().rstrip().splitlines():
        print(f"  {line}".rstrip())


def run(system, name, *arguments, data=None):
    """Runs a program of ours as an admin would, and shows what it prints."""
    print("$", name, " ".join(arguments), flush=True)
    command = [system.program(name), *arguments, "-c", str(system.config)]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    print((done.stdout + done.stderr).decode("utf-8", "replace").rstrip())
    if done.returncode != 0:
        raise private_mail.Failure(f"{name} {arguments[0]} ended with status {done.returncode}")


def print_places(system):
    ports = system.ports
    heading("Try it")
    print(f"""IMAP    127.0.0.1 port {ports.imap}, no encryption: login ivan, password ivan (or olga, olga)
SMTP    127.0.0.1 port {ports.submission} with the same logins; customers write to port {ports.smtp} without
Mutt    mutt -f imap://ivan:ivan@127.0.0.1:{ports.imap}/Desk
Thunderbird  new account, "Configure manually": IMAP and SMTP as above, connection security none,
        authentication "Password, transmitted insecurely"; the desk's folders are below "Desk"
From another machine  ssh -L {ports.imap}:127.0.0.1:{ports.imap} -L {ports.submission}:127.0.0.1:{ports.submission} root@this-host
Customers' mailboxes  anna, john, petr ... (password = login) on the same IMAP port""")
    heading("Where things are")
    programs = system.root / "bin"
    print(f"""Configuration  {system.config}   (texts: {system.root}/etc/texts)
Mailboxes      {system.root}/var/mailboxes
Tickets        {programs}/postroom-tickets -c {system.config} list
Logs           {system.log('postroom.log')}, {system.log('maillog')}, {system.log('dovecot.log')}
Everything is below {system.root} and listens on 127.0.0.1 only.

It keeps running. Stop it:  packaging/quickstart stop     Look:  packaging/quickstart status""")


def start():
    step(f"Starting Postfix, Dovecot and postroom in {ROOT}")
    system = start_system()
    mails = samples()
    heading(f"{len(mails)} mails come in by SMTP (port {system.ports.smtp})")
    send_samples(system)
    heading("The tickets")
    run(system, "postroom-tickets", "list")
    heading(f"Why the first one went where it went ({mails[0].what})")
    run(system, "postroom-rules", "explain", "--rcpt", mails[0].recipients[0], "--sender", mails[0].sender, "-",
        data=mails[0].data)
    heading("The shared mailboxes, as ivan sees them by IMAP (messages)")
    client = logged_in(system, "ivan")
    print("\n".join(folder_tree(client, "Desk")))
    client.logout()
    heading("The acknowledgement, as Anna got it")
    acknowledgement = first_mail(system, "anna")
    print_mail(acknowledgement)
    ticket = re.search(r"#(\d+)\]", acknowledgement["Subject"])[1]
    heading(f"Anna answers to the signed address, and it is ticket {ticket} again")
    send(system, answer(acknowledgement))
    run(system, "postroom-tickets", "show", ticket)
    print_places(system)


def existing():
    if not MARK.exists():
        raise private_mail.Failure(f"there is no quickstart in {ROOT}")
    return private_mail.PrivateMail(ROOT, ROOT / "bin")


def status():
    system = existing()
    running = system.running()
    for name, pid in running.items():
        print(f"{name:16} {f'runs, pid {pid}' if pid else 'is stopped'}")
    print(f"{'directory':16} {ROOT}")
    sys.exit(0 if all(running.values()) else 1)


def reload():
    system = existing()
    done = subprocess.run([system.program("postroom-conf"), "reload", "-c", str(system.config)], check=False)
    sys.exit(done.returncode)


def stop():
    if not MARK.exists():
        print(f"There is no quickstart in {ROOT}.")
        return
    existing().stop()
    print(f"Stopped. Mail, tickets and logs are still in {ROOT}; remove it when you do not need it.")


def main():
    verbs = {"start": start, "status": status, "reload": reload, "stop": stop}
    try:
        verbs[sys.argv[1]]()
    except (private_mail.Failure, OSError, smtplib.SMTPException, imaplib.IMAP4.error) as problem:
        sys.exit(f"quickstart: {sys.argv[1]} failed: {problem}")


if __name__ == "__main__":
    main()
