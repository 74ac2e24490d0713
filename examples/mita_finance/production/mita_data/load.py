"""Into the database: what must be so before, COPY, and what a filled database needs after it."""

from collections.abc import Iterator
from itertools import islice

import psycopg
from psycopg import sql

from mita_data.ledger_schema import DDL
from mita_data.people import World
from mita_data.planting import Planted
from mita_data.table import Place, Table
from mita_data.truth import Truth

_BLOCK = 2_000  # lines sent at once


class CannotLoad(Exception):
    """The database is not one to fill. The message says why and what to do."""


def check_target(connection: psycopg.Connection, tables: list[Table], replace: bool) -> None:
    """Refuse anything but the example's production, and rows that are there already.

    Even when asked to replace them, rows about people who are not invented stay.
    """
    connection.execute("SET LOCAL search_path = public")
    if connection.info.server_version < 140000:
        raise CannotLoad("The server is older than PostgreSQL 14, whose numeric has no Infinity.")
    missing = [t.name for t in tables if "." not in t.name and not _has_columns(connection, t)]
    if missing:
        raise CannotLoad(
            f"This is not the example's production: it lacks {', '.join(missing)}, or columns of "
            "those. Build it: python production/build_production.py --no-rows --url URL"
        )
    (real,) = connection.execute(
        "SELECT count(*) FROM users WHERE btrim(email) NOT ILIKE '%@example.com'"
    ).fetchone()
    if real:
        raise CannotLoad(f"{real} users have e-mails outside example.com: nothing is touched.")
    full = [t.name for t in tables if "." not in t.name and _has_rows(connection, t.name)]
    comment = connection.execute(
        "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace "
        "WHERE nspname = 'ledger'"
    ).fetchone()
    if comment and not comment[0].startswith("Invented"):
        raise CannotLoad("Schema ledger is somebody else's (its comment is not ours): rename it.")
    if comment:
        full.append("schema ledger")
    if full and not replace:
        raise CannotLoad(
            f"There are rows already, in {', '.join(full)}. Add --replace to remove them first, "
            "or build an empty one: python production/build_production.py --no-rows --url URL"
        )


def empty(connection: psycopg.Connection, tables: list[Table]) -> None:
    """Remove what an earlier run made, the ledger too; `check_target` has seen that it is ours."""
    connection.execute("DROP SCHEMA IF EXISTS ledger CASCADE")
    # All in one statement and without CASCADE: a table of somebody's that refers to them stops it.
    ours = sql.SQL(", ").join(_name(t.name) for t in tables if "." not in t.name)
    connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(ours))


def fill(
    connection: psycopg.Connection,
    tables: list[Table],
    planted: Planted,
    world: World,
    truth: Truth,
) -> dict[str, int]:
    """COPY all tables in the connection's transaction; how many rows each got."""
    behind = sum(p.kind == "orphans_behind_fk" for rows in planted.values() for p in rows.values())
    _without_triggers(connection, needed=behind > 0)
    if any(table.name.startswith("ledger.") for table in tables):
        connection.execute(DDL)
    indexes = _drop_indexes(connection, tables)
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                _name(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
            )
            lines = spoiled(table, planted, world, truth)
            with cursor.copy(statement) as copy:
                while block := list(islice(lines, _BLOCK)):
                    block.append("")
                    copy.write("\n".join(block))
            rows[table.name] = cursor.rowcount
    for index in indexes:
        connection.execute(index)
    for table in tables:
        if table.serial and rows[table.name]:
            connection.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                (table.name, table.columns[0], rows[table.name]),
            )
    return rows


def spoiled(table: Table, planted: Planted, world: World, truth: Truth) -> Iterator[str]:
    """The table's lines, those planted changed and noted."""
    chosen = planted.get(table.name, {})
    if not chosen:
        return table.lines()
    return _spoil(table, chosen, world, truth)


def _spoil(table: Table, chosen: dict[int, Place], world: World, truth: Truth) -> Iterator[str]:
    for n, line in enumerate(table.lines()):
        if n in chosen and (place := chosen[n]).plant is not None:
            row = dict(zip(table.columns, line.split("\t"), strict=True))
            place.plant(row, n, world.rng(place.kind, table.name, n), world)
            truth.add(table, place, row, place.twin(n, world) if place.twin else None)
            line = "\t".join(row.values())
        yield line


def _without_triggers(connection: psycopg.Connection, needed: bool) -> None:
    """Foreign keys are not looked at, as in a restore: orphans get past them, and it is faster."""
    try:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
    except psycopg.errors.InsufficientPrivilege as refused:
        if needed:
            raise CannotLoad(
                "orphans_behind_fk needs session_replication_role, which only a superuser may "
                "set. Log in as one, or add to --defects: orphans_behind_fk=0"
            ) from refused


def _drop_indexes(connection: psycopg.Connection, tables: list[Table]) -> list[str]:
    """Drop those that guard nothing, and return the statements that make them again: filling an
    index row by row takes longer than the rows."""
    found = connection.execute(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) "
        "FROM pg_index WHERE NOT indisunique AND indrelid = ANY (%s::regclass[]) ORDER BY 2",
        ([table.name for table in tables],),
    ).fetchall()
    for drop, _ in found:
        connection.execute(drop)
    return [make for _, make in found]


def _has_columns(connection: psycopg.Connection, table: Table) -> bool:
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0",
        (f"public.{table.name}",),
    ).fetchall()
    return {name for (name,) in found} >= set(table.columns)


def _has_rows(connection: psycopg.Connection, table: str) -> bool:
    found = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(_name(table)))
    return bool(found.fetchone()[0])


def _name(table: str) -> sql.Identifier:
    return sql.Identifier(*(table.split(".") if "." in table else ("public", table)))
