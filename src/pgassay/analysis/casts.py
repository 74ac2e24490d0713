"""Casts in the texts that PostgreSQL deparses."""

from __future__ import annotations

import re

_CAST = re.compile(
    r'::(?:"[^"]+"|[\w.]+)+(?: precision| varying| with(?:out)? time zone)*'
    r"(?:\([\d, ]+\))?(?: with(?:out)? time zone)?(?:\[\])*"
)
_AROUND = re.compile(r"[()']")


def same_but_for_casts(one: str, other: str) -> bool:
    """Whether two expressions say the same but for casts, and the brackets and quotes they bring.

    PostgreSQL writes a column's type into the expressions on it: changing the type changes the
    text `(amount > (0)::numeric)`, and not what it means.
    """
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return " ".join(_AROUND.sub(" ", _CAST.sub("", text)).split())
