"""DRF020: two schemas that somebody asked to compare are not the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pgassay.analysis.alembic_operations import in_op_execute
from pgassay.analysis.drift_consequence import Consequence, consequence, spoken
from pgassay.analysis.drift_repair import create_by_hand, drop_by_hand, make_alike
from pgassay.analysis.presumed_owner import presumed_owner
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import SchemaObject
from pgassay.facts.comparison import ABSENT, PRESENT, Difference
from pgassay.facts.schema_pair import A, B, PairAssay, PairSide, SchemaPair
from pgassay.findings import Finding, Severity

_LONG = 72
_SWITCHES = frozenset(("row_security", "force_row_security", "enabled", "cycle"))
_LOSING = ("DROP TABLE", "DROP SCHEMA")


def find_schemas_differ(check: Check, assay: Assay) -> Iterator[Finding]:
    """Two schemas that were compared with `pgassay schema diff A B` are not the same.

    What:
      An object is in one of them only, or one of its properties has another value there. Texts that
      PostgreSQL writes in two ways and that mean the same are no difference: the report lists them
      as settled, and what could not be decided says so.

    Why:
      What follows depends on what differs: lost data, wrong rows let in, rights, failing queries,
      slower ones, or only a name. The severity follows from that, and each finding says it.

    Fix:
      Decide which side is right, and make the other one like it. The finding has the SQL for both
      ways where no data is at stake; what belongs to a history is written as a revision.

    Example:
      pgassay schema diff production.json env:STAGING_URL
      Table public.accounts: row security is on in A and off in B.
    """
    assert isinstance(assay, PairAssay)
    assert isinstance(assay.pair, SchemaPair)
    for found in assay.pair.comparison.differences:
        what = consequence(found)
        yield check.finding(
            found.subject,
            _message(found, assay.pair),
            why=f"{what.area.capitalize()}: {what.sentence}{_undecided(found)}",
            fix=_fix(found, assay.pair),
            severity=what.severity,
            evidence=_evidence(found, what),
        )


def _message(found: Difference, pair: SchemaPair) -> str:
    values = dict(found.values)
    subject = f"{found.kind.capitalize()} {found.subject}"
    also = f" With it: {', '.join(found.also)}." if found.also else ""
    if found.property == "presence":
        has, lacks = (pair.a, pair.b) if values.get(A) == PRESENT else (pair.b, pair.a)
        return f"{subject} is in {has.name} and not in {lacks.name}.{also}"
    a, b = (_short(found.property, values.get(side, "")) for side in (A, B))
    name = spoken(found.property)
    verb = "are" if name.endswith("s") and not name.endswith("ss") else "is"
    presumed = "".join(
        presumed_owner(found, side, of.catalog, other.name)
        for side, of, other in ((A, pair.a, pair.b), (B, pair.b, pair.a))
        if of.of == "history"
    )
    said = f"{subject}: {name} {verb} {a} in {pair.a.name} and {b} in {pair.b.name}."
    return said + presumed + also


def _short(property_: str, value: str) -> str:
    if property_ in _SWITCHES and value in ("yes", "no"):
        return "on" if value == "yes" else "off"
    line = " ".join(value.split()) or "none"
    return line if len(line) <= _LONG else f"{line[: _LONG - 4]} ..."


def _undecided(found: Difference) -> str:
    if not found.undecided:
        return ""
    return (
        " The two may mean the same and only be written in two ways: scratch could not tell, "
        f"because {found.undecided.rstrip('. ')}."
    )


def _evidence(found: Difference, what: Consequence) -> dict[str, Any]:
    values = dict(found.values)
    evidence: dict[str, Any] = {
        "kind": found.kind,
        "object": found.subject,
        "property": found.property,
        "old": values.get(A),
        "new": values.get(B),
        "consequence": what.area.value,
    }
    if found.also:
        evidence["also"] = list(found.also)
    if found.undecided:
        evidence["undecided"] = found.undecided
    return evidence


def _fix(found: Difference, pair: SchemaPair) -> str:
    """Both ways, since nobody said which side is right."""
    objects = dict(found.objects)
    there = {side: value for side, value in found.values if value != ABSENT}
    ways = []
    for side, to_change, like in ((B, pair.b, pair.a), (A, pair.a, pair.b)):
        right = A if side == B else B
        statements = _statements(found, objects, there, side, right, to_change, like)
        ways.append(_way(to_change, like, statements))
    return "\n".join(ways)


def _way(to_change: PairSide, like: PairSide, statements: Iterable[str]) -> str:
    if to_change.of == "history":
        statements = map(in_op_execute, statements)
    lines = [line for statement in statements for line in statement.split("\n")]
    where = {
        "history": f"write a revision for {to_change.name}",
        "models": "change the models",
    }.get(to_change.of, f"change {to_change.name}")
    said = f"To follow {like.name}, {where}"
    if any(line.startswith(_LOSING) or " DROP COLUMN " in line for line in lines):
        said += ", which loses the data in it"
    if to_change.of == "models":
        return f"{said}."
    if not lines:
        return f"{said} by hand: PostgreSQL has no statement that does it in place."
    return "\n".join((f"{said}:", *(f"    {line}" for line in lines)))


def _statements(
    found: Difference,
    objects: dict[str, SchemaObject],
    there: dict[str, str],
    wrong: str,
    right: str,
    to_change: PairSide,
    like: PairSide,
) -> list[str]:
    """SQL that makes the wrong side's object as the right side has it; [] where a person must."""
    if found.property != "presence":
        return make_alike([found], wrong, right, like.catalog, to_change.catalog)
    if right in there and right in objects:
        return create_by_hand(objects[right], like.catalog, to_change.catalog)
    return drop_by_hand(objects[wrong], to_change.catalog) if wrong in objects else []


PAIR_CHECKS: tuple[Check, ...] = (
    Check("DRF020", "schemas-differ", Severity.BLOCKER, find_schemas_differ, needs=("pair",)),
)
"""Checks of `pgassay schema diff`; `pgassay check`, which knows more sides, has its own."""
