"""A history is taken down to its bottom and up again, on a copy of what it built."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from pgassay.facts.history import Build
from pgassay.facts.project import Project
from pgassay.facts.round_trip import RoundTrip
from pgassay.flows.workshop import OpenWorkshop
from pgassay.sources.builds import build_history
from pgassay.sources.histories import read_histories
from pgassay.sources.history_runs import Workshop
from pgassay.sources.project_files import read_project_files
from pgassay.sources.round_trips import round_trip
from tests.probe.conftest import MakeProject

NUMBERS = itertools.count()
UP_DOWN = tuple[str, str]


def trip(shared: OpenWorkshop, root: Path) -> RoundTrip:
    workshop = shared.workshop
    assert isinstance(workshop, Workshop)
    histories = read_histories(root, read_project_files(root).paths).histories
    project = Project(str(root), histories)
    number = next(NUMBERS)
    built = build_history(workshop, project, histories[0], f"round_{number}")
    assert isinstance(built.build, Build), built.build
    assert built.build.failure is None
    assert built.database is not None
    made = round_trip(
        workshop, project, histories[0], built.build, built.database, f"trip_{number}"
    )
    assert isinstance(made, RoundTrip), made
    return made


def with_revisions(root: Path, *bodies: UP_DOWN) -> Path:
    for number, (up, down) in enumerate(bodies, 1):
        parent = "a1" if number == 1 else f"r{number - 1}"
        (root / "alembic" / "versions" / f"r{number}.py").write_text(
            "from alembic import op\nimport sqlalchemy as sa\n"
            f'revision = "r{number}"\ndown_revision = "{parent}"\n'
            f"def upgrade():\n    {up}\ndef downgrade():\n    {down}\n"
        )
    return root


def sql(*statements: str) -> str:
    return "; ".join(f"op.execute({statement!r})" for statement in statements)


def test_a_history_that_undoes_itself(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    root = with_revisions(
        make_project(),
        (sql("CREATE TYPE mood AS ENUM ('ok')"), sql("DROP TYPE mood")),
        (sql("ALTER TABLE accounts ADD m mood"), sql("ALTER TABLE accounts DROP m")),
    )
    assert trip(shared_workshop, root) == RoundTrip("alembic")


@pytest.mark.parametrize(
    ("left", "kind", "name"),
    [
        ("CREATE TABLE left_over (a int)", "table", "public.left_over"),
        ("CREATE TYPE mood AS ENUM ('ok')", "enum", "public.mood"),
        ('CREATE SEQUENCE "Odd One"', "sequence", "public.Odd One"),
        ("CREATE SCHEMA more", "schema", "more"),
        ("CREATE EXTENSION pg_trgm", "extension", "pg_trgm"),
        (
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "function",
            "public.f(integer)",
        ),
        ("CREATE VIEW v AS SELECT 1 AS one", "view", "public.v"),
    ],
)
def test_what_a_downgrade_leaves_is_named_with_its_revision(
    make_project: MakeProject,
    shared_workshop: OpenWorkshop,
    left: str,
    kind: str,
    name: str,
) -> None:
    root = with_revisions(make_project(), (sql("SELECT 1"), "pass"), (sql(left), "pass"))
    found = trip(shared_workshop, root)
    assert [(t.revision, t.difference.kind, t.difference.subject) for t in found.left] == [
        ("r2", kind, name)
    ]
    # What was left is in the way of the second upgrade.
    assert found.failed_on == "up again"
    assert found.failure is not None
    assert found.failure.revision == "r2"
    assert "already exists" in found.failure.error


def test_the_first_downgrade_that_fails_is_named(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    root = with_revisions(
        make_project(),
        (sql("SELECT 1"), "raise NotImplementedError('never')"),
        (sql("CREATE TABLE t (a int)"), "op.drop_constraint(None, 't', type_='unique')"),
        (sql("CREATE TABLE u (a int)"), sql("DROP TABLE u")),
    )
    found = trip(shared_workshop, root)
    assert found.failed_on == "down"
    assert found.failure is not None
    assert found.failure.revision == "r2"
    assert found.failure.location is not None
    assert found.failure.location.path == "alembic/versions/r2.py"
    assert (found.left, found.changed) == ((), ())


def test_a_second_upgrade_that_makes_something_else(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    counting = (
        "CREATE SEQUENCE IF NOT EXISTS pg_temp.nothing",
        "DO $$ BEGIN IF (SELECT count(*) FROM pg_roles WHERE rolname = 'seen_before') = 0 THEN"
        " CREATE ROLE seen_before; ELSE ALTER TABLE accounts ADD again int; END IF; END $$",
    )
    root = with_revisions(make_project(), (sql(*counting), "pass"))
    found = trip(shared_workshop, root)
    assert found.failure is None
    assert found.left == ()
    assert [(t.difference.kind, t.difference.subject) for t in found.changed] == [
        ("column", "public.accounts.again")
    ]
