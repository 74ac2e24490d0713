"""What stands on an object, as far as the texts of a catalog name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pgassay.analysis.sql_identifier import qualified, quoted, split_signature
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Function,
    SchemaObject,
)

_TEXTS = ("definition", "default", "using", "check", "body", "function")
_MOST = 5


def naming(catalog: Catalog, schema: str, name: str) -> list[SchemaObject]:
    """The objects whose SQL names `schema.name`, both not quoted."""
    written = re.compile(rf'(?<![\w"]){re.escape(qualified(schema, name))}(?![\w"])')
    return [
        thing
        for thing in catalog.objects()
        if thing.identity not in ((schema, name, ""), (schema, "", name))
        and any(written.search(text) for text in _texts(thing))
    ]


def naming_column(catalog: Catalog, column: Column) -> list[SchemaObject]:
    """The table's own objects whose SQL has the column's name as a word, and others' whose SQL
    names the table too."""
    name = re.compile(rf'(?<![\w"]){re.escape(quoted(column.name))}(?![\w"])')
    of_table = {id(thing) for thing in naming(catalog, *column.table_name)}
    found = []
    for thing in catalog.objects():
        of_it = thing.identity[:2] == column.table_name and thing.identity[2]
        if thing.identity == column.identity or not (of_it or id(thing) in of_table):
            continue
        if isinstance(thing, Column) and not thing.generated:
            continue
        if any(name.search(text) for text in _texts(thing)):
            found.append(thing)
    return found


def note(things: Sequence[SchemaObject], says: str) -> list[str]:
    """One comment line that lists the objects after `says`; [] where there are none."""
    if not things:
        return []
    listed = [f"{thing.KIND} {thing.subject}" for thing in things[:_MOST]]
    more = f" and {len(things) - _MOST} more" if len(things) > _MOST else ""
    # A name may have a line's end in it.
    return ["-- " + " ".join(f"{says}: {', '.join(listed)}{more}.".split())]


def inside(catalog: Catalog, schema: str) -> list[SchemaObject]:
    """What stands in the schema, without the parts of its relations."""
    return [
        thing
        for thing in catalog.objects()
        if thing.identity[0] == schema and not (thing.identity[1] and thing.identity[2])
        if thing.KIND != "schema"
    ]


def standing_on(catalog: Catalog, thing: SchemaObject) -> list[SchemaObject]:
    """What stops a DROP of a function, or of a relation, as far as texts tell."""
    schema, relation, name = thing.identity
    if isinstance(thing, Function):
        name = split_signature(thing.name)[0]
    elif relation and name:
        return []
    return [t for t in naming(catalog, schema, relation or name) if not _part_of(t, thing)]


def _part_of(part: SchemaObject, thing: SchemaObject) -> bool:
    schema, relation, _ = thing.identity
    return bool(relation) and part.identity[:2] == (schema, relation)


def _texts(thing: SchemaObject) -> Iterator[str]:
    for attribute in _TEXTS:
        value = getattr(thing, attribute, None)
        if attribute == "body" and not (isinstance(thing, Function) and thing.sql_body):
            continue
        if isinstance(value, str) and value:
            yield value
