"""Finding the rows in which a table differs: buckets, then the rows of those that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from pgassay.analysis.digest_plans import TablePair
from pgassay.analysis.digest_query import DigestPlan, WantedRows
from pgassay.analysis.money_difference import MoneySums, money_differences
from pgassay.analysis.row_comparison import (
    ComparedRows,
    Pair,
    bucket_count,
    buckets_to_read,
    compare_rows,
    differing_buckets,
)
from pgassay.facts.data_diff import (
    ColumnDifference,
    MoneyDifference,
    RowDifference,
    RowDifferences,
    RowStatus,
)
from pgassay.facts.table_digest import Algorithm, TableDigest
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.data_sides import Both
from pgassay.sources.row_hashes import (
    HashedRow,
    money_of,
    read_buckets,
    read_money,
    read_pairs,
    read_rows,
)
from pgassay.sources.table_digests import DigestSession

T = TypeVar("T")

_PAIRS = 500_000
"""How many rows' hashes of both sides are kept in memory at most."""
_CELLS = 1_000_000
"""How many hashes of single values, to say which columns differ."""
_AT_ONCE = 100_000
"""How many of these are read before it is known which rows differ, to save a scan."""


@dataclass(frozen=True, slots=True)
class RowSearch:
    """A table that differs, on both sides. `rows`: how many are to be shown; `values`: with what
    they hold."""

    a: DigestSession
    b: DigestSession
    pair: TablePair
    algorithm: Algorithm
    both: Both
    rows: int
    values: bool

    def find(
        self, a: TableDigest, b: TableDigest
    ) -> tuple[RowDifferences, tuple[MoneyDifference, ...]] | Unavailable:
        """The rows that differ, and what that comes to in money; `a` and `b` are the table's
        digests, which differ."""
        buckets = bucket_count(max(a.rows, b.rows))
        sums = self._ask(lambda s, p: read_buckets(s, p, self.algorithm, buckets))
        if isinstance(sums, Unavailable):
            return sums
        differing = differing_buckets(*sums)
        chosen = buckets_to_read(differing, _PAIRS)
        wanted = WantedRows(chosen, buckets)
        cells = sum(differing[bucket] for bucket in chosen) * (len(self.pair.a.others) + 1)
        read: tuple[_Rows, _Rows] | None = None
        money: tuple[MoneySums, MoneySums] | Unavailable
        if cells <= _AT_ONCE and len(chosen) == len(differing):
            rows = self._ask(lambda s, p: read_rows(s, p, self.algorithm, wanted))
            if isinstance(rows, Unavailable):
                return rows
            read = _by_identity(rows[0]), _by_identity(rows[1])
            money = money_of(self.pair.a, rows[0]), money_of(self.pair.b, rows[1])
            pairs: tuple[list[Pair], list[Pair]] | Unavailable = (
                [(row.identity, row.hash, 1) for row in rows[0]],
                [(row.identity, row.hash, 1) for row in rows[1]],
            )
        else:
            pairs = self._ask(lambda s, p: read_pairs(s, p, self.algorithm, wanted))
            # Of every row that may differ, also where not all of them are gone through.
            every = WantedRows(list(differing), buckets)
            money = self._ask(lambda s, p: read_money(s, p, self.algorithm, every))
        if isinstance(pairs, Unavailable):
            return pairs
        compared = compare_rows(*pairs)
        found = RowDifferences(
            compared.changed.total(),
            compared.only_a.total(),
            compared.only_b.total(),
            len(chosen) == len(differing),
            buckets,
            len(differing),
            len(chosen),
        )
        with_rows = self._with_rows(found, compared, read)
        if isinstance(with_rows, Unavailable):
            return with_rows
        if isinstance(money, Unavailable):
            return money
        return with_rows, money_differences(*money)

    def _with_rows(
        self,
        found: RowDifferences,
        compared: ComparedRows,
        read: tuple[_Rows, _Rows] | None,
    ) -> RowDifferences | Unavailable:
        others = self.pair.a.others
        counted = sorted(compared.changed)[: max(_CELLS // max(len(others), 1), 1)]
        picked = _picked(compared, self.rows)
        asked = {identity for _, identity in picked}
        if read is None:
            found_again = self._read({*counted, *asked})
            if isinstance(found_again, Unavailable):
                return found_again
            read = found_again
        changed = _changed_columns(self.pair.a, counted, *read)
        whole = found.exact and len(counted) == len(compared.changed)
        numbers = Counter(name for names in changed.values() for name in names)
        columns = [
            ColumnDifference(column.name, numbers[column.name] if whole else None)
            for column in others
            if numbers[column.name]
        ]
        if self.values:
            found_again = self._read(asked, with_values=True)
            if isinstance(found_again, Unavailable):
                return found_again
            read = found_again
        rows = [
            one
            for status, identity in picked
            for one in self._shown(status, identity, changed.get(identity, ()), *read)
        ]
        return replace(found, columns=tuple(columns), rows=tuple(sorted(rows, key=_order)))

    def _read(
        self, wanted: Collection[int], *, with_values: bool = False
    ) -> tuple[_Rows, _Rows] | Unavailable:
        """The rows of these identities on each side."""

        def of(session: DigestSession, plan: DigestPlan) -> list[HashedRow] | Unavailable:
            shown = (plan.others if plan.key else plan.columns) if with_values else ()
            return read_rows(session, plan, self.algorithm, WantedRows(wanted), shown)

        found = self._ask(of)
        if isinstance(found, Unavailable):
            return found
        return _by_identity(found[0]), _by_identity(found[1])

    def _ask(
        self, question: Callable[[DigestSession, DigestPlan], T | Unavailable]
    ) -> tuple[T, T] | Unavailable:
        """Both sides' answers, or why one has none."""
        a, b = self.both(
            lambda: question(self.a, self.pair.a), lambda: question(self.b, self.pair.b)
        )
        if isinstance(a, Unavailable):
            return a
        return b if isinstance(b, Unavailable) else (a, b)

    def _shown(
        self, status: RowStatus, identity: int, columns: tuple[str, ...], a: _Rows, b: _Rows
    ) -> Iterable[RowDifference]:
        of_a = a.get(identity) if status != "only in B" else None
        of_b = b.get(identity) if status != "only in A" else None
        one = of_a or of_b
        if one is None:  # of one snapshot, so it cannot be gone
            return
        names = [c.name for c in (self.pair.a.others if self.pair.a.key else self.pair.a.columns)]

        def values(row: HashedRow | None) -> tuple[tuple[str, str | None], ...]:
            if row is None or not row.texts:
                return ()
            cells = zip(names, row.texts, strict=True)
            return tuple((n, text) for n, text in cells if status != "changed" or n in columns)

        token = f"{identity & 0xFFFFFFFFFFFFFFFF:016x}"
        yield RowDifference(status, token, one.key, columns, values(of_a), values(of_b))


_Rows = dict[int, HashedRow]


def _by_identity(rows: Iterable[HashedRow]) -> _Rows:
    """Where a key that somebody gave has several rows, nobody can say which is the other side's."""
    found: _Rows = {}
    for row in rows:
        again = row.identity in found
        found[row.identity] = replace(row, hashes=()) if again else row
    return found


def _picked(compared: ComparedRows, limit: int) -> list[tuple[RowStatus, int]]:
    """Some of each kind, the same ones each time."""
    kinds: list[tuple[RowStatus, list[int]]] = [
        ("changed", sorted(compared.changed)),
        ("only in A", sorted(compared.only_a)),
        ("only in B", sorted(compared.only_b)),
    ]
    longest = max(len(identities) for _, identities in kinds)
    by_turns = (
        (status, identities[place])
        for place in range(min(longest, limit))
        for status, identities in kinds
        if place < len(identities)
    )
    return [one for one, _ in zip(by_turns, range(limit), strict=False)]


def _changed_columns(
    plan: DigestPlan, identities: Iterable[int], a: _Rows, b: _Rows
) -> dict[int, tuple[str, ...]]:
    """For each changed row, the columns that differ."""
    names = [column.name for column in plan.others]
    return {
        identity: tuple(
            name
            for name, ours, theirs in zip(
                names, a[identity].hashes, b[identity].hashes, strict=True
            )
            if ours != theirs
        )
        for identity in identities
        if identity in a and identity in b and a[identity].hashes and b[identity].hashes
    }


def _order(row: RowDifference) -> tuple[object, ...]:
    """By key; numbers as numbers are ordered."""
    key = tuple((part is None, len(part or ""), part or "") for part in row.key)
    return (row.status, key, row.token)
