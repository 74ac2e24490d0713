"""The tokens of an SQL text that PostgreSQL deparsed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

TokenKind = Literal["word", "quoted", "string", "number", "sign"]


class Token(NamedTuple):
    """A word is in lower case, as PostgreSQL folds it; a quoted name and a string keep their
    quotes, so that neither is ever taken for a word."""

    kind: TokenKind
    text: str


_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<string>[eE]'(?:[^'\\]|''|\\.)*' | (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'
        | (?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag))
    | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")+")
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<sign>::|[-+*/<>=~!@\#%^&|`?]+|[()\[\],;.:]|\$\d+)
    """,
    re.VERBOSE | re.DOTALL,
)
_UPPER_TO_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@lru_cache(maxsize=8192)
def tokens(sql: str) -> tuple[Token, ...] | None:
    """The text's tokens without white space; None where it is not understood to its end.

    A deparsed text has no comments: one that seems to is not understood.
    """
    found: list[Token] = []
    place = 0
    while place < len(sql):
        match = _TOKEN.match(sql, place)
        if match is None:
            return None
        place = match.end()
        for kind in ("string", "quoted", "number", "word", "sign"):
            text = match.group(kind)
            if text is None:
                continue
            if kind == "sign" and ("--" in text or "/*" in text):
                return None
            # Only ASCII: what PostgreSQL makes of other letters depends on the database.
            found.append(Token(kind, text.translate(_UPPER_TO_LOWER) if kind == "word" else text))
    return tuple(found)
