"""What ANALYZE saw of a column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """Of pg_stats (PostgreSQL documentation, "pg_stats"): `null_share` 0 to 1; `distinct` the
    number of different values; `values` the most common ones as text, which may be personal, with
    the share of rows that have one of them."""

    schema: str
    table: str
    column: str
    null_share: float
    distinct: float
    values: tuple[str, ...] = ()
    share_of_values: float = 0.0
