"""Rules that several rows, or two tables, decide: each as one query of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from pgassay.analysis.money_amounts import Amounts, amount, currency
from pgassay.analysis.row_predicates import as_text, base_type, exact_numeric
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.analysis.table_scan import key_list
from pgassay.facts.catalog import Column
from pgassay.facts.data_rule import Balanced, GroupRule, References, Total, Unique


@dataclass(frozen=True, slots=True)
class GroupQuery:
    """`broken` is what is wrong, with the columns `keys` (text[]), `currency` (text) and `amounts`
    (numeric[], of `amounts`). `shown` is it for people: the rows as they are. `repeats`: one key
    may stand there several times, for several currencies."""

    broken: str
    keys: tuple[str, ...]
    amounts: tuple[str, ...]
    shown: str
    repeats: bool = False

    def rows(self, limit: int) -> str:
        """The first of them; the same key stands together."""
        order = " ORDER BY keys" if self.repeats else ""
        return (
            f"SELECT keys, currency, amounts::text[] FROM ({self.broken}) broken{order} "
            f"LIMIT {limit:d}"
        )

    def number(self) -> str:
        """How many different keys there are."""
        return f"SELECT count(DISTINCT keys) FROM ({self.broken}) broken"

    def counts(self) -> str:
        """How many there are, and what money they have, by currency."""
        sums = [f"sum(amounts[{n}])::text" for n in range(1, len(self.amounts) + 1)]
        return (
            f"SELECT {', '.join(['currency', 'count(*)', *sums])} FROM ({self.broken}) broken "
            "GROUP BY 1"
        )


def group_query(
    rule: GroupRule,
    keys: tuple[str, ...],
    amounts: Amounts,
    columns: Mapping[str, Column],
    others: Mapping[str, Column],
    major: int,
) -> GroupQuery:
    """`columns` are of the rule's table, `others` of the one it refers to."""
    values = [f"({amount(c, columns, major)})" for c in amounts.columns]
    row = (
        f"{key_list(keys)} AS keys, {currency(amounts, columns)} AS currency, "
        f"ARRAY[{', '.join(values)}]::numeric[] AS amounts"
    )
    table = qualified(*rule.table)
    match rule:
        case Unique():
            rest, summed = _duplicates(rule, table, columns), amounts.columns
        case References():
            rest, summed = _orphans(rule, table), amounts.columns
        case Total():
            header = exact_numeric(rule.column, base_type(columns[rule.column]))
            rest, summed = _totals(rule, header, others), (rule.column,)
            off = _finite(f"{header} - coalesce(l.total, 0)", major)
            row = (
                f"{key_list(keys)} AS keys, {currency(amounts, columns)} AS currency, "
                f"ARRAY[{off}] AS amounts"
            )
        case Balanced():
            broken = _unbalanced(rule, table, columns, major)
            is_split = bool(rule.currency)
            return GroupQuery(broken, (rule.journal,), (rule.column,), broken, is_split)
        case _:
            assert_never(rule)
    return GroupQuery(f"SELECT {row} {rest}", keys, summed, f"SELECT t.* {rest}")


def _duplicates(rule: Unique, table: str, columns: Mapping[str, Column]) -> str:
    values = [_alike(rule, column, columns[column]) for column in rule.together]
    names = [f"v{number}" for number in range(len(values))]
    shown = ", ".join(f"{value} AS {name}" for value, name in zip(values, names, strict=True))
    is_there = " AND ".join(f"t.{quoted(column)} IS NOT NULL" for column in rule.together)
    same = " AND ".join(f"{v} = d.{n}" for v, n in zip(values, names, strict=True))
    numbers = ", ".join(str(number + 1) for number in range(len(values)))
    return (
        f"FROM {table} t JOIN (SELECT {shown} FROM {table} t WHERE {is_there} "
        f"GROUP BY {numbers} HAVING count(*) > 1) d ON {same}"
    )


def _alike(rule: Unique, column: str, fact: Column) -> str:
    type_ = base_type(fact)
    value = f"t.{quoted(column)}"
    if rule.alike:
        value = as_text(column, type_)
    if "blanks" in rule.alike:
        # btrim() alone leaves tabs and line ends, which nobody sees either.
        value = f"btrim({value}, E' \\t\\r\\n\\u00a0')"
    return f"lower({value})" if "case" in rule.alike else value


def _orphans(rule: References, table: str) -> str:
    is_there = " AND ".join(f"t.{quoted(column)} IS NOT NULL" for column in rule.together)
    same = " AND ".join(
        f"p.{quoted(theirs)} = t.{quoted(ours)}"
        for ours, theirs in zip(rule.together, rule.key, strict=True)
    )
    return (
        f"FROM {table} t WHERE {is_there} "
        f"AND NOT EXISTS (SELECT FROM {qualified(*rule.parent)} p WHERE {same})"
    )


def _totals(rule: Total, header: str, lines: Mapping[str, Column]) -> str:
    """NaN and infinities are equal to themselves, but no total."""
    line = exact_numeric(rule.line, base_type(lines[rule.line]))
    return (
        f"FROM {qualified(*rule.table)} t LEFT JOIN "
        f"(SELECT t.{quoted(rule.by)} AS key, sum({line}) AS total "
        f"FROM {qualified(*rule.lines)} t GROUP BY 1) l ON l.key = t.{quoted(rule.key)} "
        f"WHERE t.{quoted(rule.column)} IS NOT NULL AND "
        f"({header} - coalesce(l.total, 0)) IS DISTINCT FROM 0"
    )


def _unbalanced(rule: Balanced, table: str, columns: Mapping[str, Column], major: int) -> str:
    sides = [c for c in (rule.column, rule.minus) if c]
    values = (f"coalesce({exact_numeric(c, base_type(columns[c]))}, 0)" for c in sides)
    total = f"sum({' - '.join(values)})"
    code = "''"
    if rule.currency:
        code = f"coalesce({as_text(rule.currency, base_type(columns[rule.currency]))}::text, '')"
    return (
        f"SELECT {key_list((rule.journal,))} AS keys, {code} AS currency, "
        f"ARRAY[{_finite(total, major)}] AS amounts FROM {table} t "
        f"GROUP BY t.{quoted(rule.journal)}, 2 HAVING {total} <> 0"
    )


def _finite(value: str, major: int) -> str:
    """NULL for what is no number one can count with; numeric has infinities from PostgreSQL 14."""
    strange = "'NaN', 'Infinity', '-Infinity'" if major >= 14 else "'NaN'"
    return f"CASE WHEN {value} IN ({strange}) THEN NULL ELSE {value} END"
