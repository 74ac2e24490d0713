"""docs/coverage.md is true: every row names tests that exist, and every check has a row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pgassay.checks import EXPLAINED

ROOT = Path(__file__).parents[1]
MAP = ROOT / "docs" / "coverage.md"
NOT_BUILT = "not built yet"


def rows() -> list[tuple[str, str, str]]:
    """(bullet, command, tests) of every table row."""
    found = []
    for line in MAP.read_text("utf-8").splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 3 and not set(cells[0]) <= {"-"}:
            found.append((cells[0], cells[1], cells[2]))
    return [row for row in found if row[2] != "test"]


def named_in(path: Path) -> set[str]:
    module = ast.parse(path.read_text("utf-8"))
    return {n.name for n in module.body if isinstance(n, ast.FunctionDef)}


@pytest.mark.parametrize("row", rows(), ids=lambda r: re.sub(r"\W+", "-", r[0])[:60])
def test_a_row_names_tests_that_exist(row: tuple[str, str, str]) -> None:
    _, command, tests = row
    if command == NOT_BUILT:
        assert tests == "-"
        return
    named = re.findall(r"`(\S+?)::(\S+?)`", tests)
    assert named, f"no test is named: {row}"
    for path, test in named:
        assert (ROOT / path).is_file(), f"{path} does not exist"
        assert test in named_in(ROOT / path), f"{path} has no {test}"


def test_the_map_has_rows() -> None:
    assert len(rows()) > 40


@pytest.mark.parametrize("code", [c.code for c in EXPLAINED])
def test_every_check_has_a_row(code: str) -> None:
    assert any(code in bullet for bullet, _, _ in rows())


def test_a_row_with_an_invented_test_would_fail() -> None:
    """The verifier is seen failing."""
    with pytest.raises(AssertionError, match="has no test_invented"):
        test_a_row_names_tests_that_exist(
            ("x", "`pgassay check`", "`tests/test_coverage_map.py::test_invented`")
        )
