"""A schema's hash: the same for the same schema, whoever read it, when, and from which server."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from hashlib import sha256
from typing import Any, Final

from pgassay.facts.catalog import KINDS, Catalog, Column, Grant, SchemaObject, TableName


def object_hash(thing: SchemaObject) -> str:
    """The object's SHA-256 in hexadecimal: of its kind, its identity, and each property of its
    schema that is not the default, so that a property added in a later version changes nothing."""
    said = [thing.KIND, thing.identity, plain_values(thing, schema=True, state=False)]
    return sha256(canonical(said)).hexdigest()


def schema_hash(catalog: Catalog, object_hashes: Iterable[str] = ()) -> str:
    """The SHA-256 of all objects' hashes and of the columns' order in each table.

    Not of what is no schema: the server's version, how far a sequence has come. `object_hashes`,
    where they are known already, are those of all its objects.
    """
    whole = sha256()
    for line in sorted(object_hashes or map(object_hash, catalog.objects())):
        whole.update(line.encode())
    whole.update(canonical(_column_orders(catalog)))
    return whole.hexdigest()


def plain_values(thing: SchemaObject, *, schema: bool = True, state: bool = True) -> dict[str, Any]:
    """The object's fields as JSON has them, those at their default left out; in the class's order.

    `schema`: with the fields that are its schema. `state`: with those that are true of the database
    but no part of its schema.
    """
    found: dict[str, Any] = {}
    for name, default, compared in _FIELDS[type(thing)]:
        if schema if compared else state:
            value = getattr(thing, name)
            if value != default:
                found[name] = value if type(value) is str else _plain(value)
    return found


def canonical(value: Any) -> bytes:
    """The one JSON text of a value, whatever order its keys were in."""
    return _CANONICAL(value).encode()


_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode

_FIELDS: Final = {
    kind: tuple((f.name, f.default, f.compare) for f in fields(kind)) for kind in KINDS
}
"""(name, default, whether it is schema); dataclasses.MISSING, which equals no value, where a field
has no default."""


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Grant):
        return {"grantee": value.grantee, "privileges": list(value.privileges)}
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 100 and 100.0 are one cost
    return value


def _column_orders(catalog: Catalog) -> list[list[Any]]:
    """Each table's columns in their order, whatever numbers dropped ones have left."""
    columns: dict[TableName, list[Column]] = {}
    for column in catalog.columns:
        columns.setdefault(column.table_name, []).append(column)
    return [
        [*name, [c.name for c in sorted(columns[name], key=lambda c: (c.position, c.name))]]
        for name in sorted(columns)
    ]
