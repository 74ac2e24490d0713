"""Running a user's own suite as a process, and reading how its tests ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.cli.pgassay_command import environment

TESTS = (
    "histories_build",
    "round_trip",
    "models_match_history",
    "money_policy",
    "other_checks",
)


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """`endings` of pgassay's tests by name: passed, failed, error or skipped, in order."""

    status: int
    output: str
    endings: dict[str, str]
    texts: dict[str, str]
    others: tuple[str, ...]


def run_suite(
    project: Path, *arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] = {}
) -> SuiteRun:
    junit = project.parent / "junit.xml"
    junit.unlink(missing_ok=True)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--junit-xml={junit}"),
            *map(str, arguments),
        ],
        cwd=cwd or project,
        env=environment({"PYTHONDONTWRITEBYTECODE": "1", **env}),
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    endings, texts, others = {}, {}, []
    for case in ElementTree.parse(junit).iter("testcase") if junit.exists() else ():
        name = case.get("name", "")
        ended = [e for e in case if e.tag in ("failure", "error", "skipped")]
        ending = ended[0].tag.replace("failure", "failed") if ended else "passed"
        if case.get("classname") == "pgassay":
            endings[name.partition("@")[0]] = ending
            texts[name.partition("@")[0]] = "".join(
                f"{e.get('message') or ''}\n{e.text or ''}" for e in case
            )
        else:
            others.append(f"{name} {ending}")
    return SuiteRun(done.returncode, done.stdout + done.stderr, endings, texts, tuple(others))


def ended(**others: str) -> dict[str, str]:
    """All passed but these."""
    return {name: others.get(name, "passed") for name in TESTS}
