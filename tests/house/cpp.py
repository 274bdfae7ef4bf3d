"""As much of C++ as is needed to find functions and their lengths in formatted source."""

import re

_TOKEN = re.compile(
    r'R"(?P<mark>[^(\s]{0,16})\(.*?\)(?P=mark)"'   # raw string
    r"|//[^\n]*|/\*.*?\*/"                         # comments
    r'|"(?:\\.|[^"\\\n])*"'                        # string
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",       # character, but not the digit separator of 10'000
    re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n[^\n]*)*", re.MULTILINE)
_CONTAINER = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b(?![^{]*\)\s*(?:const|noexcept|override|\s)*$)")


def _blank(match):
    """Same number of lines, no braces."""
    return '""' + "\n" * match.group(0).count("\n")


def code_only(text):
    """The text without comments, literals and preprocessor lines; line numbers stay."""
    return _DIRECTIVE.sub(lambda m: "\n" * m.group(0).count("\n"), _TOKEN.sub(_blank, text))


def functions(text):
    """(line, length) of every function body that stands in a namespace or class; lambdas count with the
    function around them."""
    code = code_only(text)
    depth, containers, start, head = 0, [], None, 0
    for match in re.finditer(r"[{};]", code):
        position, mark = match.start(), match.group(0)
        if mark == "{":
            before = code[head:position].strip()
            if start is None and _CONTAINER.search(before) and not before.endswith("="):
                containers.append(depth)
            elif start is None and not _is_value(before):
                start = (position, depth, _first_line(code, head, position))
            elif start is None:
                start = (position, depth, None)
            depth += 1
        elif mark == "}":
            depth -= 1
            if start is not None and start[1] == depth:
                if start[2] is not None:
                    yield start[2], code.count("\n", 0, position) + 2 - start[2]
                start = None
            elif containers and containers[-1] == depth:
                containers.pop()
        head = position + 1


def _is_value(before):
    """`int x{`, `= {`, `rows[] = {{`: a brace that begins a value, not a body."""
    return bool(before) and (before.endswith(("=", "{", "(", ",", "]")) or "(" not in before)


def _first_line(code, head, position):
    skipped = len(code[head:position]) - len(code[head:position].lstrip())
    return code.count("\n", 0, head + skipped) + 1
