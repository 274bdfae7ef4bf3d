"""All tests, step by step; see packaging/test. Each step's whole output is kept in build/test-logs."""

import concurrent.futures
import os
import pathlib
import random
import re
import resource
import shlex
import shutil
import subprocess
import sys
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
LOGS = SOURCE / "build/test-logs"
JOBS = str(os.cpu_count() or 2)
FUZZ_RUNS = "5000"
TOLD = "corpus"
PYTHON = ["/usr/bin/python3", "-B"]
SANITIZERS = {
    "ASAN_OPTIONS": "halt_on_error=1:abort_on_error=1:detect_leaks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "TSAN_OPTIONS": f"halt_on_error=1:suppressions={SOURCE}/tests/tsan.supp",
    "LSAN_OPTIONS": f"suppressions={SOURCE}/tests/lsan.supp",
}


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.lock = threading.Lock()

    def add(self, passed, failed, skipped=0):
        with self.lock:
            self.passed, self.failed, self.skipped = self.passed + passed, self.failed + failed, self.skipped + skipped

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run(name, command, environment=None, limit=1500):
    """Runs a command with its output in a file: (status, output)."""
    log = LOGS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.log"
    variables = " ".join(f"{key}={value}" for key, value in (environment or {}).items())
    with open(log, "wb") as output:
        output.write(f"{variables} {shlex.join(str(c) for c in command)}\n".lstrip().encode())
        output.flush()
        try:
            status = subprocess.run([str(c) for c in command], cwd=SOURCE, stdin=subprocess.DEVNULL, stdout=output,
                                    stderr=subprocess.STDOUT, check=False, timeout=limit,
                                    env={**os.environ, **SANITIZERS, **(environment or {})}).returncode
        except subprocess.TimeoutExpired:
            output.write(f"\nnot finished after {limit} seconds\n".encode())
            status = -1
    return status, log.read_text(encoding="utf-8", errors="replace")


def show(output, lines):
    """The end of the output, without what went well."""
    told = [line for line in output.splitlines() if not re.search(r"Passed|^ +Start +\d|^\[\d+/\d+\] ", line)]
    print("\n".join(f"    {line[:300]}" for line in told[-lines:]))


# --- how each kind of step counts: (status, output) -> (passed, failed, skipped)


def one(status, _):
    return (0, 1, 0) if status else (1, 0, 0)


def closing_line(status, output):
    """Our own scripts end with "N passed, N failed" and perhaps ", N skipped"."""
    found = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", output, re.MULTILINE)
    return tuple(int(number or 0) for number in found[-1]) if found else (0, 1, 0)


def ctest(status, output):
    found = re.search(r"(\d+) tests failed out of (\d+)", output)
    if not found or int(found[2]) == 0:
        return 0, 1, 0
    failed, count = int(found[1]), int(found[2])
    return count - failed, max(failed, 1 if status else 0), 0


def unittest(status, output):
    """Ran 12 tests / OK (skipped=1) / FAILED (failures=1, errors=2)."""
    ran = re.findall(r"^Ran (\d+) tests?", output, re.MULTILINE)
    if not ran:
        return 0, 1, 0
    numbers = {kind: int(n) for kind, n in re.findall(r"(failures|errors|skipped)=(\d+)", output)}
    failed, skipped = numbers.get("failures", 0) + numbers.get("errors", 0), numbers.get("skipped", 0)
    return max(int(ran[-1]) - failed - skipped, 0), max(failed, 1 if status else 0), skipped


# --- the steps: each gives rows (name, command, environment, count), or lists of rows that may run side by side


def house():
    yield "house rules", [*PYTHON, "tests/house/house.py"], {}, closing_line
    yield "house rules can fail", [*PYTHON, "tests/house/house.py", "--self-test"], {}, closing_line


def build(preset, *targets):
    """Where there is a ccache, it must know that a precompiled header is what its sources say."""
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    only = ["--target", *targets] if targets else []
    yield f"configure {preset}", ["cmake", "--preset", preset, "-DPOSTROOM_TESTS=ON", *launcher], {}, one
    settings = {"CCACHE_SLOPPINESS": "pch_defines,time_macros,include_file_mtime,include_file_ctime"}
    yield f"build {preset}", ["cmake", "--build", f"build/{preset}", "-j", JOBS, *only], settings, one


def units(preset, *options):
    """Of the random sequences of happenings that the property test has by itself, other ones in each run."""
    command = ["ctest", "--test-dir", f"build/{preset}", "-j", JOBS, "--output-on-failure", *options]
    chosen = {"POSTROOM_SEED": os.environ.get("POSTROOM_SEED") or str(random.SystemRandom().randrange(10**9)),
              "POSTROOM_SEQUENCES": "2500" if preset == "release" else "100"}
    print("    ", *(f"{key}={value}" for key, value in chosen.items()), flush=True)
    yield f"unit tests {preset}", command, chosen, ctest


def thread_sanitizer():
    """What has threads; rules/ has none, so its tests are not built a third time. The property test forks."""
    folders = ("conf", "schema", "milter", "lmtp")
    programs = sorted(p.stem for p in SOURCE.glob("*/postroom-*.cc") if p.stem.count("-") == 1)
    yield from build("tsan", *programs, *(f"{folder}-tests" for folder in folders))
    yield from units("tsan", "-E", "(rules|property)-tests_NOT_BUILT")


def system(preset, names, **environment):
    for name in names:
        environment = {"POSTROOM_BIN": f"{SOURCE}/build/{preset}/bin", **environment}
        yield f"{name} {preset}", [*PYTHON, f"tests/system/{name}.py"], environment, unittest


def fuzz():
    targets = sorted((SOURCE / "tests/fuzz").glob("*.cc"))
    yield from build("fuzz", *(f"fuzz-{target.stem}" for target in targets))
    yield [fuzz_row(target) for target in targets]


def fuzz_row(target):
    found, words = LOGS / f"fuzz-{target.stem}", target.with_suffix(".dict")
    found.mkdir(exist_ok=True)
    options = ["-seed=1", f"-runs={FUZZ_RUNS}", "-max_len=8192", "-timeout=20", f"-artifact_prefix={LOGS}/"]
    options += [f"-dict={words}"] if words.exists() else []
    command = [f"build/fuzz/tests/fuzz-{target.stem}", *options, found, SOURCE / "tests/mail"]
    return f"fuzz {target.stem}", command, {}, one


def corpus():
    """What others expect of their mail; its figures are told, not only whether they suffice."""
    yield TOLD, [*PYTHON, "tests/corpus/test_corpus.py"], {"POSTROOM_BIN": f"{SOURCE}/build/release/bin"}, closing_line


def cpp_files():
    return sorted(p.relative_to(SOURCE) for folder in ("rules", "conf", "schema", "milter", "lmtp")
                  for p in (SOURCE / folder).glob("*.cc"))


def style():
    headers = sorted(p.relative_to(SOURCE) for folder in ("rules", "conf", "schema", "milter", "lmtp")
                     for p in (SOURCE / folder).glob("*.h"))
    tests = sorted(p.relative_to(SOURCE) for p in (SOURCE / "tests").rglob("*.cc"))
    yield "clang-format", ["clang-format", "--dry-run", "-Werror", *cpp_files(), *headers, *tests], {}, one
    for page in sorted(p for section in "158" for p in SOURCE.glob(f"*/*.{section}")):
        yield f"manual page {page.name}", ["mandoc", "-Tlint", "-Wwarning", page], {}, one


def lint():
    files = "\n".join(str(path) for path in cpp_files())
    command = f"printf '%s\\n' '{files}' | xargs -P {JOBS} -n 4 clang-tidy --quiet -p build/release"
    yield "clang-tidy", ["sh", "-c", command], {}, one


SYSTEM = [p.stem for p in sorted((SOURCE / "tests/system").glob("test_*.py"))]
MILTER = [name for name in SYSTEM if name.startswith("test_milter")]
STEPS = {
    "house": house,
    "style": style,
    "release": lambda: (*build("release"), *units("release")),
    "lint": lint,
    "asan": lambda: (*build("asan"), *units("asan")),
    "tsan": thread_sanitizer,
    "fuzz": fuzz,
    "corpus": corpus,
    "system": lambda: system("release", [n for n in SYSTEM if n != "test_corpus"]),
    "asan-system": lambda: system("asan", [*MILTER, "test_mail_in", "test_acknowledgement", "test_corpus"]),
    "tsan-system": lambda: system("tsan", [*MILTER, "test_mail_in", "test_storm"], POSTROOM_STORM="120"),
}
# What runs real servers mostly waits for them: it runs beside the steps that keep the processors busy, one at a
# time, as soon as its programs are built.
BESIDE = {"corpus": "release", "system": "release", "asan-system": "asan", "tsan-system": "tsan"}


def processor_time():
    """Of everything run so far: what the tests cost, however busy the machine is."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def do_row(row, tally):
    """False if what comes after it makes no sense."""
    name, command, environment, count = row
    since = time.monotonic()
    status, output = run(name, command, environment)
    passed, failed, skipped = count(status, output)
    tally.add(passed, failed, skipped)
    word = "FAIL" if failed else "skip" if skipped and not passed else "ok"
    print(f"{word:4} {name}: {passed} passed, {failed} failed, {skipped} skipped "
          f"({time.monotonic() - since:.0f} s)", flush=True)
    if failed or name == TOLD:
        show(output, 60)
    return not (failed and count is one and name.startswith(("configure", "build")))


def do_step(step, tally):
    since = time.monotonic()
    for row in STEPS[step]():
        if isinstance(row, list):
            with concurrent.futures.ThreadPoolExecutor(int(JOBS)) as pool:
                list(pool.map(lambda one_of_them: do_row(one_of_them, tally), row))
        elif not do_row(row, tally):
            break
    print(f"---- {step}: {time.monotonic() - since:.0f} s", flush=True)


def do_steps(chosen, tally):
    done = {step: threading.Event() for step in chosen}

    def do(steps):
        for step in steps:
            if BESIDE.get(step) in done:
                done[BESIDE[step]].wait()
            try:
                do_step(step, tally)
            finally:
                done[step].set()

    with concurrent.futures.ThreadPoolExecutor(2) as lanes:
        beside = [lanes.submit(do, [step for step in chosen if (step in BESIDE) == side]) for side in (False, True)]
    for lane in beside:
        lane.result()


def main():
    chosen = sys.argv[1:] or list(STEPS)
    if chosen == ["--list"]:
        print("\n".join(STEPS))
        return
    if unknown := [step for step in chosen if step not in STEPS]:
        sys.exit(f"packaging/test: there is no step {', '.join(unknown)}; packaging/test --list names them")
    LOGS.mkdir(parents=True, exist_ok=True)
    tally, begun = Tally(), time.monotonic()
    do_steps(chosen, tally)
    print(f"{time.monotonic() - begun:.0f} seconds, of processors {processor_time():.0f}; whole output in {LOGS}")
    print(tally)
    sys.exit(1 if tally.failed else 0)


if __name__ == "__main__":
    main()
