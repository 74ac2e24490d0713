"""A statement that changes rows, with the values that it was sent with written into it."""

from __future__ import annotations

import datetime
import decimal
import json
import re
import uuid
from typing import Any, Callable, Iterator, Sequence

_CHANGES_ROWS = re.compile(r"\s*(insert|update|delete|merge)\b", re.I)
_LONGEST = 1000000
_PLACES = {
    "pyformat": re.compile(r"%(?:%|\((?P<name>[^)]+)\)s|(?P<next>s))"),
    "format": re.compile(r"%(?:%|\((?P<name>[^)]+)\)s|(?P<next>s))"),
    "numeric_dollar": re.compile(r"\$(?P<number>\d+)"),
}
_RANDOM = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[14][0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")
_FRESH = datetime.timedelta(days=2)


class _NotWritten(Exception):
    """A value that has no literal here, or that another run would have otherwise."""


def filled(statement: str, parameters: Any, style: str, source: Callable[[], str]) -> list[str]:
    """One text for each row of values; [] where it changes no rows, or where a value cannot be
    written. `source` gives the revision's text: a time of today or a random id that does not stand
    there was made by this run."""
    if not _CHANGES_ROWS.match(statement) or style not in _PLACES:
        return []
    rows = parameters if isinstance(parameters, list) else [parameters]
    try:
        texts = [_written(statement, row, _PLACES[style], source) for row in rows or [()]]
    except (_NotWritten, LookupError, TypeError):
        return []
    return texts if sum(map(len, texts)) <= _LONGEST else []


def _written(
    statement: str, values: Any, places: re.Pattern[str], source: Callable[[], str]
) -> str:
    following = iter(values if isinstance(values, (list, tuple)) else ())

    def one(match: re.Match[str]) -> str:
        found = match.groupdict()
        if found.get("name"):
            return _literal(values[found["name"]], source)
        if found.get("number"):
            return _literal(values[int(found["number"]) - 1], source)
        return _literal(_next(following), source) if found.get("next") else "%"

    return places.sub(one, statement)


def _next(values: Iterator[Any]) -> Any:
    for value in values:
        return value
    raise LookupError


def _literal(value: Any, source: Callable[[], str]) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if type(value) in (int, float, decimal.Decimal):
        text = str(value)
        plain = re.fullmatch(r"(-?)\d+(\.\d+)?", text)
        if plain is None:  # NaN, or with an exponent
            return _quoted(text)
        # A minus would be taken for an operator of what stands before.
        return f"({text})" if plain.group(1) else text
    if type(value) is uuid.UUID:
        return _quoted(_known(str(value), source))
    if type(value) is str:
        return _quoted(_known(value, source))
    if isinstance(value, (datetime.datetime, datetime.date)):
        return _quoted(_old(value, source).isoformat())
    if type(value) is datetime.time:
        return _quoted(value.isoformat())
    if type(value) is datetime.timedelta:
        return f"'{value.days} days {value.seconds}.{value.microseconds:06d} seconds'"
    if type(value) in (bytes, bytearray, memoryview):
        return f"'\\x{bytes(value).hex()}'"
    kind = type(value).__name__
    if kind in ("Json", "Jsonb", "Binary"):  # what drivers wrap values in
        inner = value.obj if hasattr(value, "obj") else value.adapted
        return _literal(inner if kind == "Binary" else json.dumps(inner), source)
    if type(value) is list:
        return _array(value, source)
    raise _NotWritten


def _array(values: Sequence[Any], source: Callable[[], str]) -> str:
    if not values:
        return "'{}'"
    return "ARRAY[{}]".format(", ".join(_literal(value, source) for value in values))


def _quoted(text: str) -> str:
    if "\0" in text:
        raise _NotWritten
    return "'{}'".format(text.replace("'", "''"))


def _known(text: str, source: Callable[[], str]) -> str:
    made = [m.group() for m in _RANDOM.finditer(text.lower())]
    said = source().lower().replace("-", "") if made else ""
    if any(id_.replace("-", "") not in said for id_ in made):
        raise _NotWritten
    return text


def _old(value: Any, source: Callable[[], str]) -> Any:
    """A date or time that no clock gave just now, unless it is written down."""
    day = value.date() if isinstance(value, datetime.datetime) else value
    if abs(day - datetime.date.today()) <= _FRESH and day.isoformat() not in source():
        raise _NotWritten
    return value
