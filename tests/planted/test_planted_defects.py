"""Defects planted under seeded random names and folders are found, all of them and nothing else.

By default each defect is left out at one seed, and those of a large company several together;
`PGASSAY_PLANTED=full` leaves each out alone, at every seed. What is expected is the whole set of
findings, so leaving a defect out must remove exactly what only it causes.
"""

from __future__ import annotations

import os

import pytest

from pgassay.checks import ALL
from pgassay.verdict import Verdict
from tests.planted import (
    defects,
    planted_changes,
    planted_equivalents,
    planted_objects,
    planted_running,
    planted_states,
)
from tests.planted.planted_defect import DEFECTS, Defect
from tests.planted.planted_run import Plant
from tests.planted.project_maker import CHOICES, Project

LISTED_BY = (
    defects,
    planted_changes,
    planted_equivalents,
    planted_objects,
    planted_running,
    planted_states,
)
"""They list their defects in `DEFECTS` as they are imported."""
SEEDS = tuple(range(6))
FULL = os.environ.get("PGASSAY_PLANTED") == "full"
COMPANIES = sorted({d.company for d in DEFECTS})
LARGE = {"schema": 3, "objects": 6}
"""The company -> how many of its defects are left out together, unless asked for in full."""


def in_company(company: str) -> list[Defect]:
    return [d for d in DEFECTS if d.company == company]


def together() -> list[tuple[int, str]]:
    return [
        (seed, company)
        for number, company in enumerate(COMPANIES)
        for seed in SEEDS
        if FULL or company in LARGE or seed == number % len(SEEDS)
    ]


def left_out() -> list[tuple[int, list[Defect]]]:
    """One defect at a time; of the large companies, unless asked for in full, several."""
    if FULL:
        return [(seed, [defect]) for seed in SEEDS for defect in DEFECTS]
    parts = [[d] for d in DEFECTS if d.company not in LARGE]
    for company, size in LARGE.items():
        members = in_company(company)
        count = -(-len(members) // size)
        parts += [members[start::count] for start in range(count)]
    return [(number % len(SEEDS), part) for number, part in enumerate(parts)]


def show(value: object) -> str:
    return "+".join(d.name for d in value) if isinstance(value, list) else str(value)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_project_is_clear(plant: Plant, seed: int) -> None:
    report = plant(seed, []).report
    assert [f.message for f in report.findings] == []
    assert [u.reason for u in report.unavailable] == []
    assert report.verdict is Verdict.CLEAR


@pytest.mark.parametrize(("seed", "company"), together())
def test_all_defects_of_a_company_are_found(plant: Plant, seed: int, company: str) -> None:
    assayed = plant(seed, in_company(company))
    assayed.is_exact()
    assert assayed.report.exit_status == 1


@pytest.mark.parametrize(("seed", "without"), left_out(), ids=show)
def test_leaving_defects_out_removes_exactly_their_findings(
    plant: Plant, seed: int, without: list[Defect]
) -> None:
    company = in_company(without[0].company)
    plant(seed, [defect for defect in company if defect not in without]).is_exact()


def test_every_check_has_a_planted_defect() -> None:
    codes = {code for d in DEFECTS for code, _ in d.into(Project(0)).findings}
    # What an API opens is planted in tests/exposure, wrong rows in test_data_check.py, code
    # in tests/analysis. What pending revisions do, poolers, roles and metrics have good and
    # bad cases in tests/cases; a few show here.
    elsewhere = (
        *("MIG", "CON", "RDY", "DAT", "HIS030", "MON005", "MON006", "MON007", "MON008"),
        *("SEC002", "SEC003", "SEC006", "SEC007", "SEC008"),
    )
    others = {check.code for check in ALL if not check.code.startswith(elsewhere)}
    assert codes == {*others, "MIG005", "MIG011"}


def test_the_seeds_show_every_style() -> None:
    for name, values in CHOICES.items():
        assert len(values) <= len(SEEDS), name


def test_each_defect_is_left_out() -> None:
    assert {d.name for _, without in left_out() for d in without} == {d.name for d in DEFECTS}
