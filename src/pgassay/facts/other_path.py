"""What a revision asks before it acts, and what it did where the answer was another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.catalog import TableName
from pgassay.facts.comparison import Difference
from pgassay.facts.location import Location

AsksFor = Literal["objects", "rows", "environment", "server"]


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that a revision asks before it acts: which objects there are, which rows, an
    environment variable or `-x` argument, or the server's version.

    `what` is what it says, such as "CREATE TABLE IF NOT EXISTS" or "os.environ['REGION']". `names`
    are the relations it asks for by name, the variable, or the argument as "-x tenant". `values`
    are the texts that it compares the answer with. `hangs` says of rows what hangs on them and does
    not run where there are none: "schema" operations, or "rows" that are changed; "" for neither,
    or where a catalog is asked, which scratch has. `in_a_loop`: once for each row.
    """

    kind: AsksFor
    what: str
    location: Location
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    hangs: Literal["", "schema", "rows"] = ""
    in_a_loop: bool = False


@dataclass(frozen=True, slots=True)
class OtherState:
    """An object in the other shape in which a revision found it. `table` is the relation that it
    is or hangs on, `name` "" for that itself. `whole`: the revision makes the relation too."""

    kind: str
    table: TableName
    name: str
    whole: bool = False

    @property
    def subject(self) -> str:
        return ".".join(part for part in (*self.table, self.name) if part)


@dataclass(frozen=True, slots=True)
class OtherPath:
    """A revision passed where a database, or the environment, was in another state, and the head
    has another schema. `state` says which, such as "with REGION=eu"; `found` are the objects that
    were there in another shape, () where the state was none of these. `differences` have the sides
    `found`, with that state, and `expected`, from nothing."""

    revision: str
    state: str
    differences: tuple[Difference, ...]
    found: tuple[OtherState, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryPaths:
    """Of a history that builds. `conditions` are by revision, of those that ask. `tried` are the
    revisions whose every condition was put to the test, and `shown` what came of it."""

    history: str
    conditions: tuple[tuple[str, Condition], ...] = ()
    tried: frozenset[str] = frozenset()
    shown: tuple[OtherPath, ...] = ()
