"""From looks at a session before and after each statement to what each statement did."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pgassay.analysis.changed_rows import changed_rows
from pgassay.analysis.session_state import Columns, Command, RelationState, SessionState
from pgassay.facts.catalog import TableName
from pgassay.facts.pending_run import (
    MODES,
    ColumnChange,
    NewForeignKey,
    TableLock,
    WatchedStatement,
)
from pgassay.facts.touch import Touch

_WITH_ROWS = frozenset("rpm")
_UNPLANNED: Mapping[str, Any] = {"plan": None, "keys": [], "routines": ""}
"""Of what went past SQLAlchemy, which nobody saw coming."""


def watched_statements(
    events: Iterable[Mapping[str, Any]],
    commands: Sequence[Command],
    touches: Mapping[int, Touch],
    version_table: TableName,
) -> tuple[WatchedStatement, ...]:
    """`events` are the child's `watched` ones; `commands` in their order, that of place 0 first;
    `touches` by their place in their log. What Alembic does to its version table between the
    revisions is left out."""
    if not commands:
        return ()
    reader = _Reader(commands, touches, version_table)
    return tuple(
        reader.statement(e)
        for e in _with_unseen(events, commands, version_table)
        if not _is_alembics(e["sql"], version_table)
    )


def _with_unseen(
    events: Iterable[Mapping[str, Any]], commands: Sequence[Command], version_table: TableName
) -> Iterator[Mapping[str, Any]]:
    """The events, and between them what a revision sent by the driver alone, past SQLAlchemy: seen
    by what the session holds, has read or has changed since. Its text is ""."""
    last = (0, commands[0].state)
    for event in events:
        now = _look(event["before"])
        if last[1].transaction != now[1].transaction:
            # A transaction begins with nothing held and nothing read.
            began = replace(last[1], transaction=now[1].transaction, locks={}, scans={}, lookups={})
            last = (last[0], began)
        if now[0] > last[0] or _traces(now[1], version_table) != _traces(last[1], version_table):
            yield {**event, "sql": "", "before": last, "after": now, "plan": None}
        yield event
        last = _look(event["after"])


def _traces(state: SessionState, version_table: TableName) -> tuple[Mapping[int, object], ...]:
    """What is held, beyond reading, and was read of the project's own relations. Alembic looks up
    its version table."""
    own = {oid for oid, r in state.relations.items() if r.name == version_table}
    theirs = {o for o, r in state.relations.items() if o not in own and r.table not in own}
    return (
        {o: mode for o, mode in state.locks.items() if o in theirs and mode != MODES[0]},
        {oid: number for oid, number in state.scans.items() if oid in theirs},
        {oid: number for oid, number in state.lookups.items() if oid in theirs},
    )


class _Reader:
    def __init__(
        self, commands: Sequence[Command], touches: Mapping[int, Touch], version_table: TableName
    ) -> None:
        self._commands = commands
        self._touches = touches
        self._tables = {
            oid: r.name
            for oid, r in commands[0].state.relations.items()
            if r.kind in _WITH_ROWS and r.name != version_table
        }
        self._first_columns = commands[0].columns
        self._columns = dict(commands[0].columns)
        self._transactions: dict[str, int] = {}

    def statement(self, event: Mapping[str, Any]) -> WatchedStatement:
        first, before = _look(event["before"])
        last, after = _look(event["after"])
        within = [c for c in self._commands if first < c.place <= last]
        alone = before.transaction != after.transaction
        own = within[-1].state.transaction if alone and within else before.transaction
        # What ended with the statement's own transaction is known from its commands only.
        seen = [c.state for c in within] + ([] if alone else [after])
        held = {} if alone else before.locks
        scans = {} if alone else before.scans
        lookups = {} if alone else before.lookups
        planned = json.loads(event["plan"]) if event["plan"] else _UNPLANNED
        changes = changed_rows(planned, before.relations)
        rewritten = set(self._rewritten(before, after))
        # An index that only got another number, as when its column's type grows, keeps its file.
        files = {r.file for r in before.relations.values()}
        return WatchedStatement(
            event["revision"],
            event["sql"],
            self._transactions.setdefault(own, len(self._transactions) + 1),
            alone,
            took=self._locks(self._taken(seen, held)),
            held=self._locks(held),
            rewritten=self._names(rewritten),
            scanned=self._names(
                oid for s in seen for oid, n in s.scans.items() if n > scans.get(oid, 0)
            ),
            indexed=self._names(
                r.table
                for oid, r in after.relations.items()
                if oid not in before.relations and r.file not in files
            ),
            reindexed=self._names(
                r.table
                for oid, r in after.relations.items()
                if r.table not in rewritten
                and r.file
                and oid in before.relations
                and before.relations[oid].file != r.file
            ),
            unindexed=self._names(
                r.table
                for oid, r in before.relations.items()
                if oid not in after.relations
                and r.table in after.relations
                and r.file not in {now.file for now in after.relations.values()}
            ),
            dropped=self._names(before.relations.keys() - after.relations.keys()),
            detached=tuple(
                (self._tables[was.parent], self._tables[oid])
                for oid, was in before.relations.items()
                if {oid, was.parent} <= self._tables.keys() & after.relations.keys()
                and after.relations[oid].parent != was.parent
            ),
            renamed=tuple(
                (name, after.relations[oid].name)
                for oid, name in self._tables.items()
                if oid in after.relations
                and oid in before.relations
                and after.relations[oid].name != before.relations[oid].name
            ),
            columns=tuple(change for c in within for change in self._column_changes(c.columns)),
            foreign_keys=tuple(self._foreign_keys(before, after)),
            touches=tuple(
                t for place, t in self._touches.items() if before.touched < place <= after.touched
            ),
            lock_timeout_ms=before.lock_timeout_ms,
            changes=None
            if changes is None
            else tuple(
                sorted((self._tables[o], e) for o, e in changes.items() if o in self._tables)
            ),
            looked_up=self._names(
                oid for s in seen for oid, n in s.lookups.items() if n > lookups.get(oid, 0)
            ),
            routines=planned["routines"],
        )

    def _taken(self, seen: Iterable[SessionState], held: Mapping[int, str]) -> dict[int, str]:
        took: dict[int, str] = {}
        for state in seen:
            for oid, mode in state.locks.items():
                known = took.get(oid) or held.get(oid)
                if known is None or MODES.index(mode) > MODES.index(known):
                    took[oid] = mode
        return took

    def _rewritten(self, before: SessionState, after: SessionState) -> Iterator[int]:
        for oid, was in before.relations.items():
            now = after.relations.get(oid)
            if now is not None and was.file and now.file != was.file and _has_rows(was):
                yield oid

    def _column_changes(self, columns: Columns) -> Iterator[ColumnChange]:
        """Between what was known of these tables' columns and what is now."""
        for (oid, number), now in columns.items():
            table, was = self._tables.get(oid), self._columns.get((oid, number))
            self._columns[oid, number] = now
            if table is None or (was is None and now.dropped):
                continue
            is_new = (oid, number) not in self._first_columns
            if was is None:
                fails = now.not_null and not now.is_filled
                yield ColumnChange(
                    table, now.name, "added", "", now.type, fails_on_rows=fails, is_new=True
                )
                continue
            if now.dropped:
                if not was.dropped:
                    yield ColumnChange(table, was.name, "dropped", was.type, is_new=is_new)
                continue
            if was.name != now.name:
                yield ColumnChange(table, was.name, "renamed", was.name, now.name, is_new=is_new)
            if was.type != now.type:
                yield ColumnChange(table, now.name, "retyped", was.type, now.type, is_new=is_new)
            if now.not_null and not was.not_null:
                yield ColumnChange(table, now.name, "required", is_new=is_new)

    def _foreign_keys(self, before: SessionState, after: SessionState) -> Iterator[NewForeignKey]:
        for oid, key in after.foreign_keys.items():
            if oid not in before.foreign_keys and key.table in self._tables:
                referenced = after.relations.get(key.referenced)
                name = referenced.name if referenced is not None else ("", "")
                yield NewForeignKey(key.name, self._tables[key.table], name, key.validated)

    def _locks(self, modes: Mapping[int, str]) -> tuple[TableLock, ...]:
        found = [
            TableLock(self._tables[oid], mode) for oid, mode in modes.items() if oid in self._tables
        ]
        return tuple(sorted(found, key=lambda lock: lock.table))

    def _names(self, oids: Iterable[int]) -> tuple[TableName, ...]:
        return tuple(sorted({self._tables[oid] for oid in oids if oid in self._tables}))


def _is_alembics(sql: str, version_table: TableName) -> bool:
    return "version_num" in sql and version_table[1] in sql


def _look(said: Sequence[Any]) -> tuple[int, SessionState]:
    place, state, *_ = said
    if isinstance(state, SessionState):
        return int(place), state
    return int(place), SessionState.read(json.loads(state))


def _has_rows(relation: RelationState) -> bool:
    return relation.kind in _WITH_ROWS
