"""The report for a terminal: the verdict first, the next step last."""

from __future__ import annotations

from collections import Counter

from rich.text import Text

from pgassay.check import Status
from pgassay.render.advice import blocks
from pgassay.render.fact_reader import is_partly_isolated, mapping, text
from pgassay.render.plain import clean, counted, name, one_line
from pgassay.render.summary import briefly, headline, next_step, proven
from pgassay.render.terminal_findings import brief_findings, findings
from pgassay.render.terminal_lines import Lines, heading, pairs, printed, styled, wrapped
from pgassay.render.terminal_systems import systems
from pgassay.render.unchanged import LABEL, unchanged
from pgassay.verdict import ItemStatus, Report, Verdict

_BADGES = {
    Verdict.SAFE: "bold white on green",
    Verdict.CLEAR: "bold white on blue",
    Verdict.UNSAFE: "bold white on red",
    Verdict.UNKNOWN: "bold black on yellow",
}
_ITEMS = {
    ItemStatus.DONE: ("[x]", "proven", "green"),
    ItemStatus.BLOCKED: ("[ ]", "BLOCKED", "bold red"),
    ItemStatus.UNKNOWN: ("[ ]", "unknown", "yellow"),
}
_DETAIL_LINES = 20


def render_terminal(report: Report, *, width: int, color: bool, verbose: int = 0) -> str:
    """The report in lines of at most `width` columns; code to paste stays as it is.

    `verbose` -1: the verdict, one line a finding and one a thing that could not be had, each whole
    and so of any width; 1: why and evidence too; 2: all of it.
    """
    verdict = _verdict(report, color)
    if verbose < 0:
        brief = [Text.assemble(*verdict), *brief_findings(report), *_brief_unavailable(report)]
        if said := unchanged(report.unchanged_since):
            brief.append(Text(f"{LABEL}: {said}"))
        return printed(brief, width=width, color=color)
    label, sentence = verdict
    lines = wrapped(sentence, width, label=label)
    lines += _subject(report, width)
    lines += findings(report, width, verbose)
    lines += systems(report, width)
    lines += _unavailable(report, width, verbose)
    lines += _checklist(report, width)
    lines += _footer(report, width, verbose)
    return printed(lines, width=width, color=color)


def _verdict(report: Report, color: bool) -> tuple[Text, Text]:
    """The verdict's word, and its sentence."""
    word = report.verdict.value.upper()
    badge = Text(f" {word} " if color else word, style=_BADGES[report.verdict])
    return Text.assemble(badge, "  " if not color else " "), styled(headline(report), "bold")


def _subject(report: Report, width: int) -> Lines:
    """What was assayed, in one dim line."""
    server = mapping(report.facts.get("server"))
    shown = [name(report.project)]
    if server:
        shown.append(f"PostgreSQL {text(server, 'version') or 'of unknown version'}")
        if text(server, "service"):
            shown[-1] += f" ({text(server, 'service')})"
        shown.append(f"at {text(server, 'url') or 'an unknown place'}")
    return wrapped(Text("  ".join(shown), style="dim"), width)


def _brief_unavailable(report: Report) -> Lines:
    """One line a thing that could not be had, with what to do next."""
    lines: Lines = []
    for lost in report.unavailable:
        label = (f"{name(lost.needs)}:", "bold")
        line = Text.assemble(("unknown ", "yellow"), label, f" {one_line(lost.reason)}")
        if step := one_line(lost.next_step):
            line.append(" next: ", style="bold green").append(step)
        lines.append(line)
    return lines


def _unavailable(report: Report, width: int, verbose: int) -> Lines:
    if not report.unavailable:
        return []
    lines = heading("Could not be had", width, "and so not known to be fine")
    for lost in report.unavailable:
        label = Text(f"{name(lost.needs)}: ", style="bold yellow")
        lines += wrapped(Text.assemble(label, styled(one_line(lost.reason))), width, indent=2)
        for block in blocks(lost.next_step):
            step = Text("next: ", style="bold green")
            lines += wrapped(" ".join(block.text.split()), width, indent=4, label=step)
        if verbose > 0 and lost.detail.strip():
            detail = clean(lost.detail).strip("\n").split("\n")
            kept = detail if verbose > 1 else detail[-_DETAIL_LINES:]
            if len(kept) < len(detail):
                lines += wrapped(Text("... (-vv shows all)", style="dim"), width, indent=4)
            for line in kept:
                lines += wrapped(Text(line.rstrip(), style="dim"), width, indent=4)
    return lines


def _checklist(report: Report, width: int) -> Lines:
    if not report.checklist:
        return []
    rows: list[tuple[Text, Text]] = []
    for item in report.checklist:
        box, word, style = _ITEMS[item.status]
        line = Text(one_line(item.item))
        codes = ", ".join(code for code in item.codes if code not in item.evidence)
        said = briefly(report, item.evidence) + (f" ({codes})" if codes else "")
        if said:
            line.append(f": {said.strip()}", style="dim")
        rows.append((Text.assemble((f"{box} {word}", style)), line))
    return heading("Readiness", width, proven(report)) + pairs(rows, width)


def _footer(report: Report, width: int, verbose: int) -> Lines:
    lines: Lines = [Text()]
    counts = Counter(result.status for result in report.checks)
    if counts:
        said = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
        lines += wrapped(
            Text(f"{said} in {report.duration_s:.1f} s"), width, label=Text("checks: ")
        )
    if verbose > 0:
        for result in report.checks:
            if result.status not in (Status.PASSED, Status.FAILED):
                why = briefly(report, result.coverage)
                shown = f"{result.code} {result.name}: {result.status}, {why}"
                lines += wrapped(Text(shown, style="dim"), width, indent=2)
    isolation = report.facts.get("isolation")
    if is_partly_isolated(isolation):
        lines += wrapped(one_line(isolation), width, label=Text("isolation: ", style="yellow"))
    if said := unchanged(report.unchanged_since):
        lines += wrapped(said, width, label=Text(f"{LABEL}: "))
    if old := sum(f.is_old for f in report.findings):
        said = f"{counted(old, 'finding')}, which -v shows; --no-baseline counts them"
        lines += wrapped(said, width, label=Text("in the baseline: "))
    if step := next_step(report):
        lines += wrapped(styled(step, "bold"), width, label=Text("next: ", style="bold green"))
    return lines
