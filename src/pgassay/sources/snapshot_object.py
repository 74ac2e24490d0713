"""One object of a snapshot file, from its JSON: every value of its field's type, or refused."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from sys import intern
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pgassay.facts.catalog import KINDS, Grant, SchemaObject

Reader = Callable[[Any], Any]


class ValueInvalid(Exception):
    """A line is no object of its kind. Names the field."""


def read_object(kind: type[SchemaObject], line: Any) -> SchemaObject:
    """The object that a line tells of. `hash`, which is no field, must be there.

    Raises ValueInvalid.
    """
    if not isinstance(line, dict):
        raise ValueInvalid("it is no object")
    readers, required = _FIELDS[kind]
    given = {}
    for name, value in line.items():
        reader = readers.get(name)
        if reader is not None:
            try:
                given[name] = reader(value)
            except ValueInvalid as error:
                raise ValueInvalid(f"field {name!r} {error}") from None
        elif name != "hash":
            raise ValueInvalid(f"field {name!r} is unknown")
    missing = [name for name in (*required, "hash") if name not in line]
    if missing:
        raise ValueInvalid(f"field {missing[0]!r} is missing")
    return kind(**given)


def _fields(kind: type[SchemaObject]) -> tuple[Mapping[str, Reader], tuple[str, ...]]:
    """How each field is read, and which have no default."""
    hints = get_type_hints(kind)
    found = fields(kind)
    readers = {field.name: _reader(hints[field.name]) for field in found}
    required = (f.name for f in found if f.default is MISSING and f.default_factory is MISSING)
    return readers, tuple(required)


def _reader(hint: Any) -> Reader:
    """How a field of this type is read. Raises TypeError for one that no snapshot can hold."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is str:
        return _text
    if hint in (int, bool):
        return _exactly(hint)
    if hint is float:
        return _number
    if hint is Grant:
        return _grant
    if origin is Literal:
        return _one_of(arguments)
    if origin in (Union, types.UnionType) and len(arguments) == 2 and type(None) in arguments:
        (other,) = (a for a in arguments if a is not type(None))
        return _or_none(_reader(other))
    if origin is tuple and len(arguments) == 2 and arguments[1] is ...:
        return _list(_reader(arguments[0]))
    raise TypeError(f"a snapshot cannot hold a field of type {hint}")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise ValueInvalid(f"is no text: {value!r}")
    return intern(value)  # schemas, tables, types, owners come by the thousand


def _exactly(wanted: type) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is not wanted:
            what = "true or false" if wanted is bool else "a whole number"
            raise ValueInvalid(f"is not {what}: {value!r}")
        return value

    return read


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise ValueInvalid(f"is no number: {value!r}")
    return float(value)


def _one_of(known: tuple[Any, ...]) -> Reader:
    def read(value: Any) -> Any:
        if value not in known:
            raise ValueInvalid(f"is none of {', '.join(map(repr, known))}: {value!r}")
        return intern(value)

    return read


def _or_none(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


def _list(reader: Reader) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise ValueInvalid(f"is no list: {value!r}")
        return tuple(reader(item) for item in value)

    return read


def _grant(value: Any) -> Grant:
    if type(value) is not dict or value.keys() != {"grantee", "privileges"}:
        raise ValueInvalid(f"is no grantee with privileges: {value!r}")
    return Grant(_text(value["grantee"]), _list(_text)(value["privileges"]))


_FIELDS: Final = {kind: _fields(kind) for kind in KINDS}
