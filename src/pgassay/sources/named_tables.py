"""Finds the table that a name means, as a session on the database would."""

from __future__ import annotations

import re
from dataclasses import dataclass

from psycopg import sql

from pgassay.facts.catalog import TableName
from pgassay.sources.queries import query
from pgassay.sources.read_only import Reading

_KINDS = {"v": "view", "m": "materialized view", "f": "foreign table"}


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A relation that was found. `other_kind` is "" for a table, else such as "view"."""

    schema: str
    name: str
    other_kind: str
    schema_usable: bool
    has_version_num: bool

    @property
    def shown(self) -> str:
        return f"{self.schema}.{self.name}"

    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)


def tables_named(reading: Reading, name: str) -> tuple[NamedTable, ...]:
    """All relations of that name outside the system schemas, those in the search path first and in
    its order."""
    rows = reading.cursor.execute(query("tables_named"), {"name": name}).fetchall()
    found = [
        NamedTable(
            row.schema, row.name, _KINDS.get(row.kind, ""), row.schema_usable, row.has_version_num
        )
        for row in rows
    ]
    path = {schema: place for place, schema in reversed(list(enumerate(reading.search_path)))}
    return tuple(sorted(found, key=lambda t: (path.get(t.schema, len(path)), t.schema)))


def grant_needed(reading: Reading, table: NamedTable) -> str:
    """The GRANT that lets this role read the table."""
    role, cursor = sql.Identifier(reading.role), reading.cursor
    grants = []
    if not table.schema_usable:
        usage = sql.SQL("GRANT USAGE ON SCHEMA {} TO {};")
        grants.append(usage.format(sql.Identifier(table.schema), role).as_string(cursor))
    select = sql.SQL("GRANT SELECT ON TABLE {} TO {};")
    grants.append(select.format(table.identifier(), role).as_string(cursor))
    return " ".join(grants)


_PART = r'(?:"((?:[^"]|"")+)"|([^".]+))'
_NAME = re.compile(rf"(?:{_PART}\.)?{_PART}")


def parse_table_name(written: str) -> TableName:
    """`t` or `schema.t`; the schema is "" where none is written. Double quotes as in SQL; a name
    without them is taken as it stands, not folded to lower case."""
    match = _NAME.fullmatch(written)
    if match is None:
        return ("", written)
    quoted_schema, schema, quoted_name, name = (part or "" for part in match.groups())
    return (quoted_schema.replace('""', '"') or schema, quoted_name.replace('""', '"') or name)
