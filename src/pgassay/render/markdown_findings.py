"""Findings in the Markdown report: one block for all that share a defect and its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from pgassay.findings import Finding, Severity
from pgassay.render.advice import blocks, evidence_lines
from pgassay.render.markdown_text import bullets, code, codes, escape, fence, paragraphs, prose
from pgassay.render.plain import counted, name
from pgassay.render.summary import by_family, shown_order, waived_by

_EVIDENCE_LINES = 40

SEVERITIES = {Severity.BLOCKER: "BLOCKER", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def findings(found: Iterable[Finding], title: str = "#### Issues identified") -> str:
    """The findings under a title; "" when there are none. Those that the baseline has are named
    only."""
    found = list(found)
    old = [f"{code(f.code)} {code(f.subject)}" for f in sorted(found, key=shown_order) if f.is_old]
    ordered = sorted((f for f in found if not f.is_old), key=shown_order)
    groups = groupby(ordered, key=lambda f: (f.waived, f.severity, f.code, f.name, f.why))
    shown = [_group(list(members)) for _, members in groups]
    return paragraphs(
        paragraphs(title, *shown) if shown else "",
        paragraphs("#### In the baseline", bullets(old)) if old else "",
    )


def _group(members: Sequence[Finding]) -> str:
    first = members[0]
    state = "WAIVED" if first.waived else SEVERITIES[first.severity]
    count = f" ({len(members)})" if len(members) > 1 else ""
    fixes = list(dict.fromkeys(member.fix for member in members if member.fix.strip()))
    return paragraphs(
        f"##### {state}: {code(first.code)} {escape(first.name)}{count}",
        bullets(_message(member) for member in members),
        f"**Why it matters:** {prose(first.why)}" if first.why else "",
        *(_fix_of(fix, members if len(fixes) > 1 else ()) for fix in fixes),
        *(_evidence(member, len(members) > 1) for member in members),
    )


def _message(finding: Finding) -> str:
    place = f" (at {code(finding.location)})" if finding.location else ""
    waiver = f" ({prose(waived_by(finding))})" if finding.waived else ""
    return f"**{code(finding.subject)}**{place}: {prose(finding.message)}{waiver}"


def _fix_of(fix: str, members: Sequence[Finding]) -> str:
    """`fix`, with the subjects it is for where the group has several fixes."""
    subjects = codes(member.subject for member in members if member.fix == fix)
    return fix_text(fix, f"**Fix for {subjects}:**" if subjects else "**Fix:**")


def fix_text(fix: str, label: str = "") -> str:
    """A fix as paragraphs, lists and blocks to paste, behind its label."""
    parts: list[str] = []
    for block in blocks(fix):
        if block.kind == "code":
            shown = fence(block.text, block.language)
        elif block.kind == "item":
            mark, _, rest = block.text.partition(" ")
            shown = f"{'-' if mark in '-*' else mark} {prose(rest)}"
        else:
            shown = prose(block.text)
        if not parts and label and block.kind == "prose":
            parts.append(f"{label} {shown}")
            continue
        if not parts and label:
            parts.append(label)
        after_item = parts and block.kind == "item" and _is_item(parts[-1])
        parts.append(("\n" if after_item else "\n\n") + shown if parts else shown)
    return "".join(parts)


def _is_item(part: str) -> bool:
    mark = part.lstrip("\n").partition(" ")[0]
    return mark == "-" or mark.rstrip(".)").isdigit()


def _evidence(finding: Finding, several: bool) -> str:
    lines = evidence_lines(finding.evidence)
    if not lines:
        return ""
    if len(lines) > _EVIDENCE_LINES:
        more = counted(len(lines) - _EVIDENCE_LINES, "more line")
        lines = [*lines[:_EVIDENCE_LINES], f"... {more}: the JSON report has them all"]
    of = f" for {code(finding.subject)}" if several else ""
    return f"**Evidence{of}:**\n\n{fence(chr(10).join(lines))}"


def actions(found: Iterable[Finding], start: int, *, impact: bool = False) -> list[str]:
    """Numbered actions, one for all findings that the same fix resolves."""
    merged: dict[tuple[str, str], list[Finding]] = {}
    for _, members in by_family(found):
        for member in members:
            merged.setdefault((member.code, member.fix), []).append(member)
    return [
        paragraphs(
            f"#### {number}. {_action_title(members)}",
            f"**Impact:** {prose(members[0].why)}" if impact and members[0].why else "",
            fix_text(members[0].fix, "**Required:**" if impact else "")
            or f"See {code(f'pgassay explain {members[0].code}')}.",
        )
        for number, members in enumerate(merged.values(), start)
    ]


def _action_title(members: Sequence[Finding]) -> str:
    first = members[0]
    words = name(first.name).replace("-", " ")
    subjects = codes(member.subject for member in members)
    return f"{escape(words[:1].upper() + words[1:])} ({code(first.code)}): {subjects}"
