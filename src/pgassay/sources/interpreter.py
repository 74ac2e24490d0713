"""The Python interpreter that has the project's SQLAlchemy and Alembic."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from pgassay.facts.unavailable import Unavailable


def find_interpreter(root: Path, named: str) -> str | Unavailable:
    """`named` (a flag or the configuration) or the project's own virtual environment, or the one
    that is active, or ours."""
    if named:
        candidate = root / named if "/" in named else Path(shutil.which(named) or named)
        if not os.access(candidate, os.X_OK):
            return Unavailable(
                "interpreter",
                f"The project's interpreter {candidate} cannot be executed.",
                "Give --python PATH, or set [project] python in pgassay.toml.",
            )
        return str(candidate)
    places = [root / ".venv", root / "venv", *(Path(p) for p in _active())]
    for place in places:
        candidate = place / "bin" / "python"
        if os.access(candidate, os.X_OK):
            return str(candidate)
    return sys.executable


def _active() -> list[str]:
    active = os.environ.get("VIRTUAL_ENV")
    return [active] if active else []
