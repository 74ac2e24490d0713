"""The options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

PROJECT = click.argument(
    "project",
    default=".",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
)


def _as_seen_from_here(_context: click.Context, _option: click.Parameter, path: str) -> str:
    """A path that somebody types is their folder's, not the project's. A bare name is a program."""
    return str(Path(path).expanduser().absolute()) if "/" in path else path


CONFIG = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="PATH",
    help="Default: PROJECT/pgassay.toml, or [tool.pgassay] of its pyproject.toml.",
)

DATABASE_URL = click.option(
    "--database-url",
    metavar="URL",
    help="The live database, read-only; env:NAME takes it from a variable. "
    "Default: $DATABASE_URL, then libpq's variables.",
)


def world(command: Command) -> Command:
    """Where the run finds its database, scratch server, configuration and interpreter."""
    for option in (
        click.option(
            "--python",
            default="",
            metavar="PATH",
            callback=_as_seen_from_here,
            help="The project's interpreter. Default: its .venv, the active one, or ours.",
        ),
        click.option(
            "--scratch-url",
            metavar="URL",
            help="Use this server for scratch databases, instead of starting one.",
        ),
        CONFIG,
        DATABASE_URL,
    ):
        command = option(command)
    return command


NO_CACHE = click.option(
    "--no-cache",
    is_flag=True,
    envvar="PGASSAY_NO_CACHE",
    help="Run everything on scratch again, also where nothing has changed since an earlier run.",
)


def talk(command: Command) -> Command:
    """How much is said, and how."""
    for option in (
        click.option("--no-color", is_flag=True, help="Plain text; NO_COLOR does the same."),
        click.option("-v", "--verbose", count=True, help="Say why and show evidence; -vv more."),
        click.option("-q", "--quiet", is_flag=True, help="Only the verdict and one line each."),
    ):
        command = option(command)
    return command


def use_color(no_color: bool) -> bool:
    """Colour only on a terminal, and only where nobody asked for none (no-color.org)."""
    return not no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()


def warn_password_in_argv(url: str | None) -> None:
    """Other users of the machine can read a command's arguments."""
    from pgassay.analysis.url_text import masked_url

    if url and masked_url(url) != url:
        click.echo(
            "Warning: a password in a command's arguments can be read by every user of this "
            "machine. Put the URL into a variable and give --database-url env:NAME.",
            err=True,
        )
