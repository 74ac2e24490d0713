"""What SQL texts name, made on scratch so that they can be parsed: with nothing of the user's that
could run.

Tables are plain ones with the same columns, functions are stubs of the same signature. Nobody owns
them, nothing guards them, and nothing happens by itself there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from psycopg import Connection
from psycopg.pq import DiagnosticField

from pgassay.analysis.creation import make_all
from pgassay.analysis.sql_identifier import qualified, split_signature
from pgassay.facts.catalog import (
    Aggregate,
    BaseType,
    Cast,
    Catalog,
    Collation,
    Column,
    Composite,
    Constraint,
    Domain,
    Enum,
    Extension,
    Function,
    Identity,
    Index,
    MaterializedView,
    Operator,
    OperatorClass,
    OperatorFamily,
    Owned,
    Range,
    Schema,
    SchemaObject,
    Table,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    View,
)
from pgassay.facts.catalog import Sequence as NumberSequence
from pgassay.sources.queries import query
from pgassay.sources.reparse_stub import stub

# Which may be named, by a name with its schema.
_NAMED = (
    Aggregate,
    BaseType,
    Collation,
    Composite,
    Constraint,
    Domain,
    Enum,
    Function,
    MaterializedView,
    NumberSequence,
    Range,
    Table,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    View,
)
# Which a text may use without naming them.
_SILENT = (Cast, Extension, Operator, OperatorClass, OperatorFamily, Schema)
# `schema.name`, both as SQL quotes them; also inside constants such as 's'::regclass.
_NAME = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_QUALIFIED = re.compile(rf"{_NAME}\.{_NAME}")
# What needs something unique: a foreign key's target; a view may group by a primary key.
_UNIQUE = re.compile(r"\bREFERENCES\b|\bGROUP BY\b|\bON CONFLICT\b")
_BATCH = 200
# Also of several statements in one.
_SYNTAX_ERROR = b"42601"


@dataclass(frozen=True, slots=True)
class Unmade:
    """A statement that scratch refused, and its reason in one line."""

    statement: str
    reason: str

    def concerns(self, text: str) -> bool:
        """Whether the text may have failed for want of this."""
        name = _QUALIFIED.search(self.statement)
        named = name is not None and name[0] in text
        return named or self.statement.startswith("CREATE EXTENSION")


@dataclass(slots=True)
class _Names:
    """The objects that a text may name, by schema-qualified name as SQL writes it."""

    things: dict[str, list[SchemaObject]] = field(default_factory=lambda: defaultdict(list))
    columns: dict[Identity, list[Column]] = field(default_factory=lambda: defaultdict(list))


def context(catalog: Catalog, texts: Iterable[str], tables: Collection[Identity]) -> Catalog:
    """The part of the catalog that the texts need: what they name, what that names, and so on.

    `tables`: identities of relations that are needed whatever the texts say.
    """
    names = _names(catalog)
    wanted: dict[tuple[str, Identity], SchemaObject] = {}
    waiting: list[SchemaObject] = [thing for thing in catalog.others if isinstance(thing, _SILENT)]
    for relation in tables:
        schema, name, _ = relation
        waiting += names.things.get(qualified(schema, name), [])
    read = list(texts)
    for text in read:
        waiting += _named_in(text, names)
    while waiting:
        thing = waiting.pop()
        key = (thing.KIND, thing.identity)
        if key in wanted:
            continue
        wanted[key] = thing
        for text in _texts(_plain(thing)):
            read.append(text)
            waiting += _named_in(text, names)
        if isinstance(thing, Table):
            for column in names.columns.get(thing.identity, []):
                for text in (column.type, column.collation):
                    waiting += _named_in(text, names)
    plain = [_plain(thing) for thing in wanted.values()]
    identities = {thing.identity for thing in plain if isinstance(thing, Table)}
    unique = _unique(catalog, identities) if _UNIQUE.search("\n".join(read)) else ((), ())
    return Catalog(
        server_version_num=catalog.server_version_num,
        tables=tuple(thing for thing in plain if isinstance(thing, Table)),
        columns=tuple(
            _plain_column(column)
            for identity in sorted(identities)
            for column in names.columns.get(identity, [])
        ),
        constraints=unique[0],
        indexes=unique[1],
        others=tuple(thing for thing in plain if not isinstance(thing, Table)),
    )


def _unique(
    catalog: Catalog, tables: Collection[Identity]
) -> tuple[tuple[Constraint, ...], tuple[Index, ...]]:
    """What makes rows of the tables unique."""
    constraints = (
        replace(c, comment="", clustered=False, options=(), tablespace="", index_valid=True)
        for c in catalog.constraints
        if c.kind in ("primary key", "unique") and (c.schema, c.table, "") in tables
    )
    indexes = (
        replace(i, comment="", clustered=False, tablespace="", statistics=(), valid=True)
        for i in catalog.indexes
        if i.unique and (i.schema, i.table, "") in tables and "WHERE" not in i.definition
    )
    return tuple(constraints), tuple(indexes)


def build(connection: Connection[Any], part: Catalog) -> list[Unmade]:
    """Makes it, statement by statement; those that fail again and again are told.

    From then on the connection prepares each statement that it runs, so that none made of a text
    with a semicolon in it can be several.
    """
    connection.prepare_threshold = 0
    connection.execute(query("reparse/attempt"))
    statements = make_all(part)
    refused = list(_not_one_each(connection, statements))
    never = {unmade.statement for unmade in refused}
    return [*refused, *run_all(connection, [s for s in statements if s not in never])]


def run_all(connection: Connection[Any], statements: Sequence[str]) -> list[Unmade]:
    """Runs the statements, and those that failed again until a whole pass gets nothing done.

    The connection has the function pg_temp.attempt(), and is in autocommit.
    """
    waiting = [Unmade(statement, "") for statement in statements]
    while waiting:
        failed = list(_attempt(connection, [unmade.statement for unmade in waiting]))
        if len(failed) == len(waiting):
            return failed
        waiting = failed
    return []


def _not_one_each(connection: Connection[Any], statements: Iterable[str]) -> Iterator[Unmade]:
    """Those that PostgreSQL's parser does not take for one statement each. They are made of facts
    that may come from a file, and a text with a semicolon in it must not get its own statement run:
    EXECUTE runs several, a prepared statement can only be one."""
    for statement in statements:
        parsed = connection.pgconn.prepare(b"", statement.encode())
        state = parsed.error_field(DiagnosticField.SQLSTATE)
        if state == _SYNTAX_ERROR:
            yield Unmade(statement, parsed.get_error_message().strip().splitlines()[0])


def _attempt(connection: Connection[Any], statements: list[str]) -> Iterator[Unmade]:
    # Each batch is one transaction, which holds a lock on each object it makes.
    for start in range(0, len(statements), _BATCH):
        batch = statements[start : start + _BATCH]
        with connection.transaction():
            connection.execute(query("settings"))
            connection.execute(query("reparse/settings"))
            failures = connection.execute(
                "SELECT number, reason FROM pg_temp.attempt(%s::text[])", (batch,)
            ).fetchall()
        for number, reason in failures:
            yield Unmade(batch[number - 1], str(reason).splitlines()[0] if reason else "")


def _names(catalog: Catalog) -> _Names:
    names = _Names()
    for thing in (*catalog.tables, *catalog.others):
        if not isinstance(thing, _NAMED):
            continue
        is_routine = isinstance(thing, Function | Aggregate)
        name = split_signature(thing.name)[0] if is_routine else thing.name
        names.things[qualified(thing.schema, name)].append(thing)
        if isinstance(thing, Range) and thing.multirange:
            names.things[thing.multirange].append(thing)
    for column in sorted(catalog.columns, key=lambda c: c.position):
        names.columns[(column.schema, column.table, "")].append(column)
    return names


def _named_in(text: str, names: _Names) -> Iterator[SchemaObject]:
    for name in _QUALIFIED.findall(text):
        yield from names.things.get(name, ())


def _texts(thing: SchemaObject) -> Iterator[str]:
    for each in fields(thing):
        value = getattr(thing, each.name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, str))


def _plain_column(column: Column) -> Column:
    """Its type and place, without what would run or could fail."""
    return Column(
        column.schema,
        column.table,
        column.name,
        column.position,
        column.type,
        collation=column.collation,
    )


def _plain(thing: SchemaObject) -> SchemaObject:
    """The object as the context has it."""
    if isinstance(thing, Owned):
        thing = replace(thing, owner="", grants=())
    thing = replace(thing, comment="")
    match thing:
        case Table():
            return Table(thing.schema, thing.name)
        case NumberSequence():
            # An identity's is a sequence of its own here.
            return replace(thing, owned_by=(), identity_column=False, persistence="permanent")
        case View():
            return replace(thing, options=())
        case MaterializedView():
            # With data, its query would run.
            return replace(thing, options=(), access_method="", tablespace="", populated=False)
        case Domain():
            return replace(thing, default=None, not_null=False)
        case Extension():
            # The version that scratch has.
            return replace(thing, version="")
        case Operator():
            return replace(thing, properties=())
        case Function():
            return stub(thing)
    return thing
