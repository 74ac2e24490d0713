"""`pgassay schema snapshot`: what it writes, where, and when it writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgassay.analysis.schema_hash import schema_hash
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from pgassay.sources.snapshot_file import read_snapshot
from tests.cli.pgassay_command import pgassay
from tests.cli.schema_server import NOWHERE, PROJECT, TABLES, database


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


def test_the_file_holds_what_the_inspector_reads(server: ScratchServer, tmp_path: Path) -> None:
    made = database(server, TABLES)
    out = tmp_path / "live.json"
    done = pgassay("schema", "snapshot", "--database-url", made.url(), "--out", out, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    with made.connect(autocommit=True) as connection:
        catalog = read_catalog(connection)
    taken = read_snapshot(out)
    assert taken.catalog == catalog
    assert (taken.of, taken.database) == ("database", made.name)
    assert f"Snapshot of database {made.name}: {out}" in done.stderr
    assert f"hash:     {schema_hash(taken.catalog)}" in done.stderr
    assert "1 table, 4 columns, 2 constraints, 1 index," in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["live.json"]


def test_standard_output_is_the_file_and_nothing_else(
    server: ScratchServer, tmp_path: Path
) -> None:
    url = database(server, TABLES).url()
    done = pgassay("schema", "snapshot", env={"DATABASE_URL": url}, cwd=tmp_path)
    assert json.loads(done.stdout)["format"] == "pgassay schema snapshot"
    quiet = pgassay("schema", "snapshot", "-q", "--database-url", url, cwd=tmp_path)
    assert quiet.stderr == ""
    (tmp_path / "s.json").write_text(quiet.stdout)
    assert read_snapshot(tmp_path / "s.json").catalog.tables[0].subject == "public.accounts"


def test_two_databases_with_one_schema_have_one_hash(server: ScratchServer, tmp_path: Path) -> None:
    hashes = set()
    for statements in ((TABLES,), (TABLES,), (TABLES, "ALTER TABLE accounts DROP opened CASCADE")):
        url = database(server, *statements).url()
        taken = pgassay("schema", "snapshot", "-q", "--database-url", url, cwd=tmp_path).stdout
        hashes.add(json.loads(taken)["hash"])
    assert len(hashes) == 2


def test_no_password_is_in_the_file(server: ScratchServer, tmp_path: Path) -> None:
    made = database(
        server,
        TABLES,
        "CREATE FOREIGN DATA WRAPPER remote",
        "CREATE SERVER far FOREIGN DATA WRAPPER remote OPTIONS (host 'far', password 'Tr0ub4dor')",
        "CREATE USER MAPPING FOR postgres SERVER far OPTIONS (user 'u', password 'Tr0ub4dor')",
    )
    url = made.url().replace("postgres@", "postgres:Tr0ub4dor@")
    done = pgassay("schema", "snapshot", "--database-url", url, cwd=tmp_path)
    assert done.returncode == 0
    assert '"far"' in done.stdout
    assert "can be read by every user of this machine" in done.stderr
    assert "Tr0ub4dor" not in done.stdout + done.stderr


@pytest.mark.parametrize("of", ["history", "models"])
def test_what_the_project_makes_needs_no_live_database(of: str, tmp_path: Path) -> None:
    done = pgassay(
        "schema", "snapshot", PROJECT, "--of", of, "--out", tmp_path / "s.json",
        env={"DATABASE_URL": NOWHERE},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    taken = read_snapshot(tmp_path / "s.json")
    assert taken.of == of
    assert "alembic_version" not in {t.name for t in taken.catalog.tables}
    assert len(taken.catalog.tables) > 0


def test_with_stats_the_file_holds_sizes_too_and_is_a_side_as_before(
    server: ScratchServer, tmp_path: Path
) -> None:
    made = database(server, TABLES)
    taken = {}
    for name, *more in (("plain",), ("full", "--with-stats")):
        with made.connect(autocommit=True) as connection:
            connection.execute(
                "INSERT INTO accounts (id, state) SELECT count(*), 'open' FROM accounts"
            )
            connection.execute("ANALYZE accounts")
        out = tmp_path / f"{name}.json"
        done = pgassay("schema", "snapshot", "--database-url", made.url(), "--out", out, *more)
        assert done.returncode == 0, done.stderr
        taken[name] = read_snapshot(out)
    assert taken["plain"].sizes is None
    assert "sizes:    1 table, the biggest public.accounts with " in done.stderr
    size = (taken["full"].sizes or {})["public", "accounts"]
    assert (size.bytes > 0, size.index_bytes, size.rows) == (True, 32768, 2)
    assert list(taken["full"].sizes or {}) == [("public", "accounts")]
    same = pgassay("schema", "diff", tmp_path / "plain.json", tmp_path / "full.json")
    assert (same.returncode, "CLEAR" in same.stdout) == (0, True), same.stdout + same.stderr


def test_sizes_that_cannot_be_read_leave_no_file(server: ScratchServer, tmp_path: Path) -> None:
    made = database(server, "CREATE TABLE held (a int)")
    arguments = ("--database-url", made.url(), "--out", tmp_path / "s.json", "--with-stats")
    with made.connect() as holder:
        holder.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        done = pgassay("schema", "snapshot", *arguments, cwd=tmp_path)
    assert done.returncode == 3
    assert "No snapshot was taken: The table sizes could not be read: another" in done.stderr
    assert "pg_locks" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_schema_that_cannot_be_read_whole_leaves_no_file(
    server: ScratchServer, tmp_path: Path
) -> None:
    made = database(
        server,
        "CREATE FOREIGN DATA WRAPPER remote",
        "CREATE SERVER far FOREIGN DATA WRAPPER remote",
        "CREATE USER MAPPING FOR postgres SERVER far OPTIONS (user 'u')",
        "CREATE ROLE onlooker LOGIN",
    )
    url = made.url().replace("postgres@", "onlooker@")
    out = tmp_path / "s.json"
    done = pgassay("schema", "snapshot", "--database-url", url, "--out", out, cwd=tmp_path)
    assert done.returncode == 3
    assert "No snapshot was taken: Not all of live could be read" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((), 3, "No snapshot was taken: No live database was named."),
        (("--database-url", NOWHERE), 3, "nothing listens at 127.0.0.1:1"),
        (("--database-url", "mysql://x/y"), 2, "mysql:// is not PostgreSQL"),
        (("--out", "no/such/x.json"), 2, "--out: the folder no/such does not exist."),
        (("--of", "backup"), 2, "'backup' is not one of 'live', 'history', 'models'"),
        (("--of", "models", "--with-stats"), 2, "what models makes on scratch has no rows"),
        (("--of", "history", "--with-stats"), 2, "what history makes on scratch has no rows"),
        (("--with-stats",), 3, "No snapshot was taken: No live database was named."),
        (("--of", "history"), 2, "holds no Alembic history and no pgassay.toml"),
    ],
)
def test_what_goes_wrong_is_said(
    arguments: tuple[str, ...], status: int, message: str, tmp_path: Path
) -> None:
    done = pgassay("schema", "snapshot", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (status, "")
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []
