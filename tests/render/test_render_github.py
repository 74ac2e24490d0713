"""GitHub's workflow commands: escaped as the runner reads them, worst first, none lost unsaid."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pgassay.facts.location import Location
from pgassay.findings import Severity
from pgassay.render.github_annotations import render_github
from pgassay.verdict import Report
from tests.render.render_reports import CLEAR, HOSTILE, PAIR, REPORTS, UNKNOWN, UNSAFE, spoiled

_COMMAND = re.compile(r"::(error|warning|notice) ([^\n]*?)::([^\n]*)")


def read(text: str) -> list[tuple[str, dict[str, str], str]]:
    """(kind, properties, message) of each line, as the runner reads them: no other line."""
    assert text.endswith("\n")
    found = []
    for line in text[:-1].split("\n"):
        match = _COMMAND.fullmatch(line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        assert set(properties) <= {"file", "line", "title"}
        found.append((match[1], {k: _said(v) for k, v in properties.items()}, _said(match[3])))
    return found


def _said(text: str) -> str:
    for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, character)
    return text


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_every_line_is_a_command(report: Report) -> None:
    read(render_github(report))


HARMFUL = "x\n::set-output name=a::b\r::error::c ,file=/etc/passwd::%0A::add-mask::100% a:b,c"


@pytest.mark.parametrize("text", [*HOSTILE, HARMFUL, "::stop-commands::x", "##[error]x"])
def test_no_text_becomes_a_command(text: str) -> None:
    for report in (UNSAFE, UNKNOWN, PAIR):
        plain, hostile = (read(render_github(r)) for r in (report, spoiled(report, text)))
        assert [kind for kind, _, _ in hostile] == [kind for kind, _, _ in plain]


def test_a_text_arrives_as_it_was() -> None:
    path, text = "a,b:c=d%.py", "100% of a, b: c\nnext"
    found = replace(UNSAFE.findings[0], message=text, why="", fix="", location=Location(path, 3))
    shown = render_github(replace(UNSAFE, findings=(found,), unavailable=()))
    assert shown.startswith("::error file=a%2Cb%3Ac=d%25.py,line=3,title=HIS001 ")
    (_, properties, message), _ = read(shown)
    assert (properties["file"], properties["line"], message) == (path, "3", text)


def test_the_worst_come_first_and_the_verdict_last() -> None:
    found = read(render_github(UNSAFE))
    kinds = [kind for kind, _, _ in found]
    assert kinds == ["error"] * 9 + ["warning"] * 3 + ["notice"] + ["error"]
    assert found[-1][2].startswith("UNSAFE: 8 blockers, 3 warnings, 1 info, 1 waived")


def test_no_more_of_a_kind_than_are_shown_and_the_rest_is_counted() -> None:
    many = tuple(
        replace(UNSAFE.findings[0], subject=f"s{n}", severity=severity)
        for severity in Severity
        for n in range(14)
    )
    found = read(render_github(replace(UNSAFE, findings=many)))
    kinds = [kind for kind, _, _ in found]
    assert [kinds.count(kind) for kind in ("error", "warning", "notice")] == [10, 10, 10]
    assert kinds[-1] == "error"
    # 14 of each and one that could not be had; 9, 10 and 10 of them are shown.
    assert found[-1][2].endswith("14 more issues not shown here")


def test_a_file_is_named_only_where_it_is_the_findings_own() -> None:
    properties = {p["title"].split(" ")[0]: p for _, p, _ in read(render_github(UNSAFE))}
    assert properties["SEC001"]["file"] == "alembic.ini"
    assert "file" not in properties["DRF012"]
    assert "file" not in properties["UNKNOWN"]


def test_the_unknown_is_an_error() -> None:
    found = read(render_github(UNKNOWN))
    assert [kind for kind, _, _ in found] == ["error", "error"]
    assert found[-1][2] == ("UNKNOWN: no blocker in what was seen; could not be had: database")


def test_what_is_accepted_gives_none() -> None:
    assert not re.search("SEC002|DRF004", render_github(UNSAFE))


def test_a_clear_report_is_one_notice_and_a_gate_an_error() -> None:
    assert [kind for kind, _, _ in read(render_github(CLEAR))] == ["notice"]
    gate = read(render_github(replace(CLEAR, gate=True)))
    assert [kind for kind, _, _ in gate] == ["error"] * 5
    assert "the gate demands all of them" in gate[-1][2]
