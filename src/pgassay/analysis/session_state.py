"""A session on scratch as it was at one moment: what it held, had read, and what was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pgassay.facts.catalog import TableName
from pgassay.facts.pending_run import MODES


class RelationState(NamedTuple):
    """`kind` is pg_class.relkind; `file` 0 where it has none; `table` an index's, else 0; `parent`
    the table that it is a partition of, else 0."""

    name: TableName
    kind: str
    file: int
    table: int
    parent: int = 0


class ForeignKeyState(NamedTuple):
    name: str
    table: int
    referenced: int
    validated: bool


class ColumnState(NamedTuple):
    """`is_filled`: something gives it a value where nobody does."""

    name: str
    type: str
    not_null: bool
    is_filled: bool
    dropped: bool


Columns = Mapping[tuple[int, int], ColumnState]
"""By the table's number and the column's (pg_attribute.attnum), which outlive any name."""


@dataclass(frozen=True, slots=True)
class SessionState:
    """Everything by its number (oid): `locks` the strongest mode on each relation, `scans` how
    often each table was read from end to end in this transaction, `lookups` by an index. `touched`
    is the last place in the log of what was touched."""

    transaction: str
    lock_timeout_ms: int
    touched: int
    locks: Mapping[int, str]
    scans: Mapping[int, int]
    lookups: Mapping[int, int]
    relations: Mapping[int, RelationState]
    foreign_keys: Mapping[int, ForeignKeyState]

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> SessionState:
        """From what `pgassay.state()` gives on scratch."""
        locks: dict[int, str] = {}
        for relation, mode in said["locks"]:
            if mode in MODES:
                locks[relation] = max(locks.get(relation, mode), mode, key=MODES.index)
        return cls(
            said["transaction"] or "",
            said["lock_timeout_ms"],
            said["touched"],
            locks,
            dict(said["scans"]),
            dict(said["lookups"]),
            {
                oid: RelationState((schema, name), *rest)
                for oid, schema, name, *rest in said["relations"]
            },
            {oid: ForeignKeyState(*rest) for oid, *rest in said["foreign_keys"]},
        )


@dataclass(frozen=True, slots=True)
class Command:
    """The session at the end of one command that changed the schema, with the columns of the tables
    that the command was about. `place` is its own in the log of commands; that of 0 is the state
    before the first, with the columns of all tables."""

    place: int
    state: SessionState
    columns: Columns

    @classmethod
    def read(cls, place: int, state: Mapping[str, Any], columns: Any) -> Command:
        return cls(
            place,
            SessionState.read(state),
            {(table, number): ColumnState(*rest) for table, number, *rest in columns},
        )
