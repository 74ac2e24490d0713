"""What is said of a build that was not as the project's own runs, and that every report says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.build_notes import build_notes
from pgassay.analysis.history_listing import list_histories
from pgassay.facts.history import Build, HandedOver, History
from pgassay.facts.location import Location
from pgassay.render.history_heading import history_heading
from pgassay.render.markdown import render_markdown
from pgassay.render.terminal import render_terminal
from tests.render.render_reports import ALEMBIC, CLEAR

HISTORY = History("alembic", "/p/alembic", (), (), ini=Location("alembic.ini", 7))
SQLITE = "on PostgreSQL in place of sqlite:///app.db (alembic.ini:7)"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (Build("alembic"), ()),
        (Build("alembic", requested_url="postgresql://db.example/app"), ()),
        (Build("alembic", requested_url="postgresql+asyncpg://db.example/app"), ()),
        (Build("alembic", requested_url="sqlite:///app.db"), (SQLITE,)),
        (
            Build("alembic", handed_over=HandedOver(("connection",), "engine", "KeyError: 'x'")),
            (
                'with a scratch engine as config.attributes["connection"]; '
                "without one, KeyError: 'x'",
            ),
        ),
    ],
)
def test_what_is_said(build: Build, expected: tuple[str, ...]) -> None:
    assert build_notes(HISTORY, build) == expected


@pytest.mark.parametrize("status", ["built", "failed"])
def test_reports_say_it(status: str) -> None:
    build = {"status": status, "revision": "r", "error": "boom", "tables": 3, "notes": [SQLITE]}
    report = replace(CLEAR, facts={"histories": [{**ALEMBIC, "build": build}]})
    terminal = render_terminal(report, width=200, color=False, verbose=0)
    assert f"; {SQLITE}" in terminal
    assert "sqlite:///app.db" in render_markdown(report)


def test_the_list_says_it() -> None:
    built = Build("alembic", requested_url="sqlite:///app.db")
    (listed,) = list_histories([HISTORY], {"alembic": built}, {})
    heading = history_heading(listed, 80)
    assert f"  run: {SQLITE}" in [line.plain.rstrip() for line in heading]
