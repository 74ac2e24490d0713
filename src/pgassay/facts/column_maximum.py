"""How far the numbers in a column reach, and how far the sequence that feeds it."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.catalog import TableName


@dataclass(frozen=True, slots=True)
class ColumnMaximum:
    """One column that a sequence feeds, read in one transaction: the column first, so that rows
    which came in meanwhile make the sequence look further on, and never behind.

    `minimum` and `maximum` are None where the table is empty. `last_value` and `called` are the
    sequence's own: the next number is `last_value` itself until it was called. `next_taken`: a row
    has the next number already.
    """

    schema: str
    table: str
    column: str
    sequence: TableName
    minimum: int | None
    maximum: int | None
    last_value: int
    called: bool
    next_taken: bool = False
