"""A revision finds another state than the history's own, and another schema comes of it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from pgassay.facts.history import Build
from pgassay.facts.other_path import HistoryPaths
from pgassay.facts.project import Project
from pgassay.flows.workshop import OpenWorkshop
from pgassay.sources.builds import build_history
from pgassay.sources.histories import read_histories
from pgassay.sources.history_runs import Workshop
from pgassay.sources.other_paths import other_paths
from pgassay.sources.project_files import read_project_files
from tests.probe.conftest import MakeProject
from tests.probe.test_lenient_run import history, with_driver

NUMBERS = itertools.count()
INSPECTOR = "there = sa.inspect(op.get_bind()).get_table_names()\n"
PLANS = "op.create_table('plans', sa.Column('id', sa.Integer, primary_key=True), "
PLANS += "sa.Column('price', sa.Numeric(12, 2), nullable=False))"


def paths(shared: OpenWorkshop, root: Path) -> HistoryPaths:
    workshop = shared.workshop
    assert isinstance(workshop, Workshop)
    histories = read_histories(root, read_project_files(root).paths).histories
    project = Project(str(root), histories)
    number = next(NUMBERS)
    built = build_history(workshop, project, histories[0], f"path_{number}").build
    assert isinstance(built, Build), built
    assert built.failure is None, built.failure
    return other_paths(workshop, project, histories[0], built, f"other_{number}")


def shown(found: HistoryPaths) -> list[tuple[str, str, list[str]]]:
    return [
        (p.revision, p.state, [f"{d.kind} {d.subject} {d.property}" for d in p.differences])
        for p in found.shown
    ]


@pytest.mark.parametrize(
    ("body", "differences"),
    [
        (
            "op.execute('CREATE TABLE IF NOT EXISTS plans (id int PRIMARY KEY, price int "
            "DEFAULT 0)')",
            ["column public.plans.price default"],
        ),
        (
            f"{INSPECTOR}if 'plans' not in there:\n    {PLANS}",
            ["column public.plans.price not_null"],
        ),
        (
            f"if sa.inspect(op.get_bind()).has_table('plans'):\n    return\n{PLANS}",
            ["column public.plans.price not_null"],
        ),
        (
            "op.execute('ALTER TABLE accounts ADD COLUMN IF NOT EXISTS phone text')",
            ["column public.accounts.phone type"],
        ),
        (
            "op.execute('CREATE UNIQUE INDEX IF NOT EXISTS ix ON accounts (id)')",
            ["index public.accounts.ix unique", "index public.accounts.ix definition"],
        ),
        (
            "op.execute(\"DO $$ BEGIN CREATE TYPE mood AS ENUM ('ok'); "
            'EXCEPTION WHEN duplicate_object THEN NULL; END $$")',
            ["enum public.mood labels"],
        ),
        (
            "sa.dialects.postgresql.ENUM('ok', name='mood').create(op.get_bind())",
            ["enum public.mood labels"],
        ),
        (
            "op.execute('CREATE SEQUENCE IF NOT EXISTS numbers')",
            ["sequence public.numbers cycle"],
        ),
        (
            "op.execute('CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT id FROM accounts')",
            ["materialized view public.m definition"],
        ),
        (
            "names = [k['name'] for k in sa.inspect(op.get_bind())"
            ".get_check_constraints('accounts')]\nif 'positive' not in names:\n"
            "    op.create_check_constraint('positive', 'accounts', 'id > 0')",
            ["constraint public.accounts.positive definition"],
        ),
    ],
)
def test_what_is_there_in_another_shape_is_passed_over(
    make_project: MakeProject, shared_workshop: OpenWorkshop, body: str, differences: list[str]
) -> None:
    found = paths(shared_workshop, history(make_project, "op.execute('SELECT 1')", body))
    assert shown(found) == [("r2", "", differences)]
    assert [(r, c.location.path) for r, c in found.conditions] == [("r2", "alembic/versions/r2.py")]
    assert found.tried == {"r2"}


@pytest.mark.parametrize(
    "body",
    [
        # It fails on what is there.
        f"{INSPECTOR}{PLANS}",
        "op.execute('SELECT to_regclass($q$plans$q$)')\nop.execute('CREATE TABLE plans (a int)')",
        # It looks, and refuses.
        "have = {c['name']: c for c in sa.inspect(op.get_bind()).get_columns('accounts')}\n"
        "if 'phone' not in have:\n    op.execute('ALTER TABLE accounts ADD phone text NOT NULL')\n"
        "elif have['phone']['nullable']:\n    raise RuntimeError('phone is another column')",
        # It makes it so, whatever there was.
        "op.execute('CREATE TABLE IF NOT EXISTS plans (id int PRIMARY KEY, price int NOT NULL)')\n"
        "op.execute('ALTER TABLE plans ALTER price SET NOT NULL')",
        # It makes it anew.
        "op.execute('CREATE TABLE IF NOT EXISTS plans (id int PRIMARY KEY, price int NOT NULL)')\n"
        "op.execute('DROP TABLE plans')\nop.execute('CREATE TABLE plans (id int)')",
    ],
)
def test_what_fails_or_makes_it_so_is_no_other_path(
    make_project: MakeProject, shared_workshop: OpenWorkshop, body: str
) -> None:
    found = paths(shared_workshop, history(make_project, body))
    assert shown(found) == []
    assert found.conditions != ()
    assert found.tried == {"r1"}


@pytest.mark.parametrize(
    "body",
    [
        "if op.get_bind().dialect.name == 'postgresql':\n    op.execute('CREATE TABLE t (a int)')",
        "op.execute('CREATE EXTENSION IF NOT EXISTS pg_trgm')\n"
        "op.execute('CREATE SCHEMA IF NOT EXISTS more')",
        "op.execute('DROP TABLE IF EXISTS nothing')",
        "op.create_table('t', sa.Column('m', sa.Enum('a', name='mood')))\n"
        "op.create_index('ix', 't', ['m'])",
        "for row in op.get_bind().execute(sa.text('SELECT id FROM accounts')):\n"
        "    op.execute('SELECT 1')",
        "with op.batch_alter_table('accounts') as batch:\n"
        "    batch.add_column(sa.Column('b', sa.Text))",
    ],
)
def test_a_history_without_conditions_pays_nothing(
    make_project: MakeProject,
    shared_workshop: OpenWorkshop,
    body: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = history(make_project, body)
    monkeypatch.setattr("pgassay.sources.other_paths.build_history", None)
    assert paths(shared_workshop, root) == HistoryPaths("alembic")


def test_a_table_that_no_revision_makes_is_put_there(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    root = history(
        make_project,
        "if sa.inspect(op.get_bind()).has_table('legacy'):\n"
        "    op.rename_table('legacy', 'plans')\nelse:\n    " + PLANS,
        "op.execute('DROP TABLE IF EXISTS older')\n"
        "if sa.inspect(op.get_bind()).has_table('older'):\n"
        "    op.execute('CREATE TABLE o (a int)')",
    )
    found = paths(shared_workshop, root)
    assert [(p.revision, p.state) for p in found.shown] == [("r1", "with legacy there")]
    said = [f"{d.kind} {d.subject} {d.property}" for d in found.shown[0].differences]
    assert "column public.plans.price presence" in said
    assert not any("legacy" in s for s in said)
    assert found.tried == {"r1", "r2"}


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("import os\nif os.environ.get('REGION_OF_TEST') == 'eu':", "with REGION_OF_TEST=eu"),
        ("from os import getenv\nif getenv('REGION_OF_TEST'):", "with REGION_OF_TEST=1"),
        (
            "from alembic import context\nx = context.get_x_argument(as_dictionary=True)\n"
            "if x.get('region') == 'eu':",
            "with -x region=eu",
        ),
    ],
)
def test_another_environment_gives_another_schema(
    make_project: MakeProject, shared_workshop: OpenWorkshop, body: str, state: str
) -> None:
    act = f"{body}\n    op.execute('CREATE TABLE of_region (a int)')"
    found = paths(shared_workshop, history(make_project, "op.execute('SELECT 1')", act))
    assert shown(found) == [("r2", state, ["table public.of_region presence"])]


SAVEPOINT = "try:\n    with op.get_bind().begin_nested():\n        "
PASSED = "\nexcept sa.exc.DBAPIError:\n    pass"


@pytest.mark.parametrize(
    ("body", "differences"),
    [
        (f"{SAVEPOINT}{PLANS}{PASSED}", ["column public.plans.price not_null"]),
        # What makes it so where it was refused is none.
        (
            f"{SAVEPOINT}{PLANS}\nexcept sa.exc.DBAPIError:\n"
            "    op.alter_column('plans', 'price', nullable=False)",
            [],
        ),
        # Without a savepoint PostgreSQL refuses all that follows.
        (f"try:\n    {PLANS}{PASSED}", []),
        # A savepoint that nobody catches anything around: the revision fails, as it should.
        (
            f"with op.get_bind().begin_nested():\n    {PLANS}\n"
            "op.execute('CREATE TABLE IF NOT EXISTS o (a int NOT NULL)')",
            [],
        ),
    ],
)
def test_a_failure_that_is_passed_by(
    make_project: MakeProject, shared_workshop: OpenWorkshop, body: str, differences: list[str]
) -> None:
    found = paths(shared_workshop, history(make_project, "op.execute('SELECT 1')", body))
    assert [d for _, _, said in shown(found) for d in said] == differences
    assert [r for r, _ in found.conditions] == ["r2"]
    assert found.tried == {"r2"}


def test_a_name_with_a_quote_in_it_is_refused_as_any_other(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    create = (
        'op.execute(\'CREATE TABLE {}"my ""own"" plans" (id int PRIMARY KEY, a int NOT NULL)\')'
    )
    ask = 'op.execute(\'ALTER TABLE IF EXISTS "an ""old"" one" RENAME TO other\')\n'
    root = history(make_project, ask + create.format(""), create.format("IF NOT EXISTS "))
    found = paths(shared_workshop, root)
    assert [p.state for p in found.shown] == ['with an "old" one there']
    assert [d.subject for p in found.shown for d in p.differences if d.kind == "table"] == [
        "public.other"
    ]


def test_the_servers_version_is_asked_and_not_tried(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    body = "if op.get_bind().dialect.server_version_info >= (12,):\n"
    body += "    op.execute('CREATE TABLE t (a int)')"
    found = paths(shared_workshop, history(make_project, body))
    assert [(r, c.kind) for r, c in found.conditions] == [("r1", "server")]
    assert found.tried == frozenset()


def test_what_an_imported_function_asks_of_the_environment(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    root = history(make_project, "from regions import make\nmake('of_region')")
    (root / "regions.py").write_text(
        "import os\nfrom alembic import op\n"
        "def make(name):\n    if os.environ.get('REGION_OF_TEST') == 'eu':\n"
        "        op.execute(f'CREATE TABLE {name} (a int)')\n"
    )
    found = paths(shared_workshop, root)
    assert shown(found) == [("r1", "with REGION_OF_TEST=eu", ["table public.of_region presence"])]
    assert [str(c.location) for _, c in found.conditions] == ["regions.py:4"]


def test_what_hangs_on_rows_is_not_tried(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    body = "n = op.get_bind().execute(sa.text('SELECT count(*) FROM accounts')).scalar()\n"
    body += "if n == 0:\n    op.execute('CREATE TABLE t (a int)')"
    found = paths(shared_workshop, history(make_project, body))
    assert [(r, c.kind, c.what) for r, c in found.conditions] == [("r1", "rows", "n == 0")]
    assert found.tried == frozenset()


def test_a_table_that_is_renamed_later_is_still_known(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    root = history(
        make_project,
        "op.execute('CREATE TABLE IF NOT EXISTS plans (id int PRIMARY KEY, price int NOT NULL)')",
        "op.rename_table('plans', 'tariffs')",
    )
    expected = [("r1", "", ["column public.tariffs.price not_null"])]
    assert shown(paths(shared_workshop, root)) == expected


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_every_driver(
    make_project: MakeProject, shared_workshop: OpenWorkshop, driver: str
) -> None:
    root = history(make_project, f"{INSPECTOR}if 'plans' not in there:\n    {PLANS}")
    with_driver(root, driver)
    assert [p.revision for p in paths(shared_workshop, root).shown] == ["r1"]
