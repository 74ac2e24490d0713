"""HIS016 beside a version table that Alembic does not see."""

from __future__ import annotations

from pgassay.check import run_checks
from pgassay.checks.stamps import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, Table
from pgassay.facts.history import History, Stamp
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.findings import Finding

MAIN = History("alembic", "alembic", ("alembic/versions",), ())
USERS = Table("public", "users")


def found(stamp: Stamp) -> Finding:
    live = Catalog(180000, (USERS,), (), (), ())
    facts = Assay(
        Settings(), Project("/p", (MAIN,)), main=MAIN, live=live, history=live, stamps=(stamp,)
    )
    outcome = run_checks(CHECKS, facts)
    assert outcome.crashes == ()
    (finding,) = outcome.findings
    return finding


def test_an_absent_version_table() -> None:
    finding = found(Stamp("public.alembic_version", None))
    assert finding.message == (
        "public.alembic_version does not exist, yet the database holds 1 table of alembic/."
    )
    assert finding.fix.startswith("Find the revision that this schema equals")


def test_a_version_table_off_the_search_path_is_named() -> None:
    finding = found(Stamp("public.alembic_version", None, ("app.alembic_version",)))
    assert finding.message == (
        "public.alembic_version does not exist (app.alembic_version is not on the search path, so "
        "Alembic does not see it), yet the database holds 1 table of alembic/."
    )
    assert "version_table_schema='app'" in finding.fix
    assert finding.evidence["elsewhere"] == ["app.alembic_version"]
