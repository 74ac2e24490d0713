"""The SQL that takes databases in several states to one schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pgassay.analysis.consolidation.operations import adding, made_alike, type_checks
from pgassay.analysis.consolidation.precedence import INTO, OTHER
from pgassay.analysis.consolidation.union import IGNORED, union
from pgassay.analysis.schema_diff import compare
from pgassay.facts.catalog import Catalog, Identity, Table, TableName
from pgassay.facts.comparison import ABSENT, Difference

_CREATES = re.compile(r"CREATE (UNLOGGED |FOREIGN )?TABLE ")


def convergence(states: Iterable[tuple[Catalog, Catalog]]) -> tuple[str, ...]:
    """Each state with the head it is to become. Statements that do nothing where they are not
    needed. What differs is changed between the columns that are missing and what stands on
    columns; what is set on a table that one state lacks comes after the columns that its like in
    another lacks."""
    made: dict[str, None] = {}
    on_tables: dict[str, None] = {}
    changed: dict[str, None] = {}
    standing: dict[str, None] = {}
    states = list(states)
    types: dict[Identity, set[str]] = {}
    for column in (c for state, _ in states for c in state.columns):
        types.setdefault(column.identity, set()).add(column.type)
    for state, head in states:
        found = union(state, head, assumed_in_into=_tables(state))
        for thing in found.added:
            place = standing if found.stands_on_columns(thing) else made
            up = adding(thing, head).up
            first = _creating(up) if isinstance(thing, Table) else len(up)
            place |= dict.fromkeys(up[:first])
            on_tables |= dict.fromkeys(up[first:])
        for differences in _by_object(state, head):
            changed |= dict.fromkeys(type_checks(differences, types))
            changed |= dict.fromkeys(made_alike(differences, INTO, OTHER, head))
    return (*made, *on_tables, *changed, *standing)


def _creating(statements: tuple[str, ...]) -> int:
    """How many of them it takes until the table is there."""
    made = (n for n, s in enumerate(statements, 1) if _CREATES.match(s))
    return next(made, len(statements))


def _tables(state: Catalog) -> frozenset[tuple[str, str]]:
    """Nothing of a state is decided by it: all of it becomes as the head has it."""
    return frozenset(t.table_name for t in state.tables)


def _by_object(state: Catalog, head: Catalog) -> Iterator[list[Difference]]:
    together: dict[tuple[str, str], list[Difference]] = {}
    for difference in compare({INTO: state, OTHER: head}).differences:
        if difference.property not in {"presence", *IGNORED}:
            together.setdefault((difference.kind, difference.subject), []).append(difference)
    yield from together.values()


def in_the_way(found: Catalog, head: Catalog) -> list[str]:
    """What still differs from the head, but for the order of columns; [] where nothing does."""
    differences = compare({INTO: found, OTHER: head}).differences
    return [said(d) for d in differences if d.property not in IGNORED]


def not_of_the_union(
    head: Catalog,
    part: Catalog,
    allowed: frozenset[tuple[str, str]],
    assumed: frozenset[TableName],
) -> list[str]:
    """What `part` has and the head has not, or has otherwise. `allowed` are (subject, property)
    pairs that were decided. How a table is that was only `assumed` in `part` says nothing; that it
    has an object does."""
    found = []
    for difference in compare({INTO: head, OTHER: part}).differences:
        if difference.property in IGNORED:
            continue
        values = dict(difference.values)
        if difference.property == "presence":
            if values.get(INTO) == ABSENT:
                found.append(said(difference))
        elif (
            difference.table_name not in assumed
            and (difference.subject, difference.property) not in allowed
        ):
            found.append(said(difference))
    return found


def said(difference: Difference) -> str:
    """Such as `column public.users.timezone: not null false instead of true`."""
    values = dict(difference.values)
    have, want = values.get(INTO, "?"), values.get(OTHER, "?")
    if difference.property == "presence":
        state = "missing" if have == ABSENT else "too much"
        return f"{difference.kind} {difference.subject} is {state}"
    return f"{difference.kind} {difference.subject}: {difference.property} {have} instead of {want}"
