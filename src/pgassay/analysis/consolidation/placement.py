"""In which of the new revisions an object is made: in that of the revision that made it, but not
before what it stands on, and with all it needs there already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgassay.analysis.attribution import attribute, object_statement
from pgassay.analysis.consolidation.known_history import Known
from pgassay.analysis.consolidation.union import written_with
from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.sql_words import mentions_table, words
from pgassay.analysis.touched_objects import creator
from pgassay.facts.catalog import (
    KINDS,
    Catalog,
    Column,
    Constraint,
    Extension,
    Function,
    Index,
    Schema,
    SchemaObject,
    Table,
    TableName,
)
from pgassay.facts.comparison import Difference

_SAYS = {
    "foreign key": "references",
    "check": "check",
    "unique": "unique",
    "primary key": "primary",
    "exclusion": "exclude",
}


def placed(things: Sequence[SchemaObject], part: Known, catalog: Catalog) -> list[str]:
    """The revision for each of `things`, which `part`, whose schema `catalog` is, adds."""
    order = revision_graph(part.history).order
    numbers = {revision: number for number, revision in enumerate(order)}
    last = len(order) - 1
    at = []
    for thing in things:
        unseen = 0 if isinstance(thing, Constraint) else last
        at.append(numbers.get(_maker(thing, part), unseen))
    tables = {t.table_name: n for n, t in enumerate(things) if isinstance(t, Table)}
    columns = {t.identity: n for n, t in enumerate(things) if isinstance(t, Column)}
    for number, thing in enumerate(things):
        if isinstance(thing, Constraint | Index):
            own = (thing.schema, thing.table)
            stood = [tables.get(own), *(columns.get((*own, name)) for name in thing.columns)]
            stood += [n for table, n in tables.items() if _points_to(thing, table)]
            at[number] = max(at[number], *(at[n] for n in stood if n is not None), 0)
    _bring_forward(things, at, catalog)
    return [order[number] for number in at]


def altering_revision(difference: Difference, part: Known) -> str:
    """The revision that made a shared object as it has it; "" where none was seen to."""
    schema, table, name = difference.schema, difference.table, difference.name
    if table and (found := attribute(part.statements, (schema, table), name or None)):
        return found
    made = object_statement(part.statements, difference.kind, schema, name or table or schema)
    return made.revision if made is not None else ""


def _bring_forward(things: Sequence[SchemaObject], at: list[int], catalog: Catalog) -> None:
    """What a table or another object is written with is there by then, though it was made later: a
    table is brought over with the columns that it came to have."""
    parts: dict[TableName, set[str]] = {}
    for part in (*catalog.columns, *catalog.constraints, *catalog.indexes):
        parts.setdefault(part.table_name, set()).update(_words(part))
    said = [
        _words(t) | parts.get(t.table_name, set()) if isinstance(t, Table) else _words(t)
        for t in things
    ]
    needed = [n for n, thing in enumerate(things) if _may_be_needed(thing)]
    changed = True
    while changed:
        changed = False
        for need in needed:
            users = [at[n] for n, t in enumerate(things) if _needs(t, said[n], things[need])]
            if min(users, default=at[need]) < at[need]:
                at[need] = min(users)
                changed = True


def _may_be_needed(thing: SchemaObject) -> bool:
    is_before_tables = KINDS.index(type(thing)) < KINDS.index(Table)
    return is_before_tables or isinstance(thing, Function)


def _words(thing: SchemaObject) -> set[str]:
    return {word for text in written_with(thing) for word in words(text)}


def _needs(user: SchemaObject, said: set[str], need: SchemaObject) -> bool:
    if user is need:
        return False
    if isinstance(need, Schema):
        return user.identity[0] == need.name
    if isinstance(need, Extension):
        # What it brings along has names of its own.
        return not isinstance(user, Schema)
    return _bare(need) in said


def _bare(thing: SchemaObject) -> str:
    schema, relation, name = thing.identity
    return (name or relation or schema).partition("(")[0]


def _maker(thing: SchemaObject, part: Known) -> str:
    """The revision that made it: as the server saw, else by its statements."""
    if made := creator(part.touches, thing):
        return made
    schema, relation, name = thing.identity
    if found := attribute(part.statements, (schema, relation or name), name or None):
        return found
    if isinstance(thing, Constraint):
        return next(_unnamed(thing, part), "")
    made_by = object_statement(part.statements, thing.KIND, schema, _bare(thing))
    return made_by.revision if made_by is not None else ""


def _unnamed(thing: Constraint, part: Known) -> Iterator[str]:
    """A constraint whose name PostgreSQL gave: by what it says and is about, the last first."""
    for statement in reversed(part.statements):
        said = words(statement.sql)
        about = mentions_table(statement.sql, *thing.table_name)
        if about and _SAYS[thing.kind] in said and set(thing.columns) <= set(said):
            yield statement.revision


def _points_to(thing: SchemaObject, table: tuple[str, str]) -> bool:
    if not isinstance(thing, Constraint) or thing.kind != "foreign key":
        return False
    schema, name = table
    target = thing.definition.partition(" REFERENCES ")[2].replace('"', "")
    return target.startswith((f"{schema}.{name}(", f"{name}("))
