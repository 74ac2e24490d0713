"""`pgassay data`: the rows."""

from __future__ import annotations

import click

from pgassay.cli.data_check import data_check
from pgassay.cli.data_infer import data_infer


@click.group()
def data() -> None:
    """Check the rows of a database."""


data.add_command(data_check)
data.add_command(data_infer)
