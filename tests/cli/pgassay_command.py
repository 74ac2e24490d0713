"""Running the command line as a process of its own, as people do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COMMAND = (sys.executable, "-m", "pgassay")
EXAMPLE = Path(__file__).parents[2] / "examples" / "mita_finance"


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's, without anything that names a database; nothing is remembered."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE_URL"))}
    return {**kept, "COLUMNS": "80", "PGASSAY_NO_CACHE": "1", **(extra or {})}


def pgassay(
    *arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
