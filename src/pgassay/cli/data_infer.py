"""`pgassay data infer`: rules that the rows speak for."""

from __future__ import annotations

from pathlib import Path

import click

from pgassay.cli.options import CONFIG, DATABASE_URL, PROJECT, warn_password_in_argv
from pgassay.cli.progress import progress


@click.command("infer")
@PROJECT
@DATABASE_URL
@CONFIG
@click.option("--write", is_flag=True, help="Write the file of rules, where there is none yet.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the rules.")
@click.option("-v", "--verbose", count=True, help="Say each step.")
@click.pass_context
def data_infer(
    context: click.Context,
    project: Path,
    database_url: str | None,
    config: Path | None,
    write: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Propose rules for the rows, from names, types, relationships and statistics, each with its
    reason; what nearly all rows keep is proposed. People review them."""
    warn_password_in_argv(database_url)
    from pgassay.actions.write_files import NotWritten
    from pgassay.flows.data_infer import InferRequest, NotInferred, infer
    from pgassay.flows.opened_project import NotAProject
    from pgassay.postgres.connection_target import TargetInvalid
    from pgassay.sources.configuration import ConfigurationError

    request = InferRequest(project, config, database_url, write)
    try:
        with progress(quiet=quiet, verbose=verbose) as step:
            found = infer(request, step)
    except (NotAProject, ConfigurationError, TargetInvalid, NotInferred, NotWritten) as error:
        raise click.ClickException(str(error)) from error
    if not found.path:
        click.echo(found.text, nl=False)
    for lost in found.lost:
        click.echo(f"Could not be asked: {lost.needs}: {lost.reason}", err=True)
    if not quiet:
        known = f"; {found.known} more stand in the file already" if found.known else ""
        place = f" written to {found.path}" if found.path else ""
        click.echo(f"{len(found.proposals)} rules{place}{known}. Review them, then:", err=True)
        click.echo("next: pgassay data check", err=True)
    context.exit(3 if found.lost else 0)
