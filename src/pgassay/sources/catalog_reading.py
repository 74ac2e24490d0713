"""Rows of the system catalogs as facts: what is the same for every kind of object."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import psycopg
from psycopg import postgres
from psycopg.rows import tuple_row

from pgassay.facts.catalog import SchemaObject, TableName
from pgassay.sources.catalog_column_types import ColumnTypes
from pgassay.sources.catalog_grants import Grants
from pgassay.sources.catalog_own import MEMBER, VERSION, Own
from pgassay.sources.queries import query

Fields = dict[str, Any]
_TEXT_ARRAYS = frozenset({postgres.types["text"].array_oid, postgres.types["name"].array_oid})
_UNKNOWN_TYPE = "???"
"""format_type()'s answer for a type that is gone."""


class Changed(Exception):
    """A deparse function looked at the present, and the object was no longer as in our snapshot."""


@dataclass(frozen=True, slots=True)
class KindQuery:
    """How one kind of object is read.

    `sql` is the query's file: its columns are named as the kind's fields, besides the special ones
    that `Reading.objects` takes away. `catalog` is where comments and rights refer to, `rights`
    the kind of privileges. `finish` makes the fields that SQL does not, and takes away what it
    needed for it; it says False where there is no object to list.
    """

    kind: type[SchemaObject]
    sql: str
    catalog: str
    rights: str = ""
    finish: Callable[[Fields, Reading], bool] | None = None
    is_relation: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """One query's answer. `arrays` are the columns of text arrays."""

    names: list[str]
    arrays: list[str]
    rows: list[tuple[Any, ...]]


class Reading:
    """One reading of a database's catalogs, in one snapshot."""

    def __init__(self, cursor: psycopg.Cursor[Any], version_tables: Collection[TableName]) -> None:
        self._named = cursor
        self._cursor = cursor.connection.cursor(row_factory=tuple_row)
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

        self.not_null_names: dict[tuple[int, int], Any] = {}
        if self.own.major >= 18:
            self.not_null_names = {
                (row.relation, row.part): row for row in self.rows("not_null_names")
            }
        self.readable_sequences: dict[TableName, int] = {}

    def rows(self, name: str) -> list[Any]:
        """All rows of one query, as named tuples."""
        text = query(f"catalog/{name}", self.own.major)
        return self._named.execute(text, self._asked).fetchall()

    def fetch(self, of: KindQuery) -> Fetched:
        """The rows that `objects` takes; another thread may fetch the next kind's meanwhile."""
        self._cursor.execute(query(f"catalog/{of.sql}", self.own.major), self._asked)
        described = self._cursor.description or ()
        return Fetched(
            [column.name for column in described],
            [column.name for column in described if column.type_code in _TEXT_ARRAYS],
            self._cursor.fetchall(),
        )

    def objects(self, of: KindQuery, fetched: Fetched) -> Iterator[SchemaObject]:
        """Every object of one kind that is the users' own.

        Special columns: `oid`; `part` (a column's number); `namespace`, an object's schema;
        `relation`, what a part belongs to, by oid; `owner`, a role's oid (0: follows from
        another's); `holder`, whose usual rights go without saying where that is not the owner;
        `has_default`: then the default must be there; `head`, what is cut off the definition.
        """
        names, arrays = fetched.names, fetched.arrays
        special = _Special(names)
        has_all = _has_all(of.kind, names, arrays)
        own, comments = self.own, self.comments
        depending = "extensions" in {field.name for field in dataclasses.fields(of.kind)}
        catalog = own.classes[of.catalog] if of.catalog else 0
        members = own.members_of(of.catalog)
        for row in fetched.rows:
            fields: Fields = dict(zip(names, row, strict=True))
            oid, part, relation = fields.pop("oid", 0), 0, 0
            if oid in members:
                own.leave_out(MEMBER)
                continue
            if special.relation:
                relation = fields.pop("relation")
                table = own.relations.get(relation)
                if table is None:
                    continue
                fields["schema"], fields["table"] = table
                if special.part:
                    oid, part = relation, fields.pop("part")
            elif special.namespace:
                fields["schema"] = own.schemas[fields.pop("namespace")]
                if of.is_relation and not self._take_in(oid, fields):
                    continue
            holder = fields.pop("holder") if special.holder else 0
            if special.owner:
                role = fields["owner"]
                holder = holder or role
                fields["owner"] = own.roles.get(role, f"role {role}") if role else ""
            if special.default and fields.pop("has_default") != (fields["default"] is not None):
                raise Changed(f"a default of {_called(of, fields)} was dropped")
            if special.head:
                _cut_head(of, fields)
            for name in arrays:
                value = fields[name]
                fields[name] = tuple(value) if value else ()
            if comments and (comment := comments.get((catalog, oid, part))):
                fields["comment"] = comment
            if depending and (extensions := self._dependents.get((catalog, oid))):
                fields["extensions"] = tuple(extensions)
            if of.rights and (grants := self.grants.of(catalog, oid, part, of.rights, holder)):
                fields["grants"] = grants
            if of.finish is not None:
                fields["oid"], fields["part"], fields["relation"] = oid, part, relation
                kept = of.finish(fields, self)
                del fields["oid"], fields["part"], fields["relation"]
                if not kept:
                    continue
            if not has_all(fields):
                raise Changed(f"{_called(of, fields)} was altered or dropped")
            yield of.kind(**fields)

    def _take_in(self, oid: int, fields: Fields) -> bool:
        """Whether a table, view or sequence is no version table; others then find it."""
        name = (fields["schema"], fields["name"])
        if name in self.own.version_tables:
            self.own.leave_out(VERSION)
            return False
        self.own.relations[oid] = name
        return True


class _Special:
    """Which of the special columns a query has."""

    def __init__(self, names: Collection[str]) -> None:
        self.relation = "relation" in names
        self.part = "part" in names
        self.namespace = "namespace" in names
        self.owner = "owner" in names
        self.holder = "holder" in names
        self.default = "has_default" in names
        self.head = "head" in names


def _has_all(
    kind: type[SchemaObject], names: Collection[str], arrays: Collection[str]
) -> Callable[[Fields], bool]:
    """Whether every field that must have a value has one, and every type is still known."""
    needed = [
        field.name
        for field in dataclasses.fields(kind)
        if "None" not in str(field.type) and field.name in names and field.name not in arrays
    ]
    values: Callable[[Fields], Any] = itemgetter(*needed, needed[0])
    types = [name for name in ("type", "base_type", "subtype", "returns") if name in names]

    def has_all(fields: Fields) -> bool:
        if None in values(fields):
            return False
        return not (types and any(fields[name].startswith(_UNKNOWN_TYPE) for name in types))

    return has_all


def _cut_head(of: KindQuery, fields: Fields) -> None:
    head, definition = fields.pop("head"), fields["definition"]
    if definition is None or not definition.startswith(head):
        # The head is our snapshot's, the definition the present's: renamed in between.
        raise Changed(f"{_called(of, fields)} was altered or dropped")
    fields["definition"] = definition.removeprefix(head)


def _called(of: KindQuery, fields: Fields) -> str:
    names = (str(fields[name]) for name in ("schema", "table", "name") if fields.get(name))
    return f"{of.kind.KIND} {'.'.join(names)}"
