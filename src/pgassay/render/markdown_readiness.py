"""Readiness in the Markdown report: checklist, blocking conditions, actions, what is missing."""

from __future__ import annotations

from collections import Counter

from pgassay.findings import Severity
from pgassay.render.markdown_findings import actions, fix_text
from pgassay.render.markdown_text import bullets, code, codes, escape, fence, paragraphs, prose
from pgassay.render.plain import clean, counted
from pgassay.render.summary import briefly, by_family, family_name, of_severity, proven
from pgassay.verdict import ChecklistItem, ItemStatus, Report

_DETAIL_LINES = 40


def checklist(report: Report) -> str:
    """The readiness checklist; only what is proven has its box ticked."""
    if not report.checklist:
        return "No checklist was made in this run."
    items = "\n".join(_item(report, item) for item in report.checklist)
    return paragraphs(f"{proven(report).capitalize()}.", items)


def _item(report: Report, item: ChecklistItem) -> str:
    box = "x" if item.status is ItemStatus.DONE else " "
    word = {
        ItemStatus.DONE: "proven",
        ItemStatus.BLOCKED: "BLOCKED",
        ItemStatus.UNKNOWN: "unknown",
    }[item.status]
    said = prose(briefly(report, item.evidence))
    by = codes(found for found in item.codes if found not in item.evidence)
    line = f"- [{box}] **{escape(item.item)}** - {word}{f' by {by}' if by else ''}"
    return f"{line}: {said}" if said else line


def blocking_conditions(report: Report) -> str:
    """What has to be so before anything is deployed."""
    blockers = of_severity(report.findings, Severity.BLOCKER)
    if not blockers and not report.unavailable:
        return "None: no blocker was found, and everything asked for could be had."
    opening = (
        "**PRODUCTION DEPLOYMENT IS BLOCKED UNTIL:**"
        if blockers
        else "**NO BLOCKER WAS SEEN, BUT SAFETY IS NOT PROVEN UNTIL:**"
    )
    lines = [
        f"- [ ] {escape(family_name(family))}: {counted(len(members), 'blocker')} resolved "
        f"({codes(dict.fromkeys(member.code for member in members))})"
        for family, members in by_family(blockers)
    ]
    lines += [
        f"- [ ] {escape(needs)} can be had"
        for needs in dict.fromkeys(lost.needs for lost in report.unavailable)
    ]
    return paragraphs(opening, "\n".join(lines))


def recommended_actions(report: Report) -> str:
    """The blockers' fixes, then the warnings'; numbered through."""
    blockers = of_severity(report.findings, Severity.BLOCKER)
    warnings = of_severity(report.findings, Severity.WARNING)
    immediate = actions(blockers, 1, impact=True)
    immediate += _to_be_had(report, len(immediate) + 1)
    later = actions(warnings, len(immediate) + 1)
    return paragraphs(
        paragraphs("### Immediate actions (before any deployment)", *immediate)
        if immediate
        else "",
        paragraphs("### High priority actions", *later) if later else "",
        _prove(report) if not immediate and not later else "",
    )


def _to_be_had(report: Report, start: int) -> list[str]:
    """What to do about each missing thing for which a next step is known."""
    lost = [missing for missing in report.unavailable if missing.next_step.strip()]
    return [
        paragraphs(
            f"#### {number}. Make it possible to read: {escape(missing.needs)}",
            f"**Impact:** {prose(missing.reason)}",
            fix_text(missing.next_step, "**Required:**"),
        )
        for number, missing in enumerate(lost, start)
    ]


def _prove(report: Report) -> str:
    open_items = [item for item in report.checklist if item.status is not ItemStatus.DONE]
    if not open_items:
        return "None."
    shown = bullets(escape(item.item) for item in open_items)
    return paragraphs("No finding asks for action. Not proven yet:", shown)


def unavailable(report: Report) -> str:
    """What could not be had, why, and what to do next."""
    if not report.unavailable:
        return "Everything that was asked for could be had."
    parts: list[str] = []
    for lost in report.unavailable:
        detail = clean(lost.detail).strip("\n").split("\n")[-_DETAIL_LINES:]
        parts += [
            f"### {escape(lost.needs)}",
            f"**Reason:** {prose(lost.reason)}",
            fix_text(lost.next_step, "**Next step:**"),
            fence("\n".join(detail)) if any(line.strip() for line in detail) else "",
        ]
    return paragraphs(*parts)


def checks_table_rows(report: Report) -> list[list[str]]:
    """Every check with how it ended."""
    found = Counter(finding.code for finding in report.findings)
    return [
        [
            code(result.code),
            escape(result.name),
            result.status.value,
            ", ".join(
                part
                for part in (
                    counted(found[result.code], "finding") if found[result.code] else "",
                    prose(briefly(report, result.coverage)),
                )
                if part
            )
            or "-",
        ]
        for result in sorted(report.checks, key=lambda result: result.code)
    ]
