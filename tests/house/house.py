#!/usr/bin/python3
"""The rules of the house that a compiler does not check. usage: house.py [ROOT] | house.py --self-test

Prints one line for each violation and closes with "N passed, N failed", where N counts rules.
"""

import ast
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import cpp  # noqa: E402

FOLDERS = ("rules", "conf", "schema", "milter", "lmtp")
MAY_INCLUDE = {
    "rules": {"rules"},
    "conf": {"rules", "conf"},
    "schema": {"rules", "schema"},
    "milter": {"rules", "conf", "schema", "milter"},
    "lmtp": {"rules", "conf", "schema", "lmtp"},
}
# Header of a library -> the files that may know it.
LIBRARIES = (
    (r"sqlite3\.h", r"schema/"),
    (r"yaml-cpp/", r"conf/"),
    (r"boost/program_options", r"conf/"),
    (r"gmime/", r"rules/(message|compose)\w*\.(cc|h)$"),
    (r"libmilter/", r"milter/"),
    (r"libstemmer\.h", r"rules/stem\.cc$"),
    (r"curl/", r"lmtp/"),
)
# rules/ decides and does nothing else.
IMPURE = r"fstream|iostream|filesystem|thread|future|unistd\.h|sys/|fcntl\.h|netinet|syslog\.h"
TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "milter", "lmtp", "rules",
             "schema", "conf", "tests", "packaging"}
UNWANTED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
MOST_FILE, MOST_FUNCTION = 400, 60
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


class Tree:
    """Source files below a root, read once."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    def files(self, *suffixes, under=(*FOLDERS, "tests", "packaging")):
        for folder in under:
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts:
                    yield path.relative_to(self.root).as_posix()

    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    def includes(self, name):
        """(is it quoted, what) for every #include of the file."""
        return [(kind == '"', what) for kind, what in INCLUDE.findall(self.text(name))]

    def programs(self):
        return [n for n in self.files(".cc", under=FOLDERS) if re.search(r"/postroom-[a-z]+\.cc$", n)]

    def program_files(self):
        """Programs and their parts, which may include everything: postroom-rules.h, postroom-rules-replay.cc."""
        return {n for n in self.files(".cc", ".h", under=FOLDERS)
                if re.search(r"/postroom-[a-z]+(-[a-z]+)*\.(cc|h)$", n)}


def include_edges(tree):
    programs = tree.program_files()
    for name in tree.files(".cc", ".h", under=FOLDERS):
        folder = name.split("/")[0]
        for _, what in tree.includes(name):
            target = what.split("/")[0]
            if re.search(r"postroom-[a-z-]+\.cc$", what):
                yield f"{name}: includes the program {what}"
            elif re.search(r"/postroom-[a-z-]+\.h$", what) and name not in programs:
                yield f"{name}: includes {what} of a program"
            elif target in FOLDERS and name not in programs and target not in MAY_INCLUDE[folder]:
                yield f"{name}: {folder}/ must not include {what}"


def library_headers(tree):
    for name in tree.files(".cc", ".h", under=FOLDERS):
        for _, what in tree.includes(name):
            for header, owner in LIBRARIES:
                if re.match(header, what) and not re.match(owner, name):
                    yield f"{name}: <{what}> is known in {owner} only"
    knows_milter = [n for n in tree.files(".cc", ".h", under=("milter",))
                    if any(w.startswith("libmilter/") for _, w in tree.includes(n))]
    if len(knows_milter) > 1:
        yield f"libmilter is known in more than one file: {', '.join(knows_milter)}"


def pure_rules(tree):
    programs = tree.program_files()
    for name in tree.files(".cc", ".h", under=("rules",)):
        if name in programs:
            continue
        for quoted, what in tree.includes(name):
            if not quoted and re.match(IMPURE, what):
                yield f"{name}: rules/ is pure and must not include <{what}>"
        if re.search(r"_clock::now\(", cpp.code_only(tree.text(name))):
            yield f"{name}: rules/ is pure: time is an argument"


def file_lengths(tree):
    for name in tree.files(".cc", ".h", ".py"):
        lines = tree.text(name).count("\n")
        if lines > MOST_FILE:
            yield f"{name}: {lines} lines, at most {MOST_FILE}"


def function_lengths(tree):
    for name in tree.files(".cc", ".h"):
        yield from long_ones(name, cpp.functions(tree.text(name)))
    for name in tree.files(".py"):
        yield from long_ones(name, python_functions(tree.text(name)))


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


def long_ones(name, functions):
    for line, length in functions:
        if length > MOST_FUNCTION:
            yield f"{name}:{line}: a function of {length} lines, at most {MOST_FUNCTION}"


def type_names(tree):
    """Two types of one name in one namespace are one to the linker, and whichever it takes is wrong for the other."""
    places = {}
    for name in tree.files(".cc", ".h"):
        for line, kind in cpp.types(tree.text(name)):
            places.setdefault(kind, []).append(f"{name}:{line}")
    for kind, where in sorted(places.items()):
        if len(where) > 1:
            yield f"{', '.join(where)}: all define {kind}"


def manual_pages(tree):
    for name in tree.programs():
        stem = name.removesuffix(".cc")
        if not any((tree.root / f"{stem}.{section}").exists() for section in "158"):
            yield f"{name}: no manual page beside it"


def setting_keys(tree):
    """Keys as `postroom-conf doc --json` prints them; the table itself where no program is built."""
    for program in sorted(tree.root.glob("build/*/bin/postroom-conf")):
        done = subprocess.run([program, "doc", "--json"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return [json.loads(line)["key"] for line in done.stdout.splitlines() if line.strip()]
    tables = [tree.text(n) for n in tree.files(".cc", under=("conf",)) if "/setting" in n]
    return [key for text in tables for key in re.findall(r'^\s*\{"([a-z_.*\[\]]+)",', text, re.MULTILINE)]


def documented_settings(tree):
    keys = setting_keys(tree)
    if not keys:
        yield "conf/: no settings found, neither in postroom-conf doc --json nor in conf/settings*.cc"
    for name in ("conf/postroom.yaml.5", "conf/postroom.yaml"):
        if not (tree.root / name).exists():
            yield f"{name}: does not exist"
            continue
        text = tree.text(name).replace("\\-", "-").replace("\\&", "")
        for key in keys:
            word = re.sub(r"\[\]", "", key).split(".")[-1]
            if word != "*" and not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text):
                yield f"{name}: the setting {key} is not in it"


def top_level(tree):
    for path in sorted(tree.root.iterdir()):
        if path.name.startswith(".") or path.name.startswith("build") or path.name in TOP_LEVEL:
            continue
        yield f"{path.name}: does not belong in the top folder"


def unwanted_words(tree):
    suffixes = (".cc", ".h", ".py", ".sql", ".yaml", ".txt", ".md", ".1", ".5", ".8", ".cf", ".conf", "")
    for name in [*tree.files(*suffixes), *(n for n in ("README.md", "CMakeLists.txt")
                                           if (tree.root / n).exists())]:
        for number, line in enumerate(tree.text(name).splitlines(), 1):
            if UNWANTED.search(line):
                yield f"{name}:{number}: {line.strip()[:80]}"


RULES = (
    ("a folder includes only what it may", include_edges),
    ("a library is known in its folder only", library_headers),
    ("rules/ is pure", pure_rules),
    (f"files have at most {MOST_FILE} lines", file_lengths),
    (f"functions have at most {MOST_FUNCTION} lines", function_lengths),
    ("every type has a name of its own", type_names),
    ("every program has its manual page", manual_pages),
    ("every setting is documented", documented_settings),
    ("nothing new in the top folder", top_level),
    ("nothing is left to be done", unwanted_words),
)


def check(root):
    """Rule -> its violations."""
    tree = Tree(root)
    return {title: list(rule(tree)) for title, rule in RULES}


def main():
    if sys.argv[1:] == ["--self-test"]:
        import self_test
        sys.exit(self_test.run(check))
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    found = check(root)
    for title, violations in found.items():
        print(f"{'FAIL' if violations else 'ok  '} {title}")
        for violation in violations:
            print(f"     {violation}")
    failed = sum(1 for violations in found.values() if violations)
    print(f"{len(found) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
