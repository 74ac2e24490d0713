"""Whether a module that could not be imported is the project's own."""

from __future__ import annotations

from pathlib import Path, PurePath

from pgassay.sources.project_files import NOT_THE_PROJECT, relative

_NEVER = ("alembic", "sqlalchemy")
"""A script directory of such a name is not what is imported by it."""


def own_module(root: Path, name: str) -> str:
    """Where the project has that module or package, at most two folders down; "" for nowhere."""
    if name in _NEVER:
        return ""
    for depth in ("", "*/", "*/*/"):
        for found in sorted((*root.glob(f"{depth}{name}.py"), *root.glob(f"{depth}{name}/"))):
            shown = relative(found, root)
            has_code = found.suffix == ".py" or any(found.glob("*.py"))
            if has_code and not NOT_THE_PROJECT & set(PurePath(shown).parts):
                return shown
    return ""
