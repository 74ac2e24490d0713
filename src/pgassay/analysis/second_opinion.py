"""Weighing what squawk says of a text by what its statement was seen to do.

squawk knows the text alone. It minds a type that grows and needs no rewrite, and a view dropped
that is there again a line later; it cannot see what a DO block does. Rules are named as of squawk
2.70.0; one that is not named here is passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from pgassay.analysis.column_swap import swapped_columns
from pgassay.analysis.creation.definition import automatic_name
from pgassay.analysis.other_column import names_column
from pgassay.analysis.sql_identifier import quoted
from pgassay.facts.catalog import Catalog, SchemaObject
from pgassay.facts.pending_run import PendingRun, WatchedStatement
from pgassay.facts.second_opinion import Remark, SecondOpinion
from pgassay.facts.touch import Touch

ANSWERED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "adding-field-with-default": ("MIG001",),
        "adding-foreign-key-constraint": ("MIG003",),
        "adding-not-nullable-field": ("MIG002", "MIG006"),
        "adding-required-field": ("MIG006",),
        "adding-serial-primary-key-field": ("MIG001", "MIG004"),
        "ban-concurrent-index-creation-in-transaction": ("MIG018",),
        "ban-drop-column": ("MIG008",),
        "ban-drop-table": ("MIG008",),
        "ban-set-schema": ("MIG007",),
        "ban-truncate-cascade": ("MIG008",),
        "changing-column-type": ("MIG001", "MIG014"),
        "constraint-missing-not-valid": ("MIG002", "MIG003", "MIG004"),
        "disallowed-unique-constraint": ("MIG004",),
        "prefer-repack": ("MIG001",),
        "renaming-column": ("MIG007",),
        "renaming-table": ("MIG007",),
        "require-concurrent-index-creation": ("MIG004",),
        "require-concurrent-index-deletion": ("MIG005",),
        "require-concurrent-partition-detach": ("MIG012",),
        "require-concurrent-reindex": ("MIG005",),
        "require-lock-timeout": ("MIG011",),
        "require-timeout-settings": ("MIG011",),
    }
)
"""What these ask of the text, a check asks of the statement's own doings: its locks, files, scans,
indexes, keys and columns. Its answer stands."""

_OF_STYLE = frozenset(
    (
        "ban-char-field",
        "ban-create-domain-with-constraint",
        "identifier-too-long",
        "prefer-bigint-over-int",
        "prefer-bigint-over-smallint",
        "prefer-identity",
        "prefer-robust-stmts",
        "prefer-text-field",
        "prefer-timestamp-tz",
        "require-enum-value-ordering",
        "require-statement-timeout",
        "require-table-schema",
        "unused-ignore",
    )
)
"""How a schema might be made better: no hazard of a deployment."""

_OF_NO_OBJECT = frozenset(
    (
        "ban-alter-database-options",
        "ban-alter-role-options",
        "ban-alter-system-options",
        "ban-drop-database",
        "ban-uncommitted-transaction",
        "transaction-nesting",
    )
)
"""Event triggers tell nothing of what these are about."""

_DROPS = MappingProxyType(
    {
        "ban-drop-constraint": "table constraint",
        "ban-drop-extension": "extension",
        "ban-drop-function": "function",
        "ban-drop-index": "index",
        "ban-drop-policy": "policy",
        "ban-drop-schema": "schema",
        "ban-drop-sequence": "sequence",
        "ban-drop-view": "view",
    }
)
"""Rules on drops, with the kind of object as event triggers name it. They tell each that is gone;
of a type or domain they tell nothing here."""


_ADD = re.compile(r"\bADD\b", re.IGNORECASE)
_CONSTRAINT = "table constraint"
_UNNAMED = frozenset(("index", "policy", "rule", "trigger"))
"""Kinds that no query names, so that another name is nothing to it."""


class Fate(StrEnum):
    """What becomes of a remark. CONFIRMED: a check sees the hazard in that statement. REFUTED: one
    looks for it there, and it is none. UNASKED: who would look for it was left out. IDLE: the
    statement took nothing from what was there before. STYLE: no hazard. OPEN: nobody but the second
    opinion looks for it."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNASKED = "unasked"
    IDLE = "idle"
    STYLE = "style"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class WeighedRemark:
    """`objects` are what the statement touched, such as "public.users", none where nothing
    tells."""

    remark: Remark
    statement: WatchedStatement
    fate: Fate
    objects: tuple[str, ...] = ()


def weighed(
    opinion: SecondOpinion,
    run: PendingRun,
    found: Iterable[tuple[str, str]] = (),
    looked: Set[str] | None = None,
) -> Iterator[WeighedRemark]:
    """Each remark once, in order. `found` are the checks' codes, each with the text of a statement
    that it has a finding on; "" for all of them. `looked` are the codes of those that looked, None
    for all."""
    confirmed = frozenset(found)
    for remark in dict.fromkeys(opinion.remarks):
        statement = run.statements[remark.statement]
        drops = _DROPS.get(remark.rule, "")
        touches = [
            t for t in statement.touches if not drops or (t.action, t.kind) == ("drop", drops)
        ]
        names = [t.name if t.table is None else ".".join(t.table) for t in touches]
        fate = _fate(remark, run, touches, confirmed)
        if fate is Fate.REFUTED and looked is not None:
            fate = fate if not looked.isdisjoint(ANSWERED[remark.rule]) else Fate.UNASKED
        yield WeighedRemark(remark, statement, fate, tuple(dict.fromkeys(names)))


def agreeing_rules(
    opinion: SecondOpinion, run: PendingRun, statement: WatchedStatement, code: str
) -> tuple[str, ...]:
    """The rules that mind in a statement what a check found in it."""
    said = (r.rule for r in opinion.remarks if run.statements[r.statement] == statement)
    return tuple(dict.fromkeys(rule for rule in said if code in ANSWERED.get(rule, ())))


def _fate(
    remark: Remark,
    run: PendingRun,
    touches: Sequence[Touch],
    confirmed: frozenset[tuple[str, str]],
) -> Fate:
    if remark.rule in _OF_STYLE:
        return Fate.STYLE
    if remark.rule in ANSWERED:
        text = run.statements[remark.statement].sql
        said = any((c, t) in confirmed for c in ANSWERED[remark.rule] for t in (text, ""))
        return Fate.CONFIRMED if said else Fate.REFUTED
    if remark.rule in _OF_NO_OBJECT or (not touches and remark.rule not in _DROPS):
        return Fate.OPEN
    if remark.rule == "renaming-object" and all(_is_unnamed(t, run.after) for t in touches):
        return Fate.IDLE
    columns = run.statements[remark.statement].columns
    if columns and all(c.change == "renamed" and c.is_new for c in columns):
        # The names of the run's own columns, which no code knows yet.
        return Fate.IDLE
    if _passes_on(remark.rule, run.statements[remark.statement], touches, run):
        return Fate.IDLE
    new = _new_before(remark.statement, run)
    old = [
        t for t in touches if _identity(t) not in new and (t.table is None or t.table not in new)
    ]
    return Fate.OPEN if any(not _is_again(t, remark.statement, run) for t in old) else Fate.IDLE


def _passes_on(
    rule: str, statement: WatchedStatement, touches: Sequence[Touch], run: PendingRun
) -> bool:
    """Whether what a column loses goes to the one that takes its name in the same transaction."""
    swapped = swapped_columns(run, statement)
    if run.after is None or not swapped:
        return False
    if rule == "ban-drop-constraint":
        there = [(t, _constraints(run.after, t)) for t in touches]
        return all(
            _name(t) in after and after[_name(t)] == _constraints(run.before, t).get(_name(t))
            for t, after in there
        )
    columns = [
        c
        for c in run.after.columns
        if (c.table_name, c.name) in swapped and names_column(statement.sql, c.name)
    ]
    if rule == "ban-drop-default":
        return bool(columns) and all(c.default is not None for c in columns)
    return rule == "ban-drop-not-null" and bool(columns) and all(c.not_null for c in columns)


def _new_before(place: int, run: PendingRun) -> frozenset[tuple[str, str]]:
    """What the run has made up to a statement: objects by kind and identity, tables by name too."""
    made = [t for s in run.statements[: place + 1] for t in s.touches if t.action == "create"]
    tables = [t.table for t in made if t.kind == "table" and t.table is not None]
    # An index or policy that is new on an old table reaches that table.
    return frozenset((*(_identity(t) for t in made if t.table in (None, *tables)), *tables))


def _is_again(touch: Touch, place: int, run: PendingRun) -> bool:
    """Whether what a statement dropped is made again in its transaction, as it was, so that nobody
    misses it; or was made by the run itself, so that nobody knows it."""
    if touch.action != "drop":
        return False
    if touch.kind == _CONSTRAINT and _name(touch) not in _constraints(run.before, touch):
        return True
    before = _of_touch(run.before, touch)
    if before is None or run.after is None or before != _of_touch(run.after, touch):
        return False
    statement = run.statements[place]
    later = [s for s in run.statements[place + 1 :] if s.transaction == statement.transaction]
    if touch.kind == _CONSTRAINT:
        altered = any(t.table == touch.table for s in later for t in s.touches)
        return altered or _ADD.search(statement.sql) is not None
    touches = [t for s in (statement, *later) for t in s.touches]
    return any(t.action == "create" and _identity(t) == _identity(touch) for t in touches)


def _of_touch(catalog: Catalog, touch: Touch) -> SchemaObject | None:
    """The object that a touch names; None where none is surely it."""
    if touch.kind == _CONSTRAINT:
        own = [c for c in catalog.constraints if c.table_name == touch.table]
        return next((c for c in own if quoted(c.name) == _name(touch)), None)
    kinds = [o for o in catalog.objects() if touch.kind == o.KIND]
    return next((o for o in kinds if touch.name in (o.subject, _quoted(o))), None)


def _quoted(thing: SchemaObject) -> str:
    return ".".join(quoted(part) for part in thing.identity if part)


def _name(touch: Touch) -> str:
    """A constraint's, without its table."""
    return touch.name.partition(" on ")[0]


def _is_unnamed(touch: Touch, after: Catalog | None) -> bool:
    """Whether no query names it. Of constraints, ON CONFLICT ON CONSTRAINT names keys."""
    if touch.kind != _CONSTRAINT:
        return touch.kind in _UNNAMED
    kind = _constraints(after, touch).get(_name(touch)) if after else None
    return kind in ("check", "foreign key", "not null")


def _constraints(catalog: Catalog, touch: Touch) -> dict[str, str]:
    """The kinds of a table's constraints by their names, as touches have them."""
    own = [c for c in catalog.columns if c.table_name == touch.table and c.not_null]
    automatic = {quoted(automatic_name(c.table, c.name, "not_null")): "not null" for c in own}
    named = {quoted(c.not_null_name): "not null" for c in own if c.not_null_name}
    others = {quoted(c.name): c.kind for c in catalog.constraints if c.table_name == touch.table}
    return {**automatic, **named, **others}


def _identity(touch: Touch) -> tuple[str, str]:
    return touch.kind, touch.name
