"""How far columns and their sequences reach, on real servers, and nothing is moved by looking."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from pgassay.analysis.sequence_headroom import fed_columns, headrooms, is_behind
from pgassay.facts.catalog import Catalog
from pgassay.facts.column_maximum import ColumnMaximum
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from pgassay.sources.column_maxima import read_column_maxima

Connection = psycopg.Connection[Any]

TABLES = """
CREATE TABLE fresh (id serial PRIMARY KEY);
CREATE TABLE used (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Own" int);
INSERT INTO used ("Own") SELECT n FROM generate_series(1, 10) n;
CREATE TABLE restored (id serial PRIMARY KEY, code int UNIQUE);
INSERT INTO restored (id) SELECT n FROM generate_series(1, 7) n;
CREATE SEQUENCE "Free one" INCREMENT -1;
CREATE TABLE counting_down (n int DEFAULT nextval('"Free one"'), plain int DEFAULT 3);
INSERT INTO counting_down (n) VALUES (-5), (-1);
CREATE TABLE reckoned (id int DEFAULT nextval('"Free one"') * 10);
CREATE TABLE named (id text DEFAULT 'n' || nextval('"Free one"'));
CREATE DOMAIN number AS int;
CREATE TABLE of_domain (id number DEFAULT nextval('"Free one"') PRIMARY KEY);
"""


def catalog(connection: Connection) -> Catalog:
    read = read_catalog(connection)
    assert isinstance(read, Catalog)
    return read


def maxima(connection: Connection) -> dict[str, ColumnMaximum]:
    read = read_column_maxima(connection, catalog(connection))
    assert isinstance(read, tuple)
    assert not [m for m in read if isinstance(m, Unavailable)]
    return {f"{m.table}.{m.column}": m for m in read if isinstance(m, ColumnMaximum)}


def test_reads_columns_and_their_sequences(connection: Connection) -> None:
    connection.execute(TABLES.encode())
    found = maxima(connection)
    assert list(found) == [
        "counting_down.n",
        "fresh.id",
        "of_domain.id",
        "restored.id",
        "used.id",
    ]
    free = ("public", "Free one")
    assert found["fresh.id"] == ColumnMaximum(
        "public", "fresh", "id", ("public", "fresh_id_seq"), None, None, 1, False
    )
    assert found["used.id"] == ColumnMaximum(
        "public", "used", "id", ("public", "used_id_seq"), 1, 10, 10, True
    )
    assert found["restored.id"] == ColumnMaximum(
        "public", "restored", "id", ("public", "restored_id_seq"), 1, 7, 1, False, next_taken=True
    )
    assert found["counting_down.n"] == ColumnMaximum(
        "public", "counting_down", "n", free, -5, -1, -1, False, next_taken=True
    )


def test_tells_what_is_behind(connection: Connection) -> None:
    connection.execute(TABLES.encode())
    read = catalog(connection)
    found = maxima(connection)
    fed = {f"{f.column.table}.{f.column.name}": f for f in fed_columns(read)}
    behind = [name for name, f in fed.items() if is_behind(f.sequence, found[name])]
    assert behind == ["counting_down.n", "restored.id"]
    assert [name for name, f in fed.items() if not f.unique] == ["counting_down.n"]
    connection.execute(b"SELECT setval('restored_id_seq', 7), setval('\"Free one\"', -5)")
    moved = maxima(connection)
    assert [name for name, f in fed.items() if is_behind(f.sequence, moved[name])] == []
    # A position that was set but not handed out is the next number itself.
    connection.execute(b"SELECT setval('restored_id_seq', 7, false)")
    assert is_behind(fed["restored.id"].sequence, maxima(connection)["restored.id"])


def test_numeric_columns_and_owned_sequences(connection: Connection) -> None:
    connection.execute(
        b"CREATE SEQUENCE q; CREATE TABLE exact (id numeric(9,2) PRIMARY KEY DEFAULT nextval('q'));"
        b"INSERT INTO exact VALUES (41.5);"
        b"CREATE TABLE asked (id int PRIMARY KEY); CREATE SEQUENCE asked_seq OWNED BY asked.id;"
        b"INSERT INTO asked VALUES (5)"
    )
    found = maxima(connection)
    assert found["exact.id"] == ColumnMaximum(
        "public", "exact", "id", ("public", "q"), 42, 41, 1, False
    )
    assert found["asked.id"] == ColumnMaximum(
        "public", "asked", "id", ("public", "asked_seq"), 5, 5, 1, False
    )
    fed = {f.column.table: f for f in fed_columns(catalog(connection))}
    assert {name: f.by_itself for name, f in fed.items()} == {"exact": True, "asked": False}
    assert all(is_behind(f.sequence, found[f"{name}.id"]) for name, f in fed.items())
    rooms = {r.sequence.name: r.limit for r in headrooms(catalog(connection), {})}
    assert rooms == {}
    connection.execute(b"SELECT setval('q', 9000000)")
    (room,) = headrooms(catalog(connection), {})
    assert room.limit == 9999999
    connection.execute(b"ALTER TABLE exact ALTER id TYPE numeric; INSERT INTO exact VALUES ('NaN')")
    assert lost(connection, catalog(connection)) == [
        "A row of public.exact.id holds NaN or an infinity, past which no sequence comes."
    ]


def test_looking_moves_nothing(connection: Connection) -> None:
    connection.execute(TABLES.encode())
    before = maxima(connection)
    assert maxima(connection) == before
    rows = connection.execute(b"SELECT last_value, is_called FROM restored_id_seq").fetchall()
    assert rows == [(1, False)]
    assert connection.execute(b"SELECT count(*) FROM restored").fetchall() == [(7,)]


def test_counts_what_is_left(connection: Connection) -> None:
    connection.execute(
        b"CREATE TABLE t (id serial PRIMARY KEY); CREATE TABLE round (id int);"
        b"CREATE SEQUENCE big; CREATE TABLE narrow (id smallint DEFAULT nextval('big'));"
        b"CREATE SEQUENCE turning MAXVALUE 10 CYCLE; SELECT setval('turning', 10);"
        b"SELECT setval('t_id_seq', 1932735283), setval('big', 32000)"
    )
    rooms = {r.sequence.name: r for r in headrooms(catalog(connection), {})}
    assert sorted(rooms) == ["big", "t_id_seq"]
    whole = rooms["t_id_seq"]
    assert (whole.used, whole.size, whole.left) == (1932735283, 2147483647, 214748364)
    assert f"{whole.share:.3f}" == "0.900"
    assert whole.column is None
    narrow = rooms["big"]
    assert (narrow.limit, narrow.used) == (32767, 32000)
    assert narrow.column is not None
    assert narrow.column.subject == "public.narrow.id"


def test_a_partition_is_looked_at_with_its_parent(connection: Connection) -> None:
    connection.execute(
        b"CREATE TABLE t (id serial, d int, PRIMARY KEY (id, d)) PARTITION BY LIST (d);"
        b"CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1); INSERT INTO t VALUES (9, 1)"
    )
    found = maxima(connection)
    assert {name: m.maximum for name, m in found.items()} == {"t.id": 9}
    (fed,) = fed_columns(catalog(connection))
    assert (fed.indexed, fed.unique) == (True, False)


@pytest.fixture
def reader(server: ScratchServer, database: Database, connection: Connection) -> Connection:
    """Another connection, which acts as a role that may do nothing yet."""
    del server
    role = f"{database.name}_reader"
    connection.execute(f"CREATE ROLE {role}".encode())
    opened = database.connect(autocommit=True)
    opened.execute(f"SET ROLE {role}".encode())
    return opened


def lost(connection: Connection, read: Catalog) -> list[str]:
    answers = read_column_maxima(connection, read)
    assert isinstance(answers, tuple)
    return [a.reason for a in answers if isinstance(a, Unavailable)]


def test_says_what_a_role_may_not_read(
    database: Database, connection: Connection, reader: Connection
) -> None:
    role = f"{database.name}_reader"
    connection.execute(b"CREATE TABLE t (id serial PRIMARY KEY); CREATE SEQUENCE s")
    with reader:
        read = catalog(reader)
        assert lost(reader, read) == [
            f"Role {role} may not read the table or sequence of public.t.id.",
            "This role may not see the position of public.s.",
        ]
        connection.execute(
            f"GRANT SELECT ON t TO {role}; GRANT USAGE ON t_id_seq, s TO {role}".encode()
        )
        # PostgreSQL tells nothing of a sequence that was not called, and the table is empty.
        assert lost(reader, catalog(reader)) == []
        connection.execute(b"INSERT INTO t VALUES (5)")
        assert lost(reader, catalog(reader)) == [
            "This role may not see the position of public.t.id."
        ]
        connection.execute(b"SELECT nextval('t_id_seq')")
        assert lost(reader, catalog(reader)) == []
        connection.execute(b"ALTER TABLE t ENABLE ROW LEVEL SECURITY")
        assert lost(reader, catalog(reader)) == [
            f"Row-level security hides rows of public.t.id from role {role}."
        ]


def test_a_locked_table_is_not_known(
    database: Database, connection: Connection, second: Connection
) -> None:
    del database
    connection.execute(b"CREATE TABLE t (id serial PRIMARY KEY)")
    read = catalog(connection)
    with second.transaction():
        second.execute(b"LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        assert lost(connection, read) == [
            "Another session holds a lock on the table of public.t.id."
        ]
    assert lost(connection, read) == []


def test_a_lost_connection_is_not_known(database: Database) -> None:
    with database.connect(autocommit=True) as opened:
        opened.execute(b"CREATE TABLE t (id serial PRIMARY KEY)")
        read = catalog(opened)
        with database.connect(autocommit=True) as other:
            killed = b"SELECT pg_terminate_backend(%s)"
            other.execute(killed, [opened.info.backend_pid])
        answer = read_column_maxima(opened, read)
        assert isinstance(answer, Unavailable)
        assert answer.needs == "sequence positions"
