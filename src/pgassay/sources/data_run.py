"""Asks a database whether its rows keep their rules, all at one moment."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

import psycopg

from pgassay.analysis.scan_planner import plan_scans
from pgassay.analysis.sql_identifier import quoted
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.data_rule import DataRules
from pgassay.facts.data_run import DataRun, RuleOutcome
from pgassay.facts.settings import DataSettings
from pgassay.postgres.connect_failure import ConnectFailed
from pgassay.sources.column_statistics import read_column_statistics
from pgassay.sources.rule_answers import Questions, ask_groups, ask_own, ask_rows, ask_value
from pgassay.sources.scan_pace import ScanPace
from pgassay.sources.shared_snapshot import Cursor, SharedSnapshot, joined, shared_snapshot

Connection = psycopg.Connection[Any]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is to look at. `money` are the columns taken for money, by table. `show_values`:
    keys that may be personal are shown as they are."""

    rules: DataRules
    catalog: Catalog
    money: Mapping[TableName, tuple[str, ...]]
    settings: DataSettings
    show_values: bool = False


def run_data_rules(
    connection: Connection, connect: Callable[[], Connection], asked: Asked
) -> DataRun:
    """`connection` holds the snapshot; `connect` opens one more for each worker. What cannot be
    asked is *unavailable*, rule by rule. Raises ConnectFailed, TimeSpent or psycopg.Error where
    nothing can be."""
    began = time.monotonic()
    statistics = read_column_statistics(connection)
    plan = plan_scans(asked.rules.rules, asked.catalog, asked.money, statistics)
    with shared_snapshot(connection) as snapshot:
        pace = ScanPace(connection, asked.settings)
        questions = Questions(
            asked.catalog,
            snapshot.reading.role,
            ", ".join(quoted(schema) for schema in snapshot.reading.search_path),
            asked.settings.keys,
            asked.show_values,
            pace,
            secrets.token_bytes(32),
        )
        work: list[Callable[[Cursor], list[RuleOutcome]]] = [
            *(partial(ask_rows, questions, scan) for scan in plan.scans),
            *(partial(ask_groups, questions, rule, query) for rule, query in plan.groups),
            *(partial(ask_own, questions, rule) for rule in plan.apart),
        ]
        values = [partial(ask_value, questions, named) for named in asked.rules.queries]
        with _Crew(connect, snapshot, asked.settings.workers, pace) as crew:
            found = [outcome for outcomes in crew.all(work) for outcome in outcomes]
            answers = tuple(crew.all(values))
    places = {id(rule): place for place, rule in enumerate(asked.rules.rules)}
    return DataRun(
        asked.rules.path,
        snapshot.at,
        snapshot.shown,
        tuple(sorted((*plan.settled, *found), key=lambda outcome: places[id(outcome.rule)])),
        answers,
        round(time.monotonic() - began, 3),
        tuple(sorted(pace.reasons)),
    )


class _Crew:
    """Connections that share the snapshot, and a thread for each. A connection that was lost takes
    no more work with it than what it was doing."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        snapshot: SharedSnapshot,
        workers: int,
        pace: ScanPace,
    ) -> None:
        self._connect, self._snapshot, self._pace = connect, snapshot, pace
        self._size = max(1, workers)
        self._stack = ExitStack()
        self._cursors: SimpleQueue[Cursor] = SimpleQueue()

    def __enter__(self) -> _Crew:
        with ExitStack() as opened:
            for number in range(self._size):
                try:
                    connection = opened.enter_context(self._connect())
                except ConnectFailed:
                    if number == 0:
                        raise
                    # The server takes no more of us; fewer take longer.
                    break
                limit = self._pace.left_s
                self._cursors.put(opened.enter_context(joined(connection, self._snapshot, limit)))
            self._threads = opened.enter_context(ThreadPoolExecutor(self._size))
            self._stack = opened.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def all(self, work: Sequence[Callable[[Cursor], Found]]) -> list[Found]:
        """What each gave, in their order."""

        def do(one: Callable[[Cursor], Found]) -> Found:
            cursor = self._cursors.get()
            try:
                return one(cursor)
            finally:
                self._cursors.put(cursor)

        return list(self._threads.map(do, work))
