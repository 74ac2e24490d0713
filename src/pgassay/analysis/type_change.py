"""What changing a column from one type to another does to its values."""

from __future__ import annotations

import re

_INTEGERS = {"smallint": 1, "integer": 2, "bigint": 3}
_UNLIMITED = {"text", "character varying"}
_LENGTH = re.compile(r"(character varying|character)\((\d+)\)")
_NUMERIC = re.compile(r"numeric(?:\((\d+),(-?\d+)\))?")


def keeps_every_value(old: str, new: str) -> bool:
    """Whether every value of `old` is the same value in `new`, and means the same.

    Both are format_type() texts. Types of different families are taken not to, unless known.
    """
    if old == new:
        return True
    if old.endswith("[]") and new.endswith("[]"):
        return keeps_every_value(old[:-2], new[:-2])
    if old in _INTEGERS and new in _INTEGERS:
        return _INTEGERS[old] < _INTEGERS[new]
    if (old, new) == ("real", "double precision"):
        return True
    return _text_fits(old, new) or _numeric_fits(old, new)


def _text_fits(old: str, new: str) -> bool:
    length, limit = _LENGTH.fullmatch(old), _LENGTH.fullmatch(new)
    # character(n) pads with spaces: another family as soon as only one side has it.
    if old.startswith("character(") or new.startswith("character("):
        return False
    if new in _UNLIMITED:
        return old in _UNLIMITED or length is not None
    return bool(length and limit and int(length[2]) <= int(limit[2]))


def _numeric_fits(old: str, new: str) -> bool:
    before, after = _NUMERIC.fullmatch(old), _NUMERIC.fullmatch(new)
    if not before or not after:
        return False
    if after[1] is None:
        return True
    if before[1] is None:
        return False
    precision, scale = int(before[1]), int(before[2])
    new_precision, new_scale = int(after[1]), int(after[2])
    return new_scale >= scale and new_precision - new_scale >= precision - scale
