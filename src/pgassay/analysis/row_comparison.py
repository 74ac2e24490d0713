"""Which buckets of rows differ, and which rows in them, by their hashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Pair = tuple[int, int, int]
"""Rows' identity, the hash of all they hold, and how many have these."""

_PER_BUCKET = 256
_LEAST, _MOST = 16, 4096


def bucket_count(rows: int) -> int:
    """How many buckets to put so many rows in: a power of two. Above a few thousand, a server takes
    longer to keep the buckets than to read the rows."""
    return min(max(1 << (rows // _PER_BUCKET).bit_length(), _LEAST), _MOST)


def differing_buckets(a: Iterable[tuple[Any, ...]], b: Iterable[tuple[Any, ...]]) -> dict[int, int]:
    """The buckets that differ, with the rows that both sides together have in them. Each is given
    as its number, its rows and the sum of their hashes."""
    ours, theirs = ({int(n): (int(rows), total) for n, rows, total in side} for side in (a, b))
    return {
        bucket: ours.get(bucket, (0, None))[0] + theirs.get(bucket, (0, None))[0]
        for bucket in sorted(ours.keys() | theirs.keys())
        if ours.get(bucket) != theirs.get(bucket)
    }


def buckets_to_read(differing: Mapping[int, int], limit: int) -> list[int]:
    """As many as hold no more rows than the limit; one at least."""
    chosen: list[int] = []
    rows = 0
    for bucket in sorted(differing, key=lambda one: (differing[one], one)):
        rows += differing[bucket]
        if chosen and rows > limit:
            break
        chosen.append(bucket)
    return chosen


@dataclass(frozen=True, slots=True)
class ComparedRows:
    """By identity, how many rows are changed or on one side only."""

    changed: Counter[int]
    only_a: Counter[int]
    only_b: Counter[int]


def compare_rows(a: Iterable[Pair], b: Iterable[Pair]) -> ComparedRows:
    """Rows are counted, so that the same row twice is not the same as once. A row on each side with
    one identity and different contents is changed."""
    ours, theirs = _counted(a), _counted(b)
    of_a, of_b = Counter[int](), Counter[int]()
    for (identity, _), number in (ours - theirs).items():
        of_a[identity] += number
    for (identity, _), number in (theirs - ours).items():
        of_b[identity] += number
    changed = of_a & of_b
    return ComparedRows(changed, of_a - changed, of_b - changed)


def _counted(pairs: Iterable[Pair]) -> Counter[tuple[int, int]]:
    counted = Counter[tuple[int, int]]()
    for identity, hashed, number in pairs:
        counted[identity, hashed] += number
    return counted
