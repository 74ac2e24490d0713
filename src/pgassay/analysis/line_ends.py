"""Keeping how a file ends its lines, and the mark at its start, where its text is changed."""

from __future__ import annotations

import difflib
import re

_MARK = "\ufeff"
"""The byte order mark, by which some editors know UTF-8."""


def plain(text: str) -> str:
    """A file's text without the mark, each CRLF as a newline: what code reads and changes."""
    return text.removeprefix(_MARK).replace("\r\n", "\n")


def kept_ends(before: str, edited: str) -> str:
    """`edited` came of `plain(before)`: written as `before` is. A line that stays ends as it did, a
    new one as most do."""
    mark = _MARK if before.startswith(_MARK) else ""
    if "\r\n" not in before:
        return mark + edited
    old, new = lines_of(before.removeprefix(_MARK)), lines_of(edited)
    crlf = sum(line.endswith("\r\n") for line in old)
    usual = "\r\n" if 2 * crlf >= before.count("\n") else "\n"
    written = [line.replace("\n", usual) for line in new]
    matched = difflib.SequenceMatcher(None, [plain(line) for line in old], new, autojunk=False)
    for first, second, count in matched.get_matching_blocks():
        written[second : second + count] = old[first : first + count]
    return mark + "".join(written)


def lines_of(text: str) -> list[str]:
    """With their ends. Not splitlines(), which takes other characters for ends too."""
    return [line for line in re.split(r"(?<=\n)", text) if line]
