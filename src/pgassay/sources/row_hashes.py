"""The hashes of single rows and of groups of them, to find those that differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pgassay.analysis.digest_expression import HashedColumn
from pgassay.analysis.digest_query import (
    DigestPlan,
    WantedRows,
    bucket_query,
    money_query,
    pair_query,
    row_query,
)
from pgassay.analysis.money_difference import MoneySums
from pgassay.analysis.row_comparison import Pair
from pgassay.facts.table_digest import Algorithm
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.table_digests import DigestSession, Rows


@dataclass(frozen=True, slots=True)
class HashedRow:
    """`hash` is of all it holds. `key` are the texts of its key; `hashes` those of the other
    columns, in the plan's order; `texts` those that were asked for. `money` is what all rows of its
    currency that were read with it come to, by column."""

    identity: int
    hash: int
    key: tuple[str | None, ...]
    hashes: tuple[int, ...]
    texts: tuple[str | None, ...]
    currency: str | None
    money: tuple[Decimal | None, ...]


def read_buckets(
    session: DigestSession, plan: DigestPlan, algorithm: Algorithm, buckets: int
) -> Rows | Unavailable:
    """Each bucket's number, its rows and the sum of their hashes."""
    return session.ask(plan, bucket_query(plan, algorithm, buckets))


def read_pairs(
    session: DigestSession, plan: DigestPlan, algorithm: Algorithm, wanted: WantedRows
) -> list[Pair] | Unavailable:
    """The wanted rows by identity and hash, with how many of each there are."""
    rows = session.ask(plan, pair_query(plan, algorithm, wanted))
    return rows if isinstance(rows, Unavailable) else [(row[0], row[1], row[2]) for row in rows]


def read_rows(
    session: DigestSession,
    plan: DigestPlan,
    algorithm: Algorithm,
    wanted: WantedRows,
    shown: Sequence[HashedColumn] = (),
) -> list[HashedRow] | Unavailable:
    """The wanted rows. Without `shown`, no value but the key leaves the server."""
    if not wanted.numbers:
        return []
    rows = session.ask(plan, row_query(plan, algorithm, wanted, shown))
    if isinstance(rows, Unavailable):
        return rows
    return [
        HashedRow(r[0], r[1], tuple(r[2]), tuple(r[3]), tuple(r[4]), r[5], tuple(r[6]))
        for r in rows
    ]


def money_of(plan: DigestPlan, rows: Iterable[HashedRow]) -> MoneySums:
    """What the money of rows that were read together comes to, by column and currency."""
    return {
        (column.name, row.currency): total
        for row in rows
        for column, total in zip(plan.money, row.money, strict=True)
        if total is not None
    }


def read_money(
    session: DigestSession, plan: DigestPlan, algorithm: Algorithm, wanted: WantedRows
) -> MoneySums | Unavailable:
    """What the wanted rows' money comes to, by column and currency."""
    if not plan.money or not wanted.numbers:
        return {}
    rows = session.ask(plan, money_query(plan, algorithm, wanted))
    if isinstance(rows, Unavailable):
        return rows
    return {
        (column.name, currency): total
        for currency, *totals in rows
        for column, total in zip(plan.money, totals, strict=True)
        if total is not None
    }
