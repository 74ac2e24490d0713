"""Reads a database's schema from its catalogs, and nothing but its catalogs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, TypeVar, cast

import psycopg
from psycopg import errors

from pgassay.facts.catalog import (
    KINDS,
    Catalog,
    Column,
    Constraint,
    Index,
    Policy,
    SchemaObject,
    Sequence,
    Table,
    TableName,
    Trigger,
)
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.catalog_fingerprint import fingerprint
from pgassay.sources.catalog_kinds import QUERIES
from pgassay.sources.catalog_reading import Changed, Reading
from pgassay.sources.catalog_sequence_values import last_values
from pgassay.sources.collector import collector_paused
from pgassay.sources.read_only import read_only

NEWEST = 18
"""The newest major version whose catalogs are known here."""

_TRIES = 3

# What deparsing an object that is just being dropped raises: "cache lookup failed" is XX000.
_MOVED = (
    errors.InternalError_,
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedObject,
    errors.UndefinedFunction,
    errors.InvalidSchemaName,
)


def read_catalog(
    connection: psycopg.Connection[Any], *, version_tables: Collection[TableName] = ()
) -> Catalog | Unavailable:
    """The schema of the connection's database, in one snapshot.

    No user function and no default is executed, and no right on any table is needed. The
    connection must be idle. `version_tables` are left out, as are what extensions, the server and
    pgassay keep; `left_out` counts them. The system catalogs are looked at again once all is read:
    a schema that was changed meanwhile is read again, twice at most.
    """
    for _ in range(_TRIES):
        try:
            with collector_paused():
                return _read(connection, version_tables)
        except (Changed, *_MOVED) as moved:
            change = moved
        except errors.LockNotAvailable as locked:
            return Unavailable(
                "database",
                "a table's definition is locked, by a migration perhaps: "
                f"{_primary(locked)} (waited 2 s)",
                "Run again once the lock is gone; pg_blocking_pids() and pg_locks name its holder.",
                str(locked),
            )
        except (psycopg.Error, UnicodeDecodeError) as failed:
            reason = f"its catalogs could not be read: {_primary(failed)}"
            return Unavailable("database", reason, detail=str(failed))
    return Unavailable(
        "database",
        f"its schema kept changing while it was read ({_primary(change)})",
        "Run again once no migration is running.",
        str(change),
    )


def _primary(error: Exception) -> str:
    message = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return (message or str(error) or type(error).__name__).strip().splitlines()[0]


def _read(connection: psycopg.Connection[Any], version_tables: Collection[TableName]) -> Catalog:
    with read_only(connection) as transaction:
        before = fingerprint(transaction.cursor)
        reading = Reading(transaction.cursor, version_tables)
        things = _objects(reading, before.empty)
    _take_in_values(things, reading, connection)
    with read_only(connection) as transaction:
        if not before.still_holds(transaction.cursor):
            raise Changed("something in it was altered")
    columns = sorted(_of(Column, things), key=lambda c: (c.schema, c.table, c.position))
    return Catalog(
        server_version_num=reading.own.version_num,
        tables=tuple(_sorted(_of(Table, things))),
        columns=tuple(columns),
        constraints=tuple(_sorted(_of(Constraint, things))),
        indexes=tuple(_sorted(_of(Index, things))),
        others=tuple(
            thing
            for kind in KINDS
            if kind not in (Table, Column, Constraint, Index)
            for thing in _sorted(things[kind])
        ),
        left_out=tuple(sorted(reading.own.left_out.items())),
        unread=tuple(reading.unread),
        role=reading.own.role,
        fingerprint=before.hash,
    )


_Things = dict[type[SchemaObject], list[SchemaObject]]
_Kind = TypeVar("_Kind", bound=SchemaObject)


def _of(kind: type[_Kind], things: _Things) -> list[_Kind]:
    return cast("list[_Kind]", things[kind])


def _sorted(things: list[_Kind]) -> list[_Kind]:
    return sorted(things, key=lambda thing: thing.identity)


def _objects(reading: Reading, empty: Collection[str]) -> _Things:
    own = reading.own
    if own.major > NEWEST:
        reading.unread.append(
            f"PostgreSQL {own.major} is newer than what this version knows (up to {NEWEST})"
        )
    reading.unread += [row.sentence for row in reading.rows("unknown_kinds")]
    things: _Things = {of.kind: [] for of in QUERIES}
    managed = reading.rows("managed_tables") if own.managed_schemas else []
    for of, fetched in reading.fetch([of for of in QUERIES if of.catalog not in empty]):
        if of.kind in (Trigger, Policy):
            own.take_in_managed(managed)
        things[of.kind] = reading.objects(of, fetched)
    if own.elsewhere:
        for row in reading.rows("elsewhere"):
            own.leave_out(own.schema_reason(row.namespace), row.number)
    return things


def _take_in_values(things: _Things, reading: Reading, connection: psycopg.Connection[Any]) -> None:
    oids = reading.readable_sequences
    values = last_values(connection, list(oids.values()))
    things[Sequence] = [
        replace(s, last_value=value)
        if s.readable and (value := values.get(oids[s.table_name])) is not None
        else s
        for s in _of(Sequence, things)
    ]
