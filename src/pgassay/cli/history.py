"""`pgassay history`: the migration histories of a project."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from pgassay.cli.options import NO_CACHE, PROJECT, talk, use_color, warn_password_in_argv, world
from pgassay.cli.output import OutputType, check_outputs, write_rendered
from pgassay.cli.progress import progress


@click.group()
def history() -> None:
    """Show a project's migration histories, and make one of two."""


@history.command("list")
@PROJECT
@world
@click.option(
    "--no-build", is_flag=True, help="List from the files only: none of the project's code runs."
)
@click.option(
    "--output",
    "outputs",
    type=OutputType(("terminal", "json")),
    multiple=True,
    help="terminal or json.",
)
@NO_CACHE
@talk
@click.pass_context
def list_(
    context: click.Context,
    project: Path,
    database_url: str | None,
    config: Path | None,
    scratch_url: str | None,
    python: str,
    no_build: bool,
    outputs: tuple[tuple[str, Path | None], ...],
    no_cache: bool,
    quiet: bool,
    verbose: int,
    no_color: bool,
) -> None:
    """Draw every Alembic history of PROJECT, newest first, with what each revision creates, alters
    and drops, and what of it the database has.

    The revisions are executed on a scratch server, cut off from every other one; the database is
    only read. Without a database the stamps are not known, and it says so.

    Exit status: 0 listed, 2 wrong usage, 3 something could not be had.
    """
    check_outputs(outputs)
    warn_password_in_argv(database_url)
    warn_password_in_argv(scratch_url)
    from pgassay.flows.history_list import HistoryListRequest, history_list
    from pgassay.flows.opened_project import NotAProject
    from pgassay.flows.schema_sides import World
    from pgassay.postgres.connection_target import TargetInvalid
    from pgassay.render.history_list import render_history_list
    from pgassay.render.history_list_json import render_history_list_json
    from pgassay.render.revision_lanes import marks_for
    from pgassay.sources.configuration import ConfigurationError

    request = HistoryListRequest(
        World(project, config, database_url, python),
        scratch_url,
        build=not no_build,
        remember=not no_cache,
    )
    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            listing = history_list(request, step)
    except (NotAProject, ConfigurationError, TargetInvalid) as error:
        raise click.ClickException(str(error)) from error

    verbosity = -1 if quiet else verbose
    encoding = sys.stdout.encoding or "ascii"

    def terminal() -> str:
        width = min(shutil.get_terminal_size((80, 24)).columns, 120)
        text = render_history_list(
            listing,
            width=width,
            color=use_color(no_color),
            verbose=verbosity,
            marks=marks_for(encoding),
        )
        # A summary may hold what this output cannot show.
        return text.encode(encoding, "backslashreplace").decode(encoding)

    files = {
        "terminal": lambda: render_history_list(listing, width=80, verbose=verbosity),
        "json": lambda: render_history_list_json(listing),
    }
    write_rendered(files, terminal, outputs)
    context.exit(listing.exit_status)


@history.command()
@PROJECT
@world
@click.option("--into", required=True, metavar="DIR", help="The history that stays.")
@click.option(
    "--from",
    "other",
    default="",
    metavar="DIR",
    help="The history that is brought over and retired. Default: its only rival.",
)
@click.option("--write", is_flag=True, help="Change the files, once all is proven.")
@click.option(
    "--every-state",
    is_flag=True,
    help="Prove every revision of a history of more than 40 too, not only 40 of them.",
)
@click.option(
    "--rows-by-hand",
    is_flag=True,
    help="Write although some changes of rows are not carried over.",
)
@talk
@click.pass_context
def consolidate(
    context: click.Context,
    project: Path,
    database_url: str | None,
    config: Path | None,
    scratch_url: str | None,
    python: str,
    into: str,
    other: str,
    write: bool,
    every_state: bool,
    rows_by_hand: bool,
    verbose: int,
    quiet: bool,
    no_color: bool,
) -> None:
    """Make one migration history of two, with proof.

    The plan is proven on scratch: from an empty database, from each revision of either history,
    from those between the two and from a copy of the live schema, the new head is reached with one
    schema; and down and up again. Without --write, or without proof, no file changes.
    """
    del no_color
    warn_password_in_argv(database_url)
    warn_password_in_argv(scratch_url)
    from pgassay.actions.write_files import NotWritten
    from pgassay.flows.consolidate import ConsolidateRequest
    from pgassay.flows.consolidate import consolidate as run
    from pgassay.flows.opened_project import NotAProject
    from pgassay.flows.schema_sides import World
    from pgassay.postgres.connection_target import TargetInvalid
    from pgassay.render.consolidation_terminal import consolidation_text
    from pgassay.sources.configuration import ConfigurationError

    request = ConsolidateRequest(
        World(project, config, database_url, python),
        into,
        other,
        scratch_url,
        write,
        every_state,
        rows_by_hand,
    )
    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            done = run(request, step)
    except (NotAProject, ConfigurationError, TargetInvalid, NotWritten) as error:
        raise click.ClickException(str(error)) from error
    if done.unavailable is not None:
        click.echo(f"UNKNOWN  {done.unavailable.needs}: {done.unavailable.reason}")
        if done.unavailable.next_step:
            click.echo(f"next: {done.unavailable.next_step}")
        context.exit(3)
    assert done.consolidation is not None
    click.echo(consolidation_text(done.consolidation, done.files, done.written, verbose))
    is_done = done.written or (done.consolidation.is_proven and not write)
    context.exit(0 if is_done else 1)
