"""Which SQL is a script that somebody runs, and why another is none."""

from __future__ import annotations

import pytest

from pgassay.analysis.loose_sql import loose_script, shell_scripts
from pgassay.facts.loose_sql import LeftOutScript, LooseScript
from pgassay.facts.sql_text import SqlText

MAKE = "ALTER TABLE t ADD a int;"


def taken(path: str, sql: str = MAKE) -> str:
    """ "" where it is taken, else why not."""
    script = loose_script(SqlText(path, sql))
    return script.reason if isinstance(script, LeftOutScript) else ""


@pytest.mark.parametrize(
    ("path", "sql"),
    [
        ("scripts/fix.sql", MAKE),
        ("production/hotfix.sql", "UPDATE t SET a = 1;"),
        ("docsearch/fix.sql", "GRANT SELECT ON t TO reader;"),
        ("scripts/a.sql", "SELECT '${x}', '%s', '{{ y }}'; DROP INDEX i;"),
        ("scripts/contest/b.sql", "DO $$ BEGIN END $$;"),
    ],
)
def test_what_is_taken(path: str, sql: str) -> None:
    assert taken(path, sql) == ""


@pytest.mark.parametrize(
    ("path", "sql", "reason"),
    [
        ("docs/a.sql", MAKE, "it is documentation or an example (docs/)"),
        ("a/Tests/b.sql", MAKE, "it is for tests (tests/)"),
        ("vendor/x/a.sql", MAKE, "it is other people's (vendor/)"),
        ("target/classes/a.sql", MAKE, "it is made by a build (target/)"),
        ("db/seeds/a.sql", MAKE, "it is seed data"),
        ("supabase/seed.sql", "INSERT INTO t VALUES (1);", "it is seed data"),
        ("db/structure.sql", f"--\n-- PostgreSQL database dump\n--\n{MAKE}", "it is a dump"),
        ("scripts/rollback/a.sql", MAKE, "it undoes something"),
        ("scripts/a.sql", "ALTER TABLE {{ name }} ADD a int;", "it is a template"),
        ("scripts/a.sql", "ALTER TABLE ${name} ADD a int;", "it is a template"),
        ("scripts/mysql/a.sql", MAKE, "it is written for mysql"),
        ("scripts/a.sql", "PRAGMA foreign_keys = on;", "it is written for sqlite"),
        ("q/a.sql", "UPDATE t SET a = $1;", "its statements take parameters"),
        ("q/a.sql", "INSERT INTO t VALUES (%(a)s);", "its statements take parameters"),
        ("q/a.sql", "-- name: add\nINSERT INTO t VALUES (1);", "its statements take parameters"),
        ("q/a.sql", "SELECT 1;", "it changes nothing"),
    ],
)
def test_what_is_not(path: str, sql: str, reason: str) -> None:
    assert taken(path, sql) == reason


def test_a_here_document_of_a_shell_script() -> None:
    shell = f"#!/bin/sh\npsql -v ON_ERROR_STOP=1 <<'EOSQL'\n-- why\n{MAKE}\nEOSQL\necho done\n"
    (script,) = shell_scripts("deploy.sh", shell)
    assert isinstance(script, LooseScript)
    assert (str(script.location), script.sql) == ("deploy.sh:3", f"-- why\n{MAKE}\n")


def test_a_here_document_that_the_shell_fills_in() -> None:
    (script,) = shell_scripts("a.sh", "psql <<EOF\nALTER TABLE $T ADD a int;\nEOF\n")
    assert script == LeftOutScript("a.sh", "the shell fills in its here-document")
    assert shell_scripts("a.sh", "cat <<EOF\nALTER TABLE t ADD a int;\nEOF\n") == ()
    assert shell_scripts("a.sh", "psql <<EOF\nSELECT 1;\nEOF\n") == ()
