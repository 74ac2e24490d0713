"""`pgassay money`: the money columns of a database."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from pgassay.cli.options import CONFIG, DATABASE_URL, PROJECT, use_color, warn_password_in_argv
from pgassay.cli.output import OutputType, check_outputs, write_rendered
from pgassay.cli.progress import progress

_STATUS = {"done": 0, "open": 1, "refused": 1, "unknown": 3}


@click.group()
def money() -> None:
    """Look at the money columns of a database, and bring them to the right types."""


@money.command()
@PROJECT
@DATABASE_URL
@CONFIG
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
    outputs: tuple[tuple[str, Path | None], ...],
    quiet: bool,
    verbose: int,
    no_color: bool,
) -> None:
    """Profile every money column, exactly and by currency, and say what a conversion to the
    policy's type would change. Nothing is changed.

    Exit status: 0 all have their type, 1 some do not, 3 unknown.
    """
    check_outputs(outputs)
    warn_password_in_argv(database_url)
    from pgassay.flows.money_plan import MoneyPlanRequest, money_plan
    from pgassay.flows.opened_project import NotAProject
    from pgassay.postgres.connection_target import TargetInvalid
    from pgassay.render.money_plan import render_money_plan, render_money_plan_json
    from pgassay.sources.configuration import ConfigurationError

    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            found = money_plan(MoneyPlanRequest(project, config, database_url), step)
    except (NotAProject, ConfigurationError, TargetInvalid) as error:
        raise click.ClickException(str(error)) from error
    width = shutil.get_terminal_size((80, 24)).columns
    write_rendered(
        {
            "terminal": lambda: render_money_plan(found, width=80),
            "json": lambda: render_money_plan_json(found),
        },
        lambda: render_money_plan(found, width=width, color=use_color(no_color)),
        outputs,
    )
    context.exit(_STATUS[found.verdict])
