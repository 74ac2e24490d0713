"""Text for Markdown: whatever a name or an error holds, it stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pgassay.render.plain import clean, name, one_line

_SPAN = re.compile(r"`([^`]+)`")
_SPECIAL = re.compile(r"([\\`*\[\]<>|~$])|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LEADING = re.compile(r"^(?:([#+=-])(?=[\s#+=-]|$)|(\d+)([.)])(?=\s|$))")
_ODD = re.compile(r"[`|\\]|^\s|\s$")
_PUNCTUATION = re.compile(r"[^\w\s.,;:/()\-]")
_COLUMN_WIDTH = 36


def escape(text: object) -> str:
    """`text` in one line, with no markup in it."""
    shown = _SPECIAL.sub(_escaped, one_line(text))
    return _LEADING.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", shown)


def _escaped(match: re.Match[str]) -> str:
    return "&amp;" if match.group() == "&" else f"\\{match.group()}"


def prose(text: object) -> str:
    """`text` in one line, escaped, with its `code spans` kept."""
    first, *rest = _SPAN.split(one_line(text))
    shown = [
        code(part) if at % 2 else _SPECIAL.sub(_escaped, part) for at, part in enumerate(rest, 1)
    ]
    # Only the beginning can look like a heading or a list.
    space = " " if first.endswith(" ") else ""
    return escape(first) + space + "".join(shown)


def code(text: object) -> str:
    """`text` as a code span that stays whole in a sentence and in a table's cell."""
    shown = name(text)
    if not shown:
        return "(empty)"
    if not _ODD.search(shown):
        return f"`{shown}`"
    # A backtick, pipe or backslash means different things in spans and tables; entities do not.
    return f"<code>{_PUNCTUATION.sub(lambda m: f'&#{ord(m.group())};', shown)}</code>"


def codes(items: Iterable[object]) -> str:
    """Code spans with commas between them."""
    return ", ".join(code(item) for item in items)


def fence(text: str, language: str = "") -> str:
    """A block of code, in a fence longer than any row of backticks in it."""
    shown = "\n".join(line.rstrip() for line in clean(text).strip("\n").split("\n"))
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    bar = "`" * max(3, longest + 1)
    return f"{bar}{language}\n{shown}\n{bar}"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already, in columns for those who read it raw."""
    cells = [[" ".join(cell.split("\n")) for cell in row] for row in rows]
    widths = [
        min(max(len(row[at]) for row in [list(headings), *cells]), _COLUMN_WIDTH)
        for at in range(len(headings))
    ]

    def line(row: Sequence[str]) -> str:
        return (
            f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        )

    rule = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    return "\n".join([line(headings), rule, *(line(row) for row in cells)])


def bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def paragraphs(*parts: str) -> str:
    """The parts that are not empty, with an empty line between them."""
    return "\n\n".join(part for part in parts if part)
