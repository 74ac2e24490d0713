"""`pgassay schema`: a schema as a file, and two schemas compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pgassay.cli.options import PROJECT, talk, use_color, warn_password_in_argv, world
from pgassay.cli.output import (
    FORMATS,
    OutputType,
    check_file,
    check_outputs,
    write_file,
    write_outputs,
)
from pgassay.cli.progress import progress

if TYPE_CHECKING:
    from pgassay.sources.snapshot_file import Snapshot


@click.group()
def schema() -> None:
    """Take a schema into a file, and compare two schemas."""


@schema.command()
@PROJECT
@world
@click.option(
    "--of",
    type=click.Choice(("live", "history", "models")),
    default="live",
    show_default=True,
    help="The live database, or what the project makes on scratch.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Default: standard output.",
)
@click.option("--with-stats", is_flag=True, help="The sizes of the live database's tables too.")
@click.option("-v", "--verbose", count=True, help="Say each step.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.pass_context
def snapshot(
    context: click.Context,
    project: Path,
    database_url: str | None,
    config: Path | None,
    scratch_url: str | None,
    python: str,
    of: Literal["live", "history", "models"],
    out: Path | None,
    with_stats: bool,
    verbose: int,
    quiet: bool,
) -> None:
    """Write a schema as JSON with its hash: everything in the catalog, no rows, no password.

    The database is only read. The file is a side of `pgassay schema diff`, and one object is one
    line of it, so that git shows what changed. With --with-stats, `pgassay check --sizes` takes it
    where the database cannot be reached.
    """
    if with_stats and of != "live":
        raise click.UsageError(
            f"--with-stats is of the live database: what {of} makes on scratch has no rows."
        )
    if out is not None:
        check_file("--out", out)
    warn_password_in_argv(database_url)
    warn_password_in_argv(scratch_url)
    from pgassay.facts.unavailable import Unavailable
    from pgassay.flows.opened_project import NotAProject
    from pgassay.flows.schema import SnapshotRequest
    from pgassay.flows.schema import snapshot as take
    from pgassay.flows.schema_sides import World
    from pgassay.postgres.connection_target import TargetInvalid
    from pgassay.sources.configuration import ConfigurationError
    from pgassay.sources.snapshot_file import snapshot_text

    request = SnapshotRequest(
        World(project, config, database_url, python), of, scratch_url, with_stats
    )
    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            taken = take(request, step)
    except (NotAProject, ConfigurationError, TargetInvalid) as error:
        raise click.ClickException(str(error)) from error
    if isinstance(taken, Unavailable):
        step_after = f"\nnext: {taken.next_step}" if taken.next_step else ""
        click.echo(f"No snapshot was taken: {taken.reason}{step_after}", err=True)
        context.exit(3)
    if out is None:
        for line in snapshot_text(taken):
            click.echo(line, nl=False)
    else:
        write_file(out, snapshot_text(taken))
    if not quiet:
        click.echo(_summary(taken, out), err=True)


def _summary(taken: Snapshot, out: Path | None) -> str:
    from pgassay.analysis.schema_hash import schema_hash
    from pgassay.render.plain import counted

    catalog = taken.catalog
    left_out = ", ".join(f"{reason} {count}" for reason, count in catalog.left_out)
    lines = [
        f"Snapshot of {taken.of if taken.of != 'database' else f'database {taken.database}'}"
        + (f": {out}" if out else ""),
        f"hash:     {schema_hash(catalog)}",
        f"objects:  {counted(len(catalog.tables), 'table')}, "
        f"{counted(len(catalog.columns), 'column')}, "
        f"{counted(len(catalog.constraints), 'constraint')}, "
        f"{counted(len(catalog.indexes), 'index', 'indexes')}, {len(catalog.others)} others",
        f"left out: {left_out or 'nothing'}",
    ]
    if taken.sizes is not None:
        # A parent's size is its children's, so a sum over all would count them twice.
        biggest = max(taken.sizes.items(), key=lambda one: one[1].bytes, default=None)
        shown = counted(len(taken.sizes), "table")
        if biggest is not None:
            shown += f", the biggest {'.'.join(biggest[0])} with {biggest[1].bytes:,} bytes"
        lines.append(f"sizes:    {shown}")
    return "\n".join(lines)


@schema.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--project",
    default=".",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="PATH",
    help="Whose history, models and live database are meant. Default: this folder.",
)
@world
@click.option(
    "--output", "outputs", type=OutputType(), multiple=True, help=f"One of {', '.join(FORMATS)}."
)
@talk
@click.pass_context
def diff(
    context: click.Context,
    a: str,
    b: str,
    project: Path,
    database_url: str | None,
    config: Path | None,
    scratch_url: str | None,
    python: str,
    outputs: tuple[tuple[str, Path | None], ...],
    quiet: bool,
    verbose: int,
    no_color: bool,
) -> None:
    """Say what differs between the schemas A and B.

    Each is `live`, `history`, `models`, a file that `pgassay schema snapshot` wrote, or a database:
    a URL, env:NAME, service=NAME or libpq's key=value words. Databases are only read; with two
    files none is met, but for a scratch server where texts must be compared.
    """
    check_outputs(outputs)
    for url in (a, b, database_url, scratch_url):
        warn_password_in_argv(url)
    from pgassay.flows.diff_side import SideUnknown
    from pgassay.flows.opened_project import NotAProject
    from pgassay.flows.schema import DiffRequest
    from pgassay.flows.schema import diff as run
    from pgassay.flows.schema_sides import World
    from pgassay.postgres.connection_target import TargetInvalid
    from pgassay.sources.configuration import ConfigurationError
    from pgassay.sources.snapshot_file import SnapshotInvalid

    request = DiffRequest(a, b, World(project, config, database_url, python), scratch_url)
    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            report = run(request, step)
    except (
        SideUnknown,
        SnapshotInvalid,
        TargetInvalid,
        NotAProject,
        ConfigurationError,
    ) as error:
        raise click.ClickException(str(error)) from error
    write_outputs(report, outputs, verbosity=-1 if quiet else verbose, color=use_color(no_color))
    context.exit(report.exit_status)
