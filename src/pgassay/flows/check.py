"""The assay: gather the facts, run the checks, judge."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pgassay.check import fields_wanted, run_checks, selected
from pgassay.checks import ALL
from pgassay.checks.readiness import checklist
from pgassay.flows.facts_shown import facts_shown
from pgassay.flows.gather import Progress, Wanted, gather, read_project
from pgassay.sources.configuration import (
    ConfigurationError,
    find_configuration,
    read_configuration,
)
from pgassay.sources.project_files import relative
from pgassay.verdict import Report, judge


class NotAProject(Exception):
    """The folder holds nothing to assay. The message says what was looked for."""


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What `pgassay check` was asked. Empty values leave the choice to the configuration."""

    root: Path
    config: Path | None = None
    database_url: str | None = None
    scratch_url: str | None = None
    python: str = ""
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    gate: bool = False


def check(request: CheckRequest, progress: Progress) -> Report:
    """One run, start to end. Raises NotAProject or ConfigurationError before anything is begun."""
    began, clock = datetime.now().astimezone(), time.monotonic()
    root = request.root.resolve()
    if not root.is_dir():
        raise NotAProject(f"{request.root} is not a folder.")
    path = request.config or find_configuration(root)
    if path is not None and not path.is_file():
        raise ConfigurationError(f"{path}: no such file")
    settings = read_configuration(path)
    progress("Reading the project's files")
    project, files = read_project(root, settings)
    if not project.histories and path is None:
        raise NotAProject(
            f"{root} holds no Alembic history and no pgassay.toml: looked for *.ini with "
            "script_location, for env.py beside revision files, and for revision files."
        )
    names = [h.name for h in project.histories]
    if settings.history.main and settings.history.main.strip("/") not in names:
        raise ConfigurationError(
            f"{path}: [history] main = {settings.history.main!r} is none of the histories found: "
            f"{', '.join(names) or 'none'}"
        )
    select = request.select or settings.checks.select
    ignore = (*settings.checks.ignore, *request.ignore)
    if not any(selected(c, select, ignore) for c in ALL):
        raise ConfigurationError("No check is left to run: --select and --ignore leave none.")
    wanted = Wanted(
        root=root,
        settings=settings,
        database_url=request.database_url,
        scratch_url=request.scratch_url,
        python=request.python,
        fields=fields_wanted(ALL, select, ignore),
    )
    gathered = gather(wanted, project, files, progress)
    assay = gathered.assay
    progress("Judging")
    outcome = run_checks(ALL, assay, select=select, ignore=ignore)
    unavailable = (*assay.unavailable, *outcome.crashes)
    items = checklist(assay, outcome.results, outcome.findings)
    return Report(
        project=root.name,
        started_at=began.isoformat(timespec="seconds"),
        duration_s=round(time.monotonic() - clock, 3),
        verdict=judge(outcome.findings, unavailable, items),
        checklist=items,
        checks=outcome.results,
        findings=outcome.findings,
        unavailable=unavailable,
        gate=request.gate,
        facts=facts_shown(
            assay,
            settings_path=relative(path.resolve(), root) if path else None,
            scratch=gathered.scratch,
        ),
    )
