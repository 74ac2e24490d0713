"""The table sizes of a snapshot file: a line each, in the order of their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pgassay.facts.catalog import TableName
from pgassay.facts.table_size import TableSize
from pgassay.sources.snapshot_object import ValueInvalid

_FIELDS = ("schema", "table", "bytes", "index_bytes", "rows")


def plain_sizes(sizes: Mapping[TableName, TableSize]) -> list[dict[str, Any]]:
    """As JSON has them."""
    return [
        dict(zip(_FIELDS, (*name, size.bytes, size.index_bytes, size.rows), strict=True))
        for name, size in sorted(sizes.items())
    ]


def read_sizes(lines: list[Any]) -> dict[TableName, TableSize]:
    """What `plain_sizes` made. Raises ValueInvalid, which names the line."""
    sizes: dict[TableName, TableSize] = {}
    for number, line in enumerate(lines, 1):
        where = f"sizes {number} of {len(lines)}"
        if not isinstance(line, dict) or set(line) != set(_FIELDS):
            raise ValueInvalid(f"{where}: it is no object of {', '.join(_FIELDS)}")
        schema, table, *numbers = (line[field] for field in _FIELDS)
        if type(schema) is not str or type(table) is not str:
            raise ValueInvalid(f"{where}: its name is no text")
        for field, value in zip(_FIELDS[2:], numbers, strict=True):
            is_count = type(value) is int and value >= 0
            if not is_count and not (field == "rows" and value is None):
                raise ValueInvalid(f"{where}: field {field!r} is no count: {value!r}")
        if (schema, table) in sizes:
            raise ValueInvalid(f"{where}: {schema}.{table} stands there twice")
        sizes[schema, table] = TableSize(*numbers)
    return sizes
