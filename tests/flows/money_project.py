"""A project whose money is to be converted, and its database with rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from click.testing import CliRunner, Result

from pgassay.analysis.alembic_operations import in_op_execute
from pgassay.cli.main import pgassay
from pgassay.facts.catalog import Catalog
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from tests.flows.two_histories import write_project

PAYMENTS = (
    "CREATE TABLE payments (id int PRIMARY KEY, amount float8 NOT NULL DEFAULT 0.5"
    " CONSTRAINT ck_amount CHECK (amount >= 0), tip_amount real, fee_amount numeric(10,2),"
    " net_amount numeric DEFAULT '1.5', currency text, note text, changed int DEFAULT 0)",
    "CREATE INDEX ix_amount ON payments (amount) WHERE amount > 100",
    "CREATE UNIQUE INDEX ux_note ON payments (note, amount)",
    "COMMENT ON COLUMN payments.amount IS 'what was paid'",
    "COMMENT ON CONSTRAINT ck_amount ON payments IS 'no refunds'",
    "CREATE VIEW twice AS SELECT id, amount * 2 AS twice, net_amount FROM payments",
    "CREATE VIEW of_all AS SELECT sum(twice) AS total FROM twice",
    "COMMENT ON VIEW of_all IS 'all'",
    "CREATE STATISTICS st_payments ON amount, currency FROM payments",
)
ROWS = (
    "INSERT INTO payments (id, amount, tip_amount, fee_amount, net_amount, currency, note)"
    " SELECT n, n * 1.005, CASE WHEN n % 7 > 0 THEN 93690.67 END, n, n / 3.0,"
    " (ARRAY['EUR', 'USD'])[n % 2 + 1], 'note ' || n FROM generate_series(1, 400) n"
)
SUMS = (
    "SELECT currency, count(*), sum(round(amount::text::numeric, 2)),"
    " sum(round(tip_amount::text::numeric, 2)), sum(fee_amount), sum(round(net_amount, 2))"
    " FROM payments GROUP BY 1 ORDER BY 1"
)
SMALL = "[migrations]\nsmall_table_mb = 16\n"
LARGE = "[migrations]\nsmall_table_mb = 0.001\n"


@contextmanager
def money_project(
    server: ScratchServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MoneyProject]:
    """On a database of its own, which DATABASE_URL names."""
    live, scratch = server.create_database("money"), server.create_database("scratch")
    monkeypatch.setenv("DATABASE_URL", live.url().replace("postgresql:", "postgresql+psycopg:"))
    yield MoneyProject(folder / "project", live, scratch.url())
    server.drop_database(live)
    server.drop_database(scratch)


@dataclass(frozen=True, slots=True)
class MoneyProject:
    """`scratch` is the URL of the server for scratch databases."""

    root: Path
    database: Database
    scratch: str

    def write(
        self, statements: Iterable[str] = PAYMENTS, settings: str = SMALL, models: str = ""
    ) -> None:
        """One revision of the statements, with the database at it."""
        self.root.mkdir()
        made = [(in_op_execute(sql), "") for sql in statements]
        made[0] = (made[0][0], "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        write_project(self.root, alembic=[made])
        env = self.root / "alembic" / "env.py"
        text = env.read_text().replace('["DATABASE_URL"])', '["DATABASE_URL"], poolclass=NullPool)')
        env.write_text(f"from sqlalchemy.pool import NullPool\n{text}")
        none = "" if models else "[models]\nnone = true\n"
        (self.root / "pgassay.toml").write_text(none + settings)
        if models:
            (self.root / "models.py").write_text(models)
            text = env.read_text().replace(
                "configure(connection=connection)",
                "configure(connection=connection, target_metadata=Base.metadata)",
            )
            here = "import sys\nfrom pathlib import Path\n"
            here += "sys.path.insert(0, str(Path(__file__).parents[1]))\n"
            env.write_text(f"{here}from models import Base\n{text}")
        self.upgrade()

    def run(self, *statements: str) -> None:
        with self.database.connect(autocommit=True) as connection:
            for sql in statements:
                connection.execute(sql.encode())

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with self.database.connect(autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()

    def plan(self, *arguments: str) -> Result:
        given = ["--database-url", self.database.url(), "--scratch-url", self.scratch, "-q"]
        return CliRunner().invoke(
            pgassay, ["money", "plan", str(self.root), *given, *arguments], catch_exceptions=False
        )

    def written(self, *arguments: str) -> dict[str, Any]:
        """What `--write` says, as JSON; it wrote something."""
        done = self.plan("--write", "--output", "json", *arguments)
        assert done.exit_code == 0, done.output
        plan: dict[str, Any] = json.loads(done.stdout)
        assert plan["written"]["written"]
        assert [p["failed"] for p in plan["written"]["proofs"]] == [""] * len(
            plan["written"]["proofs"]
        )
        return plan

    def upgrade(self, revision: str = "head") -> None:
        command.upgrade(self._config(), revision)

    def downgrade(self, revision: str = "alembic_1") -> None:
        command.downgrade(self._config(), revision)

    def revisions(self) -> list[Path]:
        """The files that are new, in no order."""
        found = (self.root / "alembic" / "versions").glob("*.py")
        return [path for path in found if not path.name.startswith("alembic_")]

    def edit(self, ending: str, old: str, new: str) -> None:
        """In the one new revision whose file ends so."""
        (path,) = [p for p in self.revisions() if p.name.endswith(ending)]
        text = path.read_text()
        assert old in text, text
        path.write_text(text.replace(old, new))

    def catalog(self) -> Catalog:
        with self.database.connect() as connection:
            found = read_catalog(connection, version_tables=[("public", "alembic_version")])
        assert isinstance(found, Catalog)
        return found

    def sums(self) -> list[tuple[Any, ...]]:
        return self.ask(SUMS)

    def types(self, columns: Sequence[str], table: str = "payments") -> list[str]:
        facts = {c.name: c.type for c in self.catalog().columns if c.table == table}
        return [facts.get(name, "") for name in columns]

    def _config(self) -> Config:
        config = Config(str(self.root / "alembic.ini"))
        config.set_main_option("script_location", str(self.root / "alembic"))
        return config
