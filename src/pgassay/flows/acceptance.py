"""Setting aside what people have accepted, and writing down what they accept from today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pgassay.actions.write_files import FileChange, write_files
from pgassay.analysis.acceptance import accept, baseline_of
from pgassay.check import Outcome, run_checks
from pgassay.checks import LAST
from pgassay.facts.acceptance import Baseline, Day
from pgassay.facts.acceptance_use import AcceptedAssay
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.sources.baseline_file import baseline_text


@dataclass(frozen=True, slots=True)
class AcceptanceRequest:
    """`root` is the project's; `baseline` the one that is there, None where none counts."""

    root: Path
    now: datetime
    baseline: Baseline | None
    write_baseline: bool
    select: Sequence[str]
    ignore: Sequence[str]


def with_acceptance(
    outcome: Outcome, request: AcceptanceRequest, settings: Settings
) -> tuple[Outcome, AcceptedAssay]:
    """The outcome with what is accepted marked so, and the findings about that itself.

    Raises NotWritten where a baseline was to be written and could not be.
    """
    today = Day(request.now.date().isoformat())
    found, results, baseline = outcome.findings, outcome.results, request.baseline
    if request.write_baseline:
        uncovered = accept(found, results, settings.waivers, None, today).findings
        path, now = settings.checks.baseline, request.now.isoformat(timespec="seconds")
        baseline = baseline_of(uncovered, results, baseline, path, now)
        write_files(request.root, [FileChange(path, baseline_text(baseline))])
    accepted = accept(found, results, settings.waivers, baseline, today)
    use = AcceptedAssay(
        settings=settings,
        project=Project(str(request.root), ()),
        waivers=accepted.waivers or None,
        baseline=accepted.baseline,
    )
    last = run_checks(LAST, use, select=request.select, ignore=request.ignore)
    findings = sorted((*accepted.findings, *last.findings), key=lambda f: f.order)
    crashes = (*outcome.crashes, *last.crashes)
    return Outcome((*results, *last.results), tuple(findings), crashes), use
