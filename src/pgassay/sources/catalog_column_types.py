"""What a column's type rests on, where it is a domain or an enum, or an array of either."""

from __future__ import annotations

from functools import cache
from typing import Any

import psycopg

from pgassay.sources.queries import query


class ColumnTypes:
    """Every domain and enum of the database, and the arrays of them, by oid."""

    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self._types = {row.oid: row for row in cursor.execute(query("catalog/named_types"))}
        self.rests_on = cache(self._rests_on)

    def _rests_on(self, oid: int) -> tuple[str, tuple[str, ...]]:
        """The base type's text ("" where there is no domain), and an enum's labels."""
        text, brackets = "", ""
        while (row := self._types.get(oid)) is not None:
            if row.labels is not None:
                return text, tuple(row.labels)
            if row.domain:
                text = row.base_type + brackets
            else:
                brackets += "[]"
            oid = row.beneath
        return text, ()
