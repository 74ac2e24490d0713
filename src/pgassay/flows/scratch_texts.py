"""What a scratch server makes of the texts in which schemas differ, asked once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg

from pgassay.facts.catalog import Catalog
from pgassay.facts.reparsed import ReparsedText, TextKey
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.memory import Memory
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.postgres.binaries import NoServerBinaries
from pgassay.postgres.scratch import Scratch, ScratchFailed
from pgassay.sources.reparsed_texts import reparse
from pgassay.sources.run_surroundings import server_programs

Asked = dict[TextKey, ReparsedText]

_NUMBERS = itertools.count(1)


class ScratchTexts:
    """On a server of `major`, where this machine has it. Scratch is started only for texts that no
    earlier run asked of the same schemas."""

    def __init__(self, scratch: ScratchOnce, major: int, memory: Memory | None) -> None:
        self._scratch = scratch
        self._major = major
        self._memory = memory or Memory()

    def of_all(
        self, sides: Mapping[str, Catalog], asked: Mapping[str, set[TextKey]]
    ) -> dict[str, Asked]:
        """By side; sides that are one catalog are asked once. Every key has an answer: what did not
        come back has failed."""
        wanted: dict[int, tuple[Catalog, set[TextKey]]] = {}
        for side, keys in asked.items():
            wanted.setdefault(id(sides[side]), (sides[side], set()))[1].update(keys)
        known = self._known(wanted.values())
        found = self._memory.find("texts", *known)
        made = dict(zip(wanted, found or self._made(list(wanted.values()), known), strict=True))
        return {
            side: {key: made[id(sides[side])][key] for key in keys} for side, keys in asked.items()
        }

    def _made(
        self, wanted: list[tuple[Catalog, set[TextKey]]], known: tuple[Any, ...]
    ) -> list[Asked]:
        server = self._scratch.server(self._major)
        with ThreadPoolExecutor(max(len(wanted), 1)) as pool:
            made = list(pool.map(lambda one: _reparse(server, *one), wanted))
        texts = [found for found, _ in made]
        if all(complete for _, complete in made):
            self._memory.keep("texts", *known, result=texts)
        return texts

    def _known(self, wanted: Iterable[tuple[Catalog, set[TextKey]]]) -> tuple[Any, ...]:
        if not self._memory.is_on:
            return ()
        try:
            programs = server_programs(self._scratch.binaries or self._scratch.find(self._major))
        except NoServerBinaries as none:
            programs = (none.reason,)
        return (programs, *wanted)


def _reparse(
    server: Scratch | Unavailable, catalog: Catalog, keys: set[TextKey]
) -> tuple[Asked, bool]:
    """With whether scratch gave all the answers itself."""
    if not keys:
        return {}, True
    if isinstance(server, Unavailable):
        return _failed(keys, f"no scratch server: {server.reason}"), False
    try:
        database = server.create_database(f"texts_{next(_NUMBERS)}")
    except ScratchFailed as failed:
        return _failed(keys, f"no scratch database: {failed.reason}"), False
    try:
        made = reparse(database, catalog, keys)
    except psycopg.Error as lost:
        reason = str(lost).strip().splitlines() or [type(lost).__name__]
        return _failed(keys, f"the scratch server failed: {reason[0]}"), False
    finally:
        with suppress(ScratchFailed):  # it goes with the server
            server.drop_database(database)
    return {**_failed(keys, "the scratch server gave no answer"), **made}, keys == made.keys()


def _failed(keys: set[TextKey], reason: str) -> Asked:
    return dict.fromkeys(keys, ReparsedText(failed=reason))
