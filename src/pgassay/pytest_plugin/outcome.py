"""How a test ended, as text that pytest shows and one worker can hand to the others."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding
from pgassay.pytest_plugin.suite_tests import Ending, Judged
from pgassay.render.plain import clean, counted, name, one_line

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """`text` is all that pytest shows, its first line also in the summary; `note` what a test that
    passed passed over. `path`, absolute, and `line` are where to look, "" and 0 for nowhere."""

    ending: str
    text: str = ""
    note: str = ""
    path: str = ""
    line: int = 0


def outcome(judged: Judged, project: Path, seen_from: Path) -> Outcome:
    """Paths are written as they are called from `seen_from`, so that a terminal can open them."""
    note = "\n\n".join(_shown(f, project, seen_from) for f in judged.passed_over)
    if judged.ending in (Ending.PASSED, Ending.SKIPPED):
        return Outcome(judged.ending, judged.skipped, note)
    parts = [_shown(f, project, seen_from) for f in judged.findings]
    parts += map(_lacking, judged.unknown)
    command = f"pgassay check {shlex.quote(_from(project, seen_from))} --no-database"
    more = f"more: pgassay explain {judged.findings[0].code}" if judged.findings else "more:"
    text = "\n\n".join((_first_line(judged), *parts, f"{more}; {command}".replace(":;", ":")))
    place = next((f.location for f in judged.findings if f.location), None)
    if place is None:
        return Outcome(judged.ending, text, note)
    return Outcome(judged.ending, text, note, str(project / place.path), place.line or 1)


def _first_line(judged: Judged) -> str:
    if judged.findings:
        found = judged.findings
        named = ", ".join(f"{f.code} {name(f.subject)}" for f in found[:_NAMED])
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        return f"{counted(len(found), 'finding')}: {named}{more}"
    return f"unknown: {one_line(judged.unknown[0].reason)}"


def _shown(finding: Finding, project: Path, seen_from: Path) -> str:
    place = finding.location
    at = ""
    if place is not None:
        path = _from(project / place.path, seen_from)
        at = f"at {name(path)}{f':{place.line}' if place.line else ''}"
    accepted = " (accepted)" if finding.waived else ""
    head = f"{finding.severity.upper()} {finding.code} {finding.name}  {name(finding.subject)}"
    return _lines(
        head + accepted,
        at,
        finding.message,
        f"why: {finding.why}" if finding.why else "",
        f"fix: {finding.fix}" if finding.fix else "",
    )


def _lacking(lost: Unavailable) -> str:
    return _lines(
        f"UNKNOWN {one_line(lost.needs)}",
        lost.reason,
        f"next: {lost.next_step}" if lost.next_step else "",
    )


def _lines(first: str, *others: str) -> str:
    below: Iterable[str] = (line for o in others if o for line in clean(o).strip().split("\n"))
    return "\n".join((first, *(f"  {line}" for line in below)))


def _from(path: Path, seen_from: Path) -> str:
    shown = os.path.relpath(path, seen_from)
    return str(path) if shown.startswith("../../..") else shown
