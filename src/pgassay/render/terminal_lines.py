"""Lines of the terminal report: styled text, wrapped so that no line is wider than asked."""

from __future__ import annotations

import re
from io import StringIO
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from pgassay.findings import Severity

Lines = list[Text]

LABELS: Final = {
    Severity.BLOCKER: ("BLOCKER", "bold red"),
    Severity.WARNING: ("warning", "bold yellow"),
    Severity.INFO: ("info", "cyan"),
}
"""Severity -> its word and style: the word alone says it, without colour."""

_CODE = re.compile(r"`[^`\n]+`")
_RULER: Final = Console(file=StringIO(), width=80, height=25, color_system=None)


def styled(text: str, style: str = "") -> Text:
    """`text` with its `code spans` set apart. Markup in it is text like any other."""
    line = Text(text, style=style)
    for span in _CODE.finditer(text):
        line.stylize("cyan", span.start(), span.end())
    return line


def wrapped(
    text: Text | str, width: int, *, indent: int = 0, label: Text | None = None, limit: int = 0
) -> Lines:
    """`text` in lines of at most `width`, all but the first indented like it.

    `label` stands before the first line and the rest hang below its end. Above `limit` lines, the
    last one kept ends in "..."; 0 means no limit.
    """
    line = styled(text) if isinstance(text, str) else text
    head = Text(" " * indent) + (label or Text())
    hang = head.cell_len
    room = max(width - hang, 8)
    cut: Lines = list(line.wrap(_RULER, room, overflow="fold")) or [Text()]
    if limit and len(cut) > limit:
        cut = [*cut[: limit - 1], _ended(cut[limit - 1], room)]
    for part in cut:
        part.rstrip()
    return [(head if at == 0 else Text(" " * hang)) + part for at, part in enumerate(cut)]


def _ended(line: Text, room: int) -> Text:
    """`line` with " ..." behind its last word that leaves room for it."""
    line.rstrip()
    if line.cell_len > room - 4:
        line.truncate(max(room - 4, 1))
        last_word = line.plain.rfind(" ")
        if last_word > 0:
            line.right_crop(len(line.plain) - last_word)
    return line.append(" ...")


def heading(title: str, width: int, note: str = "") -> Lines:
    """An empty line, then the title with its note."""
    line = Text.assemble((title, "bold"), "  ", (note, "dim"))
    return [Text(), *wrapped(line, width)]


def pairs(rows: list[tuple[Text, Text]], width: int, *, indent: int = 2, widest: int = 24) -> Lines:
    """Two columns; a left text wider than its column has a line of its own."""
    column = min(max((left.cell_len for left, _ in rows), default=0), widest)
    lines: Lines = []
    for left, right in rows:
        if left.cell_len > column:
            lines += wrapped(left, width, indent=indent)
            lines += wrapped(right, width, indent=indent + column + 2)
        else:
            label = left + Text(" " * (column - left.cell_len + 2))
            lines += wrapped(right, width, indent=indent, label=label)
    return lines


def printed(lines: Lines, *, width: int, color: bool) -> str:
    """The lines as text, with colour codes only where asked for."""
    file = StringIO()
    console = Console(
        file=file,
        width=max(width, *(line.cell_len for line in lines), 1),
        height=25,  # given with the width, so that no environment variable decides either
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True, end="\n")
    return file.getvalue()


def fits(parts: list[str], width: int) -> bool:
    """Whether the parts fit into one line with two spaces between them."""
    return cell_len("  ".join(parts)) <= width
