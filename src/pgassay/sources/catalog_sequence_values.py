"""How far sequences have come. That is no part of a snapshot: they do not wait for transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from pgassay.sources.queries import query
from pgassay.sources.read_only import read_only

# Each sequence that is looked at stays locked until the transaction ends, and a server has room
# for 6,400 locks by default (max_locks_per_transaction * max_connections), for all its sessions.
_AT_ONCE = 500


def last_values(
    connection: psycopg.Connection[Any], sequences: Sequence[int]
) -> Mapping[int, int | None]:
    """By oid, the last value that was handed out, None before the first. This role must be
    allowed to see each."""
    values: dict[int, int | None] = {}
    for first in range(0, len(sequences), _AT_ONCE):
        with read_only(connection) as reading:
            asked = {"sequences": list(sequences[first : first + _AT_ONCE])}
            for row in reading.cursor.execute(query("catalog/sequence_values"), asked):
                values[row.oid] = row.last_value
    return values
