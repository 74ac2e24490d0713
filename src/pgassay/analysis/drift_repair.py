"""What to run or write so that the sides agree again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence as Several
from dataclasses import replace

from pgassay.analysis import repair_sql
from pgassay.analysis.alembic_operations import (
    in_op_execute,
    op_add_column,
    sqlalchemy_column,
)
from pgassay.analysis.alteration import alter
from pgassay.analysis.alteration_definitions import (
    constraint_alike,
    default_kept,
    identity_alike,
    index_alike,
)
from pgassay.analysis.creation import drop as drop_statement
from pgassay.analysis.creation import make, make_all, make_bare_table, make_table
from pgassay.analysis.repair_dependents import inside, naming_column, note, standing_on
from pgassay.analysis.repair_guard import guarded
from pgassay.analysis.repair_maker import for_whoever_runs, makers
from pgassay.analysis.repair_parts import of_schema, parts_of
from pgassay.analysis.repair_rights import without_default_privileges
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    Extension,
    Index,
    MaterializedView,
    Owned,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    View,
)
from pgassay.facts.comparison import Difference

# What CREATE TABLE says beside the columns.
_MADE_WITH = (
    "persistence",
    "partition_key",
    "partition_of",
    "inherits",
    "of_type",
    "options",
    "access_method",
    "tablespace",
    "foreign_server",
)
# One can stand for the other, and neither holds rows.
_REMADE = (Constraint, Index, View, MaterializedView)
# Sides that a revision changes, and the one that SQL does by hand.
_HISTORIES = ("history", "applied")
_LIVE = "live"
_CONCURRENTLY = re.compile(
    r"^((?:(?:CREATE|DROP|REINDEX) INDEX|CREATE UNIQUE INDEX) )CONCURRENTLY "
)
_CHANGED_APART = {"type", "default", "not_null", "generated"}


def code(lines: Iterable[str]) -> str:
    """Lines to paste: indented by four, each on its own."""
    return "\n".join(f"    {line}" for text in lines for line in text.split("\n"))


def part_on(difference: Difference, *sides: str) -> SchemaObject | None:
    """The object on the first of the sides that has it."""
    objects = dict(difference.objects)
    return next((objects[side] for side in sides if side in objects), None)


def create_by_hand(thing: SchemaObject, catalog: Catalog, onto: Catalog | None = None) -> list[str]:
    """SQL that adds the object, as `catalog` has it, to a database in use.

    It belongs to whoever runs it, where it was `catalog`'s own role that made it. `onto`: the
    database, for rights that its default privileges would add.
    """
    made = for_whoever_runs(_by_hand(thing, catalog), {catalog.role})
    return [*made, *without_default_privileges(thing, onto)]


def _by_hand(thing: SchemaObject, catalog: Catalog) -> list[str]:
    match thing:
        case Table():
            return _create_table(thing, catalog)
        case Column():
            added = repair_sql.add_column(thing, repair_sql.identity_of(thing, catalog))
            return [*added, *_set_on(thing, catalog)]
        case Constraint():
            return [*repair_sql.add_constraint(thing), *_set_on(thing, catalog)]
        case Index():
            created = repair_sql.create_index(thing, concurrently=True)
            return [created, *_set_on(thing, catalog)]
        case Schema():
            return make_all(of_schema(thing, catalog))
    made = make(_anywhere(thing), catalog)
    return [*made, *(line for part in parts_of(thing, catalog) for line in make(part, catalog))]


def if_missing(thing: SchemaObject, catalog: Catalog) -> list[str]:
    """SQL that makes the object where it is not there, and belongs to whoever runs it."""
    return for_whoever_runs(_if_missing(thing, catalog), makers(catalog))


def create_if_missing(thing: SchemaObject, catalog: Catalog) -> list[str]:
    """SQL for op.execute() in a revision that must do nothing where the object is there already."""
    return [in_op_execute(statement) for statement in if_missing(thing, catalog)]


def _in_revision(statements: list[str], catalog: Catalog) -> list[str]:
    """A revision runs under any role, which will own what it makes."""
    kept = for_whoever_runs(statements, makers(catalog))
    return [in_op_execute(statement) for statement in kept]


def _if_missing(thing: SchemaObject, catalog: Catalog) -> list[str]:
    match thing:
        case Table():
            return _create_table(thing, catalog, if_missing=True)
        case Column():
            identity = repair_sql.identity_of(thing, catalog)
            added = repair_sql.add_column(thing, identity, if_missing=True)
            return [*added, *_set_on(thing, catalog)]
        case Constraint():
            made = repair_sql.constraint_if_missing(thing)
            return [*made, *_set_on(thing, catalog)]
        case Index():
            created = repair_sql.create_index(thing, concurrently=False, if_missing=True)
            return [created, *_set_on(thing, catalog)]
    made = guarded(thing, make(_anywhere(thing), catalog))
    parts = parts_of(thing, catalog)
    return [*made, *(line for part in parts for line in _if_missing(part, catalog))]


def create_in_revision(thing: SchemaObject, catalog: Catalog) -> list[str]:
    """What a revision that adds the object says: Alembic's operation, or SQL for op.execute()."""
    made = make(_anywhere(thing), catalog) if not isinstance(thing, Table) else []
    match thing:
        case Table():
            made = make_table(thing, catalog)
        case Column():
            if operation := op_add_column(thing):
                return [operation]
            identity = repair_sql.identity_of(thing, catalog)
            made = ["\n".join(repair_sql.add_column(thing, identity))]
        case Constraint():
            made = repair_sql.add_constraint(thing)
        case Index():
            made = [repair_sql.create_index(thing, concurrently=False)]
    return _in_revision(made, catalog)


def drop(thing: SchemaObject) -> str:
    """The statement alone; `drop_by_hand` says what may stop it."""
    return repair_sql.drop_index(thing) if isinstance(thing, Index) else drop_statement(thing)


def drop_by_hand(thing: SchemaObject, catalog: Catalog) -> list[str]:
    """SQL that takes the object away from the database of `catalog`, which has it; before it,
    comments on what stops it there."""
    if isinstance(thing, Schema):
        stops = note(inside(catalog, thing.name), f"Schema {thing.name} is not empty; it holds")
    else:
        stops = note(standing_on(catalog, thing), "These use it, and stop the DROP")
    return [*stops, drop(thing)]


def _anywhere(thing: SchemaObject) -> SchemaObject:
    """An extension in the version that the server has, with the comment that comes with it."""
    return replace(thing, version="", comment="") if isinstance(thing, Extension) else thing


def write_in_model(thing: SchemaObject) -> list[str]:
    """How a model declares a column; other parts are declared in too many ways to choose one."""
    written = sqlalchemy_column(thing) if isinstance(thing, Column) else None
    return [written] if written else []


def make_alike(
    differences: Several[Difference],
    wrong: str,
    right: str,
    catalog: Catalog,
    onto: Catalog | None = None,
    *,
    in_transaction: bool = False,
) -> list[str]:
    """SQL that makes the object of side `wrong` what it is on side `right`, whose catalog that is.
    [] where PostgreSQL has no way to change it in place. Only a revision changes a history, so
    that SQL is for op.execute(). `onto`: the wrong side's catalog, for its default privileges.
    `in_transaction`: it runs in one, as a revision does, where nothing is done CONCURRENTLY."""
    properties = {d.property for d in differences}
    statements = _alike(differences, wrong, right, catalog)
    if in_transaction or wrong in _HISTORIES:
        statements = [_in_transaction(s) for s in statements]
    if wrong in _HISTORIES:
        kept = for_whoever_runs(statements, makers(catalog), but=properties)
        return [in_op_execute(statement) for statement in kept]
    kept = for_whoever_runs(statements, {catalog.role}, but=properties)
    new = dict(differences[0].objects).get(right)
    anew = any(s.startswith("DROP ") for s in statements)
    return [*kept, *(without_default_privileges(new, onto) if new and anew else [])]


def _alike(differences: Several[Difference], wrong: str, right: str, catalog: Catalog) -> list[str]:
    properties = {d.property.replace(" ", "_") for d in differences}
    objects = dict(differences[0].objects)
    old, new = objects.get(wrong), objects.get(right)
    if old is None or new is None:
        return []
    if "owner" in properties and isinstance(new, Owned):
        new = replace(new, owner=_owner(differences, right, new.owner))
    elif wrong == _LIVE and isinstance(old, Owned) and isinstance(new, Owned):
        # What is made anew stays whose it was.
        new = replace(new, owner=old.owner)
    if type(old) is not type(new):
        remade = isinstance(old, _REMADE) and isinstance(new, _REMADE)
        return [drop(old), *_by_hand(new, catalog)] if remade else []
    statements: list[str] = []
    match old, new:
        case Column(), Column():
            wanted = new
            if not properties & {"default", "generated"}:
                wanted = replace(new, default=default_kept(old, new))
            identity = repair_sql.identity_of(new, catalog)
            statements = repair_sql.alter_column(old, wanted, identity)
            if old.type != new.type:
                statements = [*_of_retyped(new, catalog), *statements]
            statements += identity_alike(properties, old, new, catalog)
        case Constraint(), Constraint():
            statements = constraint_alike(old, new, properties)
        case Index(), Index():
            statements = index_alike(old, new, properties)
    rest = properties - _CHANGED_APART if isinstance(old, Column) else properties
    statements += alter(old, new, rest, catalog)
    if isinstance(new, MaterializedView) and drop(old) in statements:
        statements += [line for part in parts_of(new, catalog) for line in make(part, catalog)]
    return statements


def _in_transaction(statement: str) -> str:
    return _CONCURRENTLY.sub(r"\1", statement, count=1)


def _owner(differences: Several[Difference], side: str, owner: str) -> str:
    """Whom the side's object belongs to: on scratch whoever built it stands for another role."""
    values = next(d.values for d in differences if d.property == "owner")
    return dict(values).get(side, owner) if owner else ""


def _of_retyped(column: Column, catalog: Catalog) -> list[str]:
    """What the new type does to that names the column."""
    users = naming_column(catalog, column)
    stopping = [u for u in users if not isinstance(u, Constraint | Index)]
    rewritten = [u for u in users if isinstance(u, Constraint | Index)]
    written = "PostgreSQL may write these in another way then; run pgassay check again"
    return [
        *note(stopping, "These stop it, as they use the column; drop them, and make them again"),
        *note(rewritten, written),
    ]


def _create_table(table: Table, catalog: Catalog, *, if_missing: bool = False) -> list[str]:
    """In few statements where the table is an ordinary one."""
    usual = Table(table.schema, table.name)
    is_usual = all(getattr(table, name) == getattr(usual, name) for name in _MADE_WITH)
    if not is_usual or not _all_serial(table, catalog):
        statements = make_table(table, catalog)
        return statements if not if_missing else _table_if_missing(table, catalog)
    statements = repair_sql.create_table(catalog, table.table_name, if_missing=if_missing)
    return [*statements, *_table_rest(table, catalog, if_missing=if_missing)]


def _all_serial(table: Table, catalog: Catalog) -> bool:
    """Whether each sequence that the table owns comes with a column's line."""
    columns: dict[tuple[str, ...], Column] = {
        c.identity: c for c in catalog.columns if c.table_name == table.table_name
    }
    owned = [s for s in catalog.of(Sequence) if s.owned_by in columns and not s.identity_column]
    return all(repair_sql.as_serial(s, columns[s.owned_by]) for s in owned)


def _table_if_missing(table: Table, catalog: Catalog) -> list[str]:
    name = table.table_name
    head = [line for made in make_bare_table(table, catalog) for line in guarded(table, [made])]
    kept = [c for c in catalog.constraints if c.table_name == name]
    # A key of the table to itself comes after what it points to.
    kept.sort(key=lambda c: c.kind == "foreign key")
    kept_indexes = [i for i in catalog.indexes if i.table_name == name]
    parts: list[SchemaObject] = [*kept, *kept_indexes, *parts_of(table, catalog)]
    return [*head, *(line for part in parts for line in _if_missing(part, catalog))]


def _table_rest(table: Table, catalog: Catalog, *, if_missing: bool) -> list[str]:
    """What CREATE TABLE does not say: rights, row security, comments, triggers, policies."""
    name = table.table_name
    columns = [c for c in catalog.columns if c.table_name == name]
    own = [*columns, *(c for c in catalog.constraints if c.table_name == name)]
    own_indexes = [i for i in catalog.indexes if i.table_name == name]
    creating = _if_missing if if_missing else _by_hand
    return [
        *(line for part in (*own, *own_indexes) for line in _set_on(part, catalog)),
        # Of an empty copy of it, all but CREATE TABLE.
        *make(table, replace(catalog, columns=()))[1:],
        *(line for part in parts_of(table, catalog) for line in creating(part, catalog)),
    ]


def _set_on(part: SchemaObject, catalog: Catalog) -> list[str]:
    """What is set on a part once it is there: its comment, its rights, its statistics target."""
    return make(part, catalog)[1:]
