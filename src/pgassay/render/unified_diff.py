"""A file's change as `git apply` and people read it."""

from __future__ import annotations

import difflib
import re

from pgassay.facts.consolidation import FilePatch


def unified_diff(patch: FilePatch) -> str:
    """With three lines around each change; `git apply` and `patch -p1` take it."""
    lines = difflib.unified_diff(
        _lines(patch.before),
        _lines(patch.after),
        f"a/{patch.path}" if patch.before else "/dev/null",
        f"b/{patch.path}",
    )
    ended = (x if x.endswith("\n") else f"{x}\n\\ No newline at end of file\n" for x in lines)
    return "".join(ended)


def _lines(text: str) -> list[str]:
    """With their ends. To git only a newline ends a line."""
    return [line for line in re.split(r"(?<=\n)", text) if line]
