"""HIS012, HIS017, HIS018, HIS022 and HIS023: when something is said, and how grave it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.check import run_checks
from pgassay.checks import entry_points, history_builds, vacuous_comparisons
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.catalog.relations import Table
from pgassay.facts.entry_point import EntryPoint, SetVariable, UrlTried
from pgassay.facts.history import Build, History, Revision
from pgassay.facts.location import Location
from pgassay.facts.models import Models, ModelTable
from pgassay.facts.project import Project, UrlVariable
from pgassay.facts.settings import Settings
from pgassay.findings import Finding, Severity

INI_URL = "postgresql://u:***@prod.example/app"
JOB = EntryPoint(
    Location("ci.yml", 9),
    "alembic upgrade head",
    "alembic",
    history="alembic",
    variables=(SetVariable("DATABASE_URL", "", Location("ci.yml", 4)),),
)


def history(name: str) -> History:
    first = Revision("r1", (), Location(f"{name}/versions/r1.py"))
    env = Location(f"{name}/env.py")
    return History(name, f"/p/{name}", (), (first,), env=env, url=INI_URL)


def assay(*places: EntryPoint, taken: str = "", requested: str = "") -> Assay:
    histories = (history("alembic"), history("migrations"))
    return Assay(
        settings=Settings(),
        project=Project(
            "/p",
            histories,
            (UrlVariable("DATABASE_URL", set_at=(Location("ci.yml", 4),)),),
            entry_points=places,
        ),
        main=histories[0],
        builds=tuple(Build(h.name, requested_url=requested, url_variable=taken) for h in histories),
    )


def found(code: str, facts: Assay) -> list[Finding]:
    checks = (*entry_points.CHECKS, *history_builds.CHECKS, *vacuous_comparisons.CHECKS)
    return [f for f in run_checks(checks, facts).findings if f.code == code]


def test_two_histories_that_are_run_disagree() -> None:
    other = replace(JOB, location=Location("up.sh", 2), history="migrations")
    (finding,) = found("HIS017", assay(JOB, other))
    assert (finding.subject, finding.severity) == ("alembic + migrations", Severity.BLOCKER)
    assert finding.location == Location("up.sh", 2)
    assert "ci.yml:9 runs alembic/; up.sh:2 runs migrations/" in finding.message
    assert "Let up.sh:2 run alembic/" in finding.fix


def test_a_script_that_hands_over_a_url_disagrees_with_nobody() -> None:
    other = replace(JOB, history="migrations")
    assert found("HIS017", assay(JOB, replace(other, sets_url=True))) == []
    assert found("HIS017", assay(JOB, replace(other, history=""))) == []
    assert found("HIS017", assay(JOB, JOB)) == []


def test_what_is_missing_is_a_warning() -> None:
    (finding,) = found("HIS017", assay(replace(JOB, missing="there is no x.ini")))
    assert (finding.subject, finding.severity) == ("ci.yml:9", Severity.WARNING)
    assert "runs `alembic upgrade head`, but there is no x.ini." in finding.message


@pytest.mark.parametrize(
    ("tried", "severity"),
    [
        ({"requested_url": "postgresql://u@prod.example/app"}, Severity.BLOCKER),
        ({"requested_url": "postgresql://u@other.example/app"}, Severity.WARNING),
        ({"requested_url": ""}, None),
        ({"url_variable": "DATABASE_URL", "requested_url": ""}, None),
        ({"refused": "KeyError: 'X_URL'"}, None),
    ],
)
def test_how_grave_another_database_is(tried: dict[str, str], severity: Severity | None) -> None:
    seen = UrlTried("alembic", frozenset({"DATABASE_URL"}), **tried)
    facts = replace(assay(JOB, taken="X_URL"), urls_tried=(seen,))
    shown = found("HIS018", facts)
    assert [f.severity for f in shown] == ([severity] if severity else [])
    assert all("alembic/env.py takes X_URL, which is not set there" in f.message for f in shown)
    assert found("HIS012", facts) == []
    for silent in (replace(JOB, open=True), replace(JOB, sets_url=True)):
        other = replace(facts.project, entry_points=(silent,))
        assert found("HIS018", replace(facts, project=other)) == []


def test_an_entry_point_makes_an_ignored_variable_a_blocker() -> None:
    elsewhere = "postgresql://u@other.example/app"
    alone = found("HIS012", assay(requested=elsewhere))
    assert [f.severity for f in alone] == [Severity.WARNING, Severity.WARNING]
    first, second = found("HIS012", assay(JOB, requested=elsewhere))
    assert (first.severity, second.severity) == (Severity.BLOCKER, Severity.WARNING)
    assert "set for the migration at ci.yml:9; used at ci.yml:4" in first.message
    assert first.evidence["entry_points"] == ["ci.yml:9: alembic upgrade head"]


def catalog(*tables: str) -> Catalog:
    return Catalog(180000, tables=tuple(Table("public", name) for name in tables))


@pytest.mark.parametrize(
    ("base", "live", "others", "severity"),
    [
        ("app/audit.py:Base", ("a", "log"), (), Severity.WARNING),
        ("app/audit.py:Base", ("a",), (), Severity.INFO),
        ("app/audit.py:Base", ("a",), ("log",), None),
        ("app/audit.py:Base", ("a", "log"), ("log",), Severity.WARNING),
        ("other/audit.py:Base", ("a",), (), None),
        ("other/audit.py:Base", ("log",), (), Severity.WARNING),
        ("app/base.py:Base", ("a", "log"), (), None),
        ("", ("a", "log"), (), None),
    ],
)
def test_another_base(
    base: str, live: tuple[str, ...], others: tuple[str, ...], severity: Severity | None
) -> None:
    facts = assay()
    tables = (
        ModelTable("a", Location("app/models.py", 3), "app/base.py:Base"),
        ModelTable("log", Location("app/audit.py", 5), base),
    )
    facts = replace(
        facts,
        project=replace(facts.project, model_tables=tables),
        models=Models(catalog("a")),
        live=catalog(*live),
        builds=(
            Build("alembic", catalog=catalog("a")),
            Build("migrations", catalog=catalog(*others)),
        ),
    )
    shown = found("HIS023", facts)
    assert [f.severity for f in shown] == ([severity] if severity else [])
    same = base == "app/base.py:Base"
    assert [f.subject for f in found("HIS022", facts)] == ["alembic/env.py"] * same
    assert all("vacuous for log" in f.message for f in shown)
