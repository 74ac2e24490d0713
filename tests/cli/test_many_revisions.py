"""A history of a thousand revisions is checked in seconds, and what is said of it stays short."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from tests.cli.history_project import HistoryProject
from tests.cli.pgassay_command import pgassay
from tests.cli.schema_server import database


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


def test_a_thousand_revisions_are_checked(tmp_path: Path, server: ScratchServer) -> None:
    project = HistoryProject(tmp_path)
    for number in range(1000):
        parents = [f"r{number - 1:04}"] if number else []
        made = "CREATE TABLE first (a int)" if number == 0 else f"SELECT {number}"
        project.add(f"r{number:04}", *parents, sql=made)
    live = database(
        server,
        "CREATE TABLE first (a int)",
        "CREATE TABLE alembic_version (version_num text)",
        "INSERT INTO alembic_version VALUES ('r0000')",
    ).url()
    began = time.monotonic()
    done = pgassay(*("check", tmp_path, "--database-url", live, "--select", "HIS"))
    took = time.monotonic() - began
    lines = done.stdout.splitlines()
    assert "999 of 1000 revisions of alembic/ are pending: r0001, r0002" in " ".join(
        done.stdout.split()
    )
    assert len(lines) < 60
    assert max(len(line) for line in lines) <= 80
    # Built, taken down and up again, and built up to the stamp.
    assert took < 90
