"""Which objects were given to another role than nearly all others, as a hand-made change does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pgassay.facts.catalog import (
    BaseType,
    Catalog,
    Function,
    Member,
    OperatorClass,
    OperatorFamily,
    Relation,
    SchemaObject,
    Table,
)

_NEARLY_ALL = 9
"""How many objects the usual owner has for each of another's: with fewer nobody can tell which is
the odd one."""
# Only a superuser makes these, whoever owns the rest.
_SUPERUSERS = (BaseType, OperatorClass, OperatorFamily)
_SUPERUSERS_LANGUAGES = ("c", "internal")


class OwnerSpread:
    """Who owns how much of a database, of what any role can make in a schema."""

    def __init__(self, catalog: Catalog) -> None:
        self._in_schema: dict[str, Counter[str]] = {}
        total: Counter[str] = Counter()
        for schema, owner in _judged(catalog):
            total[owner] += 1
            self._in_schema.setdefault(schema, Counter())[owner] += 1
        [(first, number)] = total.most_common(1) or [("", 0)]
        self.usual = first if number >= _NEARLY_ALL * (total.total() - number) else ""
        """Who owns nearly all; "" where nobody does."""

    def is_odd(self, thing: SchemaObject) -> bool:
        """Not where its schema is mostly that role's: then it is at home there."""
        owner = _owner(thing)
        if owner in ("", self.usual) or not self.usual:
            return False
        here = self._in_schema[thing.identity[0]]
        return here[self.usual] > here[owner]


def _judged(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for thing in catalog.objects():
        if owner := _owner(thing):
            yield thing.identity[0], owner


def _owner(thing: SchemaObject) -> str:
    """ "" where it says nothing: partitions are often made by a job, under a role of its own."""
    if isinstance(thing, _SUPERUSERS) or not isinstance(thing, Relation | Member):
        return ""
    if isinstance(thing, Function) and thing.language in _SUPERUSERS_LANGUAGES:
        return ""
    return "" if isinstance(thing, Table) and thing.partition_of else thing.owner
