"""Whether the rows that one history writes are written by another too, on scratch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from pgassay.facts.catalog import Catalog, Column, TableName
from pgassay.postgres.scratch import Database

_CONSTANT = re.compile(r"'(?:[^']|'')*'(?:::[\w\s.\"\[\](),]+)?|-?[\d.]+|true|false|NULL.*", re.S)

Rows = Counter[tuple[str | None, ...]]


def rows_missing(there: tuple[Database, Catalog], here: tuple[Database, Catalog]) -> Iterator[str]:
    """What tables of `there` hold and those of `here` do not, such as `1 of 3 rows of
    public.rates: ('EUR', '1')`. Compared as text over the columns that both have with one type, but
    for those whose default may be another each time (a sequence, now())."""
    with there[0].connect(autocommit=True) as theirs, here[0].connect(autocommit=True) as mine:
        for table in there[1].tables:
            name = table.table_name
            columns = sorted(_columns(there[1], name) & _columns(here[1], name))
            wanted = _rows(theirs, name, columns)
            lost = wanted - _rows(mine, name, columns) if wanted else wanted
            if lost:
                yield (
                    f"{lost.total()} of {wanted.total()} rows of {table.subject}: "
                    f"{next(iter(lost))}"
                )


def _columns(catalog: Catalog, table: TableName) -> set[tuple[str, str]]:
    """Name and type."""
    return {(c.name, c.type) for c in catalog.columns if c.table_name == table and _is_stable(c)}


def _is_stable(column: Column) -> bool:
    if column.generated.endswith("identity"):
        return False
    return column.default is None or _CONSTANT.fullmatch(column.default) is not None


def _rows(
    connection: psycopg.Connection[Any], table: TableName, columns: list[tuple[str, str]]
) -> Rows:
    shown = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(n)) for n, _ in columns)
    asked = sql.SQL("SELECT {} FROM {}").format(shown, sql.Identifier(*table))
    return Counter(connection.execute(asked).fetchall())
