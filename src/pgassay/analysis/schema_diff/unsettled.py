"""Which SQL texts have to be reparsed on scratch before a comparison is worth anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pgassay.analysis.publication_tables import unsettled_tables
from pgassay.analysis.side_scope import Scope
from pgassay.analysis.text_equality import SQL_TEXTS
from pgassay.facts.catalog import Catalog, Function, Publication, SchemaObject
from pgassay.facts.comparison import ABSENT, Comparison, Difference
from pgassay.facts.reparsed import TextKey

_NO_SCOPES: Mapping[str, Scope] = {}
_PAIRED_BY_DEFINITION = ("constraint", "index")


def unsettled(
    sides: Mapping[str, Catalog],
    comparison: Comparison,
    *,
    scopes: Mapping[str, Scope] = _NO_SCOPES,
) -> dict[str, tuple[TextKey, ...]]:
    """By side, the texts that may be the same in another writing; a side without any is left out.

    Both texts of each difference between SQL texts, a publication's tables each for itself; and the
    definitions of constraints and indexes that are missing somewhere, if the same table has another
    of their kind there instead. `scopes` are those of the comparison, whose differences are already
    about what the sides can express.
    """
    del scopes
    keys: dict[str, dict[TextKey, None]] = {}
    for difference in comparison.differences:
        if (difference.kind, difference.property) in SQL_TEXTS:
            said = {side for side, _ in difference.values}
            things = [(side, thing) for side, thing in difference.objects if side in said]
            _add(keys, things, difference.property)
        elif (difference.kind, difference.property) == (Publication.KIND, "tables"):
            _add_tables(keys, difference)
    for difference in _unpaired(comparison.differences):
        _add(keys, difference.objects, "definition")
    return {side: tuple(keys[side]) for side in sides if side in keys}


def _add(
    keys: dict[str, dict[TextKey, None]], things: Iterable[tuple[str, SchemaObject]], prop: str
) -> None:
    for side, thing in things:
        quoted = isinstance(thing, Function) and prop == "body" and not thing.sql_body
        if getattr(thing, prop, None) and not quoted:
            keys.setdefault(side, {})[(thing.KIND, thing.identity, prop)] = None


def _add_tables(keys: dict[str, dict[TextKey, None]], difference: Difference) -> None:
    said = {side for side, _ in difference.values}
    things = {s: t for s, t in difference.objects if s in said and isinstance(t, Publication)}
    for side, key in unsettled_tables(things):
        keys.setdefault(side, {})[key] = None


def _unpaired(differences: Iterable[Difference]) -> list[Difference]:
    missing = [
        d for d in differences if d.property == "presence" and d.kind in _PAIRED_BY_DEFINITION
    ]
    return [one for one in missing if any(_may_pair(one, other) for other in missing)]


def _may_pair(one: Difference, other: Difference) -> bool:
    """Whether a side that lacks the one has the other, and they are of one kind and table."""
    if one is other or (one.kind, one.table_name) != (other.kind, other.table_name):
        return False
    lacking = {side for side, value in one.values if value == ABSENT}
    return any(side in lacking for side, _ in other.objects)
