"""What to run or write so that the sides agree again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from pgassay.analysis import repair_sql
from pgassay.analysis.alembic_operations import op_add_column, sqlalchemy_column
from pgassay.analysis.alteration import alter
from pgassay.analysis.casts import same_but_for_casts
from pgassay.analysis.creation import drop as drop_statement
from pgassay.analysis.creation import make, make_all, make_table
from pgassay.analysis.repair_guard import guarded
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import (
    KINDS,
    Catalog,
    Column,
    Constraint,
    Domain,
    DomainConstraint,
    Index,
    MaterializedView,
    Part,
    Relation,
    Schema,
    SchemaObject,
    Statistics,
    Table,
    View,
)
from pgassay.facts.catalog import Sequence as NumberSequence
from pgassay.facts.comparison import Difference

Thing = TypeVar("Thing", bound=SchemaObject)

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
_CHANGED_APART = {"type", "default", "not_null", "generated"}


def code(lines: Iterable[str]) -> str:
    """Lines to paste: indented by four, each on its own."""
    return "\n".join(f"    {line}" for text in lines for line in text.split("\n"))


def part_on(difference: Difference, *sides: str) -> SchemaObject | None:
    """The object on the first of the sides that has it."""
    objects = dict(difference.objects)
    return next((objects[side] for side in sides if side in objects), None)


def create_by_hand(thing: SchemaObject, catalog: Catalog) -> list[str]:
    """SQL that adds the object, as `catalog` has it, to a database in use."""
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
            return make_all(_of_schema(thing, catalog))
    made = make(thing, catalog)
    return [*made, *(line for part in _parts(thing, catalog) for line in make(part, catalog))]


def create_if_missing(thing: SchemaObject, catalog: Catalog) -> list[str]:
    """SQL for a revision that must do nothing where the object is there already."""
    match thing:
        case Table():
            return _create_table(thing, catalog, if_missing=True)
        case Column():
            identity = repair_sql.identity_of(thing, catalog)
            added = repair_sql.add_column(thing, identity, if_missing=True)
            return [*added, *_set_on(thing, catalog)]
        case Constraint():
            replaced = repair_sql.replace_constraint(thing.name, thing)
            return [*replaced, *_set_on(thing, catalog)]
        case Index():
            created = repair_sql.create_index(thing, concurrently=False, if_missing=True)
            return [created, *_set_on(thing, catalog)]
    made = guarded(thing, make(thing, catalog))
    parts = _parts(thing, catalog)
    return [*made, *(line for part in parts for line in create_if_missing(part, catalog))]


def create_in_revision(thing: SchemaObject, catalog: Catalog) -> list[str]:
    """What a revision that adds the object says: Alembic's operation, or SQL for op.execute()."""
    match thing:
        case Table():
            return []
        case Column():
            identity = repair_sql.identity_of(thing, catalog)
            return [op_add_column(thing) or "\n".join(repair_sql.add_column(thing, identity))]
        case Constraint():
            return repair_sql.add_constraint(thing)
        case Index():
            return [repair_sql.create_index(thing, concurrently=False)]
    return make(thing, catalog)


def drop(thing: SchemaObject) -> str:
    return repair_sql.drop_index(thing) if isinstance(thing, Index) else drop_statement(thing)


def write_in_model(thing: SchemaObject) -> list[str]:
    """How a model declares a column; other parts are declared in too many ways to choose one."""
    written = sqlalchemy_column(thing) if isinstance(thing, Column) else None
    return [written] if written else []


def make_alike(
    differences: Sequence[Difference], wrong: str, right: str, catalog: Catalog
) -> list[str]:
    """SQL that makes the object of side `wrong` what it is on side `right`, whose catalog that is.
    [] where PostgreSQL has no way to change it in place."""
    properties = {d.property.replace(" ", "_") for d in differences}
    objects = dict(differences[0].objects)
    old, new = objects.get(wrong), objects.get(right)
    if old is None or new is None:
        return []
    if type(old) is not type(new):
        remade = isinstance(old, _REMADE) and isinstance(new, _REMADE)
        return [drop(old), *create_by_hand(new, catalog)] if remade else []
    statements: list[str] = []
    match old, new:
        case Column(), Column():
            wanted = new
            if not properties & {"default", "generated"}:
                wanted = replace(new, default=_default_kept(old, new))
            statements = repair_sql.alter_column(old, wanted)
            statements += _identity_alike(properties, old, new, catalog)
        case Constraint(), Constraint():
            statements = _constraint_alike(old, new, properties)
        case Index(), Index():
            statements = _index_alike(old, new, properties)
    rest = properties - _CHANGED_APART if isinstance(old, Column) else properties
    return [*statements, *alter(old, new, rest, catalog)]


def _create_table(table: Table, catalog: Catalog, *, if_missing: bool = False) -> list[str]:
    """In few statements where the table is an ordinary one."""
    usual = Table(table.schema, table.name)
    if any(getattr(table, name) != getattr(usual, name) for name in _MADE_WITH):
        statements = make_table(table, catalog)
        return statements if not if_missing else _table_if_missing(table, catalog)
    statements = repair_sql.create_table(catalog, table.table_name, if_missing=if_missing)
    return [*statements, *_table_rest(table, catalog, if_missing=if_missing)]


def _table_if_missing(table: Table, catalog: Catalog) -> list[str]:
    name = table.table_name
    head = guarded(table, make(table, catalog))
    kept = [c for c in catalog.constraints if c.table_name == name]
    kept_indexes = [i for i in catalog.indexes if i.table_name == name]
    parts: list[SchemaObject] = [*kept, *kept_indexes, *_parts(table, catalog)]
    return [*head, *(line for part in parts for line in create_if_missing(part, catalog))]


def _table_rest(table: Table, catalog: Catalog, *, if_missing: bool) -> list[str]:
    """What CREATE TABLE does not say: rights, row security, comments, triggers, policies."""
    name = table.table_name
    columns = [c for c in catalog.columns if c.table_name == name]
    own = [*columns, *(c for c in catalog.constraints if c.table_name == name)]
    own_indexes = [i for i in catalog.indexes if i.table_name == name]
    creating = create_if_missing if if_missing else create_by_hand
    return [
        *(line for part in (*own, *own_indexes) for line in _set_on(part, catalog)),
        # Of an empty copy of it, all but CREATE TABLE.
        *make(table, replace(catalog, columns=()))[1:],
        *(line for part in _parts(table, catalog) for line in creating(part, catalog)),
    ]


def _set_on(part: SchemaObject, catalog: Catalog) -> list[str]:
    """What is set on a part once it is there: its comment, its rights, its statistics target."""
    return make(part, catalog)[1:]


def _parts(thing: SchemaObject, catalog: Catalog) -> list[SchemaObject]:
    """What hangs on a relation or domain, and is made after it."""
    found = [other for other in catalog.others if _hangs_on(other, thing)]
    if isinstance(thing, Schema):
        inside = [t for t in _of_schema(thing, catalog).objects() if not isinstance(t, Schema)]
        # Parts come with their table or domain.
        found = [t for t in inside if not isinstance(t, Part) and not _owned(t)]
        found.sort(key=lambda t: KINDS.index(type(t)))
    if isinstance(thing, MaterializedView):
        found += [i for i in catalog.indexes if i.table_name == thing.table_name]
    return found


def _owned(thing: SchemaObject) -> bool:
    return isinstance(thing, NumberSequence) and bool(thing.owned_by)


def _of_schema(schema: Schema, catalog: Catalog) -> Catalog:
    """What stands in one schema, with it."""

    def inside(things: Iterable[Thing]) -> tuple[Thing, ...]:
        return tuple(t for t in things if t.identity[0] == schema.name)

    return replace(
        catalog,
        tables=inside(catalog.tables),
        columns=inside(catalog.columns),
        constraints=inside(catalog.constraints),
        indexes=inside(catalog.indexes),
        others=inside(catalog.others),
    )


def _hangs_on(part: SchemaObject, thing: SchemaObject) -> bool:
    match part, thing:
        case DomainConstraint(), Domain():
            return part.table_name == (thing.schema, thing.name)
        case DomainConstraint(), _:
            return False
        case Part(), Relation():
            return part.table_name == thing.table_name
        case Statistics(), Table():
            return part.table == qualified(*thing.table_name)
    return False


def _default_kept(old: Column, new: Column) -> str | None:
    """A default that was not compared is not to be changed either, but for the column's type that
    PostgreSQL writes into it."""
    if old.default and new.default and same_but_for_casts(old.default, new.default):
        return new.default
    return old.default and old.default.removesuffix(f"::{old.type}")


def _identity_alike(properties: set[str], old: Column, new: Column, catalog: Catalog) -> list[str]:
    own = {p.removeprefix("identity_") for p in properties if p.startswith("identity_")}
    sequence = repair_sql.identity_of(new, catalog)
    if not own or sequence is None or not old.generated.endswith("identity"):
        return []
    words = alter(sequence, sequence, own, catalog)
    # The other side's may be called otherwise; the column knows its own.
    sets = [w.partition(" ")[2].partition(" ")[2].partition(" ")[2] for w in words]
    table, name = qualified(*new.table_name), quoted(new.name)
    return [f"ALTER TABLE {table} ALTER COLUMN {name} {_with_set(text)}" for text in sets if text]


def _with_set(options: str) -> str:
    """Sequence options as ALTER COLUMN takes them: each with SET before it."""
    for option in ("INCREMENT BY", "MINVALUE", "MAXVALUE", "START WITH", "CACHE", "NO CYCLE"):
        options = options.replace(option, f"SET {option}")
    return options if "NO CYCLE" in options else options.replace("CYCLE", "SET CYCLE")


def _constraint_alike(old: Constraint, new: Constraint, properties: set[str]) -> list[str]:
    table = qualified(*old.table_name)
    if "definition" in properties:
        return repair_sql.replace_constraint(old.name, new)
    statements = []
    if "validated" in properties and new.validated:
        statements.append(f"ALTER TABLE {table} VALIDATE CONSTRAINT {quoted(old.name)};")
    if old.name != new.name:
        renamed = f"{quoted(old.name)} TO {quoted(new.name)}"
        statements.append(f"ALTER TABLE {table} RENAME CONSTRAINT {renamed};")
    return statements


def _index_alike(old: Index, new: Index, properties: set[str]) -> list[str]:
    if properties & {"definition", "unique"}:
        return [repair_sql.drop_index(old), repair_sql.create_index(new, concurrently=True)]
    index = qualified(old.schema, old.name)
    statements = []
    if "valid" in properties and new.valid:
        statements.append(f"REINDEX INDEX CONCURRENTLY {index};")
    if old.name != new.name:
        statements.append(f"ALTER INDEX {index} RENAME TO {quoted(new.name)};")
    return statements
