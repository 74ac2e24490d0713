"""squawk's opinion of SQL: a linter for migrations that reads text, and so needs no server.

It is asked of what the revisions really sent. Its rules are told apart in
`analysis/second_opinion.py`. Tried with squawk 2.70.0 (its option --help, and its JSON reporter).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pgassay.facts.second_opinion import Remark, SecondOpinion
from pgassay.facts.unavailable import NotAsked, Unavailable

NEEDS = "second opinion"
_TIME_LIMIT_S = 30.0
_VERSION = re.compile(r"squawk (\d+(?:\.\d+)+)")
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%s")
_SYNTAX = "syntax-error"


def squawks_opinion(
    statements: Sequence[str], server_version: int, root: Path
) -> SecondOpinion | Unavailable:
    """`statements` in the order they ran, "" for one whose text nobody has; `server_version` as
    server_version_num gives it. The project's own .squawk.toml counts."""
    found = _installed()
    if found is None:
        return NotAsked(NEEDS, "squawk is not installed.", "pip install 'pgassay[squawk]'")
    program, version = found
    settings = root / ".squawk.toml"
    options = [
        *("--reporter", "json", "--assume-in-transaction"),
        *("--pg-version", f"{server_version // 10000}.{server_version % 10000}"),
        *(("--config", str(settings.resolve())) if settings.is_file() else ()),
    ]
    texts = {place: _lintable(text) for place, text in enumerate(statements) if text.strip()}
    unread = set(range(len(statements))) - texts.keys()
    # With one statement that it cannot parse, squawk says nothing of the others.
    while texts:
        said = _asked(program, options, texts)
        if isinstance(said, Unavailable):
            return said
        broken = {r.statement for r in said if r.rule == _SYNTAX}
        if not broken:
            return SecondOpinion(version, tuple(said), tuple(sorted(unread)))
        unread |= broken
        texts = {place: text for place, text in texts.items() if place not in broken}
    return SecondOpinion(version, (), tuple(sorted(unread)))


def _installed() -> tuple[str, str] | None:
    """The program beside our Python, as the wheel puts it there, or that of the PATH, with its name
    and version. Another program may be called so too."""
    beside = shutil.which("squawk", path=str(Path(sys.executable).parent))
    for program in (beside, shutil.which("squawk")):
        if program is None:
            continue
        try:
            said = subprocess.run(
                [program, "--version"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_TIME_LIMIT_S,
                check=False,
            ).stdout
        except (OSError, subprocess.TimeoutExpired):
            continue
        if match := _VERSION.fullmatch(said.strip()):
            return program, match[0]
    return None


def _lintable(text: str) -> str:
    """Without a driver's placeholders, which are no SQL; and a comment silences squawk for its own
    statement at most, not for the file that we make of all."""
    return _PLACEHOLDER.sub("NULL", text).replace("squawk-ignore-file", "squawk-ignore")


def _asked(
    program: str, options: Sequence[str], texts: Mapping[int, str]
) -> list[Remark] | Unavailable:
    """One run over all texts: a table that one of them makes is known to be new in the next."""
    lines: list[str] = []
    owner: dict[int, int] = {}
    for place, text in texts.items():
        # Only "\n" ends a line for squawk.
        for line in (*text.split("\n"), ";"):
            owner[len(lines)] = place
            lines.append(line)
    try:
        with tempfile.TemporaryDirectory(prefix="pgassay_") as folder:
            done = subprocess.run(
                [program, *options],
                input="\n".join(lines).encode("utf-8", "replace"),
                capture_output=True,
                timeout=_TIME_LIMIT_S,
                # Where nobody's settings lie about.
                cwd=folder,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _failed(str(error))
    try:
        remarks = json.loads(done.stdout)
        return [_remark(r, owner) for r in remarks]
    except (ValueError, KeyError, TypeError):
        words = done.stderr or done.stdout
        return _failed(" ".join(words.decode("utf-8", "replace").split())[:200])


def _remark(said: Mapping[str, Any], owner: Mapping[int, int]) -> Remark:
    """Its lines count from 0; one at the very end may be past the last."""
    line = min(int(said["line"]), max(owner))
    return Remark(
        owner[line], str(said["rule_name"]), str(said["message"]), str(said.get("help") or "")
    )


def _failed(words: str) -> Unavailable:
    return Unavailable(
        NEEDS,
        f"squawk could not be asked: {words or 'it said nothing'}.",
        "See that .squawk.toml is right, or leave it out: `pgassay check --ignore MIG021`.",
    )
