"""Which objects a migration system looks after: by what it did on scratch, else by its text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pgassay.analysis.sql_effects import tables_in
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.history import Build, History, Salvage
from pgassay.facts.migration_system import STATE_TABLES, MigrationSystem
from pgassay.facts.sql_run import SqlRun
from pgassay.facts.touch import Touch

# Kinds in PostgreSQL's words. What hangs on a table counts as the table.
_OWN = frozenset(
    ("view", "function", "procedure", "aggregate", "type", "domain", "sequence", "foreign table")
)
_STATE = frozenset(name for _, name in STATE_TABLES.values()) | {"alembic_version"}
OwnedObject = tuple[str, str]
"""(kind, name), the name with its schema, such as ("table", "public.users")."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """`objects` -> the revision or file that touched it last, "" where that is not known.
    `executed` are those that the server named; the others are read from the text."""

    name: str
    objects: Mapping[OwnedObject, str] = field(default_factory=dict)
    executed: frozenset[OwnedObject] = frozenset()


def of_history(history: History, build: Build | None) -> Ownership:
    """What an Alembic history looks after."""
    if build is None:
        named = {("", table): r.id for r in history.revisions for table, _ in r.makes}
        return Ownership(history.name, _from_text(named))
    own = _STATE | {build.version_table}
    salvage = build.salvage if isinstance(build.salvage, Salvage) else None
    touches = salvage.touches if salvage is not None else build.touches
    said: dict[TableName, str] = {}
    if touches is None or build.failure is not None:
        for statement in build.statements:
            said |= dict.fromkeys(tables_in([statement.sql]), statement.revision)
    if touches is None and isinstance(build.catalog, Catalog):
        said |= {t.table_name: said.get(t.table_name, "") for t in build.catalog.tables}
    objects = _from_touches(touches or ())
    found = _without(_joined(objects, said), own)
    return Ownership(history.name, found, frozenset(objects))


def of_system(system: MigrationSystem, run: SqlRun | None) -> Ownership:
    """What any other system looks after; what failed counts by its text."""
    own = _STATE | ({system.state_table[1]} if system.state_table else set())
    objects = _from_touches(run.touches) if run is not None else {}
    whole = run is not None and run.logged and not run.failures and not run.not_run
    said = {} if whole else dict.fromkeys(system.makes, "")
    found = {
        thing: by
        for thing, by in _without(_joined(objects, said), own).items()
        if thing[1].partition(".")[0] not in system.managed
    }
    return Ownership(system.name, found, frozenset(objects))


def _from_touches(touches: Iterable[Touch]) -> dict[OwnedObject, str]:
    """What is there in the end; a table that was made and dropped again is nobody's."""
    found: dict[OwnedObject, str] = {}
    for touch in touches:
        if touch.table is not None:
            thing = ("table", ".".join(touch.table))
        elif touch.kind in _OWN:
            thing = (touch.kind, touch.name)
        else:
            continue
        if touch.action != "drop":
            found[thing] = touch.revision
        elif touch.kind in (*_OWN, "table", "materialized view"):
            found.pop(thing, None)
    return found


def _joined(
    objects: dict[OwnedObject, str], said: Mapping[TableName, str]
) -> dict[OwnedObject, str]:
    """With what the text says besides; a bare name is one that was seen, else one in public."""
    seen = {name.rpartition(".")[2] for kind, name in objects if kind == "table"}
    besides = {t: by for t, by in said.items() if t[0] or t[1] not in seen}
    return {**_from_text(besides), **objects}


def _from_text(said: Mapping[TableName, str]) -> dict[OwnedObject, str]:
    return {("table", f"{schema or 'public'}.{name}"): by for (schema, name), by in said.items()}


def _without(
    objects: dict[OwnedObject, str], tables: frozenset[str] | set[str]
) -> dict[OwnedObject, str]:
    return {
        thing: by
        for thing, by in objects.items()
        if not (thing[0] == "table" and thing[1].rpartition(".")[2] in tables)
    }
