"""Money that is a float in the project's Python code, which is read and not run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pgassay.analysis.money_in_code.modules import (
    ModuleMoney,
    may_matter,
    money_in_code,
    money_in_module,
)
from pgassay.facts.money_code import MoneyInCode
from pgassay.facts.settings import MoneySettings
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.entry_points import of_tests
from pgassay.sources.project_files import relative
from pgassay.sources.revision_file import is_revision_source


def read_money_in_code(
    root: Path, files: Sequence[Path], settings: MoneySettings
) -> tuple[MoneyInCode | Unavailable, ...]:
    """Of the Python files that are neither tests nor revisions, whose types are the history's.

    One that has something to look at and cannot be read or parsed is `Unavailable`.
    """
    modules: list[ModuleMoney] = []
    lost: list[Unavailable] = []
    for path in files:
        shown = relative(path, root)
        if path.suffix != ".py" or of_tests(shown):
            continue
        try:
            text = path.read_bytes().decode("utf-8-sig", "replace")
            if may_matter(text, settings) and not is_revision_source(text):
                modules.append(money_in_module(shown, text, settings))
        except OSError as error:
            reason = f"{shown} cannot be read ({error.strerror})."
            lost.append(Unavailable(f"file {shown}", reason, f"chmod u+r {shown}"))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            lost.append(_unparsed(shown, error))
    return (*money_in_code(modules), *lost)


def _unparsed(shown: str, error: Exception) -> Unavailable:
    where = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
    return Unavailable(
        f"file {shown}",
        f"{shown} is no Python that can be read ({getattr(error, 'msg', error)}{where}), so money "
        "in it may be a float.",
        f'Mend it, or leave it out: [project] exclude = ["{shown}"] in pgassay.toml.',
    )
