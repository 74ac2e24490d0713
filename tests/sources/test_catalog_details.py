"""What is said of parts that are easily overlooked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from pgassay.analysis.creation import make
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Composite,
    Constraint,
    Database,
    DomainConstraint,
    Function,
    Grant,
    Index,
    MaterializedView,
    Policy,
    Range,
    Sequence,
    Table,
    Trigger,
)
from pgassay.sources.catalog import read_catalog

Connection = psycopg.Connection[Any]


def read(connection: Connection) -> Catalog:
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog)
    return catalog


def test_comments_on_what_belongs_to_another(connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE t (a int CONSTRAINT pk PRIMARY KEY); COMMENT ON INDEX pk IS 'of the index';"
        "COMMENT ON CONSTRAINT pk ON t IS 'of the key';"
        'CREATE TYPE addr AS (street text, "a: b" int);'
        "COMMENT ON COLUMN addr.street IS 'it''s: one'; COMMENT ON COLUMN addr.\"a: b\" IS 'two';"
        "CREATE TYPE span AS RANGE (subtype = int4, multirange_type_name = spans);"
        "COMMENT ON TYPE spans IS 'many'"
    )
    catalog = read(connection)
    (key,) = catalog.of(Constraint)
    (composite,) = catalog.of(Composite)
    (range_type,) = catalog.of(Range)
    assert (key.comment, key.index_comment) == ("of the key", "of the index")
    assert composite.attribute_comments == ("street: it's: one", '"a: b": two')
    assert range_type.multirange_comment == "many"
    connection.execute("DROP TABLE t; DROP TYPE addr; DROP TYPE span; CREATE TABLE t (a int)")
    for thing in (composite, range_type):
        connection.execute("\n".join(make(thing, catalog)).encode())
    connection.execute("\n".join(make(key, catalog)).encode())
    again = read(connection)
    assert again.of(Constraint) == (key,)
    assert again.of(Composite) == (composite,)
    assert again.of(Range) == (range_type,)


def test_depends_on_extension(connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE t (a int); CREATE INDEX ix ON t (a); CREATE FUNCTION f() RETURNS trigger"
        " LANGUAGE plpgsql AS 'BEGIN END'; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW"
        " EXECUTE FUNCTION f(); CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a"
    )
    before = read(connection)
    connection.execute(
        "ALTER INDEX ix DEPENDS ON EXTENSION plpgsql;"
        "ALTER FUNCTION f() DEPENDS ON EXTENSION plpgsql;"
        "ALTER TRIGGER tr ON t DEPENDS ON EXTENSION plpgsql;"
        "ALTER MATERIALIZED VIEW mv DEPENDS ON EXTENSION plpgsql"
    )
    catalog = read(connection)
    for kind in (Index, Function, Trigger, MaterializedView):
        (was,), (is_,) = before.of(kind), catalog.of(kind)
        assert [getattr(t, "extensions", None) for t in (was, is_)] == [(), ("plpgsql",)]
        assert any("DEPENDS ON EXTENSION plpgsql" in line for line in make(is_, catalog))
    assert catalog.fingerprint != before.fingerprint


def test_a_template(connection: Connection) -> None:
    assert [d.is_template for d in read(connection).of(Database)] == [False]
    name = connection.info.dbname
    connection.execute(f"ALTER DATABASE {name} IS_TEMPLATE true".encode())
    assert [d.is_template for d in read(connection).of(Database)] == [True]
    connection.execute(f"ALTER DATABASE {name} IS_TEMPLATE false".encode())


@pytest.fixture
def role_public(connection: Connection) -> Iterator[None]:
    connection.execute('CREATE ROLE "PUBLIC"')
    yield
    connection.execute('DROP OWNED BY "PUBLIC"; DROP ROLE "PUBLIC"')


@pytest.mark.usefixtures("role_public")
def test_a_role_named_public_is_not_everybody(connection: Connection) -> None:
    connection.execute(
        'CREATE TABLE t (a int); GRANT SELECT ON t TO "PUBLIC"; GRANT INSERT ON t TO PUBLIC;'
        'CREATE POLICY p ON t TO "PUBLIC"'
    )
    catalog = read(connection)
    (table,) = catalog.of(Table)
    (policy,) = catalog.of(Policy)
    assert table.grants == (Grant('"PUBLIC"', ("SELECT",)), Grant("PUBLIC", ("INSERT",)))
    assert policy.roles == ('"PUBLIC"',)
    connection.execute("DROP TABLE t")
    connection.execute("\n".join([*make(table, catalog), *make(policy, catalog)]).encode())
    again = read(connection)
    assert (again.of(Table), again.of(Policy)) == ((table,), (policy,))


def test_not_valid_is_said_once(connection: Connection) -> None:
    connection.execute("CREATE DOMAIN d AS int; ALTER DOMAIN d ADD CHECK (VALUE > 0) NOT VALID")
    (found,) = read(connection).of(DomainConstraint)
    assert (found.definition, found.validated) == ("CHECK ((VALUE > 0))", False)


def test_what_a_parent_keeps_is_not_the_childs(connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE p (a int, CONSTRAINT k CHECK (a > 0)); CREATE TABLE one () INHERITS (p);"
        "CREATE TABLE two (a int, CONSTRAINT k CHECK (a > 0), CONSTRAINT own CHECK (a < 9));"
        "ALTER TABLE two INHERIT p"
    )
    assert [(c.table, c.name) for c in read(connection).constraints] == [("p", "k"), ("two", "own")]


def test_a_partition_half_detached(connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE p (a int) PARTITION BY LIST (a);"
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)"
    )
    # What a DETACH PARTITION ... CONCURRENTLY leaves that was stopped in between.
    connection.execute("SET allow_system_table_mods = on")
    connection.execute("UPDATE pg_inherits SET inhdetachpending = true")
    catalog = read(connection)
    (partition,) = [t for t in catalog.tables if t.name == "p1"]
    assert partition.bound == "FOR VALUES IN (1) DETACH PENDING"
    assert not any("DETACH PENDING" in line for line in make(partition, catalog))


def test_an_owned_sequence_set_unlogged(connection: Connection) -> None:
    connection.execute(
        "CREATE TABLE t (a serial, b serial); CREATE UNLOGGED TABLE u (a serial);"
        "ALTER SEQUENCE t_a_seq SET UNLOGGED"
    )
    catalog = read(connection)
    found = {s.name: s.persistence for s in catalog.of(Sequence)}
    assert found == {"t_a_seq": "unlogged", "t_b_seq": "permanent", "u_a_seq": "permanent"}
    (own,) = [s for s in catalog.of(Sequence) if s.name == "t_a_seq"]
    assert "ALTER SEQUENCE public.t_a_seq SET UNLOGGED;" in make(own, catalog)


def not_null_cases(major: int) -> dict[str, tuple[bool, str]]:
    if major < 18:
        return {"CREATE TABLE t (a int NOT NULL)": (False, "")}
    return {
        "CREATE TABLE t (a int NOT NULL)": (False, ""),
        "CREATE TABLE t (a int NOT NULL NO INHERIT)": (True, ""),
        "CREATE TABLE t (a int CONSTRAINT n NOT NULL NO INHERIT);"
        "COMMENT ON CONSTRAINT n ON t IS 'why'": (True, "why"),
        "CREATE TABLE t (a int NOT NULL); COMMENT ON CONSTRAINT t_a_not_null ON t IS 'x'": (
            False,
            "x",
        ),
    }


def test_how_a_not_null_is_inherited(connection: Connection) -> None:
    for ddl, (no_inherit, comment) in not_null_cases(
        connection.info.server_version // 10000
    ).items():
        connection.execute(ddl.encode())
        catalog = read(connection)
        assert catalog.columns == (
            Column(
                "public",
                "t",
                "a",
                1,
                "integer",
                True,
                not_null_name="n" if "CONSTRAINT n NOT" in ddl else "",
                not_null_no_inherit=no_inherit,
                not_null_comment=comment,
            ),
        ), ddl
        connection.execute("DROP TABLE t")
        connection.execute("\n".join(make(catalog.tables[0], catalog)).encode())
        assert read(connection).columns == catalog.columns, ddl
        connection.execute("DROP TABLE t")
