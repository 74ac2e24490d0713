"""Which properties of one object differ between the sides that have it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pgassay.analysis.alignment import definition_of
from pgassay.analysis.publication_tables import by_name, settle_tables, text_key
from pgassay.analysis.schema_diff.side import Side
from pgassay.analysis.schema_diff.written import written
from pgassay.analysis.side_scope import FIRST_VERSION
from pgassay.analysis.sql_identifier import qualified
from pgassay.analysis.text_equality import SQL_TEXTS, settle
from pgassay.facts.catalog import (
    KINDS,
    Column,
    Constraint,
    Function,
    Global,
    Index,
    MaterializedView,
    Member,
    Owned,
    Part,
    Publication,
    Relation,
    Schema,
    SchemaObject,
    Sequence,
    View,
)
from pgassay.facts.comparison import Rung
from pgassay.facts.reparsed import ReparsedText

IDENTITY_PREFIX = "identity "

_IN_THE_IDENTITY: Mapping[type[SchemaObject], frozenset[str]] = {
    Relation: frozenset({"schema", "name"}),
    Part: frozenset({"schema", "table", "name"}),
    Member: frozenset({"schema", "name"}),
    Global: frozenset({"name"}),
    Schema: frozenset({"name"}),
}

# What another property says as well: a definition names the columns, a key says it is one.
_SAID_ELSEWHERE = frozenset(
    {
        ("constraint", "columns"),
        ("constraint", "kind"),
        ("index", "columns"),
        ("statistics", "table"),
        ("trigger", "function"),
    }
)

# property -> the one without which there is none of it: only the sides that have that compare
_BELONGS_TO: Mapping[tuple[str, str], str] = {
    ("column", "not_null_name"): "not_null",
    ("table", "partition_key"): "partitioned",
    ("table", "bound"): "partition_of",
}

_GENERATED = ("stored", "virtual")
_NEXTVAL = re.compile(r"nextval\('((?:[^']|'')*)'::regclass\)")
_BOUNDS = {
    "smallint": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
}


@dataclass(frozen=True, slots=True)
class Differing:
    """One property with its value on each side that can say it."""

    property: str
    values: tuple[tuple[str, str], ...]
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What is noticed beside the differences: which texts were settled how, and what is left out,
    both (property, what)."""

    settled: list[tuple[str, Rung]] = dataclasses.field(default_factory=list)
    left_out: list[str] = dataclasses.field(default_factory=list)


def _properties(cls: type[SchemaObject]) -> tuple[tuple[str, Any], ...]:
    named = cls in (Constraint, Index)
    identity = next(fields for base, fields in _IN_THE_IDENTITY.items() if issubclass(cls, base))
    found = []
    for field in dataclasses.fields(cls):
        if not field.compare or (cls.KIND, field.name) in _SAID_ELSEWHERE:
            continue
        if field.name in identity and not (named and field.name == "name"):
            continue
        found.append((field.name, field.default))
    # The object's own before what it has in common with all others; a name is the first to say.
    common = ("comment", "owner", "grants")
    return tuple(sorted(found, key=lambda f: (f[0] in common, f[0] != "name" or not named)))


PROPERTIES = {kind.KIND: _properties(kind) for kind in KINDS}
"""KIND -> each property that compares, with its usual value; MISSING where there is none."""


def value_of(thing: SchemaObject, prop: str) -> Any:
    if prop == "definition" and isinstance(thing, Constraint | Index):
        return definition_of(thing)
    return getattr(thing, prop)


def differing(things: Mapping[Side, SchemaObject], found: Found) -> Iterator[Differing]:
    """The properties in which objects of one kind differ."""
    cls = type(next(iter(things.values())))
    told: dict[str, Differing] = {}
    for prop, usual in PROPERTIES[cls.KIND]:
        values = {side: value_of(thing, prop) for side, thing in things.items()}
        if len(values) < 2 or _all_equal(values.values()):
            continue
        if _follows_type(prop, things, told):
            continue
        if (whole := _BELONGS_TO.get((cls.KIND, prop), "")) in told:
            values = {side: it for side, it in values.items() if getattr(things[side], whole)}
        if prop == "default":
            values = _defaults(values, things)
        elif prop == "owner":
            values = _owners(things, found)
        elif prop == "grants":
            values = _grants(values, found)
        one = _difference(cls.KIND, prop, values, usual, things, found)
        if one:
            told[prop] = one
            yield one


def differing_kinds(things: Mapping[Side, SchemaObject], found: Found) -> Iterator[Differing]:
    """The same of objects of several kinds: what a view and a materialized view say, both do."""
    if all(isinstance(thing, View | MaterializedView) for thing in things.values()):
        values = {side: value_of(thing, "definition") for side, thing in things.items()}
        if one := _difference(View.KIND, "definition", values, "", things, found):
            yield one


def differing_identity(
    sequences: Mapping[Side, Sequence], found: Found, *, retyped: bool
) -> Iterator[Differing]:
    """The same of identity columns' sequences; `retyped`: the columns' types differ, and theirs."""
    told = {"type": Differing("type", ())} if retyped else {}
    for prop, usual in PROPERTIES[Sequence.KIND]:
        if prop in ("type", "owner", "owned_by", "identity_column", "persistence"):
            continue
        values: dict[Side, Any] = {s: getattr(thing, prop) for s, thing in sequences.items()}
        if _all_equal(values.values()) or _follows_type(prop, sequences, told):
            continue
        if prop == "grants":
            values = _grants(values, found)
        if one := _difference("column", IDENTITY_PREFIX + prop, values, usual, sequences, found):
            yield one


def _difference(
    kind: str,
    prop: str,
    values: Mapping[Side, Any],
    usual: object,
    things: Mapping[Side, SchemaObject],
    found: Found,
) -> Differing | None:
    """None where those that can say it agree."""
    version = FIRST_VERSION.get((kind, prop), 0)
    saying = {
        side: value
        for side, value in values.items()
        if side.scope.says(kind, prop, usual=value == usual)
        and side.catalog.server_major >= version
    }
    if len(saying) < 2 or _all_equal(saying.values()):
        return None
    texts = {side.name: written(kind, prop, value) for side, value in saying.items()}
    undecided = ""
    if (kind, prop) in SQL_TEXTS and _is_sql(prop, [things[side] for side in saying]):
        settled = settle(kind, prop, texts, _reparsed(prop, things, saying))
        texts, undecided = settled.texts, settled.undecided
        if settled.rung != "structure":
            found.settled.append((prop, settled.rung))
    elif (kind, prop) == (Publication.KIND, "tables"):
        tables, rung, undecided = settle_tables(
            {side.name: value for side, value in saying.items()}, _reparsed_tables(things, saying)
        )
        texts = {side: written(kind, prop, value) for side, value in tables.items()}
        if rung != "structure":
            found.settled.append((prop, rung))
    if _all_equal(texts.values()):
        return None
    return Differing(prop, tuple(texts.items()), undecided)


def _is_sql(prop: str, things: list[SchemaObject]) -> bool:
    """A function's body in quotes is its author's text, which nobody else has written anew."""
    bodies = (thing for thing in things if isinstance(thing, Function))
    return prop != "body" or all(function.sql_body for function in bodies)


def _reparsed(
    prop: str, things: Mapping[Side, SchemaObject], saying: Mapping[Side, Any]
) -> dict[str, ReparsedText]:
    known = {}
    for side in saying:
        if text := reparsed_text(side, things[side], prop):
            known[side.name] = text
    return known


def _reparsed_tables(
    things: Mapping[Side, SchemaObject], saying: Mapping[Side, Any]
) -> dict[str, dict[str, ReparsedText]]:
    known: dict[str, dict[str, ReparsedText]] = {}
    for side in saying:
        thing = things[side]
        if isinstance(thing, Publication):
            keys = {name: text_key(thing, name) for name in by_name(thing.tables)}
            known[side.name] = {
                name: side.reparsed[key] for name, key in keys.items() if key in side.reparsed
            }
    return known


def reparsed_text(side: Side, thing: SchemaObject, prop: str) -> ReparsedText | None:
    text = side.reparsed.get((thing.KIND, thing.identity, prop))
    if text and isinstance(thing, Constraint):
        return dataclasses.replace(text, reparsed=text.reparsed.removesuffix(" NOT VALID"))
    return text


def _all_equal(values: Any) -> bool:
    first, *others = values
    return all(value == first for value in others)


def _defaults(values: Mapping[Side, Any], things: Mapping[Side, SchemaObject]) -> dict[Side, Any]:
    """A generation expression is the column's definition on every side. Where one side generates
    and another has no default, that is the difference, and it has been said; expressions compare,
    and so do defaults. An identity stands for the sequence of a serial."""
    columns = {s: thing for s, thing in things.items() if isinstance(thing, Column)}
    if not columns:
        return dict(values)
    computed = all(c.generated in _GENERATED for c in columns.values())
    kept = {s: c for s, c in columns.items() if computed or s.scope.defaults}
    generated = {c.generated for c in kept.values()}
    if len(generated) > 1:
        expressions = {s: c for s, c in kept.items() if c.generated in _GENERATED}
        plain = {s: c for s, c in kept.items() if not c.generated}
        own = any(
            c.default and (expressions or not _is_serial(side, c)) for side, c in plain.items()
        )
        if not own and not _disagree(plain):
            kept = expressions if _disagree(expressions) else {}
    return {side: values[side] for side in kept}


def _disagree(columns: Mapping[Side, Column]) -> bool:
    return len({c.default for c in columns.values()}) > 1


def _is_serial(side: Side, column: Column) -> bool:
    """Whether the default draws from a sequence, and not from one that is known to be another's."""
    drawn = _NEXTVAL.fullmatch(column.default or "")
    others = (s for s in side.sequences if s.owned_by != column.identity)
    name = drawn[1].replace("''", "'") if drawn else ""
    return bool(drawn) and all(qualified(s.schema, s.name) != name for s in others)


def _follows_type(
    prop: str, things: Mapping[Side, SchemaObject], told: Mapping[str, Differing]
) -> bool:
    """Whether a sequence's bound is its type's on every side, so that the type says it."""
    if "type" not in told or prop not in ("minimum", "maximum"):
        return False
    place = 1 if prop == "maximum" else 0
    return all(
        isinstance(thing, Sequence)
        and getattr(thing, prop) == _BOUNDS.get(thing.type, (None, None))[place]
        for thing in things.values()
    )


def _owners(things: Mapping[Side, SchemaObject], found: Found) -> dict[Side, str]:
    """Without a sequence's owner that follows from its table's; and where a side does not speak of
    owners, whoever made everything there stands for whoever did elsewhere. Where it speaks of none
    at all, that is only said of what was given to another role than nearly all the rest."""
    owners = {side: thing.owner for side, thing in things.items() if isinstance(thing, Owned)}
    live = next((side for side in owners if side.scope.rights), None)
    elsewhere = live.usual_owner if live else ""
    kept = {}
    for side, owner in owners.items():
        kind = things[side].KIND
        if side.scope.rights:
            # Schema public has none as initdb made it, which is not the same as some role.
            if owner or kind != Sequence.KIND:
                kept[side] = owner
        elif not owner:
            continue
        elif side.sets_owners:
            kept[side] = elsewhere if elsewhere and owner == side.usual_owner else owner
        elif not side.scope.says(kind, "owner", usual=True) or not live:
            continue
        elif live.owner_spread.is_odd(things[live]):
            kept[side] = live.owner_spread.usual
        else:
            found.left_out.append(f"owners: {side.scope.name} set none")
    return kept


def _grants(values: Mapping[Side, Any], found: Found) -> dict[Side, Any]:
    kept = {}
    for side, grants in values.items():
        if side.speaks_of_grants:
            kept[side] = grants
        else:
            found.left_out.append(f"grants: {side.scope.name} set none")
    return kept
