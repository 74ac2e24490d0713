"""What goes wrong where an object, or one of its properties, is not what it should be."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.analysis.drift_consequence_properties import PROPERTIES
from pgassay.analysis.drift_consequence_table import PRESENCE, SHARED, Area
from pgassay.facts.catalog import Column, Constraint, Index, SchemaObject
from pgassay.facts.comparison import Difference
from pgassay.findings import Severity

__all__ = ["Area", "Consequence", "consequence", "lacking", "spoken"]


@dataclass(frozen=True, slots=True)
class Consequence:
    """`area` is what suffers; `sentence` says how, for a reader in a hurry."""

    area: Area
    sentence: str

    @property
    def severity(self) -> Severity:
        return _SEVERITIES[self.area]


_UNKNOWN = "What follows from it is not known, so it counts as the worst."
_SEVERITIES = {
    Area.DATA: Severity.BLOCKER,
    Area.INTEGRITY: Severity.BLOCKER,
    Area.SECURITY: Severity.BLOCKER,
    Area.QUERIES: Severity.BLOCKER,
    Area.UNKNOWN: Severity.BLOCKER,
    Area.BEHAVIOUR: Severity.WARNING,
    Area.PERFORMANCE: Severity.WARNING,
    Area.OPERATIONS: Severity.WARNING,
    Area.COSMETIC: Severity.INFO,
}

_BY_CONSTRAINT = {
    "primary key": "Rows can be duplicated, and nothing says which of them is meant.",
    "unique": "Duplicate rows come in, though the code counts on an error.",
    "foreign key": "Rows come in, or stay behind, that refer to nothing.",
    "check": "Values come in that the code takes for impossible.",
    "exclusion": "Overlapping rows come in, though the code counts on an error.",
}
_LIKE_A_UNIQUE_CONSTRAINT = {"unique constraint", "unique index", "unique"}


def consequence(difference: Difference) -> Consequence:
    """Of one difference, whichever side is right. What is not in the tables counts as the worst:
    unknown is never safe."""
    things = [thing for _, thing in difference.objects]
    name = difference.property.replace(" ", "_")
    if name == "presence":
        if things:
            return lacking(things[0])
        return _of(PRESENCE.get(difference.kind))
    if name == "kind":
        if {value for _, value in difference.values} <= _LIKE_A_UNIQUE_CONSTRAINT:
            return Consequence(
                Area.OPERATIONS,
                "Both keep duplicates out, but only a constraint can be named by ON CONFLICT ON "
                "CONSTRAINT, and a revision that drops the one does not find the other.",
            )
        return _of(PRESENCE.get(difference.kind))
    if name.startswith("identity_") and name not in PROPERTIES.get(difference.kind, {}):
        return _of(PROPERTIES["sequence"].get(name.removeprefix("identity_")))
    if difference.kind == "column" and name == "default" and _inserts_fail(things):
        return Consequence(
            Area.QUERIES,
            "The column is NOT NULL, so every INSERT that counts on the default fails where it is "
            "missing.",
        )
    if difference.kind == "index" and not _keeps_rows_out(things) and name != "name":
        found = PROPERTIES["index"].get(name)
        return _slower() if found and found[0] is Area.INTEGRITY else _of(found)
    return _of(PROPERTIES.get(difference.kind, {}).get(name) or SHARED.get(name))


def lacking(thing: SchemaObject) -> Consequence:
    """What goes wrong where the object should be and is not."""
    if isinstance(thing, Constraint):
        return Consequence(Area.INTEGRITY, _BY_CONSTRAINT[thing.kind])
    if isinstance(thing, Index):
        if thing.unique:
            return Consequence(Area.INTEGRITY, _BY_CONSTRAINT["unique"])
        return _slower()
    return _of(PRESENCE.get(thing.KIND))


def spoken(property_: str) -> str:
    """A property's name for a sentence, such as `row security`."""
    return property_.replace("_", " ")


def _slower() -> Consequence:
    return Consequence(Area.PERFORMANCE, "Queries that the index serves read the whole table.")


def _inserts_fail(things: list[SchemaObject]) -> bool:
    """Where a NOT NULL column has a default on one side only; a generated one needs none."""
    columns = [t for t in things if isinstance(t, Column)]
    lacking_it = any(t.not_null and not t.default and not t.generated for t in columns)
    return lacking_it and any(t.default and not t.generated for t in columns)


def _keeps_rows_out(things: list[SchemaObject]) -> bool:
    return not things or any(not isinstance(t, Index) or t.unique for t in things)


def _of(found: tuple[Area, str] | None) -> Consequence:
    return Consequence(*found) if found else Consequence(Area.UNKNOWN, _UNKNOWN)
