"""Partitions that were made at run time, beside the history that never heard of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pgassay.analysis.side_scope import Scope
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import Catalog, Column, Table, TableName


def with_run_time_partitions(
    sides: Mapping[str, Catalog], scopes: Mapping[str, Scope]
) -> tuple[dict[str, Catalog], int]:
    """The sides, each build with the partitions that it would have if they had been made there;
    and how many these are.

    So what hangs on such a partition is compared like everything else: what it has of its own
    (indexes, constraints, policies) and what it has otherwise than its parent (columns, rights,
    row security) is on no other side. How it is stored is its maker's business.
    """
    data = [c for s, c in sides.items() if s not in scopes or scopes[s].partitions]
    made: set[TableName] = set()
    filled = dict(sides)
    for side, catalog in sides.items():
        if side in scopes and not scopes[side].partitions:
            for live in data:
                catalog, added = _filled(catalog, live)
                made |= added
            filled[side] = catalog
    return filled, len(made)


def _filled(build: Catalog, live: Catalog) -> tuple[Catalog, set[TableName]]:
    tables = {t.table_name: t for t in build.tables}
    columns = {c.identity: c for c in build.columns}
    of_live = {t.table_name: t for t in live.tables}
    written = {qualified(*name): name for name in of_live}
    live_columns: dict[TableName, list[Column]] = {}
    for column in live.columns:
        live_columns.setdefault(column.table_name, []).append(column)
    added: set[TableName] = set()
    waiting = [t for t in live.tables if t.partition_of and t.table_name not in tables]
    while ready := [t for t in waiting if written.get(t.partition_of) in tables]:
        for partition in ready:
            parent = written[partition.partition_of]
            tables[partition.table_name] = _as_made(partition, of_live.get(parent))
            for column in _columns_as_made(partition, parent, live_columns, columns):
                columns[column.identity] = column
            added.add(partition.table_name)
        waiting = [t for t in waiting if t.table_name not in tables]
    if not added:
        return build, added
    return (
        replace(
            build,
            tables=tuple(sorted(tables.values(), key=lambda t: t.identity)),
            columns=tuple(
                sorted(columns.values(), key=lambda c: (c.schema, c.table, c.position, c.name))
            ),
        ),
        added,
    )


def _as_made(partition: Table, parent: Table | None) -> Table:
    """With the rights and the row security that it has in common with its parent, or none."""
    like = parent or Table(partition.schema, partition.name)
    return replace(
        partition,
        grants=partition.grants if partition.grants == like.grants else (),
        row_security=partition.row_security and like.row_security,
        force_row_security=partition.force_row_security and like.force_row_security,
    )


def _columns_as_made(
    partition: Table,
    parent: TableName,
    live: Mapping[TableName, list[Column]],
    build: Mapping[tuple[str, str, str], Column],
) -> Iterator[Column]:
    """A column that is as its parent's on live is as it should be; another is as the build's."""
    of_parent = {c.name: c for c in live.get(parent, ())}
    schema, table = partition.table_name
    for column in live.get(partition.table_name, ()):
        theirs = of_parent.get(column.name)
        like = theirs and replace(theirs, schema=schema, table=table, comment=column.comment)
        if like == column:
            yield column
        elif (made := build.get((*parent, column.name))) is not None:
            yield replace(made, schema=schema, table=table, position=column.position)
