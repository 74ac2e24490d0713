"""The Markdown report: the mission report's sections, and names that stay names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pgassay.check import CheckResult, Status
from pgassay.findings import Severity
from pgassay.render.markdown import render_markdown
from pgassay.render.markdown_text import code, escape, fence, prose, table
from pgassay.render.plain import clean, name, one_line
from pgassay.verdict import Report, Verdict
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

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def headings(markdown: str) -> list[str]:
    tokens = PARSER.parse(markdown)
    return [
        tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"
    ]


def shown_text(token: Token) -> str:
    """What a reader sees of an inline token; fails on any markup but code."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type == "html_inline":
            assert child.content in ("<code>", "</code>")
        else:
            assert child.type in ("text", "text_special", "code_inline"), child.type
            parts.append(child.content)
    return "".join(parts)


def cells(markdown: str) -> list[str]:
    tokens = PARSER.parse(markdown)
    opened = ("td_open", "th_open")
    return [shown_text(tokens[i + 1]) for i, token in enumerate(tokens) if token.type in opened]


def test_the_sections_of_the_mission_report_are_there() -> None:
    found = [title for title in headings(render_markdown(UNSAFE)) if not title.startswith("#")]
    assert found[0] == "Database migration validation report: mita_finance"
    expected = [
        "Executive summary",
        "Key findings",
        "Detailed analysis",
        "1. Migration state analysis - 3 BLOCKERS, 1 WARNING",
        "2. Connection analysis - PASSED",
        "3. Connection pool analysis - NOT MEASURED",
        "4. Schema validation - 2 BLOCKERS, 1 WARNING, 1 IN THE BASELINE, INCOMPLETE",
        "5. Financial data types - 2 BLOCKERS, 1 WARNING",
        "6. Data integrity analysis - NOT MEASURED",
        "7. Backup and disaster recovery - NOT MEASURED",
        "8. Secrets, rights and exposure - 1 BLOCKER, 1 WAIVED",
        "9. Rehearsal, live readiness and performance - NOT MEASURED",
        "Deployment readiness checklist",
        "Deployment blocking conditions",
        "Recommended actions",
        "Immediate actions (before any deployment)",
        "High priority actions",
        "What could not be had",
        "Appendix",
        "Files analysed",
        "How it was measured",
        "Checks run",
    ]
    assert [title for title in found if title in expected] == expected


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (UNSAFE, "UNSAFE - deployment blocked"),
        (UNKNOWN, "UNKNOWN - not proven safe, do not deploy on this evidence"),
        (CLEAR, "CLEAR - no blocker found, readiness not fully proven"),
    ],
)
def test_the_status_is_said_in_plain_words(report: Report, status: str) -> None:
    assert f"\n**Status:** {status}\n" in render_markdown(report)


def test_every_finding_is_there_with_why_and_fix() -> None:
    shown = render_markdown(UNSAFE)
    assert "#### In the baseline\n\n- `DRF004` `public.users.nickname`\n" in shown
    for finding in FINDINGS:
        if finding.is_old:
            continue
        assert f"`{finding.code}` {finding.name}" in shown
        assert code(finding.subject) in shown
        assert f"**Why it matters:** {prose(finding.why)}" in shown
        assert prose(finding.message) in shown


def test_commands_are_fenced_and_numbered_worst_first() -> None:
    shown = render_markdown(UNSAFE)
    actions = shown[shown.index("## Recommended actions") :]
    assert "#### 1. Dual migration histories (`HIS001`)" in actions
    assert "```bash\npgassay history consolidate --into alembic\n" in actions
    sql = (
        "```sql\nALTER TABLE public.goals ALTER COLUMN target_amount TYPE numeric(12,2)\n"
        "    USING round(target_amount::numeric, 2);\n```"
    )
    assert sql in actions
    assert actions.index("### High priority") < actions.index("#### 10. Revision id too long")
    assert "Url variable ignored" not in actions  # waived


def test_findings_that_one_fix_resolves_are_one_action() -> None:
    money = [replace(f, fix="Use `Numeric`.") for f in FINDINGS if f.code == "MON001"]
    shown = render_markdown(replace(UNSAFE, findings=tuple(money)))
    title = "Money in floating point (`MON001`): `public.expenses.amount`, `public.goals"
    assert f"#### 1. {title}" in shown
    assert shown.count("**Fix:** Use `Numeric`.") == 1


def test_only_what_is_proven_is_ticked() -> None:
    shown = render_markdown(UNSAFE)
    ticked = [line for line in shown.split("\n") if line.startswith("- [x]")]
    assert ticked == ["- [x] **Database connection validated** - proven: PostgreSQL 16.4 answered"]
    assert "- [ ] **Dual migration systems resolved** - BLOCKED by `HIS001`" in shown
    assert "- [ ] **Pre-deployment backup created** - unknown: " in shown


def test_the_blocking_conditions_are_one_a_family() -> None:
    shown = render_markdown(UNSAFE)
    assert "- [ ] Money: 2 blockers resolved (`MON001`)\n" in shown
    assert "- [ ] rows of push_tokens can be had\n" in shown
    assert "None: no blocker was found" in render_markdown(CLEAR)
    assert "SAFETY IS NOT PROVEN UNTIL" in render_markdown(UNKNOWN)


def test_no_section_passes_that_was_not_checked() -> None:
    empty = Report("p", "2025-01-01T00:00:00Z", 0.0, Verdict.UNKNOWN, (), (), (), ())
    titles = [title for title in headings(render_markdown(empty)) if title[0].isdigit()]
    assert len(titles) == 9
    assert all(title.endswith(" - NOT MEASURED") for title in titles)
    shown = render_markdown(empty)
    for what in ("Migration systems", "Variables that name a database", "Critical tables"):
        assert any(
            what in line and "unavailable (not gathered in this run)" in line
            for line in shown.split("\n")
        )
    assert "**Money columns:** unavailable (not gathered in this run)" in shown
    assert "**Connection test:** not done" in shown


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ((Status.PASSED, Status.VACUOUS), "PASSED"),
        ((Status.VACUOUS,), "NOTHING TO CHECK"),
        ((Status.SKIPPED,), "NOT ASKED FOR"),
        ((Status.PASSED, Status.ERROR), "INCOMPLETE"),
        ((Status.PASSED, Status.PARTIAL), "INCOMPLETE"),
        ((Status.UNAVAILABLE,), "COULD NOT BE CHECKED"),
    ],
)
def test_a_section_says_how_it_stands(statuses: tuple[Status, ...], state: str) -> None:
    checks = tuple(CheckResult(f"MON00{n}", "x", status) for n, status in enumerate(statuses))
    shown = render_markdown(replace(CLEAR, checks=checks))
    assert f"### 5. Financial data types - {state}\n" in shown


def test_a_money_column_on_an_unread_side_is_not_called_right() -> None:
    row = next(r for r in render_markdown(UNKNOWN).split("\n") if "public.expenses.amount" in r)
    assert [cell.strip() for cell in row.split("|")][4:6] == ["`numeric(12,2)`", "unavailable"]


def test_the_error_of_a_build_is_shown_in_full() -> None:
    build = {"status": "failed", "revision": "r", "error": "boom\n```\n\x1b[31mred\x1b[0m"}
    shown = render_markdown(replace(CLEAR, facts={"histories": [{**ALEMBIC, "build": build}]}))
    assert "NO, `r` fails" in shown
    assert "````\nboom\n```\nred\n````" in shown


@pytest.mark.parametrize("command", ["alembic upgrade head", "a | b `c` | alembic upgrade head"])
def test_what_runs_migrations_is_shown(command: str) -> None:
    entry = {
        "location": "deploy/up.sh:3",
        "command": command,
        "history": "alembic",
        "variables": [{"name": "DATABASE_URL", "value": "", "set_at": "deploy/up.sh:2"}],
    }
    told = {**entry, "history": None, "variables": []}
    facts = {"histories": [ALEMBIC], "entry_points": [entry, told]}
    shown = cells(render_markdown(replace(CLEAR, facts=facts)))
    at = shown.index("Command") + 3
    assert shown[at : at + 4] == ["deploy/up.sh:3", command, "alembic", "DATABASE_URL"]
    assert shown[at + 4 : at + 8] == ["deploy/up.sh:3", command, "not told", "none"]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_stay_names_in_sentences_and_tables(text: str) -> None:
    (paragraph,) = [t for t in PARSER.parse(code(text)) if t.type == "inline"]
    assert shown_text(paragraph) == (name(text) or "(empty)")
    assert cells(table(["a", "b"], [[code(text), escape(text)]])) == [
        "a",
        "b",
        name(text) or "(empty)",
        one_line(text),
    ]
    shown = [shown_text(t) for t in PARSER.parse(escape(text)) if t.type == "inline"]
    assert "".join(shown) == one_line(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_code_stays_within_its_fence(text: str) -> None:
    (token,) = PARSER.parse(fence(text))
    assert token.type == "fence"
    expected = [line.rstrip() for line in clean(text).strip("\n").split("\n")]
    assert token.content.split("\n")[:-1] == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_the_data_changes_the_document(text: str) -> None:
    for report in REPORTS.values():
        shown = render_markdown(spoiled(report, text))
        assert all(ch == "\n" or ch.isprintable() for ch in shown)
        tokens = PARSER.parse(shown)
        markup = {child.type for token in tokens for child in token.children or []}
        assert markup.isdisjoint({"image", "link_open", "s_open", "em_open"})
        html = [c.content for t in tokens for c in t.children or [] if c.type == "html_inline"]
        assert set(html) <= {"<code>", "</code>"}
        assert "html_block" not in {token.type for token in tokens}
        top = [h for h in headings(shown) if h.startswith(("Executive", "Detailed", "Appendix"))]
        assert top == ["Executive summary", "Detailed analysis", "Appendix"]


@pytest.mark.parametrize("text", ["1. x", "- x", "# x", "=== ", "---", "+ x", "12) x", "16.4"])
def test_a_text_never_begins_a_list_or_heading(text: str) -> None:
    for render in (escape, prose):
        tokens = PARSER.parse(f"before\n{render(text)}") + PARSER.parse(render(text))
        assert {t.type for t in tokens} == {"paragraph_open", "inline", "paragraph_close"}


def test_text_that_needs_no_escape_has_none() -> None:
    for text in ("public.users_2.annual_income", "PostgreSQL 16.4", "a -> b", "5 (of 7), see: x"):
        assert prose(text) in (text, text.replace(">", "\\>"))


def test_code_spans_in_a_sentence_keep_their_spaces() -> None:
    assert prose("see `a_b` and `c*d`, `e") == "see `a_b` and `c*d`, \\`e"
    assert prose("`a` b") == "`a` b"


def test_a_time_that_is_none_is_shown_as_given() -> None:
    assert "**Report generated:** soon" in render_markdown(replace(CLEAR, started_at="soon"))


def test_a_family_without_a_section_gets_one() -> None:
    finding = replace(FINDINGS[0], code="WAI001", severity=Severity.WARNING)
    shown = render_markdown(replace(CLEAR, findings=(finding,)))
    assert "### 10. Waivers - 1 WARNING" in shown
