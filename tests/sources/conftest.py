"""Scratch servers of each major version that is here, and a fresh database a test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer

_BINARIES = {binaries.major: binaries for binaries in all_binaries()}
_NUMBER = itertools.count()

Connection = psycopg.Connection[Any]


@pytest.fixture(scope="session", params=sorted(_BINARIES), ids=lambda major: f"pg{major}")
def server(request: pytest.FixtureRequest) -> Iterator[ScratchServer]:
    with ScratchServer(_BINARIES[request.param]) as started:
        yield started


@pytest.fixture
def database(server: ScratchServer) -> Iterator[Database]:
    made = server.create_database(f"sources_{next(_NUMBER)}")
    yield made
    server.drop_database(made)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect(autocommit=True) as opened:
        yield opened


@pytest.fixture
def second(database: Database) -> Iterator[Connection]:
    """Another session on the same database."""
    with database.connect(autocommit=True) as opened:
        yield opened
