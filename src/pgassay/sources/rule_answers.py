"""Asking one table, or one query, and what came of it for each rule."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg import errors

from pgassay.analysis.group_queries import GroupQuery
from pgassay.analysis.row_keys import is_plain, is_shown
from pgassay.analysis.rule_proof import is_never
from pgassay.analysis.sql_identifier import qualified
from pgassay.analysis.table_scan import TableScan
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.data_rule import DataRule, NamedQuery, NoRows
from pgassay.facts.data_run import Ending, QueryValue, RuleOutcome
from pgassay.sources.failing_rows import FailingRows
from pgassay.sources.refused_rows import primary, refusal
from pgassay.sources.row_scan import Scanned, ScanUnit, scan_rows, scan_units
from pgassay.sources.scan_pace import MORE_TIME, ScanPace, TimeSpent
from pgassay.sources.shared_snapshot import Cursor

_NOT_READ = {"v": "a view", "f": "a foreign table"}
# One condition that cannot be evaluated, such as a regular expression with an error in it.
_OF_ONE_RULE = (
    errors.DataError,
    errors.SyntaxErrorOrAccessRuleViolation,
    errors.ProgramLimitExceeded,
)


@dataclass(frozen=True, slots=True)
class Questions:
    """How to ask. `role` is ours; `search_path` the session's own, for users' SQL. `show_values`:
    keys that may be personal are shown as they are."""

    catalog: Catalog
    role: str
    search_path: str
    keys: int
    show_values: bool
    pace: ScanPace
    secret: bytes

    def failing(self, table: TableName, keys: Sequence[str], amounts: Sequence[str]) -> FailingRows:
        shown = [self.show_values or is_shown(table, key, self.catalog) for key in keys]
        hidden = [place for place, is_plain in enumerate(shown) if not is_plain]
        return FailingRows(self.keys, amounts, hidden, self.secret)


def ask_rows(questions: Questions, scan: TableScan, cursor: Cursor) -> list[RuleOutcome]:
    """All rules of a table in one pass; each by itself where one of them ends in an error."""
    units = scan_units(cursor, scan.table)
    if reason := _unread(units):
        return [_not_read(rule, reason) for rule in scan.rules]
    settled, scan = _without_proved(scan, cursor)
    if not scan.rules:
        return settled
    began = time.monotonic()
    found = [questions.failing(scan.table, scan.keys, scan.amounts.columns) for _ in scan.rules]

    def outcome(place: int, ending: Ending, coverage: str) -> RuleOutcome:
        rule, failing = scan.rules[place], found[place]
        return RuleOutcome(
            rule,
            ending,
            failing.count,
            scan.keys,
            tuple(failing.keys),
            failing.affected(rule.columns),
            coverage,
            f"SELECT t.* FROM {qualified(*scan.table)} t WHERE {scan.shown[place]}",
            seconds=round((time.monotonic() - began) / len(scan.rules), 3),
        )

    try:
        with cursor.connection.transaction():
            scanned = scan_rows(cursor, scan, units, found, questions.pace)
    except psycopg.Error as failed:
        is_denied = isinstance(failed, errors.InsufficientPrivilege)
        if isinstance(failed, _OF_ONE_RULE) and not is_denied and len(scan.rules) > 1:
            for place in range(len(scan.rules)):
                settled += ask_rows(questions, scan.only([place]), cursor)
            return settled
        # What was found until then is wrong, whatever the rest is.
        return settled + [
            outcome(place, "failed", f"the rows before it stopped ({primary(failed)})")
            if found[place].count
            else _refused(rule, failed, questions.role)
            for place, rule in enumerate(scan.rules)
        ]
    return settled + [
        outcome(place, _ending(failing.count, scanned), _coverage(scanned))
        for place, failing in enumerate(found)
    ]


def ask_groups(
    questions: Questions, rule: DataRule, query: GroupQuery, cursor: Cursor
) -> list[RuleOutcome]:
    """A rule that takes a query of its own."""
    began = time.monotonic()
    failing = questions.failing(rule.table, query.keys, query.amounts)
    try:
        for table in rule.tables:
            if reason := _unread(scan_units(cursor, table)):
                return [_not_read(rule, reason)]
        questions.pace.go_on()
        with cursor.connection.transaction():
            rows = cursor.execute(query.rows(questions.keys + 1).encode()).fetchall()
            for key, _, _ in rows:
                failing.keep(key)
            if len(rows) <= questions.keys:
                for _, currency, amounts in rows:
                    failing.add(1, currency, amounts)
            else:
                for currency, count, *sums in cursor.execute(query.counts().encode()).fetchall():
                    failing.add(count, currency, sums)
            if query.repeats and failing.count:
                failing.count = (cursor.execute(query.number().encode()).fetchone() or (0,))[0]
            is_empty = not failing.count and not _has_rows(cursor, rule.table)
    except (psycopg.Error, TimeSpent) as failed:
        return [_refused(rule, failed, questions.role)]
    ending: Ending = "failed" if failing.count else "vacuous" if is_empty else "passed"
    return [
        RuleOutcome(
            rule,
            ending,
            failing.count,
            query.keys,
            tuple(failing.keys),
            failing.affected(rule.columns),
            "all rows",
            query.shown,
            seconds=round(time.monotonic() - began, 3),
        )
    ]


def ask_own(questions: Questions, rule: NoRows, cursor: Cursor) -> list[RuleOutcome]:
    """A query of users' own, which must give no row. It sees the session's own search path."""
    began = time.monotonic()
    sql = rule.sql.strip().rstrip(";")
    try:
        questions.pace.go_on()
        with cursor.connection.transaction():
            _take_path(cursor, questions.search_path)
            first = f"SELECT * FROM (\n{sql}\n) wrong LIMIT {questions.keys + 1:d}"
            rows = cursor.execute(first.encode()).fetchall()
            described = cursor.description or ()
            columns = tuple(column.name for column in described)
            types = [psycopg.adapters.types.get(column.type_code) for column in described]
            count = len(rows)
            if count > questions.keys:
                cursor.execute(f"SELECT count(*) FROM (\n{sql}\n) wrong".encode())
                count = (cursor.fetchone() or (0,))[0]
    except (psycopg.Error, TimeSpent) as failed:
        return [_refused(rule, failed, questions.role)]
    plain = [questions.show_values or (t is not None and is_plain(t.name)) for t in types]
    hidden = [place for place, is_plain in enumerate(plain) if not is_plain]
    failing = FailingRows(questions.keys, (), hidden, questions.secret)
    for row in rows:
        failing.keep([None if value is None else str(value) for value in row])
    return [
        RuleOutcome(
            rule,
            "failed" if count else "passed",
            count,
            columns,
            tuple(failing.keys),
            coverage="all rows",
            sql=sql,
            seconds=round(time.monotonic() - began, 3),
        )
    ]


def ask_value(questions: Questions, named: NamedQuery, cursor: Cursor) -> QueryValue:
    """A compliance query: one row of one column."""
    sql = named.sql.strip().rstrip(";")
    try:
        questions.pace.go_on()
        with cursor.connection.transaction():
            _take_path(cursor, questions.search_path)
            cursor.execute(f"SELECT q::text FROM (\n{sql}\n) one(q) LIMIT 2".encode())
            rows = cursor.fetchall()
    except TimeSpent:
        return QueryValue(named, reason="the time was over")
    except psycopg.Error as failed:
        return QueryValue(named, reason=primary(failed))
    if len(rows) != 1:
        return QueryValue(named, reason=f"it gives {'no row' if not rows else 'several rows'}")
    return QueryValue(named, rows[0][0])


def _unread(units: Sequence[ScanUnit]) -> str:
    """Why a table is not read, also where only one of its partitions is not; "" where it is."""
    for unit in units:
        if unit.kind in _NOT_READ:
            return f"{'.'.join(unit.name)} is {_NOT_READ[unit.kind]}, which is not read."
    return ""


def _not_read(rule: DataRule, reason: str) -> RuleOutcome:
    next_step = "Ask the table behind it, or take the rule out."
    return RuleOutcome(rule, "unavailable", reason=reason, next_step=next_step)


def _without_proved(scan: TableScan, cursor: Cursor) -> tuple[list[RuleOutcome], TableScan]:
    """Those that the server's planner proves by the table's constraints, and the scan of the
    others."""
    settled, left = [], []
    for place, (rule, condition) in enumerate(zip(scan.rules, scan.conditions, strict=True)):
        asked = f"SELECT FROM {qualified(*scan.table)} t WHERE {condition}"
        try:
            with cursor.connection.transaction():
                cursor.execute(f"EXPLAIN (FORMAT JSON) {asked}".encode())
                plan = (cursor.fetchone() or ("",))[0]
        except psycopg.Error:
            # The scan says what is wrong with it.
            left.append(place)
            continue
        if is_never(plan):
            reason = "the table's constraints leave no such row"
            settled.append(RuleOutcome(rule, "proved", failing=0, sql=asked, reason=reason))
        else:
            left.append(place)
    return settled, scan.only(left)


def _refused(rule: DataRule, failed: Exception, role: str) -> RuleOutcome:
    if isinstance(failed, TimeSpent):
        reason, next_step = "the time was over before it was its turn", MORE_TIME
    elif isinstance(failed, errors.ReadOnlySqlTransaction):
        reason, next_step = f"it writes, which is refused: {primary(failed)}", "Only SELECT."
    elif isinstance(rule, NoRows) and isinstance(failed, errors.QueryCanceled):
        reason, next_step = f"it was ended: {primary(failed)}", MORE_TIME
    elif isinstance(rule, NoRows) or isinstance(failed, errors.DataError):
        where = f" in {rule.location}" if rule.location else ""
        reason, next_step = primary(failed), f"Correct the rule{where}."
    else:
        reason, next_step = refusal(failed, rule.table, role, more_time=MORE_TIME)
    return RuleOutcome(rule, "unavailable", reason=f"{reason}.", next_step=next_step)


def _ending(count: int, scanned: Scanned) -> Ending:
    if count:
        return "failed"
    if not scanned.is_whole:
        return "partial"
    return "passed" if scanned.rows else "vacuous"


def _coverage(scanned: Scanned) -> str:
    if scanned.is_whole:
        return "all rows"
    return f"{100 * scanned.seen // max(1, scanned.blocks)} % of {scanned.blocks} blocks"


def _has_rows(cursor: Cursor, table: TableName) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {qualified(*table)})".encode())
    return bool((cursor.fetchone() or (False,))[0])


def _take_path(cursor: Cursor, search_path: str) -> None:
    cursor.execute("SELECT pg_catalog.set_config('search_path', %s, true)", [search_path])
