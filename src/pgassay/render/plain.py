"""Text from elsewhere made harmless: a revision's error or a table's name may hold anything."""

from __future__ import annotations

import re
import unicodedata

_TERMINAL_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours and cursor movements
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # window titles, links
)
# Controls, invisible formats (text direction, zero width), lone surrogates, line separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean(text: object) -> str:
    """`text` without terminal sequences; other hidden characters become visible (`\\x1b`).

    Line feeds stay.
    """
    shown = _TERMINAL_SEQUENCE.sub("", str(text)).replace("\r\n", "\n").replace("\t", "    ")
    if shown.isascii() and shown.isprintable():
        return shown
    return "".join(_visible(character) for character in shown)


def _visible(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape").decode("ascii")


def one_line(text: object) -> str:
    """`text` as a single line of prose."""
    return " ".join(clean(text).split())


def name(text: object) -> str:
    """`text` as a name in one line: its spaces stay, its line feeds are shown."""
    return clean(text).replace("\n", "\\n")


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 blocker`, `2 blockers`, `0 blockers`."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
