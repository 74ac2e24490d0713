"""What hangs on a column, and what of it a column in its place can have made beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pgassay.analysis.other_column import (
    foreign_key_of_other_column,
    key_of_other_column,
    names_column,
    of_other_column,
    referenced_columns,
)
from pgassay.analysis.repair_dependents import naming_column
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    Index,
    Publication,
    Rule,
    SchemaObject,
    Sequence,
    Statistics,
    Table,
    Trigger,
)
from pgassay.facts.pending_run import ColumnChange, PendingRun

_KEYS = ("primary key", "unique")


@dataclass(frozen=True, slots=True)
class ColumnDependents:
    """`referring` are foreign keys that point to the column, `sequence` the one that it owns.
    `left` are words for what nothing here is written for, such as "view public.v"; `unsettled` for
    what only one of the catalogs has, so that the pending revisions make or drop it."""

    keys: tuple[Constraint, ...] = ()
    foreign_keys: tuple[Constraint, ...] = ()
    checks: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    referring: tuple[Constraint, ...] = ()
    statistics: tuple[Statistics, ...] = ()
    sequence: Sequence | None = None
    left: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()


def column_dependents(run: PendingRun, column: Column, new: str) -> ColumnDependents:
    """Of a column that is there before and after the run, as they are after it; `new` is the name
    of the column that is to take its place."""
    catalog = run.after
    assert catalog is not None
    before = {_key(thing) for thing in hanging(run.before, column)}
    after = list(hanging(catalog, column))
    made = [thing for thing in after if _key(thing) in before]
    unsettled = [t for t in after if _key(t) not in before]
    unsettled += [t for t in hanging(run.before, column) if _key(t) not in set(map(_key, after))]
    carried = [t for t in made if _is_written(t, catalog, column, new)]
    constraints = [t for t in carried if isinstance(t, Constraint)]
    own = [c for c in constraints if c.table_name == column.table_name]
    referring = [c for c in constraints if _refers(c, column)]
    left = [t for t in made if t not in carried] + users(catalog, column)
    owned = [s for s in catalog.of(Sequence) if s.owned_by == column.identity]
    return ColumnDependents(
        keys=tuple(c for c in own if c.kind in _KEYS),
        foreign_keys=tuple(c for c in own if c.kind == "foreign key" and c not in referring),
        checks=tuple(c for c in own if c.kind == "check"),
        indexes=tuple(t for t in carried if isinstance(t, Index)),
        referring=tuple(referring),
        statistics=tuple(t for t in carried if isinstance(t, Statistics)),
        sequence=next(iter(owned), None),
        left=tuple(f"{t.KIND} {t.subject}" for t in left),
        unsettled=tuple(dict.fromkeys(f"{t.KIND} {t.subject}" for t in unsettled)),
    )


def users(catalog: Catalog, column: Column) -> list[SchemaObject]:
    """What reads the column by its place and not its name, such as a view, or names it elsewhere:
    all but the parts of its table that PostgreSQL carries along."""
    found = [
        t
        for t in naming_column(catalog, column)
        if not isinstance(t, Constraint | Index | Statistics)
    ]
    return [*found, *(p for p in catalog.of(Publication) if _publishes(p, column))]


def column_at_end(catalog: Catalog | None, change: ColumnChange) -> Column | None:
    """The column that a statement added or gave a type, if the run ends with it so."""
    found = (
        c
        for c in (catalog.columns if catalog else ())
        if (c.table_name, c.name, c.type) == (change.table, change.name, change.after)
    )
    return next(found, None)


def no_way(catalog: Catalog, column: Column) -> str:
    """Why another column cannot take its place while others work; "" where it can."""
    name = qualified(*column.table_name)
    table = next((t for t in catalog.tables if t.table_name == column.table_name), None)
    if table is None:
        return f"{name} is not there any more at the end"
    if column.generated in ("stored", "virtual"):
        return f"{quoted(column.name)} is generated"
    if column.base_type:
        return f"{column.type} is a domain, and a new column of one may write the table as well"
    if _has_kin(catalog, table):
        return f"{name} is partitioned, or shares its columns with another table"
    if table.force_row_security:
        return f"row security of {name} is forced, and may hide rows from whoever fills them"
    if any(rule.table_name == column.table_name for rule in catalog.of(Rule)):
        return f"{name} has a rule, which may do something else than what is written"
    excluding = [
        c
        for c in catalog.constraints
        if c.table_name == column.table_name
        and c.kind == "exclusion"
        and names_column(c.definition, column.name)
    ]
    if excluding:
        return f"PostgreSQL builds EXCLUDE constraint {excluding[0].name} under a lock only"
    return ""


def fired(catalog: Catalog, column: Column) -> list[str]:
    """A sentence on the triggers that filling the rows fires; [] where there are none."""
    names = [
        t.name
        for t in catalog.of(Trigger)
        if t.table_name == column.table_name
        and t.enabled != "disabled"
        and " UPDATE" in t.definition.partition(" ON ")[0]
        and " UPDATE OF " not in t.definition.partition(" ON ")[0]
    ]
    if not names:
        return []
    return [
        f"The batches fire {', '.join(names)} for each row: see that they may, or have the "
        "function leave rows alone in which nothing else changes."
    ]


def _has_kin(catalog: Catalog, table: Table) -> bool:
    name = qualified(*table.table_name)
    alone = not (table.partition_key or table.partition_of or table.inherits or table.of_type)
    heirs = any(name in (t.partition_of, *t.inherits) for t in catalog.tables)
    return not alone or heirs or bool(table.foreign_server)


def hanging(catalog: Catalog, column: Column) -> Iterator[Constraint | Index | Statistics]:
    """Constraints, indexes and statistics that a DROP of the column would take with it, and
    foreign keys that would stop it."""
    for constraint in catalog.constraints:
        of_it = constraint.table_name == column.table_name and (
            names_column(constraint.definition, column.name)
            if constraint.kind == "check"
            else column.name in constraint.columns
            or names_column(constraint.definition.partition(" REFERENCES ")[0], column.name)
        )
        if of_it or _refers(constraint, column):
            yield constraint
    for index in catalog.indexes:
        if index.table_name == column.table_name and names_column(index.definition, column.name):
            yield index
    for statistics in catalog.of(Statistics):
        of_table = statistics.table == qualified(*column.table_name)
        if of_table and names_column(statistics.definition, column.name):
            yield statistics


def _is_written(
    thing: Constraint | Index | Statistics, catalog: Catalog, column: Column, new: str
) -> bool:
    if isinstance(thing, Statistics):
        return True
    if isinstance(thing, Index):
        text = of_other_column(thing.definition, column.name, new)
        return text is not None and thing.valid and not thing.tablespace
    both = column.name in thing.columns and thing.table_name == column.table_name
    if _refers(thing, column):
        table = next((t for t in catalog.tables if t.table_name == thing.table_name), None)
        return not both and table is not None and not _has_kin(catalog, table) and thing.enabled
    if thing.kind in _KEYS:
        return thing.index_valid and key_of_other_column(thing, column.name, new) is not None
    if thing.kind == "foreign key":
        text = foreign_key_of_other_column(thing, column.name, new)
        return text is not None and thing.enabled and "NOT ENFORCED" not in text
    text = of_other_column(thing.definition, column.name, new)
    return thing.kind == "check" and text is not None and "NOT ENFORCED" not in text


def _refers(constraint: Constraint, column: Column) -> bool:
    if constraint.kind != "foreign key":
        return False
    name = qualified(*column.table_name)
    return quoted(column.name) in referenced_columns(constraint, name)


def _publishes(publication: Publication, column: Column) -> bool:
    name = qualified(*column.table_name)
    return any(
        t.startswith(name) and names_column(t.removeprefix(name), column.name)
        for t in publication.tables
    )


def _key(thing: SchemaObject) -> tuple[str, tuple[str, str, str]]:
    return thing.KIND, thing.identity
