"""One run of the assay for a whole session of pytest, however many workers it has."""

from __future__ import annotations

import fcntl
import json
import os
import warnings
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from pgassay.flows.check import CheckRequest, check
from pgassay.pytest_plugin.outcome import Outcome, outcome
from pgassay.pytest_plugin.suite_tests import TESTS, Ending, judged

_NEVER = ("", "0", "false", "no", "off")


class OneRun:
    """`shared` is a folder that all workers of a session have; None where there are no others."""

    def __init__(self, project: Path, seen_from: Path, python: str, shared: Path | None) -> None:
        self._project = project
        self._seen_from = seen_from
        self._python = python
        self._shared = shared

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """By the name of the test. The first who asks makes the run, the others wait for it."""
        if self._shared is None:
            return self._made()
        path = self._shared / "outcomes.json"
        with (self._shared / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():
                written = json.loads(path.read_text("utf-8"))
                return {test: Outcome(**fields) for test, fields in written.items()}
            made = self._made()
            # Whole or not at all: a worker may die while it writes.
            new = path.with_suffix(".new")
            new.write_text(json.dumps({t: asdict(o) for t, o in made.items()}), "utf-8")
            new.replace(path)
            return made

    def _made(self) -> dict[str, Outcome]:
        request = CheckRequest(
            root=self._project,
            default_python=self._python,
            no_database=True,
            remember=os.environ.get("PGASSAY_NO_CACHE", "").lower() in _NEVER,
        )
        try:
            # The suite's filters are about the suite's code: `error` would crash ours.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                report = check(request, lambda _: None)
        except Exception as error:
            said = Outcome(Ending.UNKNOWN, self._why_not(error))
            return {test.name: said for test in TESTS}
        return {
            test.name: outcome(judged(test, report), self._project, self._seen_from)
            for test in TESTS
        }

    def _why_not(self, error: Exception) -> str:
        from pgassay.flows.check import NotAProject
        from pgassay.sources.configuration import ConfigurationError

        if isinstance(error, NotAProject | ConfigurationError):
            return f"{error}\n\nThe project is {self._project}: --pgassay-project names another."
        return (
            f"pgassay crashed: {type(error).__name__}: {error}\n\n"
            f"Report this with the output of: pgassay check {self._project} --no-database -vv"
        )
