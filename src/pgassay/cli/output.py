"""`--output FORMAT[=PATH]`: where reports go."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pgassay.verdict import Report

FORMATS = ("terminal", "markdown", "json", "sarif", "junit", "github", "gitlab")
"""Those of a report; named here since importing what writes them is slow."""


class OutputType(click.ParamType[tuple[str, Path | None]]):
    """A format, and the file it goes to; None for standard output."""

    name = "FORMAT[=PATH]"

    def __init__(self, formats: Sequence[str] = FORMATS) -> None:
        self.formats = formats

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, Path | None]:
        if isinstance(value, tuple):
            return value
        kind, separator, path = str(value).partition("=")
        if kind not in self.formats:
            self.fail(f"unknown format {kind!r}; there are {', '.join(self.formats)}", param, ctx)
        if separator and not path:
            self.fail(f"{value!r} names no file after the =", param, ctx)
        return kind, Path(path) if path else None


def write_outputs(
    report: Report,
    outputs: Sequence[tuple[str, Path | None]],
    *,
    verbosity: int,
    color: bool,
) -> None:
    """Write every output of a report, as `write_rendered` says."""
    from pgassay.render.formats import FORMATS as RENDERERS

    files = {kind: partial(render, report) for kind, render in RENDERERS.items()}
    terminal = partial(_terminal, report, verbosity=verbosity, color=color)
    write_rendered(files, terminal, outputs)


def write_rendered(
    files: Mapping[str, Callable[[], str]],
    terminal: Callable[[], str],
    outputs: Sequence[tuple[str, Path | None]],
) -> None:
    """Write every output: `files` makes the text of a format, `terminal` what this terminal shows.

    The terminal report is shown too unless another goes to standard output. Files appear whole or
    not at all.
    """
    for kind, path in outputs:
        if path is not None:
            write_file(path, files[kind]())
            click.echo(f"{kind} report: {path}", err=True)
    shown = [kind for kind, path in outputs if path is None] or ["terminal"]
    for kind in shown:
        text = terminal() if kind == "terminal" else files[kind]()
        click.echo(text, nl=not text.endswith("\n"), color=True)


def check_outputs(outputs: Sequence[tuple[str, Path | None]]) -> None:
    """Refuse before the run what could not be written after it."""
    if sum(path is None for _, path in outputs) > 1:
        raise click.UsageError("Only one --output can go to standard output; give the others PATH.")
    for _, path in outputs:
        if path is not None:
            check_file("--output", path)


def check_file(option: str, path: Path) -> None:
    """Refuse a file that could not be written."""
    folder = path.parent
    if not folder.is_dir():
        raise click.UsageError(f"{option}: the folder {folder} does not exist.")
    if path.is_dir() or not os.access(folder, os.W_OK):
        raise click.UsageError(f"{option}: {path} cannot be written.")


def _terminal(report: Report, *, verbosity: int, color: bool) -> str:
    import shutil

    from pgassay.render.terminal import render_terminal

    width = min(shutil.get_terminal_size((80, 24)).columns, 120)
    return render_terminal(report, width=width, color=color, verbose=verbosity)


def write_file(path: Path, text: str | Iterable[str]) -> None:
    """Write a text file, which appears whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines([text] if isinstance(text, str) else text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
