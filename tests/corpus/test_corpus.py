#!/usr/bin/python3
"""How much of what other mail systems' own tests expect of their mail holds for ours: ../shared/corpus beside the
source tree. usage: test_corpus.py [PROGRAM]    (default: build/release/bin/postroom-rules)

The corpus' own judge asks `postroom-rules explain --json` twice. Addressed to a channel that acknowledges (desk.yaml)
is what counts: without a desk nothing is ever acknowledged, which is right for every robot and says nothing. Without a
desk the other skills must come out the same. Prints each skill, and fails where one is below its floor. What differs on
purpose stands in differences.md; it is counted all the same. Closes with "N passed, N failed, N skipped"."""

import json
import os
import pathlib
import subprocess
import sys

import threads
import tickets

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
CORPUS = SOURCE.parent / "shared/corpus"
CHANNEL = ["-c", str(HERE / "desk.yaml"), "--rcpt", "channel@desk.test"]
BATCH = 200
# skill: the least percent of all expectations, and the least mean over checks (a check of five counts as one of 500)
FLOORS = {
    "may-acknowledge": (99.0, 99.0),
    "bounce detection": (98.8, 97.5),
    "status": (97.5, 98.0),
    "recipients": (98.5, 98.5),
    "subject/from/text": (99.7, 99.8),
    "attachments": (98.9, 99.3),
    "reply text": (94.5, 97.5),
    "forwarded": (99.5, 99.5),
    "survival": (100.0, 100.0),
    "implied": (99.5, 99.5),
}
DESKLESS = {"may-acknowledge", "implied"}  # what hangs on a desk


class Results:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, holds, complaint):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        if not holds:
            print(f"FAIL {complaint}")


def judged(command):
    """skill -> its figures, as the judge of the corpus counts them."""
    done = subprocess.run([sys.executable, "-B", CORPUS / "judge.py", "--json", "--explain",
                           " ".join(str(word) for word in command), CORPUS],
                          capture_output=True, text=True, check=True, timeout=900)
    return {row["skill"]: row for row in json.loads(done.stdout)["skills"]}


def judge_skills(program, results):
    addressed = judged([program, "explain", "--json", *CHANNEL])
    alone = judged([program, "explain", "--json"])
    print(f"{'skill':<20} {'right':>6} {'total':>6} {'%':>6} {'floor':>6} {'mean/check':>11} {'floor':>6}")
    for skill, (percent, mean) in FLOORS.items():
        row = addressed[skill]
        print(f"{skill:<20} {row['right']:>6} {row['total']:>6} {row['percent']:>6} {percent:>6} "
              f"{row['mean_of_checks']:>11} {mean:>6}")
        results.check(row["percent"] >= percent and row["mean_of_checks"] >= mean, f"{skill}: below its floor")
        same = skill in DESKLESS or alone[skill]["right"] == row["right"]
        results.check(same, f"{skill}: without a desk {alone[skill]['right']}, with one {row['right']}")


def explain_for_people(program, results):
    """Every message, read by a person: no crash, no complaint, each file told."""
    paths = sorted(str(path) for path in CORPUS.rglob("*.eml"))
    told = set()
    for start in range(0, len(paths), BATCH):
        batch = paths[start:start + BATCH]
        done = subprocess.run([program, "explain", *CHANNEL, *batch], capture_output=True, check=False, timeout=600)
        results.check(done.returncode == 0 and not done.stderr, f"explain: {done.returncode} {done.stderr[-2000:]}")
        text = done.stdout.decode("utf-8")  # strictly
        told.update(path for path in batch if path in text)
    print(f"explain for people: {len(told)} of {len(paths)} messages told")
    results.check(len(told) == len(paths), f"not told: {sorted(set(paths) - told)[:5]}")


def main():
    if not (CORPUS / "judge.py").exists():
        print(f"skip: {CORPUS} is not here\n0 passed, 0 failed, 1 skipped")
        return 0
    programs = pathlib.Path(os.environ.get("POSTROOM_BIN", SOURCE / "build/release/bin"))
    program = sys.argv[1] if len(sys.argv) > 1 else str(programs / "postroom-rules")
    results = Results()
    judge_skills(program, results)
    explain_for_people(program, results)
    threads.judge_threads(program, CORPUS, results)
    tickets.judge_rules(program, CORPUS / "tickets", results)
    print(f"{results.passed} passed, {results.failed} failed, 0 skipped")
    return 1 if results.failed else 0


if __name__ == "__main__":
    sys.exit(main())
