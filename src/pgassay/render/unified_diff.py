"""A file's change as `git apply` and people read it."""

from __future__ import annotations

import difflib

from pgassay.facts.consolidation import FilePatch


def unified_diff(patch: FilePatch) -> str:
    """With three lines around each change; `git apply` and `patch -p1` take it."""
    lines = difflib.unified_diff(
        patch.before.splitlines(keepends=True),
        patch.after.splitlines(keepends=True),
        f"a/{patch.path}" if patch.before else "/dev/null",
        f"b/{patch.path}",
    )
    ended = (x if x.endswith("\n") else f"{x}\n\\ No newline at end of file\n" for x in lines)
    return "".join(ended)
