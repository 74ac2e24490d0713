"""What a history that does not build needs, and what came of going on without it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from pgassay.analysis.creation import make
from pgassay.analysis.dialect_failure import is_of_dialect
from pgassay.analysis.environment_lack import environment_lack
from pgassay.analysis.missing_object import missing_object
from pgassay.analysis.sql_effects import tables_in
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.analysis.url_text import masked_url
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Composite,
    Constraint,
    Domain,
    Enum,
    MaterializedView,
    Schema,
    Table,
    View,
)
from pgassay.facts.catalog import (
    Sequence as CatalogSequence,
)
from pgassay.facts.history import Assumed, BuildFailure, History
from pgassay.facts.location import Location
from pgassay.facts.remedy import Remedy

Event = Mapping[str, Any]
_CREATES_TABLE = re.compile(r"\s*CREATE\s+(?:\w+\s+)?TABLE\b", re.IGNORECASE)
MISSING = " does not exist"
"""What PostgreSQL says after the name of an object that is missing."""


def remedies(sources: Mapping[str, Catalog]) -> dict[str, Remedy]:
    """By what PostgreSQL says when an object is missing (`relation "users" does not exist`), what
    makes it as the first of `sources` that has it does.

    A table comes with its columns' types, and with what makes rows unique, so that foreign keys
    can point to it; nothing that needs other objects comes along.
    """
    found: dict[str, Remedy] = {}
    for source, catalog in sources.items():
        for message, statements in _of(catalog):
            found.setdefault(message, Remedy(tuple(statements), source))
    return found


def _of(catalog: Catalog) -> Iterator[tuple[str, list[str]]]:
    for thing in catalog.of(Schema):
        yield f'schema "{thing.name}"{MISSING}', [f"CREATE SCHEMA {quoted(thing.name)}"]
    for kind in (Enum, Domain, Composite):
        for named in catalog.of(kind):
            for name in _names(named.schema, named.name):
                yield f'type "{name}"{MISSING}', make(replace(named, owner="", grants=()), catalog)
    for table in catalog.tables:
        for name in _names(table.schema, table.name):
            yield f'relation "{name}"{MISSING}', _bare_table(table, catalog)
    for column in catalog.columns:
        adding = f"ALTER TABLE {qualified(*column.table_name)} ADD COLUMN {_line(column)}"
        for name in _names(*column.table_name):
            yield f'column "{column.name}" of relation "{name}"{MISSING}', [adding]
    for relation_kind in (View, MaterializedView, CatalogSequence):
        for relation in catalog.of(relation_kind):
            if isinstance(relation, CatalogSequence) and relation.owned_by:
                continue
            for name in _names(relation.schema, relation.name):
                bare = replace(relation, owner="", grants=())
                yield f'relation "{name}"{MISSING}', make(bare, catalog)


def _names(schema: str, name: str) -> list[str]:
    """As messages write it: without quotes inside, with the schema where the statement had it."""
    return [f"{schema}.{name}", *([name] if schema == "public" else [])]


def _bare_table(table: Table, catalog: Catalog) -> list[str]:
    columns = [c for c in catalog.columns if c.table_name == table.table_name]
    keys = [
        c
        for c in catalog.constraints
        if c.table_name == table.table_name and c.kind in ("primary key", "unique")
    ]
    lines = [_line(c) for c in columns] + [_key(k) for k in keys]
    return [f"CREATE TABLE {qualified(*table.table_name)} ({', '.join(lines)})"]


def _line(column: Column) -> str:
    return f"{quoted(column.name)} {column.type}"


def _key(constraint: Constraint) -> str:
    return f"CONSTRAINT {quoted(constraint.name)} {constraint.definition}"


def failures_left_out(
    history: History, events: Sequence[Event], dialect: str = ""
) -> tuple[BuildFailure, ...]:
    """Each statement that failed and was left out, or helped by what was assumed, in order. What
    only lacks a table that a statement left out would have made is no failure of its own, nor what
    is written for `dialect`, in whose place the history was run on PostgreSQL."""
    found = []
    never_made: set[str] = set()
    for event in events:
        if event["event"] == "assumed":
            error = event["missing"]
        elif event["event"] == "failed" and event["where"] == "statement":
            error = masked_url(event["error"])
        else:
            continue
        failure = BuildFailure(
            revision=event["revision"],
            error=error,
            statement=event["left_out"],
            missing_object=missing_object(error),
            location=_location(history, event),
        )
        if failure.missing_object.replace('"', "").partition(" ")[2] in never_made:
            continue
        if event["event"] == "assumed" or not _is_of_the_place(dialect, event, events):
            found.append(failure)
        if event["event"] == "failed" and _CREATES_TABLE.match(failure.statement):
            for schema, name in tables_in([failure.statement]):
                never_made |= {name, f"{schema or 'public'}.{name}"}
    return tuple(found)


def _is_of_the_place(dialect: str, event: Event, events: Sequence[Event]) -> bool:
    """Whether it fails for where it is run, not for how it is written."""
    if dialect and is_of_dialect(dialect, event, events):
        return True
    return environment_lack(event, of_revision=True) is not None


def assumed_in(events: Sequence[Event], sources: Mapping[str, str]) -> tuple[Assumed, ...]:
    """What was made for the history. `sources`: whose it is, by what PostgreSQL said."""
    return tuple(
        Assumed(e["revision"], e["missing"].removesuffix(MISSING), sources.get(e["missing"], ""))
        for e in events
        if e["event"] == "assumed"
    )


def _location(history: History, event: Event) -> Location | None:
    revision = next((r for r in history.revisions if r.id == event["revision"]), None)
    if revision is None:
        return None
    name = PurePath(revision.location.path).name
    frames = [*event.get("frames", ()), *event.get("stack", ())]
    lines = [line for path, line in frames if PurePath(path).name == name]
    return Location(revision.location.path, lines[-1] if lines else None)
