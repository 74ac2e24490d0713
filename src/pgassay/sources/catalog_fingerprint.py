"""Whether anything in a database's schema was changed between two moments."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import psycopg

from pgassay.sources.queries import query

Cursor = psycopg.Cursor[Any]
"""One that gives named tuples."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A hash over the system catalogs as one snapshot sees them.

    Two hashes are equal only where no row that the inspector reads was written in between. VACUUM,
    ANALYZE, temporary tables and ordinary data leave it as it is. `empty` names the catalogs that
    have no row of users'.
    """

    hash: str
    empty: frozenset[str]
    snapshot: str | None

    def still_holds(self, cursor: Cursor) -> bool:
        """Whether a later transaction sees the same catalogs.

        Where not one transaction of the whole server that writes has ended since (PostgreSQL's
        documentation, "Transaction ID and Snapshot Information Functions"), there is no need to
        look at them.
        """
        unchanged = self.snapshot is not None and _snapshot(cursor) == self.snapshot
        return unchanged or fingerprint(cursor).hash == self.hash


def fingerprint(cursor: Cursor) -> Fingerprint:
    """That of the transaction's snapshot."""
    major = cursor.connection.info.server_version // 10000
    lines = [row.line for row in cursor.execute(query("catalog/fingerprint", major))]
    return Fingerprint(
        hash=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        empty=frozenset(line.removesuffix(" 0 0") for line in lines if line.endswith(" 0 0")),
        snapshot=_snapshot(cursor),
    )


# On a standby the function leaves out which transactions are under way: GetSnapshotData() notes
# them where it does not look (procarray.c).
_SNAPSHOT = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_snapshot()::text END AS seen
"""


def _snapshot(cursor: Cursor) -> str | None:
    """None where it does not tell what is seen."""
    row: Any = cursor.execute(_SNAPSHOT).fetchone()
    seen: str | None = row.seen
    return seen
