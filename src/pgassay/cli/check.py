"""`pgassay check`: the assay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.cli.options import NO_CACHE, PROJECT, talk, use_color, warn_password_in_argv, world
from pgassay.cli.output import FORMATS, OutputType, check_outputs, write_file, write_outputs
from pgassay.cli.progress import progress

if TYPE_CHECKING:
    from pgassay.verdict import Report


def _codes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Codes, names or prefixes, also several with commas between; unknown ones are refused."""
    from pgassay.checks import ALL, LAST

    asked = tuple(part.strip() for v in values for part in v.split(",") if part.strip())
    for part in asked:
        if not any(c.name == part or c.code.startswith(part.upper()) for c in (*ALL, *LAST)):
            raise click.BadParameter(f"no check is called {part!r}; see `pgassay explain`")
    return asked


@click.command()
@PROJECT
@world
@click.option("--gate", is_flag=True, help="Demand `safe`: `clear` exits 3 too.")
@click.option(
    "--record",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PATH",
    help="With --gate: write its outcome here, for `pgassay.guard` in env.py.",
)
@click.option(
    "--output", "outputs", type=OutputType(), multiple=True, help=f"One of {', '.join(FORMATS)}."
)
@click.option(
    "--since",
    metavar="REF",
    help="Judge the revisions that are new since this git ref or revision; else those that the live"
    " database's stamp lacks. `stamp` demands that it is known.",
)
@click.option(
    "--against",
    multiple=True,
    metavar="REF",
    help="Another open branch, to see that merging both leaves one head. May be repeated.",
)
@click.option(
    "--write-baseline",
    is_flag=True,
    help="Accept today's findings, so that from now on only new ones count.",
)
@click.option(
    "--static",
    is_flag=True,
    help="Only what the files tell: no server, no database, none of the project's code. For hooks.",
)
@click.option("--no-baseline", is_flag=True, help="Count also what the baseline accepts.")
@click.option(
    "--no-database",
    is_flag=True,
    help="Do without a live database, whatever names one; checks that need it are left out.",
)
@click.option(
    "--sizes",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="How big production's tables are, from `pgassay schema snapshot --with-stats`.",
)
@click.option("--select", multiple=True, callback=_codes, metavar="CODE", help="Only these checks.")
@click.option("--ignore", multiple=True, callback=_codes, metavar="CODE", help="Not these checks.")
@NO_CACHE
@talk
@click.pass_context
def check(
    context: click.Context,
    project: Path,
    database_url: str | None,
    config: Path | None,
    scratch_url: str | None,
    python: str,
    gate: bool,
    record: Path | None,
    outputs: tuple[tuple[str, Path | None], ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    since: str | None,
    against: tuple[str, ...],
    write_baseline: bool,
    no_baseline: bool,
    static: bool,
    no_database: bool,
    sizes: Path | None,
    no_cache: bool,
    quiet: bool,
    verbose: int,
    no_color: bool,
) -> None:
    """Check everything PROJECT and its database show, and give the verdict.

    The database is only read. The project's own code runs against a scratch server, cut off from
    every other one.
    """
    if record is not None and not gate:
        raise click.UsageError("--record is of a gate: give --gate too.")
    if write_baseline and (gate or no_baseline):
        other = "--gate" if gate else "--no-baseline"
        raise click.UsageError(f"{other} takes no baseline into account: --write-baseline alone.")
    if static and (gate or write_baseline):
        other = "--gate demands all" if gate else "--write-baseline takes all"
        raise click.UsageError(f"{other} that can be known, and --static leaves most of it out.")
    if no_database and (gate or database_url is not None):
        other = "--gate" if gate else "--database-url"
        why = "demands what only a database shows" if gate else "names one"
        raise click.UsageError(f"--no-database does without a database, and {other} {why}.")
    if since is not None and not since.strip():
        raise click.UsageError("--since names nothing: give a git ref, a revision or `stamp`.")
    check_outputs(outputs)
    warn_password_in_argv(database_url)
    warn_password_in_argv(scratch_url)
    from pgassay.actions.write_files import NotWritten
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
        since=since or "",
        against=against,
        no_database=no_database,
        sizes=sizes,
        select=select,
        ignore=ignore,
        gate=gate,
        # What a deployment relies on is always run, and trouble is no better for being old.
        remember=not no_cache and not gate,
        use_baseline=not no_baseline and not gate,
        write_baseline=write_baseline,
        static=static,
    )
    recorded = _recorder(record)
    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            report = run(request, step)
    except (NotAProject, ConfigurationError, TargetInvalid, NotWritten) as error:
        raise click.ClickException(str(error)) from error
    if write_baseline:
        baseline = report.facts["acceptance"]["baseline"]
        said = f"{baseline['path']}: {baseline['findings']} findings are accepted from now on."
        click.echo(said, err=True)
    recorded(report)
    write_outputs(report, outputs, verbosity=-1 if quiet else verbose, color=use_color(no_color))
    context.exit(report.exit_status)


def _recorder(path: Path | None) -> Callable[[Report], None]:
    """Marks the last gate as over, and gives what writes this one's outcome in its place."""
    if path is None:
        return lambda _: None
    from datetime import datetime

    from pgassay.evidence.gate_record import (
        gate_record,
        hash_of_record,
        record_text,
        unfinished_record,
    )

    previous = hash_of_record(path)
    began = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, record_text(unfinished_record(began, previous)))
    except OSError as error:
        raise click.UsageError(f"--record: {path} cannot be written: {error.strerror}.") from error

    def write(report: Report) -> None:
        write_file(path, record_text(gate_record(report, previous)))
        click.echo(f"gate record: {path}", err=True)

    return write
