"""Whether anything in a database's schema was changed between two moments."""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg

from pgassay.sources.queries import query


def fingerprint(cursor: psycopg.Cursor[Any]) -> str:
    """A hash over the system catalogs as the transaction's snapshot sees them.

    Two are equal only where no row that the inspector reads was written in between. VACUUM,
    ANALYZE, temporary tables and ordinary data leave it as it is. The cursor gives named tuples.
    """
    major = cursor.connection.info.server_version // 10000
    lines = [row.line for row in cursor.execute(query("catalog/fingerprint", major))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
