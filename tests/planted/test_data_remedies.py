"""What the findings say to do is done: the rows are put aside, and the rule becomes a proof."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from pgassay.findings import Finding
from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer

RULES = """
tables:
  public.paid:
    - not_null: amount
    - range: {column: amount, min: 0}
    - currency: currency
    - minor_units: {column: amount, currency: currency}
    - matches: {column: "t.", pattern: "^[a-z'%]+$"}
    - unique: code
    - references: {columns: owner, parent: public.owners, key: id}
"""


@pytest.fixture
def database(planted_server: ScratchServer) -> Iterator[Database]:
    made = planted_server.create_database("remedies")
    with made.connect(autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE owners (id int PRIMARY KEY);"
            "CREATE TABLE paid (id int PRIMARY KEY, amount numeric, currency text, "
            '"t." text, code text, owner int);'
            "INSERT INTO owners VALUES (1);"
            "INSERT INTO paid VALUES (1, 1, 'EUR', 'a', 'a', 1), (2, NULL, 'EUR', 'a', 'b', 1), "
            "(3, -1, 'EUR', 'a', 'c', 1), (4, 1, 'EUX', 'a', 'd', 1), "
            "(5, 1.5, 'JPY', 'a', 'e', 1), (6, 1, 'EUR', 'A', 'f', 1), (7, 1, 'EUR', 'a', 'a', 1), "
            "(8, 1, 'EUR', 'a', 'g', 2)"
        )
    yield made
    planted_server.drop_database(made)


def findings(project: Path, database: Database) -> list[Finding]:
    request = CheckRequest(project, database_url=database.url(), select=["DAT"], data_demanded=True)
    report = check(request, lambda _: None)
    assert report.unavailable == ()
    return list(report.findings)


def test_the_remedy_makes_it_a_proof(database: Database, tmp_path: Path) -> None:
    (tmp_path / "pgassay-data.yml").write_text(RULES)
    found = findings(tmp_path, database)
    assert len(found) == 7
    for finding in found:
        aside, revision = finding.fix.split("-- then a revision", 1)
        sql = aside.partition(":\n")[2]
        with database.connect(autocommit=True) as connection:
            connection.execute(sql.encode())
            table = sql.partition("CREATE TABLE ")[2].partition(" AS ")[0]
            rows = connection.execute(f"SELECT id FROM {table}".encode()).fetchall()
            assert len(rows) == finding.evidence["failing"]
            wrong = max(rows)
            connection.execute("DELETE FROM paid WHERE id = %s", wrong)
        # The rest is a comment, and the revisions' own lines.
        _run(database, [line.removeprefix("    ") for line in revision.split("\n")[1:]])
    assert findings(tmp_path, database) == []
    request = CheckRequest(tmp_path, database_url=database.url(), select=["DAT"])
    rules = check(request, lambda _: None).facts["data"]["rules"]
    statuses = {(r["subject"], r["rule"]): r["status"] for r in rules}
    # A foreign key is looked at, whatever it says of itself.
    assert statuses.pop(("public.paid.owner", "references")) == "passed"
    assert set(statuses.values()) == {"proved"}


def _run(database: Database, lines: list[str]) -> None:
    code = "\n".join(line for line in lines if not line.startswith("-- "))
    engine = create_engine(database.url("psycopg2"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        operations = Operations(context)
        # As Alembic's `op` has it.
        operations.get_context = lambda: context
        with context.begin_transaction():
            exec(code, {"op": operations})
    engine.dispose()
