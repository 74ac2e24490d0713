"""A role that may look at the catalog and at nothing else."""

from __future__ import annotations

from pathlib import Path

from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.verdict import Verdict

BASE = Path(__file__).parents[1] / "cases" / "base"


def test_the_grants_are_named_and_the_verdict_is_not_clear() -> None:
    with ScratchServer(find_binaries()) as server:
        database = server.create_database("live")
        with database.connect(autocommit=True) as connection:
            connection.execute((BASE / "live.sql").read_bytes())
            connection.execute("CREATE ROLE onlooker LOGIN")
        url = database.url().replace("postgres@", "onlooker@")
        report = check(CheckRequest(root=BASE, database_url=url), lambda _: None)
    assert report.verdict is Verdict.UNKNOWN
    assert report.exit_status == 3
    lost = {u.needs: u for u in report.unavailable}
    assert "role onlooker may not read the version table" in lost["stamp"].reason
    assert "GRANT SELECT ON TABLE" in lost["stamp"].next_step
    assert "could not be read" in lost["critical tables"].reason
    assert "GRANT SELECT ON TABLE" in lost["critical tables"].next_step
    assert not [f for f in report.findings if f.severity == "blocker"]
