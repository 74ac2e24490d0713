"""`pgassay data`: the rows."""

from __future__ import annotations

import click

from pgassay.cli.data_check import data_check
from pgassay.cli.data_diff import data_diff
from pgassay.cli.data_infer import data_infer


@click.group()
def data() -> None:
    """Check the rows of a database, propose rules for them, compare those of two."""


for command in (data_check, data_diff, data_infer):
    data.add_command(command)
