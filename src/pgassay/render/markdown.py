"""The report as a Markdown document: the migration validation report, written by measurement."""

from __future__ import annotations

from datetime import datetime

from pgassay import __version__
from pgassay.findings import Finding
from pgassay.render.fact_reader import is_partly_isolated, lacking, mapping, text
from pgassay.render.markdown_database import files_analysed
from pgassay.render.markdown_readiness import (
    blocking_conditions,
    checklist,
    checks_table_rows,
    recommended_actions,
    unavailable,
)
from pgassay.render.markdown_sections import sections
from pgassay.render.markdown_text import bullets, code, escape, paragraphs, prose, table
from pgassay.render.summary import by_family, family_name, headline, is_pair, tally
from pgassay.render.unchanged import LABEL, unchanged
from pgassay.verdict import ItemStatus, Report, Verdict

_STATUS = {
    Verdict.SAFE: "SAFE - every line of the readiness checklist is proven",
    Verdict.CLEAR: "CLEAR - no blocker found, readiness not fully proven",
    Verdict.UNSAFE: "UNSAFE - deployment blocked",
    Verdict.UNKNOWN: "UNKNOWN - not proven safe, do not deploy on this evidence",
}


def render_markdown(report: Report) -> str:
    """The whole document, ending in a line feed."""
    parts = [
        _title(report),
        paragraphs("## Executive summary", _summary(report)),
        paragraphs("## Detailed analysis", sections(report)),
        *_readiness(report),
        paragraphs("## Deployment blocking conditions", blocking_conditions(report)),
        paragraphs("## Recommended actions", recommended_actions(report)),
        paragraphs("## What could not be had", unavailable(report)),
        paragraphs("## Appendix", _appendix(report)),
    ]
    return "\n\n---\n\n".join(parts) + "\n"


def _readiness(report: Report) -> list[str]:
    """The checklist; a comparison of two schemas has none."""
    if is_pair(report):
        return []
    return [paragraphs("## Deployment readiness checklist", checklist(report))]


def _title(report: Report) -> str:
    server = mapping(report.facts.get("server"))
    database = f", database {code(text(server, 'database'))}" if text(server, "database") else ""
    lines = (
        f"**Report generated:** {_moment(report.started_at)}",
        f"**System:** {escape(report.project)}{database}",
        f"**Tool:** pgassay {__version__}",
        f"**Status:** {_STATUS[report.verdict]}",
    )
    # Two spaces at the end of a line make a line break in Markdown.
    kind = "Schema comparison" if is_pair(report) else "Database migration validation report"
    return paragraphs(f"# {kind}: {escape(report.project)}", "  \n".join(lines))


def _moment(started_at: str) -> str:
    """`2025-09-03 09:30:00 UTC`; as it was given where it is no moment."""
    try:
        moment = datetime.fromisoformat(started_at)
    except ValueError:
        return escape(started_at)
    return f"{moment:%Y-%m-%d %H:%M:%S %Z}".rstrip()


def _summary(report: Report) -> str:
    sentence = {
        Verdict.SAFE: "Nothing stands against deploying",
        Verdict.CLEAR: "Nothing that was checked stands against deploying",
        Verdict.UNSAFE: "Nothing must be deployed until the blockers are resolved",
        Verdict.UNKNOWN: "Whether deploying is safe is not known",
    }[report.verdict]
    lines = [_family_line(family, members) for family, members in by_family(report.findings)]
    lines += [
        f"**Could not be had: {escape(lost.needs)}** - {prose(lost.reason)}"
        for lost in report.unavailable
    ]
    lines += [
        f"**{escape(item.item)}** - proven: {prose(item.evidence)}"
        for item in report.checklist
        if item.status is ItemStatus.DONE
    ]
    still_open = [i.item for i in report.checklist if i.status is ItemStatus.UNKNOWN]
    if still_open:
        lines.append(f"**Not proven:** {escape('; '.join(still_open))}")
    return paragraphs(
        f"**{sentence}:** {escape(headline(report))}.", "### Key findings", bullets(lines)
    )


def _family_line(family: str, members: tuple[Finding, ...]) -> str:
    """One line for a family: its worst finding in full, the others by their names."""
    first, *others = members
    more = {f.code: f.name.replace("-", " ") for f in others if f.code != first.code}
    named = ", ".join(f"{escape(words)} ({code(found)})" for found, words in more.items())
    also = f" Also: {named}." if more else ""
    return (
        f"**{escape(family_name(family))}: {tally(members)}** - "
        f"{prose(first.message)} ({code(first.code)}){also}"
    )


def _appendix(report: Report) -> str:
    facts = report.facts
    return paragraphs(
        "### Files analysed",
        files_analysed(facts),
        "### How it was measured",
        _how(report),
        "### Checks run",
        table(["Check", "Name", "Result", "Coverage"], checks_table_rows(report))
        if report.checks
        else "None.",
        "### Next review",
        _next_review(report),
    )


def _how(report: Report) -> str:
    facts = report.facts
    settings = text(mapping(facts.get("settings")), "path")
    isolation = facts.get("isolation")
    reason = lacking(isolation)
    apart = f"unavailable ({escape(reason)})" if reason else prose(isolation) or "no code was run"
    partial = not reason and is_partly_isolated(isolation) and "partial" not in apart.lower()
    warning = "PARTIAL: " if partial else ""
    said = prose(unchanged(report.unchanged_since))
    return bullets(
        [
            f"**Configuration:** {code(settings) if settings else 'no file, defaults only'}",
            f"**Scratch server:** {_scratch(report)}",
            *([f"**{LABEL.capitalize()}:** {said}"] if said else ()),
            f"**The project's own code:** {warning}{apart}",
            *_sizes(facts.get("sizes")),
            *_second_opinion(facts.get("second_opinion")),
            f"**Duration:** {report.duration_s:.1f} s",
        ]
    )


def _sizes(sizes: object) -> list[str]:
    """Where how big production's tables are was read, in a run that asked for it."""
    if sizes is None:
        return []
    if reason := lacking(sizes):
        return [f"**Table sizes:** unavailable ({escape(reason)})"]
    facts = mapping(sizes)
    return [f"**Table sizes:** {escape(text(facts, 'source'))}, {_moment(text(facts, 'at'))}"]


def _second_opinion(opinion: object) -> list[str]:
    """What another tool said of the pending SQL, in a run that asked for it."""
    if opinion is None:
        return []
    if reason := lacking(opinion):
        return [f"**Second opinion:** unavailable ({escape(reason)})"]
    facts = mapping(opinion)
    remarks = mapping(facts.get("remarks"))
    told = ", ".join(f"{number} {fate}" for fate, number in remarks.items() if number)
    unread = f"; {facts['unread']} statements unread" if facts.get("unread") else ""
    return [f"**Second opinion:** {escape(text(facts, 'tool'))}: {told or 'no remark'}{unread}"]


def _scratch(report: Report) -> str:
    scratch = report.facts.get("scratch")
    if scratch is None and is_pair(report):
        return "none was started: no text had to be parsed anew"
    if reason := lacking(scratch):
        return f"unavailable ({escape(reason)})"
    facts = mapping(scratch)
    return f"PostgreSQL {escape(text(facts, 'version'))} from {code(text(facts, 'origin'))}"


def _next_review(report: Report) -> str:
    if is_pair(report):
        return "Whenever one of the two may have changed: run the same command again."
    if report.verdict is Verdict.UNSAFE:
        return "After the blockers are resolved: run `pgassay check` again."
    if report.verdict is Verdict.UNKNOWN:
        return "After what is missing can be had: run `pgassay check` again."
    return "With the next migration: run `pgassay check` before it is deployed."
