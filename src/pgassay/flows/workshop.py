"""Opening a scratch server and the way to the project's interpreter: what building needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pgassay.facts.catalog import Catalog
from pgassay.facts.server import Server
from pgassay.facts.settings import Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.postgres.isolation import IsolationLevel, isolate
from pgassay.postgres.scratch import Database, Scratch
from pgassay.sources.catalog import read_catalog
from pgassay.sources.history_runs import Workshop
from pgassay.sources.interpreter import find_interpreter


@dataclass(frozen=True, slots=True)
class OpenWorkshop:
    """`workshop` is None where nothing was to be built. `isolation` says in a sentence how the
    project's code is kept from other servers, "" where none of it ran; `is_apart`: nothing of it
    can reach one."""

    workshop: Workshop | Unavailable | None = None
    isolation: str = ""
    is_apart: bool = False


def workshop_on(
    scratch: ScratchOnce,
    root: Path,
    settings: Settings,
    python: str,
    live: Server | Unavailable | None,
) -> OpenWorkshop:
    """A workshop for as long as the scratch server runs.

    The scratch server is of the live server's major version where this machine has it.
    """
    interpreter = find_interpreter(root, python or settings.project.python)
    if isinstance(interpreter, Unavailable):
        return OpenWorkshop(interpreter)
    server = scratch.server(live.major if isinstance(live, Server) else None)
    if isinstance(server, Unavailable):
        return OpenWorkshop(server)
    return _open(server, interpreter, settings)


def _open(scratch: Scratch, interpreter: str, settings: Settings) -> OpenWorkshop:
    def read(database: Database, version_table: tuple[str, str]) -> Catalog | Unavailable:
        with database.connect() as connection:
            return read_catalog(connection, version_tables=[version_table])

    socket = scratch.socket_dir
    allowed = [socket] if socket is not None else []

    def isolated(command: Sequence[str]) -> Sequence[str]:
        if socket is None:
            return command
        return isolate(command, allow=allowed, own_pids=True).command

    isolation, is_apart = _isolation(scratch, allowed)
    return OpenWorkshop(
        Workshop(
            python=interpreter,
            isolated=isolated,
            create_database=scratch.create_database,
            read_catalog=read,
            time_limit_s=settings.probe.time_limit_s,
            environment=settings.project.environment,
        ),
        isolation,
        is_apart,
    )


def _isolation(scratch: Scratch, allowed: list[Path]) -> tuple[str, bool]:
    if scratch.socket_dir is None:
        return (
            "Isolation was partial: the scratch server is reached over TCP, so the project's code "
            "kept the network; only guards inside Python held it back."
        ), False
    tried = isolate(["true"], allow=allowed, own_pids=True)
    if tried.level is IsolationLevel.FULL:
        return (
            "The project's code ran in a network namespace of its own, and the sockets of other "
            "servers were masked."
        ), True
    return (
        f"Isolation was partial ({tried.reason}): guards inside Python held the project's code "
        "back, which code that opens its own connections can pass."
    ), False
