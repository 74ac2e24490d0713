"""The project's code cannot reach another server, however it tries."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator

import psycopg
import pytest

from pgassay.facts.history import Build
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.workshop import OpenWorkshop
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from tests.probe.conftest import BuildProject, MakeProject


@pytest.fixture(scope="module")
def other_server() -> Iterator[ScratchServer]:
    """A second server, on TCP and on a unix socket, with a table that counts visits."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"listen_addresses": "127.0.0.1"}
    with ScratchServer(find_binaries(), settings=settings, port=port, isolated=False) as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE visits (way text)")
        yield server


def visits(server: ScratchServer) -> list[str]:
    with psycopg.connect(server.url()) as connection:
        return [way for (way,) in connection.execute("SELECT way FROM visits ORDER BY way")]


def places(server: ScratchServer) -> dict[str, str]:
    return {"tcp": "127.0.0.1", "socket": str(server.socket_dir)}


DRIVER = """import psycopg2
    c = psycopg2.connect(host={host!r}, port={port}, user="postgres", dbname="postgres")
    c.cursor().execute("INSERT INTO visits VALUES ('driver')"); c.commit()"""
PSQL = """import subprocess
    subprocess.run([{psql!r}, "-h", {host!r}, "-p", "{port}", "-U", "postgres", "-c",
                    "INSERT INTO visits VALUES ('psql')"], check=True)"""
# No guard inside Python sees what another interpreter does.
GRANDCHILD = """import subprocess, sys
    code = "import psycopg2; c = psycopg2.connect(host={host!r}, port={port}, user='postgres', " \\
           "dbname='postgres'); c.autocommit = True; " \\
           "c.cursor().execute(\\"INSERT INTO visits VALUES ('grandchild')\\")"
    subprocess.run([sys.executable, "-c", code], check=True)"""


def psql_path() -> str:
    return shutil.which("psql") or str(find_binaries().bin_dir / "psql")


def isolated_here(opened: OpenWorkshop) -> bool:
    return "partial" not in opened.isolation


@pytest.mark.parametrize("place", ["tcp", "socket"])
@pytest.mark.parametrize("way", [DRIVER, PSQL, GRANDCHILD], ids=["driver", "psql", "grandchild"])
def test_a_revision_reaches_no_other_server(
    other_server: ScratchServer,
    make_project: MakeProject,
    build: BuildProject,
    shared_workshop: OpenWorkshop,
    way: str,
    place: str,
) -> None:
    body = way.format(host=places(other_server)[place], port=other_server.port, psql=psql_path())
    before = visits(other_server)
    built, _ = build(make_project(body=body))
    assert isinstance(built, Build)
    if isolated_here(shared_workshop):
        assert visits(other_server) == before
        assert built.failure is not None
        assert built.failure.revision == "a1"
    else:
        assert shared_workshop.isolation.startswith("Isolation was partial")
    if way is not GRANDCHILD:
        named = "the program psql" if way is PSQL else places(other_server)[place]
        assert [o.revision for o in built.outside] == ["a1"]
        assert named in built.outside[0].what


def test_without_isolation_the_same_revision_does_reach_it(
    other_server: ScratchServer, make_project: MakeProject, build: BuildProject
) -> None:
    """The oracle of the test above can fail: what it watches for happens when nothing hinders."""
    body = GRANDCHILD.format(host="127.0.0.1", port=other_server.port)
    before = len(visits(other_server))
    built, _ = build(make_project(body=body), isolated=lambda command: command)
    assert isinstance(built, Build)
    assert built.failure is None
    assert visits(other_server).count("grandchild") == before + 1


def test_partial_isolation_is_said() -> None:
    from unittest.mock import patch

    from pgassay.flows import workshop
    from pgassay.postgres.isolation import Isolation, IsolationLevel

    class Fake:
        socket_dir = "/nowhere"

    none = Isolation(("true",), IsolationLevel.NONE, "unshare: Operation not permitted")
    with patch.object(workshop, "isolate", return_value=none):
        said, is_apart = workshop._isolation(Fake(), [])  # type: ignore[arg-type]
    assert not is_apart
    assert said.startswith("Isolation was partial (unshare: Operation not permitted)")


def test_the_interpreter_runs_as_it_would(make_project: MakeProject, build: BuildProject) -> None:
    """The control: nothing planted, and the same path through isolation builds."""
    built, models = build(make_project())
    assert isinstance(built, Build)
    assert built.failure is None
    assert built.outside == ()
    assert not isinstance(built.catalog, Unavailable)
    assert built.catalog is not None
    assert [t.name for t in built.catalog.tables] == ["accounts"]
    assert models is not None
    assert not isinstance(models, Unavailable)
    assert [t.name for t in models.tables] == ["accounts"]
