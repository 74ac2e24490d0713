"""Every way in which code makes a float of money is found by its line, and nothing else."""

from __future__ import annotations

from random import Random

import pytest

from pgassay.analysis.money_in_code.modules import may_matter, money_in_code, money_in_module
from pgassay.facts.money_code import MoneyInCode
from pgassay.facts.settings import MoneySettings
from tests.analysis.money_in_code.planted_code import TEMPLATES, module, pieces

PATH = "app/things.py"


def found(text: str, settings: MoneySettings | None = None) -> tuple[MoneyInCode, ...]:
    settings = settings or MoneySettings()
    if not may_matter(text, settings):
        return ()
    return money_in_code([money_in_module(PATH, text, settings)])


def places(text: str) -> list[tuple[int, str]]:
    return sorted((f.location.line or 0, f.kind) for f in found(text))


@pytest.mark.parametrize("seed", range(20))
def test_each_is_found_at_its_line(seed: int) -> None:
    text, expected = module(pieces(Random(seed)))
    assert places(text) == expected


@pytest.mark.parametrize("at", range(len(TEMPLATES)))
def test_leaving_one_out_removes_exactly_its_finding(at: int) -> None:
    planted = pieces(Random(at))
    _, whole = module(planted)
    (left_out,) = planted[at : at + 1]
    text, expected = module([p for p in planted if p is not left_out])
    assert places(text) == expected
    assert sorted([*(kind for _, kind in expected), left_out.kind]) == sorted(k for _, k in whole)


@pytest.mark.parametrize("at", range(len(TEMPLATES)))
def test_each_is_found_alone(at: int) -> None:
    text, expected = module([pieces(Random(100 + at))[at]])
    assert places(text) == expected
