"""Showing on standard error what a run is doing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(*, quiet: bool, verbose: int) -> Iterator[Callable[[str], None]]:
    """A function to tell each step to: a moving line on a terminal, plain lines with -v elsewhere,
    nothing with -q."""
    if quiet or (not sys.stderr.isatty() and not verbose):
        yield lambda _: None
        return
    began = time.monotonic()
    if not sys.stderr.isatty() or verbose:
        yield lambda step: click.echo(f"[{time.monotonic() - began:5.1f} s] {step}", err=True)
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield lambda step: status.update(step)
