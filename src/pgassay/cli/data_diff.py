"""`pgassay data diff`: whether two databases hold the same rows."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from pgassay.cli.options import talk, use_color, warn_password_in_argv
from pgassay.cli.output import OutputType, check_outputs, write_rendered
from pgassay.cli.progress import progress


@click.command("diff")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="PATTERN",
    help="Only tables of this name, or schema.name; * and ? as in a shell. Repeatable.",
)
@click.option(
    "--key",
    multiple=True,
    metavar="COL",
    help="What tells rows apart; repeat it for several columns. Default: each table's primary key.",
)
@click.option(
    "--rows",
    default=10,
    show_default=True,
    type=click.IntRange(min=0),
    metavar="N",
    help="Show N rows of each table at most.",
)
@click.option("--show-values", is_flag=True, help="Show what differs, not only the columns' names.")
@click.option(
    "--digest-key",
    metavar="env:NAME",
    help="Use SHA-256 with the key in this variable: nobody without it can make rows that pass.",
)
@click.option(
    "--statement-timeout",
    default=600.0,
    show_default=True,
    type=click.FloatRange(min=0, max=2_000_000),
    metavar="SECONDS",
    help="For each scan of a table; 0 for none.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="PATH",
    help="Says which columns hold money. Default: ./pgassay.toml.",
)
@click.option(
    "--output",
    "outputs",
    type=OutputType(("terminal", "json")),
    multiple=True,
    help="terminal or json.",
)
@talk
@click.pass_context
def data_diff(
    context: click.Context,
    a: str,
    b: str,
    tables: tuple[str, ...],
    key: tuple[str, ...],
    rows: int,
    show_values: bool,
    digest_key: str | None,
    statement_timeout: float,
    config: Path | None,
    outputs: tuple[tuple[str, Path | None], ...],
    quiet: bool,
    verbose: int,
    no_color: bool,
) -> None:
    """Say in which rows the databases A and B differ.

    Each is a URL, env:NAME, service=NAME or libpq's key=value words. Both are only read, each in
    one snapshot. Tables are compared by digests that their servers make; where these differ,
    the rows that do are found, and shown by their key and the names of the columns.

    Exit status: 0 equal, 1 different, 2 wrong usage, 3 something could not be read.
    """
    check_outputs(outputs)
    for url in (a, b):
        warn_password_in_argv(url)
    from pgassay.flows.data_diff import DataDiffRequest, NothingCompared, data_diff
    from pgassay.flows.diff_side import SideUnknown
    from pgassay.postgres.connection_target import TargetInvalid
    from pgassay.render.data_diff import render_data_diff
    from pgassay.render.data_diff_json import render_data_diff_json
    from pgassay.sources.configuration import ConfigurationError

    request = DataDiffRequest(
        a, b, config, tables, key, rows, show_values, _secret(digest_key), statement_timeout
    )
    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            found = data_diff(request, step)
    except (SideUnknown, TargetInvalid, ConfigurationError, NothingCompared) as error:
        raise click.ClickException(str(error)) from error
    verbosity = -1 if quiet else verbose

    def terminal() -> str:
        width = min(shutil.get_terminal_size((80, 24)).columns, 120)
        return render_data_diff(found, width=width, color=use_color(no_color), verbose=verbosity)

    files = {
        "terminal": lambda: render_data_diff(found, width=80, verbose=verbosity),
        "json": lambda: render_data_diff_json(found),
    }
    write_rendered(files, terminal, outputs)
    context.exit(found.exit_status)


def _secret(named: str | None) -> str:
    if named is None:
        return ""
    before, separator, name = named.partition("env:")
    if before or not separator:
        raise click.UsageError(
            "--digest-key: a key in a command's arguments can be read by every user of this "
            "machine. Put it into a variable and give --digest-key env:NAME."
        )
    secret = os.environ.get(name, "")
    if not secret:
        raise click.UsageError(f"--digest-key: the variable {name} is not set, or empty.")
    return secret
