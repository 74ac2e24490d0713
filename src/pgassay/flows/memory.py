"""Remembering what earlier runs on scratch showed, where nothing that it came from differs.

A result is found by a hash of all that was known before the run (the *inputs*), and holds only if
all that the run then read is as it was. Whatever cannot be told for certain is run again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pgassay.analysis.fact_hash import fact_hash
from pgassay.facts.project import Project
from pgassay.facts.reads import Reads
from pgassay.probe.environment import child_environment
from pgassay.sources.read_state import changed_since, state_of
from pgassay.sources.result_cache import ResultCache
from pgassay.sources.run_surroundings import tool_and_machine

AGE_LIMIT = timedelta(days=1)
"""What a run takes from the clock, chance or elsewhere does not show; so nothing holds for long."""
# A file system's clock may lag behind by one tick of the kernel's.
_TICK_S = 0.1


class Memory:
    """Of one run. With `cache` None nothing is remembered and nothing kept.

    `since` is when the oldest result was made that this run took from memory, None where it took
    none.
    """

    def __init__(self, cache: ResultCache | None = None) -> None:
        self.since: datetime | None = None
        self._cache = cache
        self._began = time.time() - _TICK_S
        self._now = datetime.now().astimezone()
        self._files: tuple[str, ...] = ()
        self._root = ""
        self._environment: dict[str, str] = {}
        self._surroundings: tuple[str, ...] = ()

    @classmethod
    def of_user(cls, *, use: bool) -> Memory:
        """To be made before the first file is read."""
        return cls(ResultCache.of_user() if use else None)

    @property
    def is_on(self) -> bool:
        return self._cache is not None

    def of_project(self, project: Project, files: Sequence[Path]) -> None:
        """Name the project that the next results are of."""
        if not self.is_on:
            return
        self._root = project.root
        self._surroundings = tool_and_machine()
        self._files = tuple(map(str, files))
        # The children's environment: without the credentials that they never see.
        known = child_environment(os.environ, project.url_variables, "postgresql")
        self._environment = known.variables

    def find(self, part: str, *inputs: Any) -> Any:
        """The result of `part` with these inputs; None where it has to be made."""
        if self._cache is None:
            return None
        found = self._cache.find(self._name(part, inputs))
        match found:
            case (str(made_at), Reads() as reads, str(state), result):
                made = datetime.fromisoformat(made_at)
            case _:
                return None
        if not timedelta() <= self._now - made <= AGE_LIMIT or state != self._state(reads):
            return None
        self.since = min(made, self.since or made)
        return result

    def keep(self, part: str, *inputs: Any, result: Any, reads: Reads | None = None) -> None:
        """Keep what was made now, unless something of it is in doubt or changed meanwhile."""
        reads = reads or Reads()
        if self._cache is None or reads.doubts:
            return
        if reads.foreign:
            reads = replace(reads, opened=reads.opened | set(self._files))
        state = self._state(reads)
        if changed_since(reads, self._began, self._root):
            return
        kept = (self._now.isoformat(), reads, state, result)
        self._cache.keep(self._name(part, inputs), kept)

    def _name(self, part: str, inputs: Sequence[Any]) -> str:
        # Names count too: a file may matter by being there.
        return fact_hash(part, self._surroundings, self._root, self._files, *inputs)

    def _state(self, reads: Reads) -> str:
        return state_of(reads, self._environment, self._root)
