"""The SQL files beside the sources: one question a file, for every server version."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("sql")
_GATE = re.compile(r"--@(\d+)(\+|-)(?= --@|$)")


@cache
def query(name: str, major: int | None = None) -> bytes:
    """The text of `sql/<name>.sql` for a server of this major version. As bytes, the form psycopg
    takes for a text that is not written in the code.

    A line that ends in `--@15+` is for PostgreSQL 15 and newer, one in `--@14-` for 14 and older;
    with both, both must fit.
    """
    return gated((_FOLDER / f"{name}.sql").read_text("utf-8"), major).encode()


def gated(text: str, major: int | None) -> str:
    """The lines that are for a server of this version; all of them where it is None."""
    return "\n".join(line for line in text.splitlines() if _is_for(line, major)) + "\n"


def _is_for(line: str, major: int | None) -> bool:
    return major is None or all(
        major >= int(bound) if sign == "+" else major <= int(bound)
        for bound, sign in _GATE.findall(line)
    )
