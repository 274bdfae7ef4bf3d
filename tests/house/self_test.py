"""Plants one violation of every rule of the house and sees whether it is found."""

import pathlib
import tempfile

LONG_BODY = "".join(f"  x += {n};\n" for n in range(70))
GOOD = {
    "rules/match.cc": '#include "rules/match.h"\n#include <string>\nint f() { return 10\'000; }\n',
    "rules/match.h": "#pragma once\nnamespace postroom {\nclass A {\n  int b() { return 1; }\n};\n}\n",
    "rules/fold.cc": "namespace postroom {\nstruct Own;\nnamespace {\nstruct A {};\n}\nstruct Own { struct A {}; };\n}\n",
    "conf/settings.cc": 'const Row rows[] = {\n    {"host", "text", "", "The name."},\n};\n',
    "conf/postroom.yaml": "host: mx.example.org\n",
    "conf/postroom.yaml.5": ".It Cm host\n",
    "lmtp/postroom-lmtp.cc": '#include "lmtp/serve.h"\n#include "milter/collect.h"\nint main() {}\n',
    "lmtp/postroom-lmtp.8": ".Dd today\n",
    "lmtp/table.cc": "const int table[] = {\n" + "  1,\n" * 100 + "};\n",
    "README.md": "postroom\n",
}
# What is written over the good tree, and a word of the complaint that must come.
PLANTED = (
    ("rules/a.cc", '#include "schema/store.h"\n', "must not include schema/store.h"),
    ("conf/a.cc", '#include "schema/store.h"\n', "must not include schema/store.h"),
    ("schema/a.cc", '#include "conf/load.h"\n', "must not include conf/load.h"),
    ("milter/a.cc", '#include "lmtp/deliver.h"\n', "must not include lmtp/deliver.h"),
    ("lmtp/a.cc", '#include "milter/collect.h"\n', "must not include milter/collect.h"),
    ("lmtp/b.cc", '#include "lmtp/postroom-lmtp.cc"\n', "includes the program"),
    ("lmtp/postroom-lmtp-part.cc", '#include "milter/collect.h"\n', None),
    ("lmtp/b.h", '#include "lmtp/postroom-lmtp.h"\n', "of a program"),
    ("lmtp/c.cc", "#include <sqlite3.h>\n", "<sqlite3.h> is known in"),
    ("rules/d.cc", "#include <yaml-cpp/yaml.h>\n", "<yaml-cpp/yaml.h> is known in"),
    ("lmtp/e.cc", "#include <boost/program_options.hpp>\n", "is known in conf/"),
    ("rules/match2.cc", "#include <gmime/gmime.h>\n", "<gmime/gmime.h> is known in"),
    ("milter/f.cc", "#include <libmilter/mfapi.h>\n", None),
    ("milter/g.cc", "#include <libmilter/mfapi.h>\n", "more than one file"),
    ("rules/h.cc", "#include <fstream>\n", "rules/ is pure"),
    ("rules/i.cc", "auto t = std::chrono::system_clock::now();\n", "time is an argument"),
    ("lmtp/j.cc", "int x;\n" * 401, "401 lines"),
    ("lmtp/k.cc", f"int f(int x) {{\n{LONG_BODY}}}\n", "a function of 72 lines"),
    ("lmtp/l.cc", f"namespace n {{\nstruct S {{\n  S() : a{{1}} {{\n{LONG_BODY}  }}\n}};\n}}\n", "a function of 72"),
    ("schema/a.cc", "namespace postroom {\nstruct A {};\n}\n", "all define postroom::A"),
    ("lmtp/o.cc", "namespace postroom {\nint f() { struct A {}; return 1; }\nenum class Own : int { a };\n}\n",
     "all define postroom::Own"),
    ("lmtp/p.cc", "namespace postroom::lmtp {\nclass A final : public B {};\n}\n", None),
    ("tests/m.py", f"def f(x):\n{LONG_BODY}", "a function of 71 lines"),
    ("lmtp/postroom-watch.cc", "int main() {}\n", "no manual page"),
    ("conf/settings.cc", '    {"paths.secret", "path", "", "The key."},\n', "the setting paths.secret is not in it"),
    ("scripts/x", "", "does not belong in the top folder"),
    ("lmtp/n.cc", "// TO" + "DO: more\n", "lmtp/n.cc:1"),
)


def plant(root, files):
    for name, text in files:
        path = pathlib.Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def complaints(check, files):
    with tempfile.TemporaryDirectory() as root:
        plant(root, [*GOOD.items(), *files])
        return [text for violations in check(root).values() for text in violations]


def run(check):
    """0 if a good tree passes and every planted violation is found."""
    wrong = [f"a good tree: {text}" for text in complaints(check, [])]
    planted = []
    for name, text, expected in PLANTED:
        planted.append((name, text))
        found = complaints(check, [(name, text)] if expected != "more than one file" else planted)
        if expected and not any(expected in line for line in found):
            wrong.append(f"{name}: {expected!r} is not found, but {found}")
        if expected is None and found:
            wrong.append(f"{name}: is allowed, but {found}")
    for line in wrong:
        print(f"FAIL {line}")
    print(f"{len(PLANTED) + 1 - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0
