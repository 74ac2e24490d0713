"""What every renderer says first: the verdict in one sentence, the families, the next step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pgassay.findings import Finding, Severity
from pgassay.render.fact_reader import lacking, mapping
from pgassay.render.left_out import not_compared
from pgassay.render.plain import counted, name, one_line
from pgassay.verdict import ItemStatus, Report, Verdict

FAMILIES: Final = {
    "HIS": "Migration histories",
    "MIG": "Pending migrations",
    "DRF": "Schema drift",
    "MON": "Money",
    "DAT": "Data",
    "CON": "Connection",
    "POL": "Connection pool",
    "RDY": "Live readiness",
    "BAK": "Backups",
    "REH": "Rehearsal",
    "SEC": "Secrets, rights and exposure",
    "WAI": "Waivers",
}
"""Family code -> heading, in the order in which reports show them."""


def family_name(code: str) -> str:
    """The heading of the family that a code belongs to."""
    return FAMILIES.get(code[:3], code[:3])


def by_family(findings: Iterable[Finding]) -> list[tuple[str, tuple[Finding, ...]]]:
    """(family, its findings worst first); the families with the worst findings first."""
    order = list(FAMILIES)
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=shown_order):
        groups.setdefault(finding.code[:3], []).append(finding)

    def rank(family: str) -> tuple[tuple[bool, int], int, str]:
        known = order.index(family) if family in order else len(order)
        return (shown_order(groups[family][0])[:2], known, family)

    return [(family, tuple(groups[family])) for family in sorted(groups, key=rank)]


def shown_order(finding: Finding) -> tuple[bool, int, tuple[int, str, str, str]]:
    """Worst first; waived findings after all others."""
    return (finding.waived, finding.severity.rank, finding.order)


def of_severity(findings: Iterable[Finding], severity: Severity) -> list[Finding]:
    """The findings that count: those of this severity that are not waived."""
    return [f for f in findings if f.severity is severity and not f.waived]


def tally(findings: Iterable[Finding]) -> str:
    """`6 blockers, 2 info, 1 waived, 9 in the baseline`; "" when there is nothing."""
    found = list(findings)
    parts = [
        counted(len(counting), severity.value, "info" if severity is Severity.INFO else "")
        for severity in Severity
        if (counting := of_severity(found, severity))
    ]
    old = sum(f.is_old for f in found)
    if waived := sum(f.waived for f in found) - old:
        parts.append(f"{waived} waived")
    if old:
        parts.append(f"{old} in the baseline")
    return ", ".join(parts)


def waived_by(finding: Finding) -> str:
    """`waived by ana@x until 2027-03-31: reason`; "" where no waiver covers it."""
    accepted = finding.acceptance
    if accepted is None or accepted.by != "waiver":
        return ""
    return one_line(f"waived by {accepted.owner} until {accepted.until}: {accepted.reason}")


def proven(report: Report) -> str:
    """`3 of 7 proven`."""
    done = sum(item.status is ItemStatus.DONE for item in report.checklist)
    return f"{done} of {len(report.checklist)} proven"


def is_pair(report: Report) -> bool:
    """Whether the run compared two schemas, and looked at nothing else."""
    return "pair" in report.facts


def without_database(report: Report) -> str:
    """`no database was asked for, so 12 checks were left out`; "" where one was."""
    told = mapping(report.facts.get("without_database"))
    if not told:
        return ""
    left_out = int(told.get("checks_left_out", 0))
    if not left_out:
        return "no database was asked for"
    were = "was" if left_out == 1 else "were"
    return f"no database was asked for, so {counted(left_out, 'check')} {were} left out"


def headline(report: Report) -> str:
    """The verdict's one sentence, without the verdict's own word."""
    unasked = without_database(report)
    return _sentence(report) + (f"; {unasked}" if unasked else "")


def _sentence(report: Report) -> str:
    found = tally(report.findings)
    missing = ", ".join(dict.fromkeys(name(lost.needs) for lost in report.unavailable))
    if report.verdict is Verdict.UNSAFE:
        return found + (f"; could not be had: {missing}" if missing else "")
    seen = f"no blocker, {found}" if found else "no blocker"
    if report.verdict is Verdict.UNKNOWN:
        return f"{seen} in what was seen; could not be had: {missing or 'see the checks'}"
    if is_pair(report):
        sentence = f"{seen} between the two schemas" if found else "the two schemas are the same"
    else:
        sentence = f"{seen}, {proven(report)}"
    if report.verdict is Verdict.CLEAR and report.gate:
        sentence += "; the gate demands all of them"
    unseen = not_compared(report.facts)
    return sentence + (f"; not compared: {unseen}" if unseen else "")


def briefly(report: Report, reason: str) -> str:
    """`reason`, or only what was lacking where the report gives the same reason elsewhere."""
    for lost in report.unavailable:
        if one_line(lost.reason) == one_line(reason):
            return f"{name(lost.needs)} could not be had"
    return one_line(reason)


def absence(report: Report, value: object) -> str:
    """Why a fact is not there, briefly; "" when it is there."""
    reason = lacking(value)
    return briefly(report, reason) if reason else ""


def next_step(report: Report) -> str:
    """What to run or do next, "" when nothing is left to do."""
    families = by_family(f for f in report.findings if not f.waived)
    worst = families[0][1][0] if families else None
    blocked = report.verdict is Verdict.UNSAFE
    if report.verdict is Verdict.UNKNOWN:
        steps = (one_line(lost.next_step) for lost in report.unavailable)
        return next((step for step in steps if step), "pgassay check -v")
    if worst and (blocked or worst.severity is not Severity.INFO):
        return f"pgassay explain {worst.code}"
    if report.verdict is Verdict.CLEAR:
        still_open = [i.item for i in report.checklist if i.status is not ItemStatus.DONE]
        return f"prove what is open: {', '.join(map(one_line, still_open))}" if still_open else ""
    return ""
