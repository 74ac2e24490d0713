"""Opening a scratch server and the way to the project's interpreter: what building needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from pgassay.analysis.managed_services import SUPABASE
from pgassay.facts.catalog import Catalog
from pgassay.facts.server import Server
from pgassay.facts.settings import Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.postgres.isolation import IsolationLevel, isolate
from pgassay.postgres.scratch import Database, Scratch, ScratchFailed
from pgassay.sources.catalog import read_catalog
from pgassay.sources.history_runs import Workshop
from pgassay.sources.interpreter import find_interpreter
from pgassay.sources.managed_stand_in import set_search_path, stand_in, without_stand_in


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
    opened = _open(server, interpreter, settings)
    if scratch.stands_in and isinstance(opened.workshop, Workshop):
        return replace(opened, workshop=_standing_in(opened.workshop, scratch))
    return opened


def _standing_in(workshop: Workshop, scratch: ScratchOnce) -> Workshop | Unavailable:
    """One whose databases hold what Supabase makes. They are copies of one that does."""
    try:
        if scratch.pattern is None:
            made = workshop.create_database("supabase")
            with made.connect(autocommit=True) as connection:
                stand_in(connection, made)
            scratch.pattern = made
        pattern = scratch.pattern
    except (psycopg.Error, ScratchFailed) as failed:
        return Unavailable(
            "scratch server",
            f"what Supabase makes could not be made there: {str(failed).strip().splitlines()[0]}",
            "Use a role with CREATEDB and CREATEROLE (in Supabase's local stack supabase_admin), or"
            " leave --scratch-url out.",
        )

    def create(purpose: str, *, template: str = "") -> Database:
        database = workshop.create_database(purpose, template=template or pattern.name)
        with database.connect(autocommit=True) as connection:
            set_search_path(connection, database)
        return database

    def read(database: Database, version_table: tuple[str, str]) -> Catalog | Unavailable:
        catalog = workshop.read_catalog(database, version_table)
        return without_stand_in(catalog) if isinstance(catalog, Catalog) else catalog

    return replace(workshop, create_database=create, read_catalog=read, managed=SUPABASE.schemas)


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
            make_role=scratch.make_role,
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
