"""A database's schema, as its catalog tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from pgassay.facts.catalog.constraints import Constraint, Index
from pgassay.facts.catalog.relations import Column, Table
from pgassay.facts.catalog.schema_object import SchemaObject

Object = TypeVar("Object", bound=SchemaObject)


@dataclass(frozen=True, slots=True)
class Catalog:
    """One database in one snapshot, flat: every object of every kind, each sorted by identity.

    `others` are the objects of all kinds but the first four. `left_out` counts, by reason, what
    was not looked at. `unread` says what could not be read, one sentence each: where there is any,
    nobody can say that nothing differs. `role` is who read it. `fingerprint` is of the system
    catalogs' rows, equal before and after reading.
    """

    server_version_num: int
    tables: tuple[Table, ...] = ()
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    others: tuple[SchemaObject, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()
    role: str = field(default="", compare=False)
    fingerprint: str = field(default="", compare=False)

    @property
    def server_major(self) -> int:
        return self.server_version_num // 10000

    def objects(self) -> Iterator[SchemaObject]:
        """Every object of every kind."""
        yield from self.tables
        yield from self.columns
        yield from self.constraints
        yield from self.indexes
        yield from self.others

    def of(self, kind: type[Object]) -> tuple[Object, ...]:
        """The objects of one kind."""
        return tuple(thing for thing in self.objects() if isinstance(thing, kind))
