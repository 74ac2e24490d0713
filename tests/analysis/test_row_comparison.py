"""Buckets and rows, by their hashes."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from pgassay.analysis.money_difference import money_differences
from pgassay.analysis.row_comparison import (
    bucket_count,
    buckets_to_read,
    compare_rows,
    differing_buckets,
)


@pytest.mark.parametrize(
    ("rows", "buckets"), [(0, 16), (4095, 16), (100_000, 512), (10**6, 4096), (10**10, 4096)]
)
def test_buckets_are_a_power_of_two(rows: int, buckets: int) -> None:
    assert bucket_count(rows) == buckets


def test_a_bucket_differs_by_rows_by_sum_and_by_being_there() -> None:
    a = [(0, 2, Decimal(5)), (1, 2, Decimal(5)), (2, 1, Decimal(1)), (3, 1, Decimal(9))]
    b = [(0, 2, Decimal(5)), (1, 3, Decimal(5)), (2, 1, Decimal(2)), (4, 1, Decimal(9))]
    assert differing_buckets(a, b) == {1: 5, 2: 2, 3: 1, 4: 1}


def test_as_many_buckets_are_read_as_the_limit_allows() -> None:
    assert buckets_to_read({7: 10, 3: 2, 5: 4}, 6) == [3, 5]
    assert buckets_to_read({7: 10}, 1) == [7]
    assert buckets_to_read({}, 1) == []


def test_rows_are_counted() -> None:
    compared = compare_rows(
        [(1, 10, 1), (2, 20, 1), (3, 30, 1), (4, 40, 1), (4, 40, 1)],
        [(1, 10, 1), (2, 21, 1), (4, 40, 1), (5, 50, 1)],
    )
    assert compared.changed == Counter({2: 1})
    assert compared.only_a == Counter({3: 1, 4: 1})
    assert compared.only_b == Counter({5: 1})


def test_money_differs_exactly_and_what_has_no_number_is_said() -> None:
    big = Decimal("99999999999999999999999999999999999999.01")
    found = money_differences(
        {("a", "EUR"): big, ("a", "JPY"): Decimal(1), ("b", None): Decimal("NaN")},
        {("a", "EUR"): big, ("a", None): Decimal("0.10"), ("b", None): Decimal(1)},
    )
    assert [(m.column, m.currency, m.difference) for m in found] == [
        ("a", None, "0.10"),
        ("a", "JPY", "-1"),
        ("b", None, None),
    ]
    (one,) = money_differences({("a", None): big}, {("a", None): Decimal("-0.01")})
    assert one.difference == "-99999999999999999999999999999999999999.02"
