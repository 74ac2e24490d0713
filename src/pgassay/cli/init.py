"""`pgassay init`: a first configuration."""

from __future__ import annotations

from pathlib import Path

import click

from pgassay.cli.options import PROJECT


@click.command()
@PROJECT
def init(project: Path) -> None:
    """Write PROJECT/pgassay.toml from what is found there, with comments."""
    from pgassay.flows.init import ConfigurationExists
    from pgassay.flows.init import init as write

    try:
        path, found = write(project)
    except ConfigurationExists as error:
        raise click.ClickException(str(error)) from error
    if not found:
        click.echo(f"Warning: no Alembic history was found in {project}.", err=True)
    click.echo(f"Wrote {path}. Look through it, then run: pgassay check {project}")
