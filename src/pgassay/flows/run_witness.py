"""Hearing what runs of the project's code read, and what may end otherwise the next time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from pathlib import Path

from pgassay.analysis.refused_sql import rests_on_more
from pgassay.facts.catalog import Catalog
from pgassay.facts.reads import Reads
from pgassay.facts.unavailable import Unavailable
from pgassay.probe.launch import ChildOutcome

# As long as the child tells of one; what comes after is not seen.
_STATEMENT_LIMIT = 4000
_SETS = ("opened", "listed", "looked_through", "asked", "variables", "foreign", "doubts")


class RunWitness:
    """Of one piece of work. Threads may share it. `is_apart`: what runs cannot reach other servers,
    whatever it is compiled from."""

    def __init__(self) -> None:
        self.is_apart = False
        self._heard: list[Reads] = []

    @property
    def reads(self) -> Reads:
        return reduce(or_, self._heard, Reads())

    def doubt(self, why: str) -> None:
        """Something may end otherwise although nothing that is known has changed."""
        self._heard.append(Reads(doubts=frozenset((why,))))

    def opened(self, root: Path, files: Iterable[str]) -> None:
        """We read these files, relative to `root`, ourselves."""
        self._heard.append(Reads(opened=frozenset(str(root / file) for file in files)))

    def catalog(self, read: Catalog | Unavailable) -> Catalog | Unavailable:
        """What came of reading a schema on scratch."""
        if isinstance(read, Unavailable):
            self.doubt(read.reason)
        return read

    def child(self, outcome: ChildOutcome | None) -> None:
        """What a child said, None where it could not be started."""
        done = outcome.last("done") if outcome is not None else None
        if outcome is None or outcome.timed_out or done is None:
            self.doubt("it did not come to its end")
            return
        said = done["reads"]
        sets = {name: frozenset(map(str, said[name])) for name in _SETS}
        self._heard.append(Reads(every_variable=bool(said["every_variable"]), **sets))
        if said["foreign"] and not self.is_apart:
            self.doubt("compiled code may have used the network")
        for event in outcome.all("statement"):
            if len(event["sql"]) >= _STATEMENT_LIMIT or rests_on_more(event["sql"]):
                self.doubt("a statement may read what is not the database's")
        if outcome.last("outside") is not None:
            self.doubt("it reached for another server")
