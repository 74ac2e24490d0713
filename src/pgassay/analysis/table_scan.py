"""All rules on the rows of one table, asked in one pass that brings the rows that break one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pgassay.analysis.money_amounts import Amounts, amount, currency
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Column, TableName
from pgassay.facts.data_rule import DataRule

CTID = "ctid"
"""The place of a row, where a table has no key; another after the next VACUUM FULL or UPDATE."""


@dataclass(frozen=True, slots=True)
class TableScan:
    """`conditions` are of `rules`, in their order: true of a row that breaks one; `shown` are the
    same for people. `keys` are the columns that name a row."""

    table: TableName
    rules: tuple[DataRule, ...]
    conditions: tuple[str, ...]
    shown: tuple[str, ...]
    keys: tuple[str, ...]
    amounts: Amounts
    columns: Mapping[str, Column]
    major: int

    def only(self, places: Sequence[int]) -> TableScan:
        """Of some of the rules."""
        return replace(
            self,
            rules=tuple(self.rules[place] for place in places),
            conditions=tuple(self.conditions[place] for place in places),
            shown=tuple(self.shown[place] for place in places),
        )

    def rows(self, unit: TableName, blocks: tuple[int, int | None] | None, limit: int) -> str:
        """The first rows of a part of the table that break any rule: the key's values as text, the
        currency, the amounts as text, and whether each rule is broken."""
        return (
            f"SELECT {key_list(self.keys)}, {currency(self.amounts, self.columns)}, "
            f"{self._amounts()}, ARRAY[{', '.join(f'coalesce({c}, false)' for c in self._each())}] "
            f"FROM ONLY {qualified(*unit)} t WHERE {self._any(blocks)} LIMIT {limit:d}"
        )

    def counts(self, unit: TableName, blocks: tuple[int, int | None] | None) -> str:
        """How many break each rule, and what money they have, by currency: for a part of which
        there are too many to bring one by one."""
        sums = []
        for condition in self._each():
            sums.append(f"count(*) FILTER (WHERE {condition})")
            for column in self.amounts.columns:
                value = amount(column, self.columns, self.major)
                sums.append(f"(sum({value}) FILTER (WHERE {condition}))::text")
        return (
            f"SELECT {currency(self.amounts, self.columns)}, {', '.join(sums)} "
            f"FROM ONLY {qualified(*unit)} t WHERE {self._any(blocks)} GROUP BY 1"
        )

    def _each(self) -> list[str]:
        return [f"({condition})" for condition in self.conditions]

    def _amounts(self) -> str:
        values = (amount(c, self.columns, self.major) for c in self.amounts.columns)
        return f"ARRAY[{', '.join(f'({value})::text' for value in values)}]::text[]"

    def _any(self, blocks: tuple[int, int | None] | None) -> str:
        any_ = " OR ".join(self._each())
        if blocks is None:
            return f"({any_})"
        first, end = blocks
        # The last part has no end: what was added since is beyond the snapshot anyway.
        within = [f"t.ctid >= '({first:d},0)'"] + ([f"t.ctid < '({end:d},0)'"] if end else [])
        return f"{' AND '.join(within)} AND ({any_})"


def key_list(keys: tuple[str, ...]) -> str:
    """The values that name a row of `t`, as an array of texts."""
    return f"ARRAY[{', '.join(f't.{quoted(key)}::text' for key in keys)}]"
