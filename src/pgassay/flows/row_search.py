"""Finding the rows in which a table differs: buckets, then the rows of those that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from pgassay.analysis.digest_plans import TablePair
from pgassay.analysis.digest_query import DigestPlan
from pgassay.analysis.row_comparison import (
    ComparedRows,
    bucket_count,
    buckets_to_read,
    compare_rows,
    differing_buckets,
)
from pgassay.facts.data_diff import (
    ColumnDifference,
    RowDifference,
    RowDifferences,
    RowStatus,
)
from pgassay.facts.table_digest import Algorithm, TableDigest
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.data_sides import Both
from pgassay.sources.row_hashes import HashedRow, read_buckets, read_pairs, read_rows
from pgassay.sources.table_digests import DigestSession

_PAIRS = 500_000
"""How many rows' hashes of both sides are kept in memory at most."""
_CELLS = 1_000_000
"""How many hashes of single values, to say which columns differ."""


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

    def find(self, a: TableDigest, b: TableDigest) -> RowDifferences | Unavailable:
        """The rows that differ; `a` and `b` are the table's digests, which do."""
        buckets = bucket_count(max(a.rows, b.rows))
        sums = self.both(
            lambda: read_buckets(self.a, self.pair.a, self.algorithm, buckets),
            lambda: read_buckets(self.b, self.pair.b, self.algorithm, buckets),
        )
        for side in sums:
            if isinstance(side, Unavailable):
                return side
        assert not isinstance(sums[0], Unavailable)
        assert not isinstance(sums[1], Unavailable)
        differing = differing_buckets(sums[0], sums[1])
        chosen = buckets_to_read(differing, _PAIRS)
        pairs = self.both(
            lambda: read_pairs(self.a, self.pair.a, self.algorithm, buckets, chosen),
            lambda: read_pairs(self.b, self.pair.b, self.algorithm, buckets, chosen),
        )
        for read in pairs:
            if isinstance(read, Unavailable):
                return read
        assert not isinstance(pairs[0], Unavailable)
        assert not isinstance(pairs[1], Unavailable)
        compared = compare_rows(pairs[0], pairs[1])
        found = RowDifferences(
            compared.changed.total(),
            compared.only_a.total(),
            compared.only_b.total(),
            len(chosen) == len(differing),
            buckets,
            len(differing),
            len(chosen),
        )
        return self._with_rows(found, compared)

    def _with_rows(
        self, found: RowDifferences, compared: ComparedRows
    ) -> RowDifferences | Unavailable:
        others = self.pair.a.others
        counted = sorted(compared.changed)[: max(_CELLS // max(len(others), 1), 1)]
        picked = _picked(compared, self.rows)
        asked = {identity for _, identity in picked}
        read = self._read({*counted, *asked})
        if isinstance(read, Unavailable):
            return read
        changed = _changed_columns(self.pair.a, counted, *read)
        whole = found.exact and len(counted) == len(compared.changed)
        numbers = Counter(name for names in changed.values() for name in names)
        columns = [
            ColumnDifference(column.name, numbers[column.name] if whole else None)
            for column in others
            if numbers[column.name]
        ]
        if self.values:
            read = self._read(asked, with_values=True)
            if isinstance(read, Unavailable):
                return read
        # Only the columns that differ are shown of a row that both have.
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
            return read_rows(session, plan, self.algorithm, wanted, shown)

        a, b = self.both(lambda: of(self.a, self.pair.a), lambda: of(self.b, self.pair.b))
        if isinstance(a, Unavailable):
            return a
        if isinstance(b, Unavailable):
            return b
        return _by_identity(a), _by_identity(b)

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
    return {row.identity: row for row in rows}


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
        if identity in a and identity in b
    }


def _order(row: RowDifference) -> tuple[object, ...]:
    """By key; numbers as numbers are ordered."""
    key = tuple((part is None, len(part or ""), part or "") for part in row.key)
    return (row.status, key, row.token)
