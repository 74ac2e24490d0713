"""`pgassay check`: the assay."""

from __future__ import annotations

from pathlib import Path

import click

from pgassay.cli.options import PROJECT, talk, use_color, warn_password_in_argv, world
from pgassay.cli.output import OutputType, check_outputs, write_outputs
from pgassay.cli.progress import progress


def _codes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Codes, names or prefixes, also several with commas between; unknown ones are refused."""
    from pgassay.checks import ALL

    asked = tuple(part.strip() for v in values for part in v.split(",") if part.strip())
    for part in asked:
        if not any(c.name == part or c.code.startswith(part.upper()) for c in ALL):
            raise click.BadParameter(f"no check is called {part!r}; see `pgassay explain`")
    return asked


@click.command()
@PROJECT
@world
@click.option("--gate", is_flag=True, help="Demand `safe`: `clear` exits 3 too.")
@click.option(
    "--output", "outputs", type=OutputType(), multiple=True, help="terminal, markdown or json."
)
@click.option("--select", multiple=True, callback=_codes, metavar="CODE", help="Only these checks.")
@click.option("--ignore", multiple=True, callback=_codes, metavar="CODE", help="Not these checks.")
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
    outputs: tuple[tuple[str, Path | None], ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    quiet: bool,
    verbose: int,
    no_color: bool,
) -> None:
    """Check everything PROJECT and its database show, and give the verdict.

    The database is only read. The project's own code runs against a scratch server, cut off from
    every other one.
    """
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
        select=select,
        ignore=ignore,
        gate=gate,
    )
    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            report = run(request, step)
    except (NotAProject, ConfigurationError, TargetInvalid) as error:
        raise click.ClickException(str(error)) from error
    write_outputs(report, outputs, verbosity=-1 if quiet else verbose, color=use_color(no_color))
    context.exit(report.exit_status)
