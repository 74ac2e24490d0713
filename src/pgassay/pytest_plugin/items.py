"""What pytest sees of the assay: a collector with an item for each test."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from pgassay.pytest_plugin.one_run import OneRun
from pgassay.pytest_plugin.outcome import Outcome
from pgassay.pytest_plugin.suite_tests import TESTS, Ending

NAME = "pgassay"
_MARKERS = (
    "pgassay: a test of `--pgassay`.",
    # Ours where the plugins that know them are not there, for --strict-markers.
    "xdist_group(name): the worker that runs it.",
    "timeout(seconds): how long it may take.",
)


class PgassaySuite(pytest.Collector):
    run: OneRun

    def collect(self) -> Iterator[PgassayTest]:
        for test in TESTS:
            yield PgassayTest.from_parent(self, name=test.name, run=self.run)


class PgassayTest(pytest.Item):
    def __init__(self, *, run: OneRun, **others: Any) -> None:
        super().__init__(**others)
        self._run = run
        self.add_marker("pgassay")
        # With --dist loadgroup one worker has them all; elsewhere the others wait for its run.
        self.add_marker(pytest.mark.xdist_group(NAME))
        # A run has time limits of its own, and takes longer than a test of a unit may.
        self.add_marker(pytest.mark.timeout(0))

    @property
    def _outcome(self) -> Outcome:
        return self._run.outcomes[self.name]

    def setup(self) -> None:
        """What could not be had is an error, and no failure: nothing is known of the subject."""
        outcome = self._outcome
        if outcome.ending == Ending.UNKNOWN:
            self._fail(outcome)
        if outcome.ending == Ending.SKIPPED:
            pytest.skip(outcome.text)

    def runtest(self) -> None:
        outcome = self._outcome
        if outcome.ending == Ending.FAILED:
            self._fail(outcome)
        if outcome.note:
            self.add_report_section("call", "pgassay findings that fail no test", outcome.note)

    def _fail(self, outcome: Outcome) -> None:
        one_line = self.config.getoption("tbstyle", "auto") == "line"
        pytest.fail(outcome.text.split("\n")[0] if one_line else outcome.text, pytrace=False)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *rest: Any) -> Any:
        """At the place of the finding, not of our code."""
        shown = super().repr_failure(excinfo, *rest)
        crash = getattr(shown, "reprcrash", None)
        if crash is not None and isinstance(excinfo.value, pytest.fail.Exception):
            crash.message = str(excinfo.value)
            crash.path, crash.lineno = self._outcome.path or crash.path, self._outcome.line
        return shown

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{NAME}: {self.name}"


class SuitePlugin:
    def __init__(self, config: pytest.Config) -> None:
        for marker in _MARKERS:
            config.addinivalue_line("markers", marker)
        self._config = config
        self._project = _project(config)
        self._asked: tuple[str, ...] = ()
        self._made_folder: Path | None = None

    @property
    def _collects(self) -> bool:
        """Whether this process collects tests: with xdist, the workers do."""
        return hasattr(self._config, "workerinput") or self._config.getoption("dist", "no") == "no"

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """Takes `pgassay::round_trip` out of the arguments: pytest knows only files."""
        if not self._collects:
            return
        folder = session.config.invocation_params.dir / NAME
        all_of_it = () if folder.exists() else (NAME,)
        given = session.config.args
        ours = [a for a in given if a in all_of_it or a.startswith(f"{NAME}::")]
        for argument in ours:
            name = argument.partition("::")[2]
            if name and name not in [t.name for t in TESTS]:
                known = ", ".join(t.name for t in TESTS)
                raise pytest.UsageError(f"{argument}: pgassay's tests are {known}.")
        given[:] = [a for a in given if a not in ours]
        self._asked = tuple(ours)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, None]:
        result = yield
        if isinstance(collector, pytest.Session):
            report = result.get_result()
            if report.passed:
                tests = PgassaySuite.from_parent(collector, name=NAME, nodeid=NAME)
                tests.run = self._one_run()
                report.result = [*report.result, tests]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        if not self._asked or NAME in self._asked:
            return
        left = [
            i
            for i in items
            if isinstance(i, PgassayTest) and f"{NAME}::{i.name}" not in self._asked
        ]
        config.hook.pytest_deselected(items=left)
        items[:] = [i for i in items if i not in left]

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """xdist starts a worker."""
        if self._made_folder is None:
            self._made_folder = Path(tempfile.mkdtemp(prefix="pgassay-pytest-"))
        node.workerinput["pgassay_folder"] = str(self._made_folder)

    def pytest_unconfigure(self) -> None:
        if self._made_folder is not None:
            shutil.rmtree(self._made_folder, ignore_errors=True)

    def _one_run(self) -> OneRun:
        shared = getattr(self._config, "workerinput", {}).get("pgassay_folder", "")
        # A worker on another machine does not see the folder, and makes a run of its own.
        folder = Path(shared) if shared and os.path.isdir(shared) else None
        here = self._config.invocation_params.dir
        return OneRun(self._project, here, sys.executable, folder)


def _project(config: pytest.Config) -> Path:
    named: str | None = config.getoption("pgassay_project")
    base = config.invocation_params.dir if named else config.rootpath
    folder = base / (named or config.getini("pgassay_project"))
    if not folder.is_dir():
        raise pytest.UsageError(f"--pgassay: {folder} is not a folder.")
    return folder.resolve()
