"""`pgassay data check`: whether the rows keep their rules."""

from __future__ import annotations

from pathlib import Path

import click

from pgassay.cli.options import (
    NO_CACHE,
    PROJECT,
    talk,
    use_color,
    warn_password_in_argv,
    world,
)
from pgassay.cli.output import FORMATS, OutputType, check_outputs, write_outputs
from pgassay.cli.progress import progress


def _seconds(_: click.Context, __: click.Parameter, value: float | None) -> float | None:
    from pgassay.facts.settings import LONGEST_S

    if value is not None and not 0 < value <= LONGEST_S:
        raise click.BadParameter(f"{value:g} is not above 0 and at most {LONGEST_S:,.0f}")
    return value


@click.command("check")
@PROJECT
@world
@click.option(
    "--output", "outputs", type=OutputType(), multiple=True, help=f"One of {', '.join(FORMATS)}."
)
@click.option(
    "--show-values",
    is_flag=True,
    help="Show keys that may be personal as they are; else a token stands for each.",
)
@click.option(
    "--time-limit",
    type=float,
    callback=_seconds,
    metavar="SECONDS",
    help="For all rules together. Default: [data] time_limit_s, 600.",
)
@click.option(
    "--before",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="REPORT",
    help="An earlier JSON report: each compliance query of it has to give the same now.",
)
@NO_CACHE
@talk
@click.pass_context
def data_check(
    context: click.Context,
    project: Path,
    database_url: str | None,
    config: Path | None,
    scratch_url: str | None,
    python: str,
    outputs: tuple[tuple[str, Path | None], ...],
    show_values: bool,
    time_limit: float | None,
    before: Path | None,
    no_cache: bool,
    quiet: bool,
    verbose: int,
    no_color: bool,
) -> None:
    """Ask the live database's rows whether they keep the rules of PROJECT's pgassay-data.yml and of
    its models' info, and its foreign keys. All at one moment; nothing is changed."""
    check_outputs(outputs)
    warn_password_in_argv(database_url)
    warn_password_in_argv(scratch_url)
    from pgassay.flows.check import CheckRequest, NotAProject
    from pgassay.flows.check import check as run
    from pgassay.postgres.connection_target import TargetInvalid
    from pgassay.sources.configuration import ConfigurationError

    request = CheckRequest(
        root=project,
        config=config,
        database_url=database_url,
        scratch_url=scratch_url,
        python=python,
        remember=not no_cache,
        select=("DAT",),
        data_demanded=True,
        show_values=show_values,
        data_time_limit_s=time_limit,
        before=before,
    )
    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            report = run(request, step)
    except (NotAProject, ConfigurationError, TargetInvalid) as error:
        raise click.ClickException(str(error)) from error
    write_outputs(report, outputs, verbosity=-1 if quiet else verbose, color=use_color(no_color))
    context.exit(report.exit_status)
