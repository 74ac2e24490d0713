"""Runs what HIS001, HIS010 and HIS025 need of a project, on one scratch server for all tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.verdict import Report

Assay = Callable[[Path], Report]


@pytest.fixture(scope="session")
def scratch_server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


@pytest.fixture
def assay(scratch_server: ScratchServer, monkeypatch: pytest.MonkeyPatch) -> Assay:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = scratch_server.parameters("postgres")
    host, port, user = (database[key] for key in ("host", "port", "user"))

    def run(root: Path, *select: str) -> Report:
        request = CheckRequest(
            root=root,
            scratch_url=f"postgresql://{user}@/postgres?host={host}&port={port}",
            python=sys.executable,
            select=select or ("HIS001", "HIS002", "HIS010", "HIS025"),
        )
        return check(request, progress=lambda _: None)

    return run
