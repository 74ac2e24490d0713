"""What pending revisions do, statement by statement, to a database that has what came before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.history import BuildFailure, OutsideAttempt
from pgassay.facts.touch import Touch

MODES: tuple[str, ...] = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)
"""Table-level locks, the weakest first (PostgreSQL documentation, "Explicit Locking")."""


class Extent(IntEnum):
    """How much of a table a statement changes, the least first: at most the rows whose whole unique
    keys it has written out; a part that is bounded, as by LIMIT or a range of keys; whatever
    matches, which may be all."""

    FEW = 0
    BATCH = 1
    MANY = 2


@dataclass(frozen=True, slots=True)
class TableLock:
    """`mode` as pg_locks has it, one of MODES; the strongest that is held on that table."""

    table: TableName
    mode: str

    @property
    def strength(self) -> int:
        return MODES.index(self.mode)

    @property
    def words(self) -> str:
        """As SQL has it, such as `ACCESS EXCLUSIVE`."""
        letters = self.mode.removesuffix("Lock")
        return "".join(f" {c}" if c.isupper() and i else c for i, c in enumerate(letters)).upper()


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """Of a column of a table that was there before the run.

    "added": `after` is its type, `before` ""; `fails_on_rows`: it is NOT NULL, and nothing gives it
    a value. "retyped": the types. "renamed": the names. "required": it became NOT NULL. `is_new`:
    the run itself added the column.
    """

    table: TableName
    name: str
    change: Literal["added", "dropped", "renamed", "retyped", "required"]
    before: str = ""
    after: str = ""
    fails_on_rows: bool = False
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class NewForeignKey:
    """`validated`: the rows that are there were looked through for it."""

    name: str
    table: TableName
    referenced: TableName
    validated: bool


@dataclass(frozen=True, slots=True)
class WatchedStatement:
    """One statement that a revision sent. Of tables and views only those are named that were there
    before the run, by their names then: nobody waits for one that is new.

    `transaction` numbers the transactions; `alone`: it ended its own. `took` are the locks that it
    took or made stronger, `held` what the transaction held before it. `rewritten` tables have
    another file than before, `scanned` ones were read from end to end, `indexed` ones have a new
    index, `reindexed` ones an index that was built again, `unindexed` ones an index less; the
    tables of `dropped` are gone. `touches` are what the server saw it create, alter and drop, new
    things too; inside of DO and functions as well. `lock_timeout_ms` 0: it waits for a lock without
    end.
    """

    revision: str
    sql: str
    transaction: int
    alone: bool
    took: tuple[TableLock, ...] = ()
    held: tuple[TableLock, ...] = ()
    rewritten: tuple[TableName, ...] = ()
    scanned: tuple[TableName, ...] = ()
    indexed: tuple[TableName, ...] = ()
    reindexed: tuple[TableName, ...] = ()
    unindexed: tuple[TableName, ...] = ()
    dropped: tuple[TableName, ...] = ()
    detached: tuple[tuple[TableName, TableName], ...] = ()
    renamed: tuple[tuple[TableName, TableName], ...] = ()
    columns: tuple[ColumnChange, ...] = ()
    foreign_keys: tuple[NewForeignKey, ...] = ()
    touches: tuple[Touch, ...] = ()
    lock_timeout_ms: int = 0
    changes: tuple[tuple[TableName, Extent], ...] | None = None
    looked_up: tuple[TableName, ...] = ()
    routines: str = ""

    def lock_on(self, table: TableName) -> TableLock | None:
        """The strongest that the transaction has on a table once the statement is through."""
        both = [lock for lock in (*self.held, *self.took) if lock.table == table]
        return max(both, key=lambda lock: lock.strength, default=None)


@dataclass(frozen=True, slots=True)
class PendingRun:
    """The revisions of `history` that are new, run in order on a database that has those before.

    `base` are the heads before, () for an empty database; `since` says in words what they were
    taken from, such as "the live database's stamp" or "git main". `before` and `after` are the
    schema without the version table; `after` None where a revision failed: `failure`.
    """

    history: str
    since: str
    base: tuple[str, ...]
    revisions: tuple[str, ...]
    statements: tuple[WatchedStatement, ...]
    before: Catalog
    after: Catalog | None
    failure: BuildFailure | None = None
    outside: tuple[OutsideAttempt, ...] = ()
