"""The hash of facts: the same for equal ones in every run, whatever order their sets come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from pgassay.analysis.schema_hash import canonical

_PASSING = frozenset(("fingerprint", "last_value", "rows_estimate"))
"""True of a database at a moment: how many rows it has, how far its sequences have come. What
scratch makes of its schema does not depend on them."""


def fact_hash(*values: Any) -> str:
    """The SHA-256 in hexadecimal of values that are facts, or made of what facts are made of.

    Raises TypeError for anything else.
    """
    return sha256(canonical([_plain(value) for value in values])).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, float, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (frozenset, set)):
        return {"set": sorted(canonical(_plain(item)).decode() for item in value)}
    if isinstance(value, Mapping):
        pairs = ([_plain(key), _plain(item)] for key, item in value.items())
        return {"map": sorted(pairs, key=canonical)}
    if isinstance(value, PurePath):
        return {"path": str(value)}
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        return [kind.__qualname__, *(_plain(getattr(value, name)) for name in _fields(kind))]
    raise TypeError(f"{type(value).__name__} is no fact")


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name not in _PASSING)
