"""Making one migration history of two: what is to be written, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pgassay.facts.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Operation:
    """What a new revision does to one object. `up` and `down` are SQL statements, to be run in
    that order. `up` does nothing where it is done already. `data`: it changes rows, not the
    schema, and has no way down."""

    subject: str
    up: tuple[str, ...]
    down: tuple[str, ...] = ()
    data: bool = False


@dataclass(frozen=True, slots=True)
class NewRevision:
    """A revision to be written. `origin` is the revision of the other history that it brings over,
    such as "migrations/0004_user_timezone", or what else it is for. `path` is the file's, relative
    to the project's root."""

    id: str
    parents: tuple[str, ...]
    summary: str
    origin: str
    path: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class FileEdit:
    """One place in a file that is there: `old` stands in it once, and becomes `new`."""

    path: str
    old: str
    new: str
    why: str


@dataclass(frozen=True, slots=True)
class FilePatch:
    """A file that is there, as it is and as it shall be; `why` in a few words."""

    path: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Both histories have the object, and say otherwise of it. `kept` is the value that holds."""

    subject: str
    property: str
    kept: str
    dropped: str
    why: str


@dataclass(frozen=True, slots=True)
class Rename:
    """An id that the version table cannot hold, or that stands for something else."""

    history: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How `retired` is brought over into `into`.

    `both` are the objects that both histories make alike. `by_hand` names what could not be carried
    over as it stands. `rows_left` is what the retired history does to rows and is not carried over;
    `rows` every statement of both that changes rows, or may. `refused` says why the two cannot be
    made one; then nothing else counts.
    """

    into: str
    retired: str
    revisions: tuple[NewRevision, ...] = ()
    edits: tuple[FileEdit, ...] = ()
    renames: tuple[Rename, ...] = ()
    decisions: tuple[Decision, ...] = ()
    both: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    rows_left: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    @property
    def script(self) -> str:
        """The command that brings a database of another state to the schema of the new head."""
        return f"psql -X -1 -v ON_ERROR_STOP=1 -d URL -f {self.into}/converge.sql"


@dataclass(frozen=True, slots=True)
class StateProof:
    """One state that a database may be in, and what takes it to the new head.

    `kind` says how: "upgrade" by `alembic upgrade` alone, "stamp" after its row in the version
    table was set, "converge" by the SQL script and a new stamp. `failed` says what was in the way,
    "" where the schema was then that of the new head.
    """

    state: str
    kind: Literal["upgrade", "stamp", "converge", "round trip", "union"]
    commands: tuple[str, ...]
    failed: str = ""


@dataclass(frozen=True, slots=True)
class SharedStamp:
    """An id that both histories have, so that a stamp does not say which of them made a database.

    `rows` are the two states that it may stand for, as `StateProof.state` names them. `query`
    answers with the one that it is, on the database itself; "" where nothing can. `differs` is what
    the two have made otherwise by then, () where nothing: then either row does."""

    revision: str
    rows: tuple[str, str]
    query: str = ""
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consolidation:
    """`converge` is the SQL that takes a database of the retired history, or one between the two,
    to the schema of the new head; `head` that schema, None where it could not be built. `patches`
    are of files that run migrations, each seen to work on scratch; `running` the lines that still
    name the retired history, with file and line, which a person must change. `models` are
    proposed and never written: with them the models, made on scratch, have more of the head;
    `models_lack` is what then still is otherwise. `not_proven` says which
    states were not tried, and why. `moved` is what is moved aside, from and to; `on_live` what
    changes on the live database, one sentence each; `shared` the stamps that may be of either
    history."""

    plan: Plan
    proofs: tuple[StateProof, ...] = ()
    converge: tuple[str, ...] = ()
    head: Catalog | None = None
    patches: tuple[FilePatch, ...] = ()
    running: tuple[str, ...] = ()
    models: tuple[FilePatch, ...] = ()
    models_lack: tuple[str, ...] = ()
    not_proven: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    on_live: tuple[str, ...] = ()
    shared: tuple[SharedStamp, ...] = ()

    @property
    def is_proven(self) -> bool:
        return (
            not self.plan.refused and bool(self.proofs) and not any(p.failed for p in self.proofs)
        )
