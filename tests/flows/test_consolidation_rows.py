"""Rows that a revision writes with parameters are carried over as they were sent."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pgassay.facts.consolidation import Consolidation
from pgassay.flows.consolidate import ConsolidateRequest, consolidate
from pgassay.flows.schema_sides import World
from tests.flows.two_histories import ENV, write_project

_HEAD = """'''Rows.'''
import datetime, decimal, uuid
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "migrations_1"
down_revision = None

"""
_TABLE = """
def upgrade():
    t = op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("said", sa.Text),
        sa.Column("on_day", sa.Date),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("price", sa.Numeric(12, 4)),
        sa.Column("ratio", sa.Float),
        sa.Column("yes", sa.Boolean),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("data", pg.JSONB),
        sa.Column("tags", pg.ARRAY(sa.Text)),
        sa.Column("key", pg.UUID(as_uuid=True)),
        sa.Column("every", sa.Interval),
    )
"""
_DOWN = """
def downgrade():
    op.drop_table("t")
"""
_BULK = r"""
    utc = datetime.timezone.utc
    op.bulk_insert(t, [
        {
            "id": 1, "said": "it's 100% %s \\ :name \\:x %(y)s $1 \"q\"\n\"\"\" é",
            "on_day": datetime.date(2020, 2, 29),
            "at": datetime.datetime(2020, 2, 29, 12, 30, 1, 5, tzinfo=utc),
            "price": decimal.Decimal("-1.2500"), "ratio": 1e300, "yes": True,
            "raw": b"\x00\xff'", "data": {"a": ["it's", None, 1.5]}, "tags": ["a", "b'c", None],
            "key": uuid.UUID("4bd8a58a-3e9a-4f4e-8a3c-0d6a4e1c2b3d"),
            "every": datetime.timedelta(days=-1, microseconds=5),
        },
        {
            "id": 2, "said": None, "on_day": None, "at": None, "price": None, "ratio": -0.5,
            "yes": False, "raw": b"", "data": None, "tags": [], "key": None, "every": None,
        },
    ])
    op.get_bind().execute(
        sa.text("UPDATE t SET price = price * :by, said = said || :more WHERE id = :id"),
        {"by": 2.5, "more": "!", "id": 1},
    )
    op.execute("INSERT INTO t (id, said) VALUES (3, '50%')")
    op.execute(sa.text("INSERT INTO t (id, said) VALUES (:id, :s)").bindparams(id=4, s="x" * 5000))
    op.execute(t.update().where(t.c.id == 2).values(ratio=-7.5, said=op.inline_literal("lit")))
"""


def consolidated(root: Path, upgrade: str, driver: str = "psycopg") -> Consolidation:
    mine = [
        [("CREATE TABLE shared (id serial PRIMARY KEY, name text UNIQUE)", "DROP TABLE shared")]
    ]
    write_project(root, alembic=mine, migrations=[[]])
    text = _HEAD + _TABLE + upgrade + _DOWN
    (root / "migrations/versions/migrations_1.py").write_text(text)
    url = 'sa_url(os.environ["DATABASE_URL"])'
    env = ENV.replace('os.environ["DATABASE_URL"]', url).replace(
        "import create_engine",
        "import create_engine\nfrom sqlalchemy.engine import make_url\n\n\n"
        f"def sa_url(url):\n    return make_url(url).set(drivername='postgresql+{driver}')\n",
    )
    (root / "migrations/env.py").write_text(env)
    world = World(root, None, None, sys.executable)
    made = consolidate(ConsolidateRequest(world, "alembic", "migrations"), lambda _: None)
    assert made.consolidation is not None
    return made.consolidation


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_values_are_carried_over(tmp_path: Path, driver: str) -> None:
    made = consolidated(tmp_path, _BULK, driver)
    assert made.plan.rows_left == ()
    assert [f"{p.state}: {p.failed}" for p in made.proofs if p.failed] == []
    claims = [p.state for p in made.proofs if p.kind == "union"]
    assert "built from nothing, the new head has the rows that migrations/ writes" in claims
    rows = [s for r in made.plan.revisions for o in r.operations if o.data for s in o.up]
    assert len(rows) >= 5
    assert sum("'it''s 100% %s" in s for s in rows) == 1
    assert any(s.endswith("VALUES (3, '50%') ON CONFLICT DO NOTHING") for s in rows)


def test_the_proof_covers_the_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is carried over otherwise is seen."""
    from pgassay.analysis.consolidation import row_changes

    once = row_changes._once
    monkeypatch.setattr(row_changes, "_once", lambda t: once(t).replace("b''c", "b''d"))
    made = consolidated(tmp_path, _BULK)
    (failed,) = [p for p in made.proofs if p.failed]
    assert failed.state == "built from nothing, the new head has the rows that migrations/ writes"
    assert "1 of 4 rows of public.t" in failed.failed


@pytest.mark.parametrize(
    "upgrade",
    [
        # An id that the database gave: in another it is another row's.
        """
    s = op.create_table("s", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Text))
    one = op.get_bind().execute(s.insert().values(n="a")).inserted_primary_key[0]
    op.bulk_insert(t, [{"id": one}])
""",
        """
    one = op.get_bind().execute(sa.text("SELECT count(*) FROM t")).scalar()
    op.bulk_insert(t, [{"id": one}])
""",
        # What another run has otherwise.
        """
    op.bulk_insert(t, [{"id": 1, "key": uuid.uuid4()}])
""",
        """
    op.bulk_insert(t, [{"id": 1, "at": datetime.datetime.now(datetime.timezone.utc)}])
""",
    ],
)
def test_values_that_another_database_has_otherwise_are_named(tmp_path: Path, upgrade: str) -> None:
    made = consolidated(tmp_path, upgrade)
    (left,) = made.plan.rows_left
    assert left.startswith("Revision migrations_1 of migrations/ changes rows by `INSERT INTO t")
    assert "values that only its file has, or that another run would have otherwise" in left
