"""`pgassay data diff`: how the rows of two databases differ."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import psycopg

from pgassay.analysis.digest_plans import TablePair, is_asked, pair_of
from pgassay.facts.catalog import MaterializedView, Table, TableName, View
from pgassay.facts.data_diff import DataDiff, DiffedDatabase, TableDiff
from pgassay.facts.table_digest import MD5, Algorithm, TableDigest
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.data_sides import Both, ReadDatabase, database_target, read_both
from pgassay.flows.row_search import RowSearch
from pgassay.flows.wanted import Progress
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.sources.configuration import find_configuration, read_configuration
from pgassay.sources.digest_failure import OutOfRange


class NothingCompared(Exception):
    """What was asked for is on neither side. The message says what is there."""


@dataclass(frozen=True, slots=True)
class DataDiffRequest:
    """What `pgassay data diff` was asked. `tables` are patterns, () for all; `key` the columns that
    tell rows apart, () for each table's own; `rows` how many are shown of each table; `values`
    whether with what they hold; `secret` the key of the keyed algorithm, "" for the usual one."""

    a: str
    b: str
    config: Path | None = None
    tables: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    rows: int = 10
    values: bool = False
    secret: str = ""
    statement_timeout_s: float = 600.0


def data_diff(request: DataDiffRequest, progress: Progress) -> DataDiff:
    """The rows of two databases compared; both are only read.

    Raises SideUnknown, TargetInvalid, ConfigurationError or NothingCompared before any verdict.
    """
    began, clock = datetime.now().astimezone(), time.monotonic()
    targets = database_target(request.a), database_target(request.b)
    settings = read_configuration(request.config or find_configuration(Path().resolve()))
    progress("Reading the definitions of both")
    with read_both(
        *targets,
        settings.money,
        key=request.secret,
        statement_timeout_s=request.statement_timeout_s,
    ) as found:
        done = _compared(request, found, targets, progress)
    return replace(
        done,
        values_shown=request.values,
        started_at=began.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 3),
    )


def _compared(
    request: DataDiffRequest,
    found: tuple[ReadDatabase, ReadDatabase, Both] | tuple[Unavailable, ...],
    targets: tuple[ConnectionTarget, ConnectionTarget],
    progress: Progress,
) -> DataDiff:
    if len(found) != 3 or isinstance(found[0], Unavailable):
        sides = [DiffedDatabase(target.masked()) for target in targets]
        lost = tuple(one for one in found if isinstance(one, Unavailable))
        return DataDiff(sides[0], sides[1], unavailable=lost)
    a, b, both = found
    comparison = _Comparison(request, a, b, both)
    names = comparison.names()
    unread = [
        Unavailable(
            f"definitions of {side}",
            f"Not all of {side} could be read: {sentence}",
            "Read it as a role that may see all of it; a superuser may.",
        )
        for side, database in (("A", a), ("B", b))
        for sentence in database.catalog.unread
    ]
    unread += [
        Unavailable(
            f"definitions of {side}",
            f"The schema of {side} was changed between reading it and reading rows.",
            "Run again once no migration is running.",
        )
        for side, database in (("A", a), ("B", b))
        if database.moved
    ]
    tables = []
    for number, name in enumerate(names, start=1):
        progress(f"Comparing {'.'.join(name)} ({number} of {len(names)})")
        try:
            tables.append(comparison.of(name))
        except psycopg.Error as lost:
            reason = f"a connection was lost while reading: {str(lost).strip().splitlines()[0]}"
            unread.append(
                Unavailable(".".join(name), reason, "Run again; the server's log says why.")
            )
            tables += [TableDiff(*one, "unknown") for one in names[number - 1 :]]
            break
    if not names:
        unread.append(
            Unavailable(
                "tables",
                "Neither side has a table, so that nothing differs proves nothing.",
                "See that both are the databases that were meant.",
            )
        )
    return DataDiff(
        a.shown,
        b.shown,
        tuple(tables),
        comparison.passed_over(),
        tuple(_notes(a, b)),
        tuple(unread),
    )


def _notes(a: ReadDatabase, b: ReadDatabase) -> Iterable[str]:
    if (a.server.system_identifier, a.server.database_oid) == (
        b.server.system_identifier,
        b.server.database_oid,
    ) and a.server.system_identifier:
        yield "A and B are the same database, or one is the other's standby or copied files."


@dataclass(frozen=True, slots=True)
class _Comparison:
    request: DataDiffRequest
    a: ReadDatabase
    b: ReadDatabase
    both: Both

    def names(self) -> list[TableName]:
        """The tables to compare. Raises NothingCompared for a pattern that fits none."""
        all_ = sorted(self.a.tables.keys() | self.b.tables.keys())
        for pattern in self.request.tables:
            if not any(is_asked(name, [pattern]) for name in all_):
                raise NothingCompared(self._no_table(pattern))
        asked = [name for name in all_ if is_asked(name, self.request.tables)]
        for column in self.request.key:
            lacking = [
                ".".join(name)
                for name in asked
                for side in (self.a, self.b)
                if name in side.tables and column not in side.tables[name].holding
            ]
            if lacking:
                raise NothingCompared(
                    f"--key {column}: {lacking[0]} has no such column with values. "
                    "Say which tables are meant: --table PATTERN."
                )
        return asked

    def _no_table(self, pattern: str) -> str:
        others = [name for name, _ in self._others() if is_asked(name, [pattern])]
        if others:
            kind = dict(self._others())[others[0]]
            return f"{'.'.join(others[0])} is a {kind}, which is not compared."
        known = sorted({".".join(n) for n in self.a.tables.keys() | self.b.tables.keys()})
        shown = ", ".join(known[:5]) + (f" and {len(known) - 5} more" if len(known) > 5 else "")
        return f"No table is called {pattern!r} in A or B. There are: {shown or 'none'}."

    def _others(self) -> list[tuple[TableName, str]]:
        found: dict[TableName, str] = {}
        for catalog in (self.a.catalog, self.b.catalog):
            for view in (*catalog.of(View), *catalog.of(MaterializedView)):
                found[view.table_name] = view.KIND
            for table in catalog.of(Table):
                if table.foreign_server:
                    found[table.table_name] = "foreign table"
                elif table.partition_of and not table.bound.endswith("DETACH PENDING"):
                    found[table.table_name] = f"partition of {table.partition_of}"
        return sorted(found.items())

    def passed_over(self) -> tuple[tuple[str, str], ...]:
        """Relations with no rows of their own. A partition's are its parent's, and are read."""
        return tuple(
            (".".join(name), kind)
            for name, kind in self._others()
            if not kind.startswith("partition") and is_asked(name, self.request.tables)
        )

    def of(self, name: TableName) -> TableDiff:
        """Raises psycopg.Error where a connection is lost."""
        ours, theirs = self.a.tables.get(name), self.b.tables.get(name)
        if ours is None or theirs is None:
            return self._on_one_side(name)
        trees = self.a.session.reads_tree(ours), self.b.session.reads_tree(theirs)
        pair = pair_of(ours, theirs, key=self.request.key, whole_tree=trees)
        told = TableDiff(
            *name,
            "equal",
            tuple(column.name for column in pair.a.key),
            columns_only_a=pair.columns_only_a,
            columns_only_b=pair.columns_only_b,
            retyped=pair.retyped,
            not_compared=pair.not_compared,
        )
        if self.a.session.foreign_below(ours) or self.b.session.foreign_below(theirs):
            lost = Unavailable(
                ".".join(name),
                f"A partition of {'.'.join(name)}, or a table that inherits from it, is a foreign "
                "table, and another server is not asked for its rows.",
                "Compare that server's database by itself.",
            )
            return replace(told, status="unknown", unavailable=(lost,))
        return self._by_digest(told, pair)

    def _on_one_side(self, name: TableName) -> TableDiff:
        # A name that the other side has as something else is told as lacking all the same.
        return TableDiff(*name, "only in A" if name in self.a.tables else "only in B")

    def _by_digest(self, told: TableDiff, pair: TablePair) -> TableDiff:
        algorithm = self.a.session.algorithm
        # Sums of money are looked at only where rows differ.
        of_a, of_b = replace(pair.a, money=()), replace(pair.b, money=())
        a, b = self.both(lambda: self.a.session.digest(of_a), lambda: self.b.session.digest(of_b))
        if (
            algorithm != self.b.session.algorithm
            or isinstance(a, OutOfRange)
            or isinstance(b, OutOfRange)
        ):
            # What one side cannot do, neither does. Texts are the same everywhere.
            algorithm = MD5 if not self.request.secret else algorithm
            a, b = self.both(
                lambda: self.a.session.digest(of_a, algorithm),
                lambda: self.b.session.digest(of_b, algorithm),
            )
        lost = tuple(dict.fromkeys(one for one in (a, b) if isinstance(one, Unavailable)))
        known = replace(
            told,
            a=a if isinstance(a, TableDigest) else None,
            b=b if isinstance(b, TableDigest) else None,
            unavailable=lost,
        )
        lopsided = bool(told.columns_only_a or told.columns_only_b)
        if isinstance(a, Unavailable) or isinstance(b, Unavailable):
            return replace(known, status="different" if lopsided else "unknown")
        same = a.same_rows(b)
        if same is None:
            return replace(known, status="unknown", unavailable=(_not_comparable(told),))
        if same:
            return replace(known, status="different" if lopsided else "equal")
        return self._differing(replace(known, status="different"), pair, a, b, algorithm)

    def _differing(
        self, told: TableDiff, pair: TablePair, a: TableDigest, b: TableDigest, algorithm: Algorithm
    ) -> TableDiff:
        search = RowSearch(
            self.a.session,
            self.b.session,
            pair,
            algorithm,
            self.both,
            self.request.rows,
            self.request.values,
        )
        found = search.find(a, b)
        if isinstance(found, Unavailable):
            return replace(told, unavailable=(found,))
        differences, money = found
        return replace(told, found=differences, money=money)


def _not_comparable(told: TableDiff) -> Unavailable:
    return Unavailable(
        told.name,
        f"The digests of {told.name} were made by different algorithms, so they say nothing.",
        "Report this with the output of -vv.",
    )
