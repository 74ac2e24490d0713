"""The histories of a project as `pgassay history list` shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.catalog import TableName
from pgassay.facts.history import Assumed, BuildFailure, History, Revision
from pgassay.facts.location import Location
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.facts.unavailable import Unavailable

State = Literal["applied", "pending", "unknown"]
Position = Literal["", "known", "behind", "ahead", "unknown"]
"""Where a stamp stands: known, with nothing pending; behind the heads; ahead of the files, which
lack a revision that goes on from theirs; unknown, a revision that they lack. "": no row read."""


@dataclass(frozen=True, slots=True)
class TouchedObject:
    """An object that a revision touches, `kind` and `name` in PostgreSQL's words.

    `owner` is the revision of this history that created it last, "" where none does. `also_in` are
    the other histories that touch it. `table` is the (schema, table) that it is or hangs on.
    """

    kind: str
    name: str
    owner: str = ""
    also_in: tuple[str, ...] = ()
    table: TableName | None = None


@dataclass(frozen=True, slots=True)
class RevisionEffects:
    """What came of one revision; each object once. What it makes and drops again is not there."""

    creates: tuple[TouchedObject, ...] = ()
    alters: tuple[TouchedObject, ...] = ()
    drops: tuple[TouchedObject, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedRevision:
    """One revision file. `effects` None: not known. `id_also_in` are the other histories that have
    this id. `failures` and `assumed` are of executing it on an empty database."""

    revision: Revision
    state: State
    is_head: bool = False
    is_stamp: bool = False
    id_also_in: tuple[str, ...] = ()
    effects: RevisionEffects | None = None
    failures: tuple[BuildFailure, ...] = ()
    assumed: tuple[Assumed, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A place in the drawn graph. `parents` are ids of nodes.

    `unreadable`: its file cannot be read, but its text tells the id. `missing`: a revision follows
    it, and no file has it.
    """

    id: str
    parents: tuple[str, ...]
    kind: Literal["revision", "unreadable", "missing"] = "revision"


@dataclass(frozen=True, slots=True)
class ListedStamp:
    """What the live database says of a history.

    `unknown`: it was not read, `reason` says why. `absent`: no such table. `strangers` are the rows
    that no file of this history has, `sightings` where those were seen.
    """

    status: Literal["known", "empty", "absent", "unknown"]
    table: str = ""
    revisions: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    reason: str = ""
    position: Position = ""
    sightings: tuple[StampSighting, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryProblem:
    """Something that is wrong with a history itself. `revision` is "" where it is of no single
    one."""

    kind: Literal[
        "cycle", "missing-parent", "repeated-id", "unreadable-file", "fails", "stamp-not-in-files"
    ]
    message: str
    revision: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class ListedHistory:
    """`revisions` are the files, newest first, in the order of `nodes`. `build` is what came of
    executing them, `build_notes` how, where it was not as the project's own runs."""

    history: History
    version_table: TableName
    stamp: ListedStamp
    heads: tuple[str, ...]
    bases: tuple[str, ...]
    nodes: tuple[GraphNode, ...]
    revisions: tuple[ListedRevision, ...]
    problems: tuple[HistoryProblem, ...] = ()
    build: Literal["built", "fails", "not asked", "unavailable"] = "not asked"
    build_notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryListing:
    """`unavailable` is what was asked for and could not be had. `unchanged_since` is a Report's."""

    project: str
    histories: tuple[ListedHistory, ...]
    unavailable: tuple[Unavailable, ...] = ()
    isolation: str = ""
    unchanged_since: str = ""

    @property
    def exit_status(self) -> int:
        return 3 if self.unavailable else 0
