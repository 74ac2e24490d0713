"""A history beside the main one, with a version table of its own in the same database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from tests.flows.two_histories import write_project

_CORE = "CREATE TABLE core (id integer PRIMARY KEY)"
_TENANT = "CREATE TABLE tenant (id integer PRIMARY KEY, name text)"
_TWICE = "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'"
_MORE = "CREATE TABLE more (id integer PRIMARY KEY)"
_STAMPED = (
    "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)",
    "INSERT INTO alembic_version VALUES ('alembic_1')",
)
_TENANT_STAMPED = (
    _TENANT,
    _TWICE,
    _MORE,
    "CREATE TABLE v_tenant (version_num varchar(32) PRIMARY KEY)",
    "INSERT INTO v_tenant VALUES ('tenant_2')",
)


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries(None)) as started:
        yield started


@pytest.fixture
def live(server: ScratchServer) -> Iterator[Database]:
    made = server.create_database("beside")
    yield made
    server.drop_database(made)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (_TENANT_STAMPED, {}),
        ((), {}),  # it is for another database
        (
            (
                *_TENANT_STAMPED,
                "ALTER TABLE tenant DROP name",
                "ALTER TABLE tenant ADD hot int",
                "ALTER TABLE more ALTER id TYPE bigint",
                "CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n'",
            ),
            {
                "DRF001 public.tenant.name": "column public.tenant.name (text)",
                "DRF002 public.tenant.hot": "column public.tenant.hot (integer)",
                "DRF005 public.more.id": "live: bigint; history: integer",
                "DRF005 public.twice(integer)": "SELECT n",
            },
        ),
        (
            (*_TENANT_STAMPED, "UPDATE v_tenant SET version_num = 'nope'"),
            {"HIS013 public.v_tenant: nope": "'nope', which no file in tenant/ has"},
        ),
        (
            (*_TENANT_STAMPED, "UPDATE v_tenant SET version_num = 'tenant_1'", "DROP TABLE more"),
            {"HIS014 public.v_tenant: tenant_1": "1 of 2 revisions of tenant/ are pending"},
        ),
        (
            (*_TENANT_STAMPED, "UPDATE v_tenant SET version_num = 'tenant_1'"),
            {
                "HIS014 public.v_tenant: tenant_1": "1 of 2 revisions of tenant/ are pending",
                "DRF006 public.more": "tenant_2",
            },
        ),
        (
            (*_TENANT_STAMPED, "INSERT INTO v_tenant VALUES ('tenant_1')"),
            {"HIS015 public.v_tenant: tenant_1": "'tenant_1' is already covered by 'tenant_2'"},
        ),
        (
            (*_TENANT_STAMPED, "DROP TABLE v_tenant"),
            {"HIS016 public.v_tenant": "yet the database holds 2 tables of tenant/"},
        ),
    ],
    ids=["right", "elsewhere", "drift", "unknown", "behind", "collides", "two rows", "no stamp"],
)
def test_it_is_judged_by_its_own_share_of_the_database(
    tmp_path: Path, live: Database, changes: tuple[str, ...], found: dict[str, str]
) -> None:
    histories = {
        "alembic": [[(_CORE, "DROP TABLE core")]],
        "tenant": [
            [(_TENANT, "DROP TABLE tenant"), (_TWICE, "DROP FUNCTION twice(int)")],
            [(_MORE, "DROP TABLE more")],
        ],
    }
    write_project(tmp_path, **histories)
    env = tmp_path / "tenant" / "env.py"
    env.write_text(env.read_text().replace("=connection", "=connection, version_table='v_tenant'"))
    (tmp_path / "pgassay.toml").write_text('[history]\nmain = "alembic"\n[models]\nnone = true\n')
    with live.connect(autocommit=True) as connection:
        for statement in (_CORE, *_STAMPED, *changes):
            connection.execute(statement.encode())
    report = check(
        CheckRequest(tmp_path, database_url=live.url(), python=sys.executable), lambda _: None
    )
    judged = {f"{f.code} {f.subject}": f for f in report.findings if f.severity != "info"}
    assert judged.keys() == found.keys()
    for subject, said in found.items():
        assert said in judged[subject].message
    blocked = any(f.severity == "blocker" for f in judged.values())
    # A stamp that no file has tells nothing of what live should have.
    lost = ["schema of tenant at the stamp"] if "HIS013 public.v_tenant: nope" in judged else []
    lost += ["pending revisions"] if "HIS016 public.v_tenant" in judged else []
    assert [u.needs for u in report.unavailable] == lost
    assert report.verdict == ("unsafe" if blocked else "clear")
