"""As much of C++ as is needed to find functions, their lengths and types in formatted source."""

import re

_TOKEN = re.compile(
    r'R"(?P<mark>[^(\s]{0,16})\(.*?\)(?P=mark)"'   # raw string
    r"|//[^\n]*|/\*.*?\*/"                         # comments
    r'|"(?:\\.|[^"\\\n])*"'                        # string
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",       # character, but not the digit separator of 10'000
    re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n[^\n]*)*", re.MULTILINE)
_CONTAINER = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b(?![^{]*\)\s*(?:const|noexcept|override|\s)*$)")

_NAMESPACE = re.compile(r"\bnamespace\s+([\w:]+)$")
_TYPE = re.compile(r"\b(?:struct|class|union|enum(?:\s+(?:class|struct))?)\s+(\w+)(?:\s+final)?(?:\s*:[^:].*)?$", re.DOTALL)


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


def types(text):
    """(line, qualified name) of every type that is defined in a named namespace or in none: what must be unique in a
    program. Types inside functions, other types and unnamed namespaces are nobody else's."""
    code = code_only(text)
    scopes, head = [], 0  # of each open brace: the name of its namespace, or None for anything else
    for match in re.finditer(r"[{};]", code):
        position, mark = match.start(), match.group(0)
        before = code[head:position].strip()
        head = position + 1
        if mark == "}" and scopes:
            scopes.pop()
        if mark != "{":
            continue
        namespace, kind = _NAMESPACE.search(before), _TYPE.search(before)
        if kind and None not in scopes:
            yield code.count("\n", 0, position) + 1, "::".join([*scopes, kind.group(1)])
        scopes.append(namespace.group(1) if namespace else None)


def _is_value(before):
    """`int x{`, `= {`, `rows[] = {{`: a brace that begins a value, not a body."""
    return bool(before) and (before.endswith(("=", "{", "(", ",", "]")) or "(" not in before)


def _first_line(code, head, position):
    skipped = len(code[head:position]) - len(code[head:position].lstrip())
    return code.count("\n", 0, head + skipped) + 1
