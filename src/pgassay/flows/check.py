"""The assay: gather the facts, run the checks, judge."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pgassay.check import NOT_SELECTED, Outcome, Status, fields_wanted, run_checks, selected
from pgassay.checks import ALL, LAST
from pgassay.checks.readiness import checklist
from pgassay.flows.acceptance import AcceptanceRequest, with_acceptance
from pgassay.flows.facts_shown import acceptance_shown, facts_shown, second_opinion_shown
from pgassay.flows.gather import gather
from pgassay.flows.live import NOT_ASKED
from pgassay.flows.memory import Memory
from pgassay.flows.opened_project import NotAProject, open_project
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.wanted import NOT_OF_FILES, STAMP, Progress, Wanted
from pgassay.sources.baseline_file import read_baseline
from pgassay.sources.configuration import ConfigurationError
from pgassay.sources.earlier_report import read_earlier_values
from pgassay.sources.repository import folder_in_repository
from pgassay.verdict import Report, judge

__all__ = ["CheckRequest", "NotAProject", "check"]


# What a waiver or baseline covers may be seen only by a run, so nothing is said of those either.
_NOT_STATIC = tuple(c.code for c in (*ALL, *LAST) if c in LAST or NOT_OF_FILES & {*c.needs})


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What `pgassay check` was asked. Empty values leave the choice to the configuration.

    `no_database`: do without a live database, whatever the environment names.
    `sizes`: a snapshot that says how big production's tables are.
    `use_baseline`: what the project's baseline has does not count. `write_baseline`: all that is
    found now goes into it, and the report is as the next one will be.
    `data_demanded`: declared foreign keys are asked also where no file has rules for rows.
    `show_values`: keys that may be personal are shown as they are. `data_time_limit_s`: how long
    the rules for rows may take together, None for what the configuration says. `before`: an earlier
    JSON report, whose compliance queries are to give the same still.
    `static`: only what the files tell, by the checks that need nothing else.
    `remember`: scratch runs that would end as they did before are not run again. Never with
    `scratch_url`, since nobody knows what else is on that server.
    `default_python`: the interpreter where neither `python` nor the configuration names one.
    """

    root: Path
    config: Path | None = None
    database_url: str | None = None
    scratch_url: str | None = None
    python: str = ""
    default_python: str = ""
    since: str = ""
    against: Sequence[str] = ()
    no_database: bool = False
    sizes: Path | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    gate: bool = False
    remember: bool = False
    use_baseline: bool = True
    write_baseline: bool = False
    static: bool = False
    data_demanded: bool = False
    show_values: bool = False
    data_time_limit_s: float | None = None
    before: Path | None = None


def check(request: CheckRequest, progress: Progress) -> Report:
    """One run, start to end. Raises NotAProject or ConfigurationError before anything is begun."""
    began, clock = datetime.now().astimezone(), time.monotonic()
    memory = Memory.of_user(use=request.remember and not request.scratch_url)
    progress("Reading the project's files")
    opened = open_project(
        request.root, request.config, request.python, default_python=request.default_python
    )
    settings = opened.settings
    if request.data_time_limit_s is not None:
        data = replace(settings.data, time_limit_s=request.data_time_limit_s)
        settings = replace(settings, data=data)
    select = request.select or settings.checks.select
    ignore = (*settings.checks.ignore, *request.ignore, *(_NOT_STATIC if request.static else ()))
    unasked = NOT_OF_FILES if request.static else frozenset()
    path = opened.root / settings.checks.baseline
    baseline = read_baseline(path, settings.checks.baseline) if request.use_baseline else None
    if not any(selected(c, select, ignore) for c in ALL):
        options = "--select, --ignore and --static" if request.static else "--select and --ignore"
        raise ConfigurationError(f"No check is left to run: {options} leave none.")
    asked = [c for c in ALL if selected(c, select, ignore)]
    since = request.since
    if all(c.family == "MIG" for c in asked) and not (since or request.against):
        if request.no_database:
            raise ConfigurationError(
                "Only pending revisions were selected (MIG), and nothing says which are: give "
                "--since with a git ref or a revision."
            )
        # Nothing else would say that the stamp is not known.
        since = STAMP
    wanted = Wanted(
        root=opened.root,
        settings=settings,
        database_url=request.database_url,
        python=request.python,
        since=since,
        against=tuple(request.against),
        sizes=request.sizes.resolve() if request.sizes else None,
        no_database=request.no_database,
        builds_judged=any(c.code == "HIS010" for c in asked),
        data_demanded=request.data_demanded,
        show_values=request.show_values,
        earlier=read_earlier_values(request.before) if request.before else None,
        fields=fields_wanted(ALL, select, ignore) - unasked - _of_no_branch(request),
    )
    with ScratchOnce(request.scratch_url) as scratch:
        assay = gather(wanted, opened.project, opened.files, scratch, progress, memory)
    progress("Judging")
    outcome = run_checks(ALL, assay, select=select, ignore=ignore, unasked=unasked)
    if all(r.status is Status.SKIPPED for r in outcome.results):
        reasons = dict.fromkeys(r.coverage for r in outcome.results if r.coverage != NOT_SELECTED)
        raise ConfigurationError(
            "No check is left to run of those that were selected. "
            f"{' '.join(reasons)} Give what they need, or change --select."
        )
    acceptance = AcceptanceRequest(
        root=opened.root,
        now=began,
        baseline=baseline,
        write_baseline=request.write_baseline,
        select=select,
        ignore=ignore,
    )
    outcome, use = with_acceptance(outcome, acceptance, settings)
    unavailable = (*assay.unavailable, *outcome.crashes)
    items = checklist(assay, outcome.results, outcome.findings)
    return Report(
        project=opened.root.name,
        started_at=began.isoformat(timespec="seconds"),
        duration_s=round(time.monotonic() - clock, 3),
        verdict=judge(outcome.findings, unavailable, items),
        checklist=items,
        checks=outcome.results,
        findings=outcome.findings,
        unavailable=unavailable,
        gate=request.gate,
        unchanged_since=memory.since.isoformat(timespec="seconds") if memory.since else "",
        folder=folder_in_repository(opened.root),
        facts={
            **facts_shown(assay, settings_path=opened.settings_path, scratch=scratch.shown),
            "acceptance": acceptance_shown(use),
            "second_opinion": second_opinion_shown(assay, outcome),
            "without_database": _without_database(outcome) if request.no_database else None,
        },
    )


def _without_database(outcome: Outcome) -> dict[str, int]:
    """How much a run without a database left out."""
    left_out = sum(r.coverage == NOT_ASKED.reason for r in outcome.results)
    return {"checks_left_out": left_out}


def _of_no_branch(request: CheckRequest) -> frozenset[str]:
    """What nobody asked git."""
    return frozenset(() if request.since or request.against else ("branch",))
