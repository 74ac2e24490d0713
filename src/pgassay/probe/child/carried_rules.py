"""Rules for rows, under the key "pgassay" of `Table.info` and `Column.info` (SQLAlchemy
documentation, "SchemaItem.info": a dictionary for whatever a project likes to keep there)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Iterator

from pgassay.probe.child.events import without_addresses

KEY = "pgassay"


def carried_rules(several: list[Any]) -> dict[str, Any]:
    """What the tables of these MetaData carry, and which they are."""
    tables = [table for metadata in several for table in metadata.tables.values()]
    return {
        "carried": [one for table in tables for one in _carried(table)],
        "tables": [[table.schema or "", table.name] for table in tables],
    }


def _carried(table: Any) -> Iterator[Any]:
    for item, column in [(table, ""), *((c, c.name) for c in table.columns)]:
        info = item.info
        if isinstance(info, Mapping) and KEY in info:
            value, wrong = _as_json(info[KEY])
            at = {"schema": table.schema or "", "table": table.name, "column": column}
            yield {**at, "value": value, "wrong": wrong}


def _as_json(value: Any) -> Any:
    """(JSON, ""), or ("", what of it is none)."""
    try:
        return json.dumps(value, default=_refuse, allow_nan=False), ""
    except Exception as error:
        return "", without_addresses(str(error) or type(error).__name__)[:200]


def _refuse(value: Any) -> Any:
    raise TypeError(repr(value) + " is no text, number, list or mapping")
