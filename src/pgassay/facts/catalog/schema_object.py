"""What every object of a schema has: a kind, an identity, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

TableName = tuple[str, str]
"""(schema, table)"""

Identity = tuple[str, str, str]
"""(schema, relation, name); "" where the object has none: a table's name is its relation."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one role may do with an object, where that is not what it may do by itself.

    `privileges` are in alphabetical order; "ALL" is every one that the server's version knows for
    the kind, and ` WITH GRANT OPTION` follows where the role may pass it on. `grantee` PUBLIC is
    everybody, `"PUBLIC"` in double quotes a role of that name.
    An owner with every right is not listed, nor PUBLIC with its usual ones (EXECUTE of a
    function, USAGE of a type or language, CONNECT and TEMPORARY of a database): once such a right
    is revoked, what is left is listed, which may be nothing. Schema `public` lists all.
    """

    grantee: str
    privileges: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.grantee}: {', '.join(self.privileges) or 'nothing'}"


@dataclass(frozen=True, slots=True)
class SchemaObject:
    """One object of a database, with logical names and never oids, so that databases compare.

    A field with `compare=False` is true of the database but is no part of its schema. Every text
    that PostgreSQL deparses was read with `search_path = pg_catalog`, so it is schema-qualified.
    """

    KIND: ClassVar[str]

    comment: str = field(default="", kw_only=True)

    @property
    def identity(self) -> Identity:
        raise NotImplementedError

    @property
    def subject(self) -> str:
        """Such as `public.users.phone`."""
        return ".".join(part for part in self.identity if part)


@dataclass(frozen=True, slots=True)
class Owned(SchemaObject):
    """An object with an owner and rights. `owner` is "" where it follows from another object's."""

    owner: str = field(default="", kw_only=True)
    grants: tuple[Grant, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Relation(Owned):
    """What pg_class lists and parts hang on: a table, view or sequence."""

    schema: str
    name: str

    @property
    def table_name(self) -> TableName:
        return (self.schema, self.name)

    @property
    def identity(self) -> Identity:
        return (self.schema, self.name, "")


@dataclass(frozen=True, slots=True)
class Part(SchemaObject):
    """What belongs to one relation (or to one domain, `table` then being the domain's name)."""

    schema: str
    table: str
    name: str

    @property
    def table_name(self) -> TableName:
        return (self.schema, self.table)

    @property
    def identity(self) -> Identity:
        return (self.schema, self.table, self.name)


@dataclass(frozen=True, slots=True)
class Member(Owned):
    """What stands in a schema, and is no relation. A routine's or operator's name has its argument
    types, such as `total(integer, text)`; an operator class's its method."""

    schema: str
    name: str

    @property
    def identity(self) -> Identity:
        return (self.schema, "", self.name)


@dataclass(frozen=True, slots=True)
class Global(Owned):
    """What stands in no schema."""

    name: str

    @property
    def identity(self) -> Identity:
        return ("", "", self.name)
