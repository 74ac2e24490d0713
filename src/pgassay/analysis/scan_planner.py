"""Which rules are proved, which are asked together, and which each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pgassay.analysis.group_queries import GroupQuery, group_query
from pgassay.analysis.money_amounts import Amounts, amounts_of
from pgassay.analysis.row_keys import row_key
from pgassay.analysis.row_predicates import Unfit, violated
from pgassay.analysis.rule_proof import proved_by
from pgassay.analysis.table_scan import TableScan
from pgassay.facts.catalog import Catalog, Column, TableName
from pgassay.facts.column_statistics import ColumnStatistics
from pgassay.facts.data_rule import (
    Balanced,
    DataRule,
    GroupRule,
    NoRows,
    References,
    RowRule,
    Total,
)
from pgassay.facts.data_run import RuleOutcome

# Values that stand for most rows, and few enough to look through for each row.
_FEW, _MOST = 20, 0.5
Columns = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """`settled` are those that need no look at rows, or cannot have one. `apart` are queries of
    users' own."""

    settled: tuple[RuleOutcome, ...] = ()
    scans: tuple[TableScan, ...] = ()
    groups: tuple[tuple[DataRule, GroupQuery], ...] = ()
    apart: tuple[NoRows, ...] = ()


def plan_scans(
    rules: Iterable[DataRule],
    catalog: Catalog,
    money: Mapping[TableName, tuple[str, ...]],
    statistics: Mapping[tuple[TableName, str], ColumnStatistics] | None = None,
) -> ScanPlan:
    """One scan for all rules that single rows decide of a table; the others one by one. `money` are
    the columns that are taken for money, by table."""
    common: dict[TableName, dict[str, tuple[str, ...]]] = {}
    for (table, name), seen in (statistics or {}).items():
        if len(seen.values) <= _FEW and seen.share_of_values >= _MOST:
            common.setdefault(table, {})[name] = seen.values
    known: dict[TableName, dict[str, Column]] = {t.table_name: {} for t in catalog.tables}
    for column in catalog.columns:
        if column.table_name in known:
            known[column.table_name][column.name] = column
    settled: list[RuleOutcome] = []
    together: dict[TableName, list[tuple[DataRule, str, str]]] = {}
    groups: list[tuple[DataRule, GroupQuery]] = []
    apart: list[NoRows] = []
    for rule in rules:
        if isinstance(rule, NoRows):
            apart.append(rule)
        elif reason := _lacking(rule, known):
            settled.append(_unavailable(rule, reason))
        elif proof := proved_by(rule, catalog):
            settled.append(RuleOutcome(rule, "proved", failing=0, reason=proof))
        elif isinstance(rule, RowRule):
            try:
                shown = violated(rule, known[rule.table], catalog.server_major)
                condition = violated(
                    rule, known[rule.table], catalog.server_major, common.get(rule.table)
                )
            except Unfit as unfit:
                settled.append(_unavailable(rule, f"{unfit}."))
            else:
                together.setdefault(rule.table, []).append((rule, condition, shown))
        else:
            groups.append((rule, _group(rule, catalog, known, money)))
    scans = [
        TableScan(
            table,
            tuple(rule for rule, _, _ in asked),
            tuple(condition for _, condition, _ in asked),
            tuple(shown for _, _, shown in asked),
            row_key(table, catalog),
            _amounts(table, known, money),
            known[table],
            catalog.server_major,
        )
        for table, asked in together.items()
    ]
    return ScanPlan(tuple(settled), tuple(scans), tuple(groups), tuple(apart))


def _lacking(rule: DataRule, known: Mapping[TableName, Columns]) -> str:
    """What of it is not in the database; "" where all is."""
    asked = [(rule.table, rule.columns)]
    match rule:
        case References():
            asked.append((rule.parent, rule.key))
        case Total():
            asked += [(rule.table, (rule.key,)), (rule.lines, (rule.line, rule.by))]
        case Balanced():
            asked.append((rule.table, tuple(c for c in (rule.journal, rule.currency) if c)))
    for table, columns in asked:
        if table not in known:
            return f"There is no table {'.'.join(table)} in the database."
        for column in columns:
            if column not in known[table]:
                return f"{'.'.join(table)} has no column {column}."
    return ""


def _unavailable(rule: DataRule, reason: str) -> RuleOutcome:
    where = f" in {rule.location}" if rule.location else ""
    return RuleOutcome(rule, "unavailable", reason=reason, next_step=f"Correct the rule{where}.")


def _amounts(
    table: TableName,
    known: Mapping[TableName, Columns],
    money: Mapping[TableName, tuple[str, ...]],
) -> Amounts:
    return amounts_of(known[table], money.get(table, ()))


def _group(
    rule: GroupRule,
    catalog: Catalog,
    known: Mapping[TableName, Columns],
    money: Mapping[TableName, tuple[str, ...]],
) -> GroupQuery:
    others = known[rule.lines] if isinstance(rule, Total) else {}
    return group_query(
        rule,
        row_key(rule.table, catalog),
        _amounts(rule.table, known, money),
        known[rule.table],
        others,
        catalog.server_major,
    )
