"""squawk itself, asked of SQL that revisions send."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pgassay.facts.second_opinion import SecondOpinion
from pgassay.facts.unavailable import NotAsked, Unavailable
from pgassay.sources.squawk import squawks_opinion

DROPS = "ALTER TABLE users ALTER COLUMN email DROP NOT NULL"
TOOL = "squawk 2.70.0"


def opinion(root: Path, *statements: str) -> SecondOpinion:
    said = squawks_opinion(statements, 150018, root)
    assert isinstance(said, SecondOpinion), said
    return said


def minded(said: SecondOpinion) -> list[tuple[int, str]]:
    ours = [r for r in said.remarks if not r.rule.startswith("require-")]
    return [(r.statement, r.rule) for r in ours]


def program(folder: Path, text: str) -> None:
    folder.mkdir()
    path = folder / "squawk"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_each_remark_is_of_its_statement(tmp_path: Path) -> None:
    said = opinion(
        tmp_path,
        "SELECT 1 -- and no more;",
        "ALTER TABLE users\n  ADD COLUMN a text;\n",
        f"\n\n{DROPS}",
        "",
        "CREATE TABLE notes (id bigint, kind text NOT NULL)",
        "ALTER TABLE notes ALTER COLUMN kind DROP NOT NULL",
        "DROP VIEW v",
    )
    assert said.tool == TOOL
    assert (2, "ban-drop-not-null") in minded(said)
    assert (6, "ban-drop-view") in minded(said)
    assert said.unread == (3,)
    assert {r.statement for r in said.remarks if r.rule == "require-lock-timeout"} == {1}


def test_one_that_it_cannot_read_hides_no_other(tmp_path: Path) -> None:
    said = opinion(tmp_path, "UPDATE users SET WHERE b = 1", DROPS, "SELECT 'open", "DROP VIEW v")
    assert 0 in said.unread
    assert (1, "ban-drop-not-null") in minded(said)
    assert set(said.unread) == {0, 2}
    assert (3, "ban-drop-view") in minded(said)


def test_placeholders_of_drivers_are_no_obstacle(tmp_path: Path) -> None:
    said = opinion(tmp_path, f"UPDATE users SET a = %(a)s WHERE b = %s AND c = $1; {DROPS}")
    assert said.unread == ()
    assert minded(said) == [(0, "ban-drop-not-null")]


def test_a_comment_silences_no_other_statement(tmp_path: Path) -> None:
    said = opinion(tmp_path, "-- squawk-ignore-file\nSELECT 1", DROPS)
    assert minded(said) == [(1, "ban-drop-not-null")]


def test_what_it_lacks_is_told_and_makes_nothing_unknown() -> None:
    said = SecondOpinion(TOOL, (), (1,))
    (lost,) = said.lacking(4)
    assert isinstance(lost, NotAsked)
    assert lost.needs == "1 of 4 statements, which squawk 2.70.0 cannot read"
    assert SecondOpinion(TOOL).lacking(4) == ()


def test_nothing_to_read_is_no_remark(tmp_path: Path) -> None:
    assert opinion(tmp_path) == SecondOpinion(TOOL)
    assert opinion(tmp_path, "SELECT 1") == SecondOpinion(TOOL)
    assert opinion(tmp_path, "%%%").unread == (0,)


def test_the_projects_own_settings_count(tmp_path: Path) -> None:
    settings = tmp_path / ".squawk.toml"
    settings.write_text('excluded_rules = ["ban-drop-not-null"]\n')
    assert minded(opinion(tmp_path, DROPS)) == []
    settings.write_text('included_rules = ["ban-add-column"]\n')
    said = opinion(tmp_path, "ALTER TABLE users ADD COLUMN a text")
    assert (0, "ban-add-column") in minded(said)


def test_settings_that_it_refuses_are_unknown(tmp_path: Path) -> None:
    (tmp_path / ".squawk.toml").write_text("excluded_rules = {")
    said = squawks_opinion([DROPS], 150018, tmp_path)
    assert isinstance(said, Unavailable)
    assert not isinstance(said, NotAsked)
    assert said.reason.startswith("squawk could not be asked: Configuration error: ")
    assert ".squawk.toml" in said.next_step


def test_where_it_is_not_installed_nobody_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "other", "echo a bird")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "other"))
    said = squawks_opinion([DROPS], 150018, tmp_path)
    assert said == NotAsked(
        "second opinion", "squawk is not installed.", "pip install 'pgassay[squawk]'"
    )


@pytest.mark.parametrize("answer", ["echo no json", "echo '[{}]'", "echo '{\"a\": 1}'", "exit 3"])
def test_what_it_says_otherwise_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    program(tmp_path / "bin", f'[ "$1" = --version ] && echo squawk 9.0.0 && exit\n{answer}')
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    said = squawks_opinion([DROPS], 150018, tmp_path)
    assert isinstance(said, Unavailable)
    assert said.reason.startswith("squawk could not be asked: ")
