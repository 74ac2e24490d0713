"""A server for the live databases and the scratch ones, one for each worker."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from tests.planted.planted_run import Plant, assay

_NUMBER = itertools.count()


@pytest.fixture(scope="session")
def planted_server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as started:
        yield started


@pytest.fixture
def plant(planted_server: ScratchServer, tmp_path: Path) -> Iterator[Plant]:
    """Makes the project of a seed with some defects, and checks it against its live database."""
    live = planted_server.create_database(f"live_{next(_NUMBER)}")
    # The same server builds the histories too: starting one for each check takes longer.
    yield partial(assay, tmp_path, live, planted_server.url())
    planted_server.drop_database(live)
