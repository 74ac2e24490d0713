"""What one history's schema adds to another's, and where the two say otherwise.

The target is the union of the histories, not the models, which may be the wrong side.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pgassay.analysis.consolidation.precedence import INTO, OTHER, precedence
from pgassay.analysis.schema_diff import compare
from pgassay.analysis.schema_diff.columns import COLUMN_ORDER
from pgassay.analysis.schema_diff.properties import IDENTITY_PREFIX
from pgassay.analysis.schema_diff.sequence_position import LAST_VALUE
from pgassay.analysis.sql_words import words
from pgassay.facts.catalog import (
    KINDS,
    Catalog,
    Column,
    Composite,
    Constraint,
    Database,
    Domain,
    DomainConstraint,
    Function,
    Identity,
    Index,
    MaterializedView,
    Part,
    Policy,
    Range,
    SchemaObject,
    Sequence,
    Table,
    TableName,
    Trigger,
    View,
)
from pgassay.facts.comparison import Difference
from pgassay.facts.consolidation import Decision

IGNORED = frozenset({COLUMN_ORDER, LAST_VALUE, f"{IDENTITY_PREFIX}{LAST_VALUE}"})
"""Properties that decide nothing: no statement changes the order of columns, and how far a sequence
has come is the database's own."""

_WITH_FUNCTIONS = (Column, Domain, DomainConstraint, Range, Constraint, Index, Trigger, Policy)
_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Union:
    """`added` are the other's objects that the first lacks, in an order in which they can be made;
    what comes with a table that is added is not listed by itself. `altered` are shared objects
    that must become as the other has them, with their differences. `both` are shared ones that are
    alike. `early` are functions that columns, and what comes with a table, are written with."""

    added: tuple[SchemaObject, ...]
    altered: tuple[tuple[Difference, ...], ...]
    decisions: tuple[Decision, ...]
    both: tuple[str, ...]
    refused: tuple[str, ...]
    early: tuple[SchemaObject, ...] = ()

    def stands_on_columns(self, thing: SchemaObject) -> bool:
        """Whether it is made after columns have their types: a constraint, an index, a view."""
        return _RANKS[type(thing)] > _RANKS[Column] and thing not in self.early


def union(
    into: Catalog,
    other: Catalog,
    *,
    assumed_in_into: Collection[TableName] = (),
    assumed_in_other: Collection[TableName] = (),
) -> Union:
    """`into` keeps all it has. Tables that were only assumed in one are as the other makes them.

    Where the two say otherwise of an object, `precedence` decides, or the union is refused.
    """
    comparison = compare({INTO: into, OTHER: other})
    known = {_key(thing) for thing in into.objects()}
    new = {
        (thing.schema, thing.name)
        for thing in other.objects()
        if isinstance(thing, Table | View | MaterializedView | Domain) and _key(thing) not in known
    }
    columns = {(c.schema, c.table, c.name) for c in into.columns}
    added = [t for t in other.objects() if _key(t) not in known and _counts(t, new, columns)]
    early = _early(added, other)
    together: dict[tuple[str, str], list[Difference]] = {}
    for difference in comparison.differences:
        if difference.property not in {"presence", *IGNORED}:
            together.setdefault((difference.kind, difference.subject), []).append(difference)
    altered, decisions, refused = [], [], []
    for differences in together.values():
        table = differences[0].table_name
        if table in assumed_in_other:
            continue
        if table in assumed_in_into:
            altered.append(tuple(differences))
            continue
        theirs = []
        for difference in differences:
            side, why = precedence(difference)
            if not side:
                refused.append(
                    f"{_said(difference)}: {why}. Change it in one of the histories, by a "
                    "revision, and run this again."
                )
                continue
            theirs += [difference] if side == OTHER else []
            decisions.append(_decision(difference, side, why))
        if theirs:
            altered.append(tuple(theirs))
    return Union(
        added=tuple(_ordered(added, early)),
        altered=tuple(altered),
        decisions=tuple(decisions),
        both=tuple(_alike(into, other, together.keys())),
        refused=tuple(refused),
        early=early,
    )


def written_with(thing: SchemaObject) -> Iterator[str]:
    """The texts in which an object, as it is made, may name a type, a function or a sequence; a
    table's columns and other parts have their own."""
    match thing:
        case Table():
            yield thing.partition_key
        case Column():
            yield from (thing.type, thing.default or "", thing.collation)
        case Domain():
            yield from (thing.base_type, thing.default or "", thing.collation)
        case Composite():
            yield from thing.attributes
        case Range():
            yield from (thing.subtype, thing.collation, thing.subtype_diff, thing.canonical)
        case Function():
            yield from (thing.name, thing.returns, thing.arguments)
        case Constraint() | Index() | DomainConstraint() | View() | MaterializedView():
            yield thing.definition
        case Trigger():
            yield from (thing.definition, thing.function)
        case Policy():
            yield from (thing.using, thing.check)


def _early(added: Collection[SchemaObject], catalog: Catalog) -> tuple[SchemaObject, ...]:
    users = (t for t in catalog.objects() if isinstance(t, _WITH_FUNCTIONS))
    calls = {w for t in users for text in written_with(t) for w in words(text)}
    tables = {t.name for t in added if isinstance(t, Table | View | MaterializedView)}
    return tuple(
        t
        for t in added
        if isinstance(t, Function)
        and t.name.partition("(")[0] in calls
        # PostgreSQL looks into an SQL function as it is made.
        and (t.language != "sql" or not tables & set(words(t.body)))
    )


def _key(thing: SchemaObject) -> tuple[str, tuple[str, str, str]]:
    return (thing.KIND, thing.identity)


def _counts(
    thing: SchemaObject,
    new: Collection[TableName],
    columns: Collection[tuple[str, str, str]],
) -> bool:
    """Whether the object is made by itself, and not with what it is part of."""
    if isinstance(thing, Database):
        return False
    if isinstance(thing, Sequence) and thing.owned_by:
        # Of a column that is there and has no such default yet.
        return not thing.identity_column and thing.owned_by in columns
    if isinstance(thing, Constraint) and thing.kind == "foreign key":
        # Apart from its table, so that tables may refer to each other.
        return True
    return not (isinstance(thing, Part) and thing.table_name in new)


def _ordered(things: list[SchemaObject], early: Collection[SchemaObject]) -> list[SchemaObject]:
    def rank(thing: SchemaObject) -> tuple[int, float]:
        is_key = isinstance(thing, Constraint) and thing.kind == "foreign key"
        if isinstance(thing, MaterializedView):
            return (int(is_key), _RANKS[View])
        return (int(is_key), _RANKS[Sequence] - 0.5 if thing in early else _RANKS[type(thing)])

    ordered = sorted(things, key=rank)
    views = [t for t in ordered if isinstance(t, View | MaterializedView)]
    following = iter(_views_in_order(views))
    return [next(following) if isinstance(t, View | MaterializedView) else t for t in ordered]


def _views_in_order(views: list[View | MaterializedView]) -> list[View | MaterializedView]:
    """Each after those that it reads."""
    said = {v.identity: set(words(v.definition)) for v in views}
    found: dict[Identity, View | MaterializedView] = {}

    def add(view: View | MaterializedView, above: tuple[Identity, ...]) -> None:
        for other in views:
            if other.name in said[view.identity] and other.identity not in (*above, *found):
                add(other, (*above, other.identity))
        found.setdefault(view.identity, view)

    for view in views:
        add(view, (view.identity,))
    return list(found.values())


def _decision(difference: Difference, side: str, why: str) -> Decision:
    values = dict(difference.values)
    return Decision(
        difference.subject,
        difference.property,
        kept=values.get(side, ""),
        dropped=values.get(INTO if side == OTHER else OTHER, ""),
        why=why,
    )


def _said(difference: Difference) -> str:
    values = dict(difference.values)
    return (
        f"{difference.kind} {difference.subject} has {difference.property} "
        f"{values.get(INTO, '?')} in one and {values.get(OTHER, '?')} in the other"
    )


def _alike(into: Catalog, other: Catalog, differing: Collection[tuple[str, str]]) -> Iterator[str]:
    theirs = {_key(thing) for thing in other.objects()}
    for thing in into.objects():
        if isinstance(thing, Table) and _key(thing) in theirs:
            parts = [s for _, s in differing if s.startswith(f"{thing.subject}.")]
            if not parts and (thing.KIND, thing.subject) not in differing:
                yield thing.subject
