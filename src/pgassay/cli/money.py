"""`pgassay money`: the money columns of a database."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from pgassay.cli.options import PROJECT, use_color, warn_password_in_argv, world
from pgassay.cli.output import OutputType, check_outputs, write_rendered
from pgassay.cli.progress import progress

_STATUS = {"done": 0, "open": 1, "refused": 1, "unknown": 3}


@click.group()
def money() -> None:
    """Look at the money columns of a database, and bring them to the right types."""


@money.command()
@PROJECT
@world
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="PATTERN",
    help="Only these: schema.table.column or its end, with * and ?.",
)
@click.option(
    "--write",
    is_flag=True,
    help="Write the revisions and the models' diff, once they are proven on scratch.",
)
@click.option(
    "--contract",
    is_flag=True,
    help="With --write: the revision that drops what an earlier conversion left.",
)
@click.option(
    "--output",
    "outputs",
    type=OutputType(("terminal", "json")),
    multiple=True,
    help="terminal or json, with =PATH for a file.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the plan.")
@click.option("-v", "--verbose", count=True, help="Say each step.")
@click.option("--no-color", is_flag=True, help="Plain text; NO_COLOR does the same.")
@click.pass_context
def plan(
    context: click.Context,
    project: Path,
    database_url: str | None,
    config: Path | None,
    scratch_url: str | None,
    python: str,
    columns: tuple[str, ...],
    write: bool,
    contract: bool,
    outputs: tuple[tuple[str, Path | None], ...],
    quiet: bool,
    verbose: int,
    no_color: bool,
) -> None:
    """Profile every money column, exactly and by currency, and say what a conversion to the
    policy's type would change. The database is only read.

    --write writes the conversion as Alembic revisions with guards and downgrade, in place for small
    tables, beside the old column for others, and a diff for the models. Nothing is written before
    it is proven on scratch, nor while values are undecided.

    Exit status: 0 all have their type, or what was asked for was written; 1 some do not; 3 unknown.
    """
    check_outputs(outputs)
    warn_password_in_argv(database_url)
    warn_password_in_argv(scratch_url)
    if contract and not write:
        raise click.UsageError("--contract goes with --write.")
    from pgassay.actions.write_files import NotWritten
    from pgassay.flows.money_plan import MoneyPlanRequest, money_plan
    from pgassay.flows.money_write import MoneyWriteRequest, money_write
    from pgassay.flows.opened_project import NotAProject
    from pgassay.flows.schema_sides import World
    from pgassay.postgres.connection_target import TargetInvalid
    from pgassay.render.money_plan import render_money_plan, render_money_plan_json
    from pgassay.sources.configuration import ConfigurationError

    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            found = money_plan(MoneyPlanRequest(project, config, database_url, columns), step)
            written = None
            if write and (contract or found.verdict in ("open", "done")):
                asked = World(project, config, database_url, python)
                request = MoneyWriteRequest(asked, scratch_url, contract)
                written = money_write(request, found, step)
    except (NotAProject, ConfigurationError, TargetInvalid, NotWritten) as error:
        raise click.ClickException(str(error)) from error
    width = shutil.get_terminal_size((80, 24)).columns
    write_rendered(
        {
            "terminal": lambda: render_money_plan(found, written, width=80),
            "json": lambda: render_money_plan_json(found, written),
        },
        lambda: render_money_plan(found, written, width=width, color=use_color(no_color)),
        outputs,
    )
    context.exit(written.exit_status if written is not None else _STATUS[found.verdict])
