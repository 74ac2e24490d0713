"""Making a schema again, from its facts, in a scratch database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg

from pgassay.analysis.creation import SESSION, make_all
from pgassay.facts.catalog import Catalog, Owned, SchemaObject
from pgassay.postgres.scratch import Database


def copy_schema(catalog: Catalog, database: Database) -> list[str]:
    """Make all of `catalog` but owners and rights, whose roles scratch does not have. Returns the
    statements that fail, [] where the copy is whole."""
    waiting = [s for s in make_all(without_roles(catalog)) if not s.lstrip().startswith("--")]
    with database.connect(autocommit=True) as connection:
        for setting in SESSION:
            connection.execute(setting.encode())
        while waiting:
            # What stands on what is not among the facts: some need a later one.
            left = [s for s in waiting if not _runs(connection, s)]
            if len(left) == len(waiting):
                return left
            waiting = left
    return []


def without_roles(catalog: Catalog) -> Catalog:
    """The schema whoever owns it."""
    return replace(
        catalog,
        tables=tuple(replace(t, owner="", grants=()) for t in catalog.tables),
        columns=tuple(replace(c, grants=()) for c in catalog.columns),
        others=tuple(map(_unowned, catalog.others)),
    )


def _unowned(thing: SchemaObject) -> SchemaObject:
    return replace(thing, owner="", grants=()) if isinstance(thing, Owned) else thing


def _runs(connection: psycopg.Connection[Any], statement: str) -> bool:
    try:
        connection.execute(statement.encode())
    except psycopg.Error:
        return False
    return True
