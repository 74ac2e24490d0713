"""What differs between the schemas of several databases, and how that was decided."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import Literal

from pgassay.facts.catalog import Identity, SchemaObject, TableName

PRESENT, ABSENT = "present", "absent"

Rung = Literal["structure", "reparsed", "equivalent", "folded", "different"]
"""What decided whether two values are the same, from the cheapest on.

structure: the facts as read. reparsed: scratch deparses both alike, once it has parsed them.
equivalent: then they differ by what means the same in PostgreSQL, such as `now()` and
CURRENT_TIMESTAMP. folded: the planner makes the same of both. different: none of these.
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of one object, with its value on each side that can have it.

    `kind` is the object's KIND; `table` is "" for what hangs on no relation, `name` for a relation
    itself. `property` is `presence`, with values `present` and `absent`, or such as `type`.
    `values` are in the order the sides were given; a side whose value follows from another
    difference, or that cannot say such a thing, has none. Values that mean the same are written
    the same. `objects` are the object itself where it is. `also` names what is missing with it,
    such as "index ix_users_email". `undecided` says why scratch could not reparse a text, so that
    the difference may be one of writing only. `renamed_from` is a column of the same type in the
    same place on the sides that lack this one: perhaps the same column under another name.
    """

    kind: str
    schema: str
    table: str
    name: str
    property: str
    values: tuple[tuple[str, str], ...]
    objects: tuple[tuple[str, SchemaObject], ...] = ()
    also: tuple[str, ...] = ()
    undecided: str = ""
    renamed_from: str = ""

    @builtins.property
    def table_name(self) -> TableName:
        return (self.schema, self.table)

    @builtins.property
    def subject(self) -> str:
        return ".".join(part for part in (self.schema, self.table, self.name) if part)


@dataclass(frozen=True, slots=True)
class SettledText:
    """Two sides wrote a text in two ways that mean the same; `rung` found it out."""

    kind: str
    identity: Identity
    property: str
    rung: Rung


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left_out` counts, by reason, the objects and properties that were not compared, such as
    partitions made at run time."""

    differences: tuple[Difference, ...] = ()
    settled: tuple[SettledText, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
