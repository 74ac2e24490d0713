"""SEC: how grave a written password is, and under which name it is reported."""

from __future__ import annotations

import json
from dataclasses import replace

from pgassay.check import run_checks
from pgassay.checks.secrets import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.location import Location
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.facts.written_password import WrittenPassword
from pgassay.findings import Finding, Severity

URL = WrittenPassword(
    Location("alembic.ini", 3),
    "sqlalchemy.url",
    "postgresql://app:***@db.mita.finance/mita",
    "db.mita.finance",
    tracked=True,
)


def findings(*passwords: WrittenPassword) -> tuple[Finding, ...]:
    outcome = run_checks(CHECKS, Assay(Settings(), Project("/p", ()), passwords=passwords))
    assert outcome.crashes == ()
    return outcome.findings


def test_a_blocker_with_its_repair() -> None:
    (found,) = findings(URL)
    assert (found.code, found.name) == ("SEC001", "password-in-file")
    assert found.severity is Severity.BLOCKER
    assert found.subject == "alembic.ini: sqlalchemy.url"
    assert found.location == Location("alembic.ini", 3)
    assert found.message == (
        "alembic.ini:3 holds a password: postgresql://app:***@db.mita.finance/mita"
    )
    assert "\\password ROLE" in found.fix
    assert "stays in git's history" in found.fix
    assert 'os.environ["DATABASE_URL"].replace("%", "%%")' in found.fix
    assert found.evidence == {
        "shown": URL.shown,
        "lines": [3],
        "host": "db.mita.finance",
        "local": False,
        "tracked_by_git": True,
    }
    assert json.loads(json.dumps(found.evidence)) == found.evidence


def test_severity() -> None:
    def of(password: WrittenPassword) -> Severity:
        return findings(password)[0].severity

    assert of(replace(URL, tracked=None)) is Severity.BLOCKER
    assert of(replace(URL, tracked=False)) is Severity.WARNING
    assert of(replace(URL, local=True)) is Severity.INFO
    assert of(replace(URL, local=True, tracked=False)) is Severity.INFO


def test_subject_stays_when_lines_move() -> None:
    (before,) = findings(URL)
    (after,) = findings(replace(URL, location=Location("alembic.ini", 40)))
    assert before.subject == after.subject


def test_same_key_for_different_servers() -> None:
    other = replace(
        URL,
        location=Location("alembic.ini", 9),
        shown="postgresql://app:***@db2.mita.finance/mita",
        host="db2.mita.finance",
    )
    assert [item.subject for item in findings(URL, other)] == [
        "alembic.ini: sqlalchemy.url (postgresql://app:***@db.mita.finance/mita)",
        "alembic.ini: sqlalchemy.url (postgresql://app:***@db2.mita.finance/mita)",
    ]


def test_same_key_and_server_is_one_finding() -> None:
    (found,) = findings(URL, replace(URL, location=Location("alembic.ini", 9)))
    assert found.subject == "alembic.ini: sqlalchemy.url"
    assert found.evidence["lines"] == [3, 9]
    assert "and again in line 9" in found.message


def test_the_gravest_of_the_same_key_is_told() -> None:
    test = WrittenPassword(Location("a.yml", 2), "password", "password: ***", local=True)
    grave = replace(test, location=Location("a.yml", 9), local=False)
    (found,) = findings(test, grave)
    assert found.severity is Severity.BLOCKER
    assert found.message == "a.yml:9 holds a password, and again in line 2: password: ***"


def test_same_key_beside_different_hosts() -> None:
    first = WrittenPassword(Location("a.yml", 2), "password", "password: ***", "a.example")
    second = replace(first, location=Location("a.yml", 5), host="b.example")
    assert [item.subject for item in findings(first, second)] == [
        "a.yml: password (password: *** at a.example)",
        "a.yml: password (password: *** at b.example)",
    ]


def test_fix_fits_the_file() -> None:
    def fix(path: str, key: str) -> str:
        return findings(WrittenPassword(Location(path, 1), key, "***"))[0].fix

    assert 'os.environ["DB_PASSWORD"]' in fix("app/settings.py", "DB_PASSWORD")
    assert 'os.environ["DATABASE_URL"]' in fix("app/db.py", "postgresql URL")
    assert "`${DB_PASSWORD}`" in fix("compose.yml", "DB_PASSWORD")
    assert "psql -v" in fix("init.sql", "PASSWORD of app")
    assert "git rm --cached deploy/.env" in fix("deploy/.env", "DB_PASSWORD")
    assert "~/.pgpass" in fix(".pgpass", "app@db.mita.finance")


def test_page() -> None:
    (check,) = CHECKS
    for heading in ("What:", "Why:", "Fix:", "Example:"):
        assert f"\n{heading}\n" in check.page
    assert check.needs == ("passwords",)
