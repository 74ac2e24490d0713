"""The numbered sections of the Markdown analysis: which families each holds, and how it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pgassay.check import CheckResult, Status
from pgassay.findings import Severity
from pgassay.render.markdown_database import (
    STANDS_WELL,
    connection,
    connection_state,
    data,
    money,
    schema,
)
from pgassay.render.markdown_findings import findings
from pgassay.render.markdown_histories import histories
from pgassay.render.markdown_text import bullets, code, escape, paragraphs, prose
from pgassay.render.plain import counted
from pgassay.render.summary import FAMILIES, briefly, is_pair, of_severity
from pgassay.verdict import Report

_INCOMPLETE = (Status.PARTIAL, Status.UNAVAILABLE, Status.ERROR)


@dataclass(frozen=True, slots=True)
class Section:
    """`covers` says what the section is about, for when no check of it was run; `stands` says
    from the facts how it stands where no check of it was run, or something is missing."""

    title: str
    families: tuple[str, ...]
    covers: str
    body: Callable[[Report], str] | None = None
    stands: Callable[[Report], str] | None = None


SECTIONS: Final = (
    Section(
        "Migration state analysis",
        ("HIS", "MIG"),
        "migration systems, their revisions, and what is pending",
        histories,
    ),
    Section(
        "Connection analysis",
        ("CON",),
        "the connection to the database",
        connection,
        connection_state,
    ),
    Section("Connection pool analysis", ("POL",), "pool sizes, time-outs and poolers"),
    Section(
        "Schema validation",
        ("DRF",),
        "differences between models, migrations and the database",
        schema,
    ),
    Section("Financial data types", ("MON",), "the types of columns that hold money", money),
    Section(
        "Data integrity analysis",
        ("DAT",),
        "orphaned records, foreign keys, negative amounts, duplicates, consistency",
        data,
    ),
    Section(
        "Backup and disaster recovery",
        ("BAK",),
        "backups, their verification, restore drills, and the time and data a disaster costs",
    ),
    Section(
        "Secrets, rights and exposure",
        ("SEC",),
        "passwords in files, rights of the database user, open servers",
    ),
    Section(
        "Rehearsal, live readiness and performance",
        ("REH", "RDY"),
        "migrations and rollbacks tried on a copy, locks, benchmarks, monitoring",
    ),
)

_COMPARISON: Final = Section(
    "Schema comparison", ("DRF",), "differences between the two schemas", schema
)


def sections(report: Report) -> str:
    """Every section with its state in words. What was not checked says so."""
    if is_pair(report):
        return _section(report, _COMPARISON, 1)
    known = {family for section in SECTIONS for family in section.families}
    seen = {f.code[:3] for f in report.findings}
    seen |= {r.code[:3] for r in report.checks if r.status is not Status.VACUOUS}
    others = sorted(seen - known)
    extra = [Section(FAMILIES.get(f, f), (f,), "findings of this kind") for f in others]
    return "\n\n".join(
        _section(report, section, number) for number, section in enumerate([*SECTIONS, *extra], 1)
    )


def _section(report: Report, section: Section, number: int) -> str:
    found = [f for f in report.findings if f.code[:3] in section.families]
    results = [r for r in report.checks if r.code[:3] in section.families]
    asked = [r for r in results if r.status is not Status.SKIPPED]
    title = f"### {number}. {section.title} - {_state(report, section)}"
    unasked = ""
    if not asked and not found and not section.stands:
        why = "not asked for in this run" if results else "not checked by this run"
        unasked = f"**Not measured:** {section.covers}: {why}, so nothing here says it is fine."
    return paragraphs(
        title,
        unasked,
        section.body(report) if section.body else "",
        findings(found),
        _not_seen(report, asked),
        _passed(asked),
    )


def _state(report: Report, section: Section) -> str:
    """How a section stands, such as `2 BLOCKERS, INCOMPLETE`."""
    found = [f for f in report.findings if f.code[:3] in section.families]
    results = [r for r in report.checks if r.code[:3] in section.families]
    statuses = {r.status for r in results} - {Status.SKIPPED}
    words = [
        counted(len(counting), severity.value).upper()
        for severity in (Severity.BLOCKER, Severity.WARNING)
        if (counting := of_severity(found, severity))
    ]
    old = sum(f.is_old for f in found)
    if waived := sum(f.waived for f in found) - old:
        words.append(f"{waived} WAIVED")
    if old:
        words.append(f"{old} IN THE BASELINE")
    if statuses & set(_INCOMPLETE):
        only = statuses <= {Status.UNAVAILABLE, Status.ERROR}
        words.append("COULD NOT BE CHECKED" if only else "INCOMPLETE")
    stands = section.stands(report) if section.stands and not found else ""
    if stands and (not statuses or stands != STANDS_WELL):
        return stands
    if words:
        return ", ".join(words)
    if not statuses and not found:
        return "NOT ASKED FOR" if results else "NOT MEASURED"
    return "NOTHING TO CHECK" if statuses == {Status.VACUOUS} else "PASSED"


def _not_seen(report: Report, results: list[CheckResult]) -> str:
    lost = [r for r in results if r.status in _INCOMPLETE]
    if not lost:
        return ""
    lines = (
        f"{code(r.code)} {escape(r.name)}: {r.status.value}"
        + (f", {prose(briefly(report, r.coverage))}" if r.coverage else "")
        for r in lost
    )
    return paragraphs("#### Not checked in full", bullets(lines))


def _passed(results: list[CheckResult]) -> str:
    passed = [f"{code(r.code)} {escape(r.name)}" for r in results if r.status is Status.PASSED]
    return f"**Checks that found nothing wrong:** {', '.join(passed)}." if passed else ""
