"""A history that does not build is run again, past what fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.analysis.build_salvage import remedies
from pgassay.facts.catalog import Catalog, Column, Constraint, Enum, Table
from pgassay.facts.history import Assumed, Build, Salvage
from pgassay.facts.remedy import Remedy
from tests.probe.conftest import BuildProject, MakeProject

ID = Column("public", "plans", "id", 1, "integer", not_null=True)
KEY = Constraint("public", "plans", "plans_pkey", "primary key", ("id",), "PRIMARY KEY (id)")
OTHER = Catalog(
    180000,
    tables=(Table("public", "plans"), Table("app", "tokens")),
    columns=(
        ID,
        Column("public", "plans", "starts", 2, "timestamp with time zone"),
        Column("public", "plans", "state", 3, "public.mood"),
        Column("app", "tokens", "id", 1, "integer"),
        Column("public", "accounts", "email", 2, "text"),
    ),
    constraints=(KEY,),
    others=(Enum("public", "mood", ("ok", "bad")),),
)
KNOWN = remedies({"other/": OTHER})


def history(make_project: MakeProject, *bodies: str, env: str = "") -> Path:
    """One revision a body, r1 on, in a chain after a1."""
    root = make_project(env=env)
    for number, body in enumerate(bodies, 1):
        parent = "a1" if number == 1 else f"r{number - 1}"
        lines = "\n    ".join(body.split("\n"))
        (root / "alembic" / "versions" / f"r{number}.py").write_text(
            "from alembic import op\nimport sqlalchemy as sa\n"
            f'revision = "r{number}"\ndown_revision = "{parent}"\n\ndef upgrade():\n    {lines}\n'
        )
    return root


def salvage(build: BuildProject, root: Path, known: dict[str, Remedy] = KNOWN) -> Salvage:
    built, _ = build(root, models=False, remedies=known)
    assert isinstance(built, Build), built
    assert built.failure is None
    assert isinstance(built.salvage, Salvage)
    return built.salvage


def columns(found: Salvage, table: str) -> list[tuple[str, str]]:
    assert isinstance(found.catalog, Catalog)
    return [(c.name, c.type) for c in found.catalog.columns if c.table == table]


def test_what_another_history_makes_is_made_first(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = history(
        make_project,
        "op.execute('ALTER TABLE plans ADD note text')",
        "op.execute('CREATE TABLE uses (plan_id int REFERENCES plans (id))')",
        "op.execute('INSERT INTO accounts (id, email) VALUES (1, NULL)')",
    )
    found = salvage(build, root)
    assert found.assumed == (
        Assumed("r1", 'relation "plans"', "other/"),
        Assumed("r3", 'column "email" of relation "accounts"', "other/"),
    )
    assert [(f.revision, f.error, f.missing_object) for f in found.failures] == [
        ("r1", 'relation "plans" does not exist', 'relation "plans"'),
        (
            "r3",
            'column "email" of relation "accounts" does not exist',
            'column "email" of relation "accounts"',
        ),
    ]
    place = found.failures[0].location
    assert place is not None
    assert (place.path, place.line) == ("alembic/versions/r1.py", 7)
    assert found.failures[0].statement == "ALTER TABLE plans ADD note text"
    # Its enum came along.
    assert columns(found, "plans") == [
        ("id", "integer"),
        ("starts", "timestamp with time zone"),
        ("state", "public.mood"),
        ("note", "text"),
    ]


def test_a_column_that_this_history_adds_itself_is_not_assumed(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = history(make_project, "op.execute('ALTER TABLE plans ADD starts date')")
    found = salvage(build, root)
    assert [f.error for f in found.failures] == ['relation "plans" does not exist']
    assert ("starts", "date") in columns(found, "plans")


def test_what_nobody_knows_is_left_out_and_the_rest_goes_on(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = history(
        make_project,
        "op.execute('ALTER TABLE nowhere ADD a int')\nop.execute('CREATE TABLE first (a int)')",
        "op.execute('CREATE TABLE second (a int)')\nraise ValueError('by hand')",
        "op.execute('SELECT 1 / 0')\nop.execute('CREATE TABLE third (a int)')",
    )
    found = salvage(build, root)
    assert [(f.revision, f.error) for f in found.failures] == [
        ("r1", 'relation "nowhere" does not exist'),
        ("r2", "by hand"),
        ("r3", "division by zero"),
    ]
    assert isinstance(found.catalog, Catalog)
    assert [t.name for t in found.catalog.tables] == ["accounts", "first", "second", "third"]


def test_statements_that_end_the_transaction_do_no_harm(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = history(
        make_project,
        "op.execute('COMMIT')\nop.execute('CREATE TABLE first (a int)')",
        "with op.get_context().autocommit_block():\n"
        "    op.execute('CREATE INDEX CONCURRENTLY ix ON first (a)')\n"
        "    op.execute('CREATE INDEX CONCURRENTLY iy ON nowhere (a)')",
        "op.execute('CREATE TABLE second (a int)')",
    )
    found = salvage(build, root)
    assert [(f.revision, f.error) for f in found.failures] == [
        ("r2", 'relation "nowhere" does not exist')
    ]
    assert isinstance(found.catalog, Catalog)
    assert [i.name for i in found.catalog.indexes] == ["ix"]
    assert [t.name for t in found.catalog.tables] == ["accounts", "first", "second"]


def with_driver(root: Path, driver: str) -> None:
    """Have env.py connect by that driver."""
    env = root / "alembic" / "env.py"
    if driver == "asyncpg":
        env.write_text(
            "import asyncio\nfrom alembic import context\n"
            "from sqlalchemy.ext.asyncio import create_async_engine\n"
            "def run(connection):\n    context.configure(connection=connection)\n"
            "    with context.begin_transaction():\n        context.run_migrations()\n"
            "async def main():\n"
            "    engine = create_async_engine('postgresql+asyncpg://u@h/d')\n"
            "    async with engine.connect() as connection:\n"
            "        await connection.run_sync(run)\n        await connection.commit()\n"
            "asyncio.run(main())\n"
        )
    else:
        url = f"url = 'postgresql+{driver}://u@h/d' or "
        env.write_text(env.read_text().replace("url = ", url))


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_every_driver(make_project: MakeProject, build: BuildProject, driver: str) -> None:
    root = history(
        make_project,
        "op.execute('ALTER TABLE plans ADD note text')",
        "op.execute('ALTER TABLE nowhere ADD a int')\nop.execute('CREATE TABLE first (a int)')",
    )
    with_driver(root, driver)
    found = salvage(build, root)
    assert [(f.revision, f.missing_object) for f in found.failures] == [
        ("r1", 'relation "plans"'),
        ("r2", 'relation "nowhere"'),
    ]
    assert ("note", "text") in columns(found, "plans")
    assert columns(found, "first") == [("a", "integer")]


def test_each_touch_is_its_revisions(make_project: MakeProject, build: BuildProject) -> None:
    root = history(
        make_project,
        "op.create_table('first', sa.Column('a', sa.Integer))",
        "with op.get_context().autocommit_block():\n"
        "    op.execute('CREATE INDEX CONCURRENTLY ix ON first (a)')\n"
        "op.execute('ALTER TABLE accounts ADD b int')",
    )
    built, _ = build(root, models=False)
    assert isinstance(built, Build)
    assert built.touches is not None
    assert [(t.revision, t.action, t.name) for t in built.touches if t.revision] == [
        ("a1", "create", "public.accounts_id_seq"),
        ("a1", "create", "public.accounts"),
        ("a1", "create", "public.accounts_pkey"),
        ("a1", "alter", "public.accounts_id_seq"),
        ("r1", "create", "public.first"),
        ("r2", "create", "public.ix"),
        ("r2", "alter", "public.accounts"),
    ]
    assert built.salvage is None
    assert isinstance(built.catalog, Catalog)
    assert built.catalog.left_out == (("version table", 1),)


def test_what_only_follows_from_a_failure_is_none_of_its_own(
    make_project: MakeProject, build: BuildProject
) -> None:
    root = history(
        make_project,
        'op.execute("CREATE TABLE tags (id int, log int REFERENCES logs(id))")\n'
        'op.execute("CREATE INDEX by_log ON tags (log)")\n'
        'op.execute("CREATE INDEX by_user ON users (id)")',
        'op.execute("ALTER TABLE public.tags ADD note text")',
    )
    found = salvage(build, root, {})
    missing = [(f.revision, f.missing_object) for f in found.failures]
    # The first revision's other failure is its own.
    assert missing == [("r1", 'relation "logs"'), ("r1", 'relation "users"')]
