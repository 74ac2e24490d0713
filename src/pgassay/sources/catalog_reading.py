"""Rows of the system catalogs as facts: what is the same for every kind of object."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Any

import psycopg
from psycopg import postgres
from psycopg.rows import tuple_row

from pgassay.facts.catalog import Part, SchemaObject, TableName
from pgassay.sources.catalog_column_types import ColumnTypes
from pgassay.sources.catalog_grants import Grants
from pgassay.sources.catalog_own import MEMBER, VERSION, Own
from pgassay.sources.queries import query

Fields = dict[str, Any]
"""One object's."""

Columns = dict[str, list[Any]]
"""Many objects' fields: a list each, all as long. Thousands of objects are built by the list, which
takes half the time of going object by object."""

_TEXT_ARRAYS = frozenset({postgres.types["text"].array_oid, postgres.types["name"].array_oid})
_AT_ONCE = 5
_TYPES = ("type", "base_type", "subtype", "returns")
_UNKNOWN_TYPE = "???"
"""format_type()'s answer for a type that is gone."""


class Changed(Exception):
    """A deparse function looked at the present, and the object was no longer as in our snapshot."""


@dataclass(frozen=True, slots=True)
class KindQuery:
    """How one kind of object is read.

    `sql` is the query's file: its columns are named as the kind's fields, besides the special ones
    that `Reading.objects` takes away. `catalog` is where the objects have their rows, and comments
    and rights refer to; `rights` the kind of privileges. `finish` makes the fields that SQL does
    not, and takes away what it needed for it; it says False where there is no object to list.
    `finish_all` does so for all of them together.
    """

    kind: type[SchemaObject]
    sql: str
    catalog: str
    rights: str = ""
    finish: Callable[[Fields, Reading], bool] | None = None
    finish_all: Callable[[Columns, Reading], None] | None = None
    is_relation: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """One query's answer. `arrays` are the columns of text arrays."""

    names: list[str]
    arrays: list[str]
    rows: list[tuple[Any, ...]]

    @classmethod
    def of(cls, cursor: psycopg.Cursor[tuple[Any, ...]]) -> Fetched:
        rows, described = cursor.fetchall(), cursor.description or ()
        arrays = [column.name for column in described if column.type_code in _TEXT_ARRAYS]
        return cls([column.name for column in described], arrays, rows)

    def columns(self) -> Columns:
        return dict(zip(self.names, map(list, zip(*self.rows, strict=True)), strict=True))


class Reading:
    """One reading of a database's catalogs, in one snapshot."""

    def __init__(self, cursor: psycopg.Cursor[Any], version_tables: Collection[TableName]) -> None:
        self._named = cursor
        self._connection = cursor.connection
        self.own = Own(cursor, version_tables)
        self.column_types = ColumnTypes(cursor)
        self.unread: list[str] = []
        self.grants = Grants(cursor, self.own)
        self.comments: dict[tuple[int, int, int], str] = {
            (row.catalog, row.oid, row.part): row.comment
            for row in cursor.execute(query("catalog/comments"))
        }
        self._dependents: dict[tuple[int, int], list[str]] = {}
        for row in cursor.execute(query("catalog/extension_dependents")):
            self._dependents.setdefault((row.catalog, row.oid), []).append(row.name)
        own, managed = self.own.own_schemas, self.own.managed_schemas
        self._asked = {
            "own": own,
            "managed": managed,
            "watched": own + managed,
            "elsewhere": self.own.elsewhere,
        }
        self.readable_sequences: dict[TableName, int] = {}

    def rows(self, name: str) -> list[Any]:
        """All rows of one query, as named tuples."""
        text = query(f"catalog/{name}", self.own.major)
        return self._named.execute(text, self._asked).fetchall()

    def fetch(self, kinds: Sequence[KindQuery]) -> Iterator[tuple[KindQuery, Fetched]]:
        """Each kind's rows, which `objects` takes.

        The next queries are sent before the rows of the last are handed out, so that the server
        works on while those become facts. Threads would wait for each other's lock instead.
        """
        done: list[tuple[KindQuery, Fetched]] = []
        with _pipeline(self._connection):
            for first in range(0, len(kinds), _AT_ONCE):
                asked = [(of, self._ask(of)) for of in kinds[first : first + _AT_ONCE]]
                yield from done
                done = [(of, Fetched.of(cursor)) for of, cursor in asked]
        yield from done

    def _ask(self, of: KindQuery) -> psycopg.Cursor[tuple[Any, ...]]:
        cursor = self._connection.cursor(row_factory=tuple_row)
        return cursor.execute(query(f"catalog/{of.sql}", self.own.major), self._asked)

    def objects(self, of: KindQuery, fetched: Fetched) -> list[SchemaObject]:
        """Every object of one kind that is the users' own.

        Special columns: `oid`; `part` (a column's number); `namespace`, an object's schema;
        `relation`, what a part belongs to, by oid; `owner`, a role's oid (0: follows from
        another's); `holder`, whose usual rights go without saying where that is not the owner;
        `has_default`: then the default must be there; `head`, what is cut off the definition.
        """
        if not fetched.rows:
            return []
        fields = fetched.columns()
        self._keep_own(of, fields)
        holders = fields.pop("holder", None)
        if "owner" in fields:
            roles = fields["owner"]
            holders = [h or r for h, r in zip(holders or roles, roles, strict=True)]
            names = self.own.roles
            fields["owner"] = [names.get(role, f"role {role}") if role else "" for role in roles]
        if "has_default" in fields:
            for place, has in enumerate(fields.pop("has_default")):
                if has != (fields["default"][place] is not None):
                    raise Changed(f"a default of {_called(of, fields, place)} was dropped")
        if "head" in fields:
            _cut_heads(of, fields)
        for name in fetched.arrays:
            fields[name] = [tuple(value) if value else () for value in fields[name]]
        self._say_of(of, fields, holders)
        if of.finish_all is not None:
            of.finish_all(fields, self)
        if of.finish is not None:
            fields = self._finished(of.finish, fields)
        if not fields or not _size(fields):
            return []
        for name in ("oid", "part", "relation"):
            fields.pop(name, None)
        _check(of, fields, fetched)
        return _made(of.kind, fields)

    def _keep_own(self, of: KindQuery, fields: Columns) -> None:
        """Leave out what is not the users' own, and name the place of the rest."""
        own = self.own
        members = own.members_of(of.catalog)
        if members and "oid" in fields:
            ours = [oid not in members for oid in fields["oid"]]
            own.leave_out(MEMBER, ours.count(False))
            _keep(fields, ours)
        if "relation" in fields:
            tables = [own.relations.get(relation) for relation in fields["relation"]]
            if None in tables:
                _keep(fields, [table is not None for table in tables])
                tables = [table for table in tables if table is not None]
            fields["schema"] = [table[0] for table in tables if table]
            fields["table"] = [table[1] for table in tables if table]
        elif "namespace" in fields:
            fields["schema"] = [own.schemas[oid] for oid in fields.pop("namespace")]
        if of.is_relation:
            names = list(zip(fields["schema"], fields["name"], strict=True))
            ours = [name not in own.version_tables for name in names]
            own.leave_out(VERSION, ours.count(False))
            _keep(fields, ours)
            own.relations.update(zip(fields["oid"], compress(names, ours), strict=True))

    def _say_of(self, of: KindQuery, fields: Columns, holders: list[int] | None) -> None:
        """Comments, rights, and the extensions that an object depends on, where there are any."""
        catalog = self.own.classes[of.catalog] if of.catalog else 0
        size = _size(fields)
        oids = fields.get("relation" if "part" in fields else "oid", [0] * size)
        parts = fields.get("part", [0] * size)
        keys = list(zip(repeat(catalog), oids, parts))
        if not self.comments.keys().isdisjoint(keys):
            fields["comment"] = [self.comments.get(key, "") for key in keys]
        if self._dependents and "extensions" in _field_names(of.kind):
            fields["extensions"] = [tuple(self._dependents.get(key[:2], ())) for key in keys]
        if of.rights and self.grants.is_any(keys):
            fields["grants"] = [
                self.grants.of(key, of.rights, holder)
                for key, holder in zip(keys, holders or [0] * size, strict=True)
            ]

    def _finished(self, finish: Callable[[Fields, Reading], bool], fields: Columns) -> Columns:
        names = list(fields)
        objects = [dict(zip(names, row, strict=True)) for row in zip(*fields.values(), strict=True)]
        kept = [one for one in objects if finish(one, self)]
        return {name: [one[name] for one in kept] for name in (kept[0] if kept else ())}


@contextmanager
def _pipeline(connection: psycopg.Connection[Any]) -> Iterator[None]:
    if not psycopg.Pipeline.is_supported():
        yield
        return
    with connection.pipeline() as pipeline:
        try:
            yield
        except (Exception, GeneratorExit):
            # What was under way has failed with it. psycopg would log that on standard error.
            with suppress(psycopg.Error):
                pipeline.sync()
            raise


def _size(fields: Columns) -> int:
    return len(next(iter(fields.values())))


def _keep(fields: Columns, ours: Collection[bool]) -> None:
    if not all(ours):
        for name, values in fields.items():
            fields[name] = list(compress(values, ours))


def _field_names(kind: type[SchemaObject]) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}


def _cut_heads(of: KindQuery, fields: Columns) -> None:
    definitions = fields["definition"]
    for place, (head, definition) in enumerate(zip(fields.pop("head"), definitions, strict=True)):
        if definition is None or not definition.startswith(head):
            # The head is our snapshot's, the definition the present's: renamed in between.
            raise _altered(of, fields, place)
        definitions[place] = definition[len(head) :]


def _check(of: KindQuery, fields: Columns, fetched: Fetched) -> None:
    """Every field that must have a value has one, and every type is still known."""
    for field in dataclasses.fields(of.kind):
        if field.name in fetched.names and "None" not in str(field.type):
            values = fields[field.name]
            if None in values:
                raise _altered(of, fields, values.index(None))
            if field.name in _TYPES:
                for gone in (text for text in set(values) if text.startswith(_UNKNOWN_TYPE)):
                    raise _altered(of, fields, values.index(gone))


def _altered(of: KindQuery, fields: Columns, place: int) -> Changed:
    return Changed(f"{_called(of, fields, place)} was altered or dropped")


def _called(of: KindQuery, fields: Columns, place: int) -> str:
    # Of what is no part, such as statistics, `table` is a property.
    parts = ("schema", "table", "name") if issubclass(of.kind, Part) else ("schema", "name")
    names = (fields[name][place] for name in parts if name in fields)
    return f"{of.kind.KIND} {'.'.join(filter(None, names))}"


def _made(kind: type[SchemaObject], fields: dict[str, Any]) -> list[SchemaObject]:
    named = [field.name for field in dataclasses.fields(kind) if field.kw_only]
    if not fields.keys().isdisjoint(named):
        rows = zip(*fields.values(), strict=True)
        return [kind(**dict(zip(fields, row, strict=True))) for row in rows]
    # Half the time of the above, where there is nothing that only a keyword gives.
    size = _size(fields)
    values = []
    for field in dataclasses.fields(kind):
        if field.name not in fields and field.default is dataclasses.MISSING:
            raise TypeError(f"{kind.__name__} has no value for {field.name}")
        if not field.kw_only:
            given = fields.pop(field.name, None)
            values.append([field.default] * size if given is None else given)
    if fields:
        raise TypeError(f"{kind.__name__} has no field {', '.join(fields)}")
    return list(map(kind, *values))
