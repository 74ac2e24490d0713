"""The findings in the terminal report, family by family."""

from __future__ import annotations

import re

from rich.text import Text

from pgassay.findings import Finding
from pgassay.render.advice import Block, blocks, evidence_lines
from pgassay.render.plain import clean, name, one_line
from pgassay.render.summary import by_family, family_name, tally, waived_by
from pgassay.render.terminal_lines import (
    LABELS,
    Lines,
    fits,
    heading,
    styled,
    wrapped,
)
from pgassay.verdict import Report

_MESSAGE_LINES = 3
_FIX_LINES = 3
_EVIDENCE_LINES = 12

_PYTHON = re.compile(r"\bop\.|^\s*(?:def|import|from|with) ", re.MULTILINE)


def findings(report: Report, width: int, verbose: int) -> Lines:
    """Every finding under its family's heading; those that the baseline has only where asked for,
    else their number."""
    lines: Lines = []
    for family, members in by_family(report.findings):
        shown = [m for m in members if verbose > 0 or not m.is_old]
        if not shown:
            continue
        lines += heading(family_name(family), width, tally(members))
        for member in shown:
            lines += _finding(member, width, verbose)
    return lines


def brief_findings(report: Report) -> Lines:
    """One line a finding, however long; none for those that the baseline has."""
    lines: Lines = []
    for _, members in by_family(report.findings):
        for member in members:
            if member.is_old:
                continue
            line = _mark(member)
            line.append(f"{member.code} ")
            line.append(name(member.subject), style="bold")
            line.append(f": {one_line(member.message)}")
            lines.append(line)
    return lines


def _mark(finding: Finding) -> Text:
    word, style = LABELS[finding.severity]
    if finding.waived:
        word, style = "old" if finding.is_old else "waived", "dim"
    return Text.assemble((f"{word:<8}", style))


def _finding(finding: Finding, width: int, verbose: int) -> Lines:
    indent = 4
    place = name(finding.location) if finding.location else ""
    subject = name(finding.subject)
    if finding.location and finding.location.path == finding.subject:
        subject, place = place, ""
    shown = [finding.code, name(finding.name), subject]
    beside = bool(place) and fits([" " * 10, *shown, place], width)
    title = Text.assemble(finding.code, " ", (name(finding.name), "dim"), "  ", (subject, "bold"))
    if beside:
        title.append(f"  {place}", style="dim")
    lines = wrapped(title, width, indent=2, label=_mark(finding))
    if place and not beside:
        lines += wrapped(Text(f"at {place}", style="dim"), width, indent=indent)
    message = one_line(finding.message)
    lines += wrapped(message, width, indent=indent, limit=0 if verbose > 0 else _MESSAGE_LINES)
    if verbose > 0:
        why = Text("why: ", style="bold")
        lines += wrapped(one_line(finding.why), width, indent=indent, label=why)
        lines += _evidence(finding, width, verbose)
    if waiver := waived_by(finding):
        lines += wrapped(Text(waiver, style="dim"), width, indent=indent)
    if finding.waived and verbose <= 0:
        return lines
    return lines + _fix(finding, width, verbose)


def _fix(finding: Finding, width: int, verbose: int) -> Lines:
    """The fix in whole blocks: to its first command always, the rest while there is room.

    A cut right before more code, or before what introduces it, is behind that code's first line.
    """
    lines: Lines = []
    commanded = False
    label = Text("fix: ", style="bold green")
    found = blocks(finding.fix)
    for at, block in enumerate(found):
        part = _block(block, width, label)
        if verbose <= 0 and commanded and len(lines) + len(part) > _FIX_LINES:
            return lines + _cut(found[at:], width)
        lines += part
        commanded = commanded or block.kind == "code"
        label = Text("     ")
    return lines


def _cut(rest: tuple[Block, ...], width: int) -> Lines:
    """The first line of code that `rest` begins with, and that more follows."""
    label = Text("     ")
    introduced = len(rest) > 1 and rest[0].kind != "code" and rest[0].text.endswith(":")
    intro, behind = rest[:introduced], rest[introduced:]
    lines: Lines = []
    if behind[0].kind == "code":
        first, _, more = behind[0].text.strip("\n").partition("\n")
        for block in (*intro, Block("code", first)):
            lines += _block(block, width, label)
        if not more and not behind[1:]:
            return lines
    return lines + wrapped(Text("... (-v shows the rest)", style="dim"), width, indent=9)


def _block(block: Block, width: int, label: Text) -> Lines:
    if block.kind != "code":
        return wrapped(block.text, width, indent=4, label=label)
    lines: Lines = []
    is_python = _PYTHON.search(block.text) is not None
    for line in block.text.split("\n"):
        if not is_python:
            # SQL and commands are the same in two lines.
            lines += wrapped(Text(line, style="cyan"), width, indent=4, label=label)
            label = Text("     ")
            continue
        # Broken in the middle it would be other code.
        lines.append(Text.assemble("    ", label, (line, "cyan")))
        label = Text("     ")
    return lines


def _evidence(finding: Finding, width: int, verbose: int) -> Lines:
    shown = evidence_lines(finding.evidence)
    if not shown:
        return []
    lines = wrapped(Text("evidence:", style="bold"), width, indent=4)
    limit = len(shown) if verbose > 1 else _EVIDENCE_LINES
    for line in shown[:limit]:
        depth = len(line) - len(line.lstrip())
        lines += wrapped(Text(clean(line.strip()), style="dim"), width, indent=6 + depth)
    if len(shown) > limit:
        lines += wrapped(styled("... (-vv shows all)", "dim"), width, indent=6)
    return lines
