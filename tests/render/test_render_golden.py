"""Whole outputs, compared with files that people have read.

`PGASSAY_UPDATE_GOLDEN=1 pytest tests/render` writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pgassay.render import json_report, markdown, sarif
from pgassay.render.formats import FORMATS
from pgassay.render.terminal import render_terminal
from tests.render.render_reports import REPORTS, UNSAFE

GOLDEN = Path(__file__).parent / "golden"
ENDINGS = {
    "terminal": "txt",
    "markdown": "md",
    "json": "json",
    "sarif": "sarif",
    "junit": "xml",
    "github": "github.txt",
    "gitlab": "gitlab.json",
}


@pytest.fixture(autouse=True)
def fixed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new version must not change the golden files."""
    monkeypatch.setattr(json_report, "__version__", "0.0.0")
    monkeypatch.setattr(markdown, "__version__", "0.0.0")
    monkeypatch.setattr(sarif, "__version__", "0.0.0")


def compare(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("PGASSAY_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name}: see the head of this file"


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("form", FORMATS)
def test_a_report_looks_as_it_did(report: str, form: str) -> None:
    compare(f"{report}.{ENDINGS[form]}", FORMATS[form](REPORTS[report]))


@pytest.mark.parametrize(
    ("name", "width", "verbose"),
    [("unsafe_narrow", 60, 0), ("unsafe_verbose", 80, 1), ("unsafe_quiet", 80, -1)],
)
def test_the_other_ways_to_see_it_on_a_terminal(name: str, width: int, verbose: int) -> None:
    compare(f"{name}.txt", render_terminal(UNSAFE, width=width, color=False, verbose=verbose))


def test_every_golden_file_is_compared() -> None:
    written = {f"{report}.{ending}" for report in REPORTS for ending in ENDINGS.values()}
    written |= {"unsafe_narrow.txt", "unsafe_verbose.txt", "unsafe_quiet.txt"}
    assert {path.name for path in GOLDEN.iterdir()} == written
