"""Other systems than Alembic's, and SQL scripts, in the terminal and in Markdown."""

from __future__ import annotations

import re
from typing import Any

from pgassay.render.markdown_sql import other_systems as in_markdown
from pgassay.render.terminal_sql import other_systems as in_terminal

FILE = {
    "version": "1.9",
    "role": "versioned",
    "summary": "make",
    "path": "db/V1_9__make.sql",
    "up": "db/V1_9__make.sql:1",
    "down": None,
    "transaction": True,
}


def system(**run: Any) -> dict[str, Any]:
    return {
        "name": "db",
        "kind": "flyway",
        "dialect": "postgresql",
        "state_table": "flyway_schema_history",
        "files": [FILE],
        "run": run,
    }


FAILURE = {"at": "db/V1_9__make.sql:3", "error": "no [b]such[/b] | thing", "fate": "fails"}
FOLLOWS = {"at": "db/V2__x.sql:1", "error": "other", "fate": "follows"}
SCRIPTS = {
    "tried": [
        {"path": "a.sql:1", "tried": True, "statements": 3, "failures": {"fails": 1}},
        {"path": "b.sql:1", "tried": True, "statements": 1, "failures": {}},
        {"path": "c.sql:1", "tried": False},
    ],
    "left_out": [{"path": "seed.sql", "reason": "it is seed data"}],
}


def terminal(facts: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name.plain, said.plain) for name, said in in_terminal(facts)]


def test_a_line_for_each_system() -> None:
    built = system(status="built", tables=2, failures=[])
    failed = system(status="failed", tables=1, failures=[FOLLOWS, FAILURE])
    lost = system(status="not executed", reason="it is written for mysql")
    assert terminal({"systems": [built, failed, lost]}) == [
        ("db", "flyway; 1 file; builds 2 tables"),
        ("db", "flyway; 1 file; does not build: db/V1_9__make.sql:3: no [b]such[/b] | thing"),
        ("db", "flyway; 1 file; not executed: it is written for mysql"),
    ]


def test_a_line_for_all_scripts() -> None:
    assert terminal({"scripts": SCRIPTS}) == [
        (
            "SQL scripts",
            "2 of 3 scripts tried; 1 with statements that fail; 1 file not taken for one "
            "(1: it is seed data)",
        )
    ]
    assert terminal({"scripts": {"tried": [], "left_out": []}}) == []
    assert terminal({}) == []


def test_markdown_names_files_and_failures_and_cannot_be_broken() -> None:
    failed = system(status="failed", tables=1, failures=[FOLLOWS, FAILURE])
    parts = in_markdown({"systems": [failed], "scripts": SCRIPTS})
    shown, scripts = (re.sub(" +", " ", part) for part in parts)
    assert "#### System `db`: flyway, 1 file" in shown
    assert "NO, `db/V1_9__make.sql:3` fails: no" in shown
    assert "other" not in shown
    assert "| `1.9` | versioned | make | `db/V1_9__make.sql` | no |" in shown
    assert "| `a.sql:1` | 3 statements: 1 fail |" in scripts
    assert "| `b.sql:1` | 1 statement, all work |" in scripts
    assert "| `c.sql:1` | unavailable |" in scripts
    assert "| `seed.sql` | not taken: it is seed data |" in scripts


def test_markdown_does_not_list_a_thousand_files() -> None:
    many = [{"path": f"{n}.sql", "reason": "it is a dump"} for n in range(1000)]
    (scripts,) = in_markdown({"scripts": {"tried": [], "left_out": many}})
    assert scripts.count("it is a dump") == 30
    assert "970 more files were not taken; the JSON report names them." in scripts
