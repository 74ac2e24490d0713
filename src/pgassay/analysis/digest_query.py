"""The statements that a table's digest, and the search for rows that differ, are made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pgassay.analysis.digest_expression import HashedColumn, by_name, hex_hash, lanes, row_hash
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.table_digest import CHAIN, MD5, SHA256, Algorithm, DigestedColumn

_LANES = {CHAIN: 1, MD5: 2, SHA256: 4}
_FLOATS = ("real", "double precision")


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """Of which rows and columns a digest is to be.

    `whole_tree`: with the rows of partitions, or of tables that inherit. `key` are the columns that
    tell rows apart, () where there are none. `money` are columns whose sum is wanted; `currency` is
    the one that says in what each row is, or None."""

    schema: str
    table: str
    columns: tuple[HashedColumn, ...]
    key: tuple[HashedColumn, ...] = ()
    money: tuple[HashedColumn, ...] = ()
    currency: HashedColumn | None = None
    whole_tree: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.schema}.{self.table}"

    @property
    def rows_of(self) -> str:
        """What stands behind FROM."""
        name = qualified(self.schema, self.table)
        return name if self.whole_tree else f"ONLY {name}"

    @property
    def digested(self) -> tuple[DigestedColumn, ...]:
        """The columns as the digest names them."""
        return tuple(DigestedColumn(c.name, c.type, c.kind) for c in by_name(self.columns))

    @property
    def others(self) -> list[HashedColumn]:
        """The columns that are no part of the key, by name."""
        names = {column.name for column in self.key}
        return [column for column in by_name(self.columns) if column.name not in names]

    def identity(self, algorithm: Algorithm) -> str:
        """What tells rows apart: the hash of their key, or else of all they hold."""
        return row_hash(self.key or self.columns, algorithm)

    def of_column(self, column: HashedColumn, algorithm: Algorithm) -> str:
        """A column's hash, bound to its row's key: two rows that swap it are seen."""
        return row_hash((*self.key, column), algorithm)


def number_of_lanes(algorithm: Algorithm) -> int:
    return _LANES[algorithm]


def digest_query(plan: DigestPlan, algorithm: Algorithm) -> str:
    """One row: how many rows, each lane's sum, the first one's mean, and the sums of money.

    The mean costs nothing, since avg() and sum() share their state, and tells how many rows had a
    hash: a row without one, for a NULL where none may be, would be left out in silence.
    """
    sums = [_amount(column) for column in plan.money]
    if algorithm == CHAIN:
        hashes, rows_of = [row_hash(plan.columns, algorithm)], plan.rows_of
    else:
        hashes = lanes("hexadecimal", number_of_lanes(algorithm))
        given = [f"{hex_hash(plan.columns, algorithm)} AS hexadecimal"]
        given += [f"{amount} AS money_{place}" for place, amount in enumerate(sums)]
        # OFFSET 0: the hash is made once, not once a lane.
        rows_of = f"(SELECT {', '.join(given)} FROM {plan.rows_of} OFFSET 0) AS hashed"
        sums = [f"money_{place}" for place in range(len(sums))]
    asked = ["count(*)", *(f"sum({one})" for one in hashes), f"avg({hashes[0]})"]
    asked += [f"sum({amount})" for amount in sums]
    return f"SELECT {', '.join(asked)} FROM {rows_of}"


def currency_query(plan: DigestPlan) -> str:
    """A row for each currency: its name, and the sums of money in it."""
    sums = ", ".join(f"sum({_amount(column)})" for column in plan.money)
    return f"SELECT {_currency(plan)}, {sums} FROM {plan.rows_of} GROUP BY 1"


def column_query(plan: DigestPlan, algorithm: Algorithm) -> str:
    """One row: the sum of each column that is no part of the key."""
    sums = ", ".join(f"sum({plan.of_column(column, algorithm)})" for column in plan.others)
    return f"SELECT {sums} FROM {plan.rows_of}"


def bucket_query(plan: DigestPlan, algorithm: Algorithm, buckets: int) -> str:
    """A row for each bucket: its number, how many rows, and the sum of their hashes. `buckets` is a
    power of two."""
    # OFFSET 0 keeps the server from seeing a unique column in the bucket's number, for which it
    # would make as many places as there are rows.
    return (
        f"SELECT bucket, count(*), sum(hash) FROM (SELECT {plan.identity(algorithm)} & "
        f"{buckets - 1} AS bucket, {row_hash(plan.columns, algorithm)} AS hash "
        f"FROM {plan.rows_of} OFFSET 0) AS hashed GROUP BY bucket"
    )


@dataclass(frozen=True, slots=True)
class WantedRows:
    """Some rows of a table: those in some of so many buckets, or, where `buckets` is 0, those of
    some identities."""

    numbers: Collection[int]
    buckets: int = 0

    def condition(self, identity: str) -> str:
        among = f"'{{{','.join(map(str, sorted(self.numbers)))}}}'::int8[]"
        return f"{identity}{f' & {self.buckets - 1}' if self.buckets else ''} = ANY ({among})"


def money_query(plan: DigestPlan, algorithm: Algorithm, wanted: WantedRows) -> str:
    """As `currency_query`, of the wanted rows only; of them all where there is no currency."""
    sums = ", ".join(f"sum({_amount(column)})" for column in plan.money)
    where = wanted.condition(plan.identity(algorithm))
    return f"SELECT {_currency(plan)}, {sums} FROM {plan.rows_of} WHERE {where} GROUP BY 1"


def _currency(plan: DigestPlan) -> str:
    return f'{plan.currency.text} COLLATE "C"' if plan.currency else "NULL::text"


def pair_query(plan: DigestPlan, algorithm: Algorithm, wanted: WantedRows) -> str:
    """The wanted rows' identities and hashes of all they hold, each with how many have it."""
    identity = plan.identity(algorithm)
    return (
        f"SELECT {identity}, {row_hash(plan.columns, algorithm)}, count(*) FROM {plan.rows_of} "
        f"WHERE {wanted.condition(identity)} GROUP BY 1, 2"
    )


def row_query(
    plan: DigestPlan, algorithm: Algorithm, wanted: WantedRows, shown: Sequence[HashedColumn]
) -> str:
    """A row for each wanted row: its identity and hash, the key's texts, the hash of each other
    column, the texts of the columns to be shown, its currency, and what all wanted rows of that
    come to."""
    identity = plan.identity(algorithm)
    keys = ", ".join(column.as_shown for column in plan.key)
    hashes = ", ".join(plan.of_column(column, algorithm) for column in plan.others)
    texts = ", ".join(column.as_shown for column in shown)
    money = ", ".join(f"sum({_amount(column)}) OVER alike" for column in plan.money)
    return (
        f"SELECT {identity}, {row_hash(plan.columns, algorithm)}, ARRAY[{keys}]::text[], "
        f"ARRAY[{hashes}]::int8[], ARRAY[{texts}]::text[], {_currency(plan)}, "
        f"ARRAY[{money}]::numeric[] FROM {plan.rows_of} WHERE {wanted.condition(identity)} "
        f"WINDOW alike AS (PARTITION BY {_currency(plan)})"
    )


def _amount(column: HashedColumn) -> str:
    if column.rests_on in _FLOATS:
        # Sums of floats depend on the rows' order, and their cast to numeric rounds.
        return f"{column.reference}::text::numeric"
    return f"{column.reference}::numeric" if column.rests_on == "money" else column.reference
