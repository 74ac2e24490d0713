"""The terminal report: what it says first and last, its width, and what it lets through."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len

from pgassay.facts.acceptance import Acceptance
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Severity
from pgassay.render.advice import blocks
from pgassay.render.terminal import render_terminal
from pgassay.verdict import ItemStatus, Report, Verdict
from tests.render.render_reports import (
    ALEMBIC,
    CLEAR,
    FINDINGS,
    HOSTILE,
    PAIR,
    REPORTS,
    SAME,
    UNKNOWN,
    UNSAFE,
    spoiled,
)

STYLE = re.compile(r"\x1b\[[0-9;]*m")
OPEN = (
    "next: prove what is open: Data integrity checks completed, Pre-deployment backup created, "
    "Rollback procedures tested, Performance benchmarks established"
)


def plain(report: Report, width: int = 80, verbose: int = 0) -> str:
    return render_terminal(report, width=width, color=False, verbose=verbose)


@pytest.mark.parametrize(
    ("report", "first"),
    [
        (
            replace(UNSAFE, unavailable=()),
            "UNSAFE  8 blockers, 3 warnings, 1 info, 1 waived, 1 in the baseline",
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
    assert "could not\n        be had: rows of push_tokens" in plain(UNSAFE)


@pytest.mark.parametrize(
    ("report", "command"),
    [
        (UNSAFE, "pgassay explain HIS001"),
        (replace(UNKNOWN, unavailable=()), "pgassay check -v"),
    ],
)
def test_the_next_step_comes_last(report: Report, command: str) -> None:
    assert plain(report).rstrip("\n").split("\n")[-1] == f"next: {command}"


@pytest.mark.parametrize("gate", [False, True])
def test_after_clear_comes_what_is_not_proven(gate: bool) -> None:
    shown = plain(replace(CLEAR, gate=gate))
    assert " ".join(shown[shown.index("\nnext: ") :].split()) == OPEN
    assert "pgassay check" not in shown
    nothing_open = replace(CLEAR, gate=gate, checklist=())
    assert "next:" not in plain(nothing_open)


def test_a_blocked_line_is_open_too() -> None:
    blocked = (replace(CLEAR.checklist[0], status=ItemStatus.BLOCKED), *CLEAR.checklist[1:3])
    shown = plain(replace(CLEAR, checklist=blocked))
    assert shown.endswith("\nnext: prove what is open: Dual migration systems resolved\n")


def _with_left_out(side: str, left_out: dict[str, Any], report: Report = CLEAR) -> Report:
    sides = {**CLEAR.facts["sides"]}
    sides[side] = {**sides["live"], "left_out": left_out}
    return replace(report, facts={**report.facts, "sides": sides})


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ({}, ""),
        ({"view": 0}, ""),
        (
            {"view": 2, "version table": 1, "trigger": 1, "function": 1},
            "; not compared: 1 function, 1 trigger, 1 version table, 2 views",
        ),
        (
            {"materialized view": 1, "policy": 2, "index": 3, "foreign key": 2},
            "; not compared: 2 foreign keys, 3 indexes, 1 materialized view, 2 policies",
        ),
        (
            {"managed by Supabase": 20, "schema pgassay": 1, "temporary": 2},
            "; not compared: 20 objects managed by Supabase, 1 object in schema pgassay, "
            "2 temporary objects",
        ),
        (
            {"another history": 2, "extension member": 1, "partition made at run time": 3},
            "; not compared: 2 tables of another history, 1 object of an extension, "
            "3 partitions made at run time",
        ),
        (
            {"beyond what the models can say": 3},
            "; not compared: 3 properties beyond what the models can say",
        ),
    ],
)
def test_what_was_not_compared_is_in_the_verdict(left_out: dict[str, Any], said: str) -> None:
    first = plain(_with_left_out("live", left_out), verbose=-1)
    assert first == f"CLEAR  no blocker, 3 of 7 proven{said}\n"
    if said:
        shown = plain(_with_left_out("live", left_out)).split("\nledger")[0]
        assert " ".join(shown.split()) == f"CLEAR no blocker, 3 of 7 proven{said}"


def test_safe_and_a_gate_say_what_was_not_compared() -> None:
    for report, before in (
        (replace(CLEAR, verdict=Verdict.SAFE), "SAFE  no blocker, 3 of 7 proven"),
        (
            replace(CLEAR, gate=True),
            "CLEAR  no blocker, 3 of 7 proven; the gate demands all of them",
        ),
    ):
        shown = plain(_with_left_out("live", {"view": 1}, report), verbose=-1)
        assert shown == f"{before}; not compared: 1 view\n"


def test_what_the_comparison_left_out_is_in_the_verdict_too() -> None:
    left_out = {"grants: the history set none": 12, "partition made at run time": 1}
    facts = {**CLEAR.facts, "comparison": {"left_out": left_out}}
    assert plain(replace(CLEAR, facts=facts), verbose=-1) == (
        "CLEAR  no blocker, 3 of 7 proven; not compared: grants of 12 objects (the history set "
        "none), 1 partition made at run time, 1 version table\n"
    )


def test_two_schemas_say_whether_they_are_the_same_and_prove_no_readiness() -> None:
    # What both have is one thing that was not compared.
    assert plain(SAME, verbose=-1) == (
        "CLEAR  the two schemas are the same; not compared: 31 objects of extensions, "
        "1 version table\n"
    )
    shown = plain(PAIR)
    assert "Readiness" not in shown
    assert "Histories" not in shown
    assert "same texts       7 reparsed" in shown


def test_only_the_live_side_counts_as_not_compared() -> None:
    assert "4 views" not in plain(_with_left_out("history", {"view": 4}))
    unknown = replace(CLEAR, facts={"sides": {"live": {"unavailable": "no server"}}})
    assert "not compared" not in plain(unknown)


def test_what_is_waived_or_cosmetic_is_not_the_next_thing_to_do() -> None:
    waived = tuple(replace(f, acceptance=Acceptance("baseline")) for f in FINDINGS)
    info = tuple(f for f in FINDINGS if f.severity is Severity.INFO)
    for found in (waived, info):
        assert "\nnext: prove what is open: Data" in plain(replace(CLEAR, findings=found))


def test_the_worst_family_comes_first() -> None:
    money = tuple(f for f in FINDINGS if f.code == "MON001")
    histories = tuple(f for f in FINDINGS if f.code == "HIS007")
    shown = plain(replace(UNSAFE, findings=(*histories, *money)))
    assert shown.index("\nMoney  2 blockers") < shown.index("\nMigration histories  1 warning")


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("verbose", [0, 1, 2])
def test_no_line_is_wider_than_asked_nor_ends_in_spaces(
    report: Report, width: int, verbose: int
) -> None:
    for line in plain(report, width, verbose).split("\n"):
        assert cell_len(line) <= width or is_pasted(report, line)
        assert line == line.rstrip()


def is_pasted(report: Report, line: str) -> bool:
    """Whether it is code of a fix, whole."""
    codes = [b.text for f in report.findings for b in blocks(f.fix) if b.kind == "code"]
    return line[9:] in [code for text in codes for code in text.split("\n")]


def test_code_to_paste_is_never_broken() -> None:
    code = 'op.execute("ALTER TABLE public.a_rather_long_name VALIDATE CONSTRAINT its_check")'
    fix = f"In a revision:\n    {code}\n        {code}\nThat is all there is to say of it here."
    shown = plain(replace(UNSAFE, findings=(replace(FINDINGS[0], fix=fix),)), 40, verbose=1)
    assert (
        f"\n{' ' * 9}{code}\n{' ' * 13}{code}\n{' ' * 9}That is all there is to say of\n" in shown
    )


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_colour_adds_nothing_but_colour(report: Report) -> None:
    coloured = render_terminal(report, width=80, color=True)
    assert STYLE.search(coloured)
    bare = STYLE.sub("", coloured)
    assert "\x1b" not in bare
    assert all(cell_len(line) <= 80 or is_pasted(report, line) for line in bare.split("\n"))
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
        wide = [line for line in shown.split("\n") if cell_len(line) > 80]
        assert verbose < 0 or all(is_pasted(spoiled(report, text), line) for line in wide)
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
    assert len(lines) == len(FINDINGS)  # all but the one that the baseline has
    assert "public.users.nickname" not in plain(report)
    assert "old     DRF004 models-behind  public.users.nickname" in plain(report, verbose=1)
    assert lines[1].startswith("BLOCKER HIS001 alembic, migrations: Two histories")
    assert lines[-1].startswith("waived  SEC002 alembic/env.py")


@pytest.mark.parametrize("width", [20, 80])
def test_quiet_names_what_could_not_be_had_and_what_to_do(width: int) -> None:
    lost = (*UNKNOWN.unavailable, Unavailable("models", "they were\nnot imported"))
    assert plain(replace(UNKNOWN, unavailable=lost), width, verbose=-1) == (
        "UNKNOWN  no blocker in what was seen; could not be had: database, models\n"
        "unknown database: connection to aws-0-us-east-1.pooler.supabase.com:6543 failed: "
        "\"Tenant or user not found\" next: Ask the pooler's owner for the tenant's name, "
        "then run `pgassay connect --database-url env:DATABASE_URL`.\n"
        "unknown models: they were not imported\n"
    )


def test_quiet_lines_are_whole_and_neither_wrapped_nor_cut() -> None:
    finding = replace(FINDINGS[0], message="word\n" * 100)
    report = replace(UNSAFE, findings=(finding,), unavailable=())
    for color in (False, True):
        shown = render_terminal(report, width=40, color=color, verbose=-1)
        lines = STYLE.sub("", shown).rstrip("\n").split("\n")
        assert lines[1:] == ["BLOCKER HIS001 alembic, migrations:" + " word" * 100]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", REPORTS)
def test_quiet_is_one_line_each_whatever_the_data(name: str, text: str) -> None:
    report = spoiled(REPORTS[name], text)
    lines = plain(report, verbose=-1).removesuffix("\n").split("\n")
    old = [f for f in report.findings if f.is_old]
    assert len(lines) == 1 + len(report.findings) - len(old) + len(report.unavailable)
    assert lines == [line.rstrip() for line in lines]


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


@pytest.mark.parametrize(
    ("fix", "shown"),
    [
        (  # the code that the cut stands before, with what introduces it
            "Record it:\nalembic revision -m x\nwith this SQL:\n    ALTER TABLE t ADD c int;",
            ["Record it:", "alembic revision -m x", "with this SQL:", "ALTER TABLE t ADD c int;"],
        ),
        (  # only the first line of it
            "A:\npgassay one\nIt must hold:\n    UPDATE t SET a = 1;\n    DELETE FROM t;",
            [
                "A:",
                "pgassay one",
                "It must hold:",
                "UPDATE t SET a = 1;",
                "... (-v shows the rest)",
            ],
        ),
        (  # and no word of what follows
            "A.\nB:\n    one()\nC:\n    two()\nD.",
            ["A. B:", "one()", "C:", "two()", "... (-v shows the rest)"],
        ),
        (  # the cut is before prose that introduces nothing
            "A:\n    one()\n    two()\nOtherwise not.\n\n    three()",
            ["A:", "one()", "two()", "... (-v shows the rest)"],
        ),
        (  # code that ends in a colon introduces nothing
            "A:\n    one()\n    two()\n\n    def f():\n\n    g()",
            ["A:", "one()", "two()", "def f():", "... (-v shows the rest)"],
        ),
        (  # the first command, however late
            "- A.\n- B.\n- C.\n- D:\n    one()\n    two()\n- E.",
            ["- A.", "- B.", "- C.", "- D:", "one()", "two()", "... (-v shows the rest)"],
        ),
    ],
)
def test_a_cut_right_before_code_shows_its_first_line(fix: str, shown: list[str]) -> None:
    report = replace(UNSAFE, findings=(replace(FINDINGS[0], fix=fix),))
    said = plain(report, verbose=0)
    part = said[said.index("    fix: ") : said.index("\n\nSystems")]
    assert part.split("\n") == [
        f"    {'fix:' if at == 0 else '    '} {line}" for at, line in enumerate(shown)
    ]


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
