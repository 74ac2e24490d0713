"""HIS012: how grave it is that env.py goes its own way."""

from __future__ import annotations

import pytest

from pgassay.check import run_checks
from pgassay.checks.history_builds import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.history import Build, History
from pgassay.facts.location import Location
from pgassay.facts.project import Project, UrlVariable
from pgassay.facts.settings import Settings
from pgassay.findings import Severity

ENV = Location("alembic/env.py")
INI_URL = "postgresql+asyncpg://u:***@prod.example:5432/app"


@pytest.mark.parametrize(
    ("requested", "variable", "severity"),
    [
        ("postgresql://u@prod.example:5432/app", UrlVariable("DB_URL", set_at=(ENV,)), None),
        (
            "postgresql://u@prod.example:5432/app",
            UrlVariable("DB_URL", set_at=(Location("ci.yml", 3),)),
            Severity.BLOCKER,
        ),
        (
            "postgresql://u@other.example/app",
            UrlVariable("DB_URL", set_at=(Location("ci.yml", 3),)),
            Severity.WARNING,
        ),
        (
            "postgresql://u@other.example/app",
            UrlVariable("DB_URL", read_at=(Location("app/db.py", 3),)),
            Severity.BLOCKER,
        ),
        (
            "postgresql://u@other.example/app",
            UrlVariable("TEST_DB_URL", read_at=(Location("app/db.py", 3),)),
            None,
        ),
        ("", UrlVariable("DB_URL", read_at=(Location("app/db.py", 3),)), None),
    ],
)
def test_severity(requested: str, variable: UrlVariable, severity: Severity | None) -> None:
    history = History("alembic", "/p/alembic", (), (), env=ENV, url=INI_URL)
    facts = Assay(
        settings=Settings(),
        project=Project("/p", (history,), (variable,)),
        builds=(Build("alembic", requested_url=requested),),
    )
    found = [f for f in run_checks(CHECKS, facts).findings if f.code == "HIS012"]
    assert [f.severity for f in found] == ([severity] if severity else [])
