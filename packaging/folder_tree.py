"""The folders of a mailbox as an IMAP client shows them."""

import base64
import re

_LINE = re.compile(rb'\((?P<flags>[^)]*)\) "(?P<separator>.)" (?P<name>.+)')


def from_mutf7(name):
    """Modified UTF-7 (RFC 3501, 5.1.3) -> text."""
    def decode(match):
        coded = match.group(1)
        if not coded:
            return "&"
        padded = coded.replace(",", "/") + "=" * (-len(coded) % 4)
        return base64.b64decode(padded).decode("utf-16-be")
    return re.sub(r"&([^-]*)-", decode, name)


def folder_tree(client, top):
    """Lines of a tree with the number of messages in each folder."""
    folders = []
    for line in client.list(f'"{top}/"', "*")[1]:
        match = _LINE.match(line) if line else None
        if not match:
            continue
        name = match.group("name").strip(b'"').decode()
        folders.append((from_mutf7(name).split("/"), count(client, name, match.group("flags"))))
    lines = [top]
    for parts, messages in sorted(folders):
        shown = "" if messages is None else f"  ({messages})" if messages else ""
        lines.append(f"{'    ' * (len(parts) - 1)}{parts[-1]}{shown}")
    return lines


def count(client, name, flags):
    if b"noselect" in flags.lower():
        return None
    status = client.status(f'"{name}"', "(MESSAGES)")[1][0]
    return int(re.search(rb"MESSAGES (\d+)", status).group(1))
