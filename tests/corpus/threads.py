"""Do messages that other mail programs put into one thread belong together for us? By ids alone, as a ticket joins
them: a message is of the thread of every id that it names, whether the mail with that id has been seen or not."""

import collections
import json
import re
import subprocess

FOLDERS = ("imaptest-threads", "notmuch-threads")
# Where ours differs on purpose: differences.md
JOINED = {"imaptest-threads/thread/": {frozenset({1, 2, 3})}}


def explained(command, paths):
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, check=True, timeout=300)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def parts(rows, keys_of):
    """The messages, by number, in sets: two are in one that have a key in common, directly or by others."""
    of_key, sets = {}, {}
    for number, row in enumerate(rows, 1):
        joined = {number}
        for key in keys_of(row):
            joined |= sets[of_key[key]] if key in of_key else set()
            of_key[key] = number
        for one in joined:
            sets[one] = joined
    return {frozenset(one) for one in sets.values()}


def ids(row):
    own = row["message"]["message_id"]
    return ([own] if own else []) + row["references"]["ids"]


def subject(row):
    return [row["base_subject"].lower()]


def imap_parts(answer):
    """'(4 (2)(8))(3 1)' -> {{4, 2, 8}, {3, 1}}"""
    sets, depth, begin = set(), 0, 0
    for at, sign in enumerate(answer):
        begin = at if sign == "(" and depth == 0 else begin
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == ")" and depth == 0:
            sets.add(frozenset(int(number) for number in re.findall(r"\d+", answer[begin:at])))
    return sets


def judge_imap(command, folder, row, results):
    rows = explained(command, [folder / name for name in row["files"]])
    expect = row["expect"]
    keys_of = subject if expect["algorithm"] == "orderedsubject" else ids
    ours, theirs = parts(rows, keys_of), imap_parts(expect["imap_thread"])
    name = f"{folder.name}/{row['file']}"
    if name in JOINED:
        theirs = JOINED[name]
    results.check(ours == theirs, f"{name}: {sorted(map(sorted, ours))}, expected {sorted(map(sorted, theirs))}")


def plain(subject_of_message):
    """As notmuch shows the subject of a thread."""
    return " ".join(subject_of_message.split()).removeprefix("Re: ")


def judge_notmuch(command, folder, row, results):
    rows = explained(command, [folder / name for name in row["files"]])
    threads = parts(rows, ids)
    name = f"{folder.name}/{row['file']}"
    trees = row["expect"].get("trees_by_root_message_id", {})
    for root, lines in trees.items():
        holds = [len(one) for one in threads if rows[min(one) - 1] and root in {ids(rows[n - 1])[0] for n in one}]
        results.check(holds == [len(lines)], f"{name}: the thread of {root} has {holds} messages, not {len(lines)}")
    expected = row["expect"].get("whole_folder_threads", [])
    wanted = collections.Counter((one["files"], one["messages"]) for one in expected)
    found = collections.Counter((len(one), len({ids(rows[n - 1])[0] for n in one})) for one in threads)
    results.check(trees or wanted == found, f"{name}: threads of {found - wanted}, expected {wanted - found}")
    for thread in expected:
        same = [one for one in threads if len(one) == thread["files"]
                and thread["subject"] in {plain(rows[n - 1]["message"]["subject"]) for n in one}]
        results.check(len(same) == 1, f"{name}: no thread of {thread['files']} with {thread['subject']!r}")


def judge_threads(program, corpus, results):
    command, before = [program, "explain", "--json"], results.failed
    judges = dict(zip(FOLDERS, (judge_imap, judge_notmuch)))
    count = 0
    for folder, judge in judges.items():
        for line in (corpus / folder / "expect.jsonl").read_text(encoding="utf-8").splitlines():
            judge(command, corpus / folder, json.loads(line), results)
            count += 1
    print(f"threads: {count} folders, {results.failed - before} differences")
