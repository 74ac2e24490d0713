"""What a person names as one side of a comparison: a database, a file, or one of the project's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal

from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.postgres.connection_url import known_keywords

Of = Literal["live", "history", "models", "file", "database"]
OF_THE_PROJECT: Final = ("live", "history", "models")

_KEY = re.compile(r"\s*(\w+)\s*=")


class SideUnknown(Exception):
    """The text names no side. The message says which sides there are."""


@dataclass(frozen=True, slots=True)
class DiffSide:
    """`written` is the text, or the path; a database's is not for showing: it may hold a
    password."""

    of: Of
    written: str

    @classmethod
    def parse(cls, text: str) -> DiffSide:
        """Read `live`, `history`, `models`, a file's path, or a database's address.

        Raises SideUnknown, or TargetInvalid for an address that cannot be read.
        """
        for of in OF_THE_PROJECT:
            if text == of:
                return cls(of, text)
        if Path(text).is_file():
            return cls("file", text)
        if _is_address(text):
            ConnectionTarget.parse(text)
            return cls("database", text)
        if not text:
            raise SideUnknown("A side is empty: is the variable that names it set?")
        near = get_close_matches(text.lower(), OF_THE_PROJECT, 1, 0.6)
        no_file = "is a folder" if Path(text).is_dir() else "no such file"
        raise SideUnknown(
            f"{text!r} is no schema to compare ({no_file})."
            + (f" Did you mean {near[0]}?" if near else "")
            + " There are: live, history, models, a file that `pgassay schema snapshot` wrote, and "
            "databases: a URL, env:NAME, service=NAME, or libpq's key=value words."
        )


def _is_address(text: str) -> bool:
    if "://" in text or text.startswith("env:"):
        return True
    key = _KEY.match(text)
    return key is not None and (key[1] in known_keywords() or key[1] == "service")
