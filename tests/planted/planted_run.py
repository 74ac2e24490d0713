"""Checks a planted project against its live database."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.scratch import Database
from pgassay.verdict import Report
from tests.planted.planted_defect import Defect, Expected
from tests.planted.project_maker import Project


@dataclass(frozen=True)
class Assayed:
    """The report of a project, and what the defects planted in it must cause."""

    report: Report
    expected: Expected

    def is_exact(self) -> None:
        """Each expected finding is there once, and nothing else is, known or unknown."""
        found = Counter((f.code, f.subject) for f in self.report.findings)
        expected = Counter(self.expected.findings)
        unwanted = [f for f in self.report.findings if (f.code, f.subject) not in expected]
        assert found == expected, (
            [f"{f.code} {f.subject}: {f.message}" for f in unwanted],
            expected - found,
        )
        assert {u.needs for u in self.report.unavailable} == self.expected.unknown


Plant = Callable[[int, Sequence[Defect]], Assayed]


def assay(
    root: Path, live: Database, scratch_url: str, seed: int, defects: Sequence[Defect]
) -> Assayed:
    """Write the project of a seed with those defects into `root` and `live`, and check it."""
    project = Project(seed)
    planted = [defect.into(project) for defect in defects]
    project.write(root)
    with live.connect(autocommit=True) as connection:
        connection.execute(project.live().encode())
        for statement in project.failing:
            with pytest.raises(psycopg.Error):
                connection.execute(statement.encode())
    request = CheckRequest(
        root, database_url=live.url(), scratch_url=scratch_url, python=sys.executable
    )
    return Assayed(
        check(request, lambda _: None),
        Expected(
            frozenset(f for e in planted for f in e.findings),
            frozenset(u for e in planted for u in e.unknown),
        ),
    )
