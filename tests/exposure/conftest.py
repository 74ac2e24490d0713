"""Servers made like Supabase's, of each major version that is here, with a well-kept database."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch_server import ScratchServer
from tests.exposure.cloud import Cloud, Planted, script

_BINARIES = {binaries.major: binaries for binaries in all_binaries() if binaries.major >= 15}


@pytest.fixture(scope="session", params=sorted(_BINARIES), ids=lambda major: f"pg{major}")
def cloud(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    with ScratchServer(_BINARIES[request.param]) as server:
        parameters = dict(server.create_database("cloud").parameters)
        made = Cloud(server, parameters)
        with made.connect(parameters["dbname"], "postgres") as connection:
            connection.execute(script("supabase_roles").encode())
        with made.connect(parameters["dbname"], "supabase_admin") as connection:
            connection.execute(script("supabase_postgres").encode())
            connection.execute("CREATE DATABASE bare TEMPLATE template0 OWNER postgres")
        with made.connect("bare", "supabase_admin") as connection:
            connection.execute(script("supabase_database").encode())
        with made.connect("postgres", "supabase_admin") as connection:
            connection.execute("CREATE DATABASE kept TEMPLATE bare OWNER postgres")
        for name, role in (("well_kept", "postgres"), ("well_kept_as_admin", "supabase_admin")):
            with made.connect("kept", role) as connection:
                connection.execute(script(name).encode())
        yield made


_NUMBER = itertools.count()


@pytest.fixture
def kept(cloud: Cloud) -> Iterator[Planted]:
    """A copy of the well-kept database."""
    name = f"kept_{next(_NUMBER)}"
    with cloud.connect("postgres", "supabase_admin") as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE kept OWNER postgres".encode())
    yield Planted(cloud, name)
    with cloud.connect("postgres", "supabase_admin") as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def server() -> Iterator[ScratchServer]:
    """One that is nobody's."""
    with ScratchServer(_BINARIES[max(_BINARIES)]) as started:
        yield started
