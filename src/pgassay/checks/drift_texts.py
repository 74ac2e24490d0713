"""The words and evidence that the DRF findings share."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Any

from pgassay.analysis.drift_consequence import consequence, lacking
from pgassay.analysis.provenance import Origin, elsewhere, heads, origin
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import (
    KINDS,
    Column,
    Constraint,
    Enum,
    Extension,
    Function,
    Index,
    Part,
    Policy,
    Rule,
    SchemaObject,
    Sequence,
    Table,
    Trigger,
)
from pgassay.facts.comparison import Difference
from pgassay.facts.location import Location

_ALEMBIC_COMPARES = {
    ("column", "type"),
    ("column", "not_null"),
    ("column", "comment"),
    ("table", "comment"),
    ("constraint", "definition"),
    ("constraint", "name"),
    ("index", "definition"),
    ("index", "unique"),
    ("index", "name"),
}
_PLAIN = re.compile(r"[\w .,:()\[\]-]+")
_LONGEST_FIRST = sorted((kind.KIND for kind in KINDS), key=len, reverse=True)


def described(thing: SchemaObject) -> str:
    """Such as `column public.users.phone (text, not null)`."""
    match thing:
        case Column():
            not_null = ", not null" if thing.not_null else ""
            return f"column {thing.subject} ({thing.type}{not_null})"
        case Constraint():
            place = f"{thing.schema}.{thing.table}"
            return f"{thing.kind} constraint {thing.name} on {place}: {thing.definition}"
        case Index():
            unique = "unique " if thing.unique else ""
            place = f"{thing.schema}.{thing.table}"
            return f"{unique}index {thing.name} on {place}: {thing.definition}"
        case Trigger() | Rule():
            place = f"{thing.schema}.{thing.table}"
            return f"{thing.KIND} {thing.name} on {place}: {thing.definition}"
        case Policy():
            place = f"{thing.schema}.{thing.table}"
            return f"policy {thing.name} on {place}: {_policy(thing)}"
        case Function():
            return f"{thing.routine} {thing.subject}"
        case Enum():
            return f"enum {thing.subject} ({', '.join(thing.labels)})"
        case Extension():
            return f"extension {thing.name}{f' {thing.version}' if thing.version else ''}"
        case Part():
            return f"{thing.KIND} {thing.name} on {thing.schema}.{thing.table}"
    return f"{thing.KIND} {thing.subject}"


def _policy(policy: Policy) -> str:
    kind = "" if policy.permissive else "restrictive, "
    using = f" USING ({policy.using})" if policy.using else ""
    check = f" WITH CHECK ({policy.check})" if policy.check else ""
    return f"{kind}for {policy.command} to {', '.join(policy.roles)}{using}{check}"


def message_of(text: str) -> str:
    """A revision's message as a shell takes it for one word."""
    return f'"{text}"' if _PLAIN.fullmatch(text) else shlex.quote(text)


def consequence_of_lacking(thing: SchemaObject) -> str:
    """What goes wrong where the object should be and is not."""
    return lacking(thing).sentence


def autogenerate_sees(thing: SchemaObject) -> bool:
    """Whether Alembic's autogenerate compares such an object at all.

    Tables, columns, indexes, unique constraints and foreign keys: docs, "What does Autogenerate
    Detect (and what does it not detect?)".
    """
    if isinstance(thing, Constraint):
        return thing.kind in ("unique", "foreign key")
    return isinstance(thing, Table | Column | Index)


def autogenerate_sees_property(difference: Difference) -> bool:
    """Whether it compares that property; a server default only where it is told to."""
    things = [thing for _, thing in difference.objects]
    if things and not all(autogenerate_sees(thing) for thing in things):
        return False
    return (difference.kind, difference.property.replace(" ", "_")) in _ALEMBIC_COMPARES


def with_its_parts(difference: Difference) -> str:
    """What is missing along with an object, in short."""
    if not difference.also:
        return ""
    if difference.kind in ("table", "schema", "view", "materialized view"):
        counts: dict[str, int] = {}
        for what in difference.also:
            kind = next((k for k in _LONGEST_FIRST if what.startswith(f"{k} ")), "other object")
            counts[kind] = counts.get(kind, 0) + 1
        said = [
            f"{number} {kind if number == 1 else _plural(kind)}" for kind, number in counts.items()
        ]
        return f" It has {', '.join(said)}."
    return f" With it goes: {', '.join(difference.also)}."


def _plural(kind: str) -> str:
    if kind in ("statistics", "default privileges"):
        return kind
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith(("x", "s")) else f"{kind}s"


def undecided(*differences: Difference) -> str:
    """That a text could not be brought into scratch's words, so that it may mean the same."""
    reasons = dict.fromkeys(d.undecided for d in differences if d.undecided)
    return "".join(
        f" Scratch could not parse it, so it may be only another spelling: {reason.rstrip('.')}."
        for reason in reasons
    )


def evidence(difference: Difference, made_by: Origin | None) -> dict[str, Any]:
    """The kind, the values by side, the consequence, and the revision; JSON-ready."""
    facts: dict[str, Any] = {"kind": difference.kind, difference.property: dict(difference.values)}
    for side, thing in difference.objects:
        if isinstance(thing, Column):
            facts.setdefault("type", {})[side] = thing.type
        elif definition := getattr(thing, "definition", ""):
            facts.setdefault("definition", {})[side] = definition
        elif isinstance(thing, Sequence) and thing.owned_by:
            facts["owned by"] = ".".join(thing.owned_by)
    if difference.also:
        facts["also"] = list(difference.also)
    facts["consequence"] = consequence(difference).area.value
    things = [thing for _, thing in difference.objects]
    facts["autogenerate"] = bool(things) and autogenerate_sees(things[0])
    if made_by:
        facts["revision"] = made_by.revision
    if difference.undecided:
        facts["undecided"] = difference.undecided
    return facts


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """Where an object that no revision of the main history makes should come from.

    `sentence` names the revision that makes its table, and the one of another history that makes
    the object. `after` is such as ", after 0006", for a new revision. `facts` are for evidence:
    `revision` is what is named, else the heads that the new revision follows.
    """

    sentence: str
    after: str
    facts: dict[str, Any]
    location: Location | None


def unrecorded(assay: Assay, found: Difference) -> Unrecorded:
    of_table = origin(assay, found) if found.table and found.name else None
    other = elsewhere(assay, found)
    sentence = f" Revision {of_table.revision} makes its table." if of_table else ""
    if other is not None:
        history, _, revision = other.revision.partition(": ")
        sentence += (
            f" Revision {revision} of {history}/ makes it, a history that this database does not "
            "follow."
        )
    follows = heads(assay)
    named = other or of_table
    facts: dict[str, Any] = {"follows": list(follows)} if follows else {}
    if named is not None:
        facts["revision"] = named.revision
    elif follows:
        sentence += f" A revision that makes it would follow {' and '.join(follows)}."
    after = f", after {' and '.join(follows)}" if follows else ""
    return Unrecorded(sentence, after, facts, of_table.location if of_table else None)
