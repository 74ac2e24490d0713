"""The terminal report: what it says first and last, its width, and what it lets through."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.render.render_reports import (
    ALEMBIC,
    CLEAR,
    FINDINGS,
    HOSTILE,
    REPORTS,
    UNKNOWN,
    UNSAFE,
    spoiled,
)
from rich.cells import cell_len

from pgassay.findings import Severity
from pgassay.render.terminal import render_terminal
from pgassay.verdict import ItemStatus, Report, Verdict

STYLE = re.compile(r"\x1b\[[0-9;]*m")


def plain(report: Report, width: int = 80, verbose: int = 0) -> str:
    return render_terminal(report, width=width, color=False, verbose=verbose)


@pytest.mark.parametrize(
    ("report", "first"),
    [
        (
            replace(UNSAFE, unavailable=()),
            "UNSAFE  8 blockers, 3 warnings, 1 info, 1 waived",
        ),
        (UNKNOWN, "UNKNOWN  no blocker in what was seen; could not be had: database"),
        (CLEAR, "CLEAR  no blocker, 3 of 7 proven"),
        (replace(CLEAR, gate=True), "CLEAR  no blocker, 3 of 7 proven; the gate demands all"),
        (
            replace(
                CLEAR,
                verdict=Verdict.SAFE,
                checklist=tuple(replace(i, status=ItemStatus.DONE) for i in CLEAR.checklist),
            ),
            "SAFE  no blocker, 7 of 7 proven",
        ),
    ],
)
def test_the_verdict_comes_first(report: Report, first: str) -> None:
    assert plain(report).split("\n")[0].startswith(first)


def test_an_unsafe_verdict_still_names_what_could_not_be_had() -> None:
    assert "could not be had: rows of\n        push_tokens" in plain(UNSAFE)


@pytest.mark.parametrize(
    ("report", "command"),
    [
        (UNSAFE, "pgassay explain HIS001"),
        (CLEAR, "pgassay check --gate"),
        (replace(CLEAR, gate=True), "pgassay check --gate -v"),
        (replace(UNKNOWN, unavailable=()), "pgassay check -v"),
    ],
)
def test_the_next_command_comes_last(report: Report, command: str) -> None:
    assert plain(report).rstrip("\n").split("\n")[-1] == f"next: {command}"


def test_what_is_waived_or_cosmetic_is_not_the_next_thing_to_do() -> None:
    waived = tuple(replace(f, waived=True) for f in FINDINGS)
    info = tuple(f for f in FINDINGS if f.severity is Severity.INFO)
    for found in (waived, info):
        assert plain(replace(CLEAR, findings=found)).endswith("next: pgassay check --gate\n")


def test_the_worst_family_comes_first() -> None:
    money = tuple(f for f in FINDINGS if f.code == "MON001")
    histories = tuple(f for f in FINDINGS if f.code == "HIS007")
    shown = plain(replace(UNSAFE, findings=(*histories, *money)))
    assert shown.index("\nMoney  2 blockers") < shown.index("\nMigration histories  1 warning")


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("verbose", [-1, 0, 1, 2])
def test_no_line_is_wider_than_asked_nor_ends_in_spaces(
    report: Report, width: int, verbose: int
) -> None:
    for line in plain(report, width, verbose).split("\n"):
        assert cell_len(line) <= width
        assert line == line.rstrip()


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_colour_adds_nothing_but_colour(report: Report) -> None:
    coloured = render_terminal(report, width=80, color=True)
    assert STYLE.search(coloured)
    bare = STYLE.sub("", coloured)
    assert "\x1b" not in bare
    assert all(cell_len(line) <= 80 for line in bare.split("\n"))
    assert bare.split() == plain(report).split()


def test_the_environment_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [render_terminal(UNSAFE, width=60, color=color) for color in (True, False)]
    for name, value in {
        "TERM": "dumb",
        "NO_COLOR": "1",
        "FORCE_COLOR": "1",
        "COLUMNS": "33",
        "COLORTERM": "truecolor",
    }.items():
        monkeypatch.setenv(name, value)
    assert [render_terminal(UNSAFE, width=60, color=color) for color in (True, False)] == expected


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("verbose", [-1, 0, 2])
def test_nothing_in_the_data_acts_on_the_terminal(text: str, verbose: int) -> None:
    for report in REPORTS.values():
        shown = plain(spoiled(report, text), verbose=verbose)
        assert all(ch == "\n" or ch.isprintable() for ch in shown)
        assert all(cell_len(line) <= 80 for line in shown.split("\n"))
        coloured = render_terminal(spoiled(report, text), width=80, color=True, verbose=verbose)
        assert "\x1b" not in STYLE.sub("", coloured)


def test_markup_in_names_is_shown_as_it_is() -> None:
    finding = replace(FINDINGS[0], subject="[red]t[/red]", message="see [bold]x[/bold] :warning:")
    shown = plain(replace(UNSAFE, findings=(finding,)))
    assert "[red]t[/red]" in shown
    assert "see [bold]x[/bold] :warning:" in shown


def test_hidden_characters_become_visible() -> None:
    finding = replace(FINDINGS[0], subject="a\x07b\u202ec")
    assert "a\\x07b\\u202ec" in plain(replace(UNSAFE, findings=(finding,)))


def test_quiet_is_the_verdict_and_one_line_a_finding() -> None:
    report = replace(UNSAFE, unavailable=())
    lines = plain(report, verbose=-1).rstrip("\n").split("\n")
    assert len(lines) == 1 + len(FINDINGS)
    assert lines[1].startswith("BLOCKER HIS001 alembic, migrations: Two histories")
    assert lines[-1].startswith("waived  SEC002 alembic/env.py")


def test_why_and_evidence_are_shown_when_asked_for() -> None:
    assert "why: " not in plain(UNSAFE)
    verbose = plain(UNSAFE, verbose=1)
    assert verbose.count("    why: ") == len(FINDINGS)
    assert "        ALTER TABLE subscriptions\n          ADD COLUMN starts_at" in verbose


def test_a_long_message_is_cut_and_says_so() -> None:
    finding = replace(FINDINGS[0], message="word " * 100, location=None)
    report = replace(UNSAFE, findings=(finding,))
    assert plain(report).count("word") < 50
    assert "word ...\n" in plain(report)
    assert plain(report, verbose=1).count("word") == 100
    one_word = replace(UNSAFE, findings=(replace(finding, message="x" * 400),))
    assert plain(one_word).count("x" * 72) == 3
    assert "x ...\n" in plain(one_word)


def test_a_fix_is_cut_only_behind_its_first_command() -> None:
    fix = "Do this first, then that:\npgassay one\n\npgassay two\n\npgassay three\n\npgassay four"
    shown = plain(replace(UNSAFE, findings=(replace(FINDINGS[0], fix=fix),)))
    assert "pgassay one" in shown
    assert "pgassay four" not in shown
    assert "... (-v shows the rest)" in shown
    assert "pgassay four" in plain(
        replace(UNSAFE, findings=(replace(FINDINGS[0], fix=fix),)), verbose=1
    )


def test_only_known_isolation_is_passed_over_in_silence() -> None:
    assert "isolation:" not in plain(CLEAR)
    for text in ("Isolation was partial: no namespace.", "something new"):
        shown = plain(replace(CLEAR, facts={**CLEAR.facts, "isolation": text}))
        assert f"isolation: {text}" in shown


def test_what_is_missing_is_said() -> None:
    facts = {"histories": {"unavailable": "no python"}, "sides": {"live": None}}
    shown = plain(replace(CLEAR, facts=facts))
    assert "histories      unavailable: no python" in shown
    assert "stamp          unavailable: not gathered in this run" in shown
    assert "live database  none" in shown
    assert "models         unavailable: not gathered in this run" in shown


def test_a_history_without_its_keys_looks_unavailable() -> None:
    shown = plain(replace(CLEAR, facts={"histories": [{"name": "alembic"}]}))
    assert "revisions unavailable; heads unavailable; not built: not tried" in " ".join(
        shown.split()
    )
    pending = [{**ALEMBIC["revisions"][0], "state": "pending"}, {"id": "x"}]
    shown = plain(replace(CLEAR, facts={"histories": [{**ALEMBIC, "revisions": pending}]}))
    assert "2 revisions, 1 pending, 1 not known if applied" in shown


def test_a_report_without_facts_is_still_a_report() -> None:
    empty = Report("p", "2025-01-01T00:00:00Z", 0.0, Verdict.UNKNOWN, (), (), (), ())
    assert plain(empty).startswith("UNKNOWN  no blocker in what was seen")
    assert "Systems" not in plain(empty)
