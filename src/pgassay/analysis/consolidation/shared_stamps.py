"""Telling which of two histories made a database, where its stamp is an id of both."""

from __future__ import annotations

from collections.abc import Iterable

from pgassay.analysis.consolidation.precedence import INTO, OTHER
from pgassay.analysis.consolidation.union import IGNORED
from pgassay.analysis.object_presence import is_so, is_there
from pgassay.analysis.schema_diff import compare
from pgassay.analysis.sql_identifier import literal
from pgassay.facts.catalog import KINDS, Catalog, Column, SchemaObject, Table
from pgassay.facts.comparison import ABSENT, Difference
from pgassay.facts.consolidation import SharedStamp

_MOST = 3
"""Of each side: one object may have been made or dropped by hand."""
_NEITHER = "neither, as it was proven: do not guess"


def shared_stamp(
    revision: str, rows: tuple[str, str], made: tuple[Catalog, Catalog]
) -> SharedStamp:
    """`made` is what each history has made by that revision, `rows` the names of the two states in
    the table of what to run, in the same order."""
    found = [
        d for d in compare({INTO: made[0], OTHER: made[1]}).differences if d.property not in IGNORED
    ]
    if not found:
        return SharedStamp(revision, rows)
    signs = _of_one_alone(*made)
    if not any(signs):
        signs = _otherwise(found)
    query = _query(rows, signs) if any(signs) else ""
    return SharedStamp(revision, rows, query, tuple(_said(d, rows) for d in found))


def _said(difference: Difference, rows: tuple[str, str]) -> str:
    values, name = dict(difference.values), f"{difference.kind} {difference.subject}"
    mine, theirs = values.get(INTO) or "none", values.get(OTHER) or "none"
    if difference.property == "presence":
        return f"{name}: only {rows[mine == ABSENT]} has it"
    return f"{name}: {difference.property} {mine} in {rows[0]}, {theirs} in {rows[1]}"


def _query(rows: tuple[str, str], signs: tuple[list[str], list[str]]) -> str:
    """Each side's row where all of its signs are there, and none of the other's."""

    def case(own: list[str], others: list[str], row: str) -> str:
        every = [*own, *(_not(sign) for sign in others)]
        return f"  WHEN {f'{chr(10)}    AND '.join(every)}\n    THEN {literal(row)}\n"

    cases = case(signs[0], signs[1], rows[0]) + case(signs[1], signs[0], rows[1])
    return f'SELECT CASE\n{cases}  ELSE {literal(_NEITHER)}\nEND AS "the database is";'


def _not(sign: str) -> str:
    asked, there, rest = sign.partition(" IS NOT NULL")
    return f"{asked} IS NULL" if there and not rest else f"NOT {sign}"


def _of_one_alone(mine: Catalog, theirs: Catalog) -> tuple[list[str], list[str]]:
    """What only one of them has: tables before columns, and these before anything else."""
    asked = [{is_there(t): t for t in c.objects()} for c in (mine, theirs)]

    def of(own: dict[str, SchemaObject], others: Iterable[str]) -> list[str]:
        alone = {sign: t for sign, t in own.items() if sign and sign not in set(others)}
        ranks = {sign: _rank(t) for sign, t in alone.items()}
        best = min(ranks.values(), default=None)
        return [sign for sign, rank in ranks.items() if rank == best][:_MOST]

    return of(asked[0], asked[1]), of(asked[1], asked[0])


def _otherwise(differences: Iterable[Difference]) -> tuple[list[str], list[str]]:
    """What both have, and each in a shape of its own."""
    mine: list[str] = []
    theirs: list[str] = []
    for difference in differences:
        objects = dict(difference.objects)
        signs = [is_so(objects[s], difference.property) for s in (INTO, OTHER) if s in objects]
        if len(signs) == 2 and all(signs) and len(mine) < _MOST:
            mine.append(signs[0])
            theirs.append(signs[1])
    return mine, theirs


def _rank(thing: SchemaObject) -> int:
    return {Table: -2, Column: -1}.get(type(thing), KINDS.index(type(thing)))
