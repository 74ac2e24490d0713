"""`pgassay`: the group of commands, and how a run ends.

Only click is imported at the top of this room's modules, so that `--help` and completion are
instant; every command imports what it needs when it runs.
"""

from __future__ import annotations

import os
import sys

import click

from pgassay import __version__
from pgassay.cli.check import check
from pgassay.cli.data import data
from pgassay.cli.demo import demo
from pgassay.cli.explain import explain
from pgassay.cli.history import history
from pgassay.cli.init import init
from pgassay.cli.money import money
from pgassay.cli.schema import schema


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(__version__, prog_name="pgassay")
def pgassay() -> None:
    """Prove whether a PostgreSQL deployment is safe before it happens.

    Exit status: 0 safe or clear, 1 unsafe, 2 wrong usage or configuration, 3 unknown.
    """


for command in (check, explain, init, demo, schema, data, money, history):
    pgassay.add_command(command)


def run() -> None:
    """The entry point. A crash exits 3, never 1: it says nothing about the database."""
    from signal import SIGHUP, SIGTERM, signal

    # So that `with` blocks and atexit stop the scratch server when somebody else ends us.
    for ending in (SIGTERM, SIGHUP):
        signal(ending, lambda number, _: sys.exit(128 + number))
    try:
        status = pgassay.main(prog_name="pgassay", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        status = 130
    except click.ClickException as error:
        error.show()
        status = 2
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
        status = 130
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`); Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        status = 3
    except Exception as crash:
        if any(a.startswith("-v") and a.count("v") > 1 for a in sys.argv[1:]):
            raise SystemExit(_traceback()) from crash
        click.echo(
            f"pgassay crashed: {type(crash).__name__}: {crash}\n"
            "Nothing is known about this deployment. Add -vv to the same command and report the "
            "traceback.",
            err=True,
        )
        status = 3
    raise SystemExit(status)


def _traceback() -> int:
    import traceback

    traceback.print_exc()
    return 3
