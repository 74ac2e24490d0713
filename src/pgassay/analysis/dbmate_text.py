"""Reading a dbmate file: what stands under `-- migrate:up` and `-- migrate:down`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(
    r"^--\s*migrate:(?P<direction>up|down)(?P<options>[^\n]*)$", re.MULTILINE | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DbmateFile:
    """`up` and `down` are (first line, text), None where the mark is missing."""

    up: tuple[int, str] | None
    down: tuple[int, str] | None
    transaction: bool


def is_dbmate(text: str) -> bool:
    """Whether the text has dbmate's mark of what to apply."""
    return any(m["direction"].lower() == "up" for m in _MARK.finditer(text))


def read_dbmate(text: str) -> DbmateFile:
    marks = list(_MARK.finditer(text))
    ends = [m.start() for m in marks[1:]] + [len(text)]
    found = {
        m["direction"].lower(): (text.count("\n", 0, m.end()) + 1, text[m.end() : end])
        for m, end in zip(marks, ends, strict=True)
    }
    apart = any(
        m["direction"].lower() == "up" and "transaction:false" in m["options"].replace(" ", "")
        for m in marks
    )
    return DbmateFile(found.get("up"), found.get("down"), not apart)
