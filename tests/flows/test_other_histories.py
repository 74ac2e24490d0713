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
_MORE = "CREATE TABLE more (id integer PRIMARY KEY)"
_STAMPED = (
    "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)",
    "INSERT INTO alembic_version VALUES ('alembic_1')",
)
_TENANT_STAMPED = (
    _TENANT,
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
    ("changes", "said"),
    [
        (_TENANT_STAMPED, ""),
        ((), ""),  # it is for another database
        (
            (*_TENANT_STAMPED, "ALTER TABLE tenant DROP name", "ALTER TABLE tenant ADD hot int"),
            "It differs from what the history makes: public.tenant.hot, public.tenant.name.",
        ),
        (
            (*_TENANT_STAMPED, "UPDATE v_tenant SET version_num = 'nope'"),
            "public.v_tenant is stamped nope, which tenant/ has not.",
        ),
        (
            (*_TENANT_STAMPED, "UPDATE v_tenant SET version_num = 'tenant_1'", "DROP TABLE more"),
            "1 revisions of tenant/ are pending there.",
        ),
        ((_TENANT, _MORE), "v_tenant is absent, and 2 tables of tenant/ are there."),
    ],
    ids=["right", "elsewhere", "drift", "unknown", "behind", "no stamp"],
)
def test_what_is_not_right_there_is_never_clear(
    tmp_path: Path, live: Database, changes: tuple[str, ...], said: str
) -> None:
    histories = {
        "alembic": [[(_CORE, "DROP TABLE core")]],
        "tenant": [[(_TENANT, "DROP TABLE tenant")], [(_MORE, "DROP TABLE more")]],
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
    assert [f"{f.code} {f.subject}" for f in report.findings if f.severity != "info"] == []
    lost = [u.reason for u in report.unavailable if u.needs == "live database of tenant"]
    if said:
        assert report.verdict == "unknown"
        (reason,) = lost
        assert said in reason
    else:
        assert lost == []
        assert report.verdict == "clear"
