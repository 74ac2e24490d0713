"""The SQL files beside the sources: one question a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("sql")


@cache
def query(name: str) -> bytes:
    """The text of `sql/<name>.sql`. As bytes, the form psycopg takes for a text that is not
    written in the code."""
    return (_FOLDER / f"{name}.sql").read_bytes()
