"""`pgassay data`: the rows."""

from __future__ import annotations

import click

from pgassay.cli.data_check import data_check


@click.group()
def data() -> None:
    """Check the rows of a database."""


data.add_command(data_check)
