"""Precision, recall and macro-F1 of rules from `postroom-rules suggest`, made from the even rows of labelled customer
requests and judged on the odd ones, beside naive Bayes on the same rows. What counts is where `postroom-rules explain`
sends the odd rows, as mail, with the rules in a configuration; what suggest says of itself must agree."""

import collections
import email.message
import email.policy
import json
import pathlib
import subprocess
import tempfile

from bayes import Bayes

# file, label, the least macro-F1 in percent
SETS = (
    ("rutube-ru", "category", 50),
    ("banking77-en", "category", 70),
    ("multilang", "queue", 27),
)
AGREE = 2  # percent
BATCH = 200
CHANNEL = "desk@desk.test"


def rows_of(path, label):
    """{subject, body, label} of every row."""
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [{"subject": row["subject"] or "", "body": row["body"], "label": row["labels"][label]} for row in rows]


def scores(pairs):
    """pairs: (right label, given label). Percent, each the mean over the right labels."""
    wanted, given = (collections.Counter(pair[i] for pair in pairs) for i in (0, 1))
    right = collections.Counter(wanted for wanted, given in pairs if wanted == given)
    mean = lambda of_label: 100 * sum(map(of_label, wanted)) / len(wanted)
    return (mean(lambda label: right[label] / max(given[label], 1)), mean(lambda label: right[label] / wanted[label]),
            mean(lambda label: 2 * right[label] / (wanted[label] + given[label])))


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def suggested(program, directory, train, judge):
    """{rules, otherwise, macro_f1, ...}"""
    files = [write_rows(directory / f"{name}.jsonl", rows) for name, rows in (("train", train), ("judge", judge))]
    done = subprocess.run([program, "suggest", "--train", files[0], "--judge", files[1], "--json"],
                          capture_output=True, text=True, check=True, timeout=600)
    return json.loads(done.stdout)


def write_desk(path, suggestion, queues):
    """The rules in a configuration; YAML reads JSON. Queues are numbered, for labels are no names of folders."""
    rules = [{**rule, "then": {**rule["then"], "queue": queues[rule["then"]["queue"]]}} for rule in suggestion["rules"]]
    desk = {"host": "desk.test",
            "languages": suggestion["languages"],
            "channels": [{"address": CHANNEL, "queue": queues[suggestion["otherwise"]]}],
            "queues": {name: {"mailbox": name, "group": "everybody"} for name in queues.values()},
            "operators": [{"login": "ivan", "name": "Ivan", "groups": ["everybody"]}],
            "rules": rules}
    path.write_text(json.dumps(desk, ensure_ascii=False), encoding="utf-8")
    return path


def write_mail(path, row):
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "anna@home.test", CHANNEL, " ".join(row["subject"].split())
    mail.set_content(row["body"], cte="base64")
    path.write_bytes(mail.as_bytes())
    return str(path)


def decided(program, desk, paths):
    """The queue of each mail."""
    lines = []
    for start in range(0, len(paths), BATCH):
        done = subprocess.run([program, "explain", "-c", desk, "--rcpt", CHANNEL, "--json", *paths[start:start + BATCH]],
                              capture_output=True, check=True, timeout=600)
        lines += done.stdout.decode("utf-8").splitlines()
    return [json.loads(line)["verdict"]["queue"] for line in lines]


def judge_set(program, rows):
    """(precision, recall, macro-F1) by explain, macro-F1 by suggest, macro-F1 of Bayes."""
    train, judge = rows[::2], rows[1::2]
    queues = {label: f"q{number}" for number, label in enumerate(sorted({row["label"] for row in rows}))}
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        suggestion = suggested(program, directory, train, judge)
        desk = write_desk(directory / "desk.yaml", suggestion, queues)
        paths = [write_mail(directory / f"{number:05}.eml", row) for number, row in enumerate(judge)]
        got = decided(program, desk, paths)
    text = lambda row: f"{row['subject']} {row['body']}"
    bayes = Bayes([(text(row), row["label"]) for row in train])
    baseline = scores([(row["label"], bayes.label(text(row))) for row in judge])[2]
    return scores([(queues[row["label"]], queue) for row, queue in zip(judge, got)]), 100 * suggestion["macro_f1"], baseline


def judge_rules(program, folder, results):
    print(f"{'requests':<13} {'rows':>5} {'labels':>6} {'precision':>9} {'recall':>6} {'macro-F1':>8} {'floor':>6} "
          f"{'suggest':>7} {'Bayes':>6} {'ratio':>6}")
    for name, label, floor in SETS:
        rows = rows_of(folder / f"{name}.jsonl", label)
        (precision, recall, ours), own, bayes = judge_set(program, rows)
        print(f"{name:<13} {len(rows):>5} {len({row['label'] for row in rows}):>6} {precision:>9.1f} {recall:>6.1f} "
              f"{ours:>8.1f} {floor:>6} {own:>7.1f} {bayes:>6.1f} {ours / bayes:>6.2f}")
        results.check(ours >= floor, f"rules for {name}: below the floor")
        results.check(abs(ours - own) <= AGREE, f"rules for {name}: suggest says {own:.1f}, explain does {ours:.1f}")
