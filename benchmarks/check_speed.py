"""How long pgassay takes, measured in one run as whole processes; medians.

    python -m benchmarks.check_speed

- `pgassay --help` against `python -c "import click"`: a ratio, since both ran on the same machine
  in turn. Aim: at most 3.
- `pgassay check` of the worked example with its production: with empty caches (aim: 10 s) and
  with warm ones (aim: 4 s), on two cores.
- The same, and `pgassay history list`, when nothing has changed since the last run, with the
  database and without (aim: 1 s each).
- `pgassay check --static` of it, which remembers nothing (aim: 1 s).

Exits 1 when an aim is missed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from pgassay.flows.demo import play

PGASSAY = (sys.executable, "-m", "pgassay")
CLICK = (sys.executable, "-c", "import click")
_OFF = "PGASSAY_NO_CACHE"
_NO_URL = {"DATABASE_URL": ""}


def main() -> int:
    """Print each figure beside its aim; 1 when one is missed."""
    missed = [not _tell(*figure) for figure in (_help(), *_check())]
    return int(any(missed))


def _help() -> tuple[str, float, float, str]:
    ours, theirs = [], []
    for _ in range(11):
        ours.append(_seconds([*PGASSAY, "--help"]))
        theirs.append(_seconds(CLICK))
    ratio = statistics.median(ours) / statistics.median(theirs)
    return ("pgassay --help / import click", ratio, 3.0, "x")


def _check() -> list[tuple[str, float, float, str]]:
    with (
        tempfile.TemporaryDirectory(prefix="pgassay-benchmark-") as folder,
        play(Path(folder) / "demo", lambda _: None) as demo,
    ):
        command = [*PGASSAY, "check", str(demo.project), "-q"]
        url = {"DATABASE_URL": demo.url}
        cold = [_seconds(command, {**url, "XDG_CACHE_HOME": f"{folder}/{n}"}) for n in range(3)]
        warm_cache = {**url, "XDG_CACHE_HOME": f"{folder}/0"}
        warm = [_seconds([*command, "--no-cache"], warm_cache) for _ in range(5)]
        unchanged = [
            (f"{name}, unchanged{told}", _unchanged([*PGASSAY, *asked, str(demo.project)], where))
            for name, asked in (("check", ["check", "-q"]), ("list", ["history", "list"]))
            for told, where in ((", with database", warm_cache), ("", {**warm_cache, **_NO_URL}))
        ]
        static = _unchanged([*command, "--static", "--no-cache"], _NO_URL)
    return [
        ("check --static of the example", static, 1.0, "s"),
        ("check of the example, cold caches", statistics.median(cold), 10.0, "s"),
        ("check of the example, warm caches", statistics.median(warm), 4.0, "s"),
        *((what, took, 1.0, "s") for what, took in unchanged),
    ]


def _unchanged(command: Sequence[str], environment: Mapping[str, str]) -> float:
    _seconds(command, environment)
    return statistics.median(_seconds(command, environment) for _ in range(7))


def _seconds(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    began = time.perf_counter()
    # Compiled, as what pip installed is.
    ours = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", _OFF)}
    done = subprocess.run(
        command, env={**ours, **(environment or {})}, capture_output=True, check=False
    )
    took = time.perf_counter() - began
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stderr.decode()}")
    return took


def _tell(what: str, measured: float, aim: float, unit: str) -> bool:
    met = measured <= aim
    print(f"{what:<36} {measured:6.2f} {unit}   aim {aim:g} {unit}   {'met' if met else 'MISSED'}")
    return met


if __name__ == "__main__":
    raise SystemExit(main())
