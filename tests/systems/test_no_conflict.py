"""What looks like two systems on the same objects, and is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pgassay.verdict import Report
from tests.systems.system_projects import (
    Names,
    alembic,
    flyway,
    golang,
    plain,
    prisma,
    revision,
    supabase,
    write,
)

Assay = Callable[..., Report]


def found(report: Report) -> list[tuple[str, str]]:
    return [(f.code, f.subject) for f in report.findings]


def assert_nothing(report: Report) -> None:
    assert found(report) == []
    assert [u.reason for u in report.unavailable] == []
    assert report.verdict == "clear"


def test_the_same_names_in_another_schema(assay: Assay, tmp_path: Path) -> None:
    table = Names(21).new()
    alembic(tmp_path, table)
    make = f"CREATE SCHEMA own;\nCREATE TABLE own.{table} (id int);"
    write(tmp_path, "db/migrations/001_a.sql", make)
    assert_nothing(assay(tmp_path))


def test_a_search_path_that_leads_elsewhere(assay: Assay, tmp_path: Path) -> None:
    """The text alone would not tell: the server does."""
    table = Names(22).new()
    alembic(tmp_path, table)
    first = f"CREATE SCHEMA own;\nSET search_path = own;\nCREATE TABLE {table} (id int);"
    write(tmp_path, "migrations/1_a.up.sql", first)
    write(tmp_path, "migrations/2_b.up.sql", f"ALTER TABLE {table} ADD x int;")
    assert_nothing(assay(tmp_path))


@pytest.mark.parametrize("dialect", ["mysql", "sqlite", "clickhouse"])
def test_a_folder_for_another_database(assay: Assay, tmp_path: Path, dialect: str) -> None:
    table = Names(23).new()
    alembic(tmp_path, table)
    write(tmp_path, f"migrations/{dialect}/001_a.sql", f"CREATE TABLE {table} (id int);")
    report = assay(tmp_path)
    assert_nothing(report)
    (system,) = report.facts["systems"]
    assert system["run"] == {"status": "not executed", "reason": f"it is written for {dialect}"}


@pytest.mark.parametrize(
    ("sql", "dialect"),
    [
        ("CREATE TABLE `{0}` (`id` int AUTO_INCREMENT) ENGINE=InnoDB;", "mysql"),
        ("CREATE TABLE {0} (id integer PRIMARY KEY AUTOINCREMENT);", "sqlite"),
        ("CREATE TABLE {0} (id int IDENTITY(1,1));\nGO\n", "mssql"),
    ],
)
def test_sql_that_postgresql_has_not(assay: Assay, tmp_path: Path, sql: str, dialect: str) -> None:
    table = Names(24).new()
    alembic(tmp_path, table)
    write(tmp_path, "migrations/1_a.up.sql", sql.format(table))
    report = assay(tmp_path)
    assert_nothing(report)
    assert report.facts["systems"][0]["dialect"] == dialect


def test_prismas_provider_tells(assay: Assay, tmp_path: Path) -> None:
    table = Names(25).new()
    alembic(tmp_path, table)
    prisma(tmp_path, table, provider="mysql")
    assert_nothing(assay(tmp_path))


def test_flyways_url_tells(assay: Assay, tmp_path: Path) -> None:
    table = Names(26).new()
    alembic(tmp_path, table)
    flyway(tmp_path, table)
    write(tmp_path, "flyway.conf", "flyway.url=jdbc:mysql://db/app\n")
    assert_nothing(assay(tmp_path))


def test_flyways_other_database(assay: Assay, tmp_path: Path) -> None:
    table = Names(27).new()
    golang(tmp_path / "a", table)
    flyway(tmp_path / "b", table)
    flyway(tmp_path / "c", table)
    for folder, database in (("b", "orders"), ("c", "billing")):
        url = f"flyway.url=jdbc:postgresql://u:secret@db:5432/{database}\n"
        write(tmp_path, f"{folder}/flyway.conf", url)
    (tmp_path / "a" / "migrations" / "9_make.up.sql").write_text("CREATE TABLE other (note text);")
    (tmp_path / "a" / "migrations" / "10_alter.up.sql").write_text("SELECT 1;")
    assert_nothing(assay(tmp_path))


def test_files_that_a_revision_names(assay: Assay, tmp_path: Path) -> None:
    table = Names(28).new()
    alembic(tmp_path, Names(29).new())
    write(tmp_path, "db/migrations/001_a.sql", f"CREATE TABLE {table} (id int);")
    body = 'op.execute(open("db/migrations/001_a.sql").read())'
    revision(tmp_path, "alembic/versions/2.py", "second", "alembic_0001", body)
    report = assay(tmp_path)
    assert_nothing(report)
    (left,) = report.facts["scripts"]["left_out"]
    assert left == {"path": "db/migrations/001_a.sql", "reason": "revisions of alembic/ run it"}


def test_files_that_revisions_were_seen_to_open(assay: Assay, tmp_path: Path) -> None:
    """Their names are put together at run time."""
    table = Names(30).new()
    alembic(tmp_path, Names(31).new())
    write(tmp_path, "sql/migrations/001_a.sql", f"CREATE TABLE {table} (id int);")
    write(tmp_path, "sql/other.sql", f"ALTER TABLE {table} DROP COLUMN gone;")
    body = (
        'import pathlib\n            for name in ("001_a", "other"):\n'
        '                path = next(pathlib.Path("sql").rglob(name + ".*"))\n'
        '                sql = path.read_text().replace("DROP COLUMN gone", "ADD here int")\n'
        "                op.execute(sql)"
    )
    revision(tmp_path, "alembic/versions/2.py", "second", "alembic_0001", body)
    report = assay(tmp_path)
    assert_nothing(report)
    assert report.facts["systems"] == []
    assert [s["path"] for s in report.facts["scripts"]["left_out"]] == [
        "sql/migrations",
        "sql/other.sql",
    ]


def test_supabase_that_only_touches_what_supabase_manages(assay: Assay, tmp_path: Path) -> None:
    alembic(tmp_path, Names(32).new())
    write(
        tmp_path,
        "supabase/migrations/20240101000000_policies.sql",
        """
        CREATE POLICY mine ON storage.objects TO authenticated USING (owner = auth.uid());
        INSERT INTO storage.buckets (id, name) VALUES ('a', 'a');
        """,
    )
    body = 'op.execute("CREATE SCHEMA storage; CREATE TABLE storage.objects (id int)")'
    revision(tmp_path, "alembic/versions/2.py", "second", "alembic_0001", body)
    assert_nothing(assay(tmp_path))


def test_seeds_and_down_files(assay: Assay, tmp_path: Path) -> None:
    names = Names(33)
    table = names.new()
    alembic(tmp_path, table)
    plain(tmp_path, names.new())
    write(tmp_path, "db/migrations/003_seed.sql", f"INSERT INTO {table} VALUES (1);")
    write(tmp_path, "db/migrations/down/001.sql", f"ALTER TABLE {table} DROP COLUMN x;")
    write(tmp_path, "db/seeds/users.sql", f"INSERT INTO {table} VALUES ('no number');")
    report = assay(tmp_path)
    assert_nothing(report)
    (system,) = report.facts["systems"]
    assert sorted(f["role"] for f in system["files"]) == [
        *("seed", "undo", "undo", "versioned", "versioned")
    ]


def test_tenant_and_core_that_share_an_id(assay: Assay, tmp_path: Path) -> None:
    """Both begin with 0001; the search path puts the tenant's version table into its schema."""
    names = Names(34)
    alembic(tmp_path, names.new(), folder="core")
    prepare = "CREATE SCHEMA IF NOT EXISTS tenant; SET search_path = tenant"
    alembic(tmp_path, names.new(), folder="tenant", ini=False, prepare=prepare)
    for folder in ("core", "tenant"):
        path = next((tmp_path / folder / "versions").glob("*.py"))
        path.write_text(path.read_text().replace(f"{folder}_0001", "0001"))
    assert_nothing(assay(tmp_path))


def test_labelled_branches_with_two_heads(assay: Assay, tmp_path: Path) -> None:
    names = Names(35)
    alembic(tmp_path, names.new())
    for label in ("expand", "contract"):
        body = f'op.execute("CREATE TABLE {names.new()} (id int)")'
        extra = f"branch_labels = ({label!r},)"
        path = f"alembic/versions/{label}.py"
        revision(tmp_path, path, f"{label}_1", "alembic_0001", body, extra)
    assert_nothing(assay(tmp_path, "HIS001", "HIS002", "HIS005", "HIS010", "HIS025"))


def test_dialect_trees_under_one_env(assay: Assay, tmp_path: Path) -> None:
    table = Names(36).new()
    alembic(tmp_path)
    for dialect in ("postgresql", "sqlite"):
        path = f"alembic/{dialect}/0001.py"
        revision(tmp_path, path, "0001", None, f'op.execute("CREATE TABLE {table} (id int)")')
    locations = "version_locations = %(here)s/alembic/postgresql\n"
    write(tmp_path, "alembic.ini", f"[alembic]\nscript_location = alembic\n{locations}")
    assert_nothing(assay(tmp_path))


def test_a_copy_of_a_system(assay: Assay, tmp_path: Path) -> None:
    table = Names(37).new()
    golang(tmp_path, table)
    golang(tmp_path / "internal" / "embedded", table)
    assert_nothing(assay(tmp_path))


def test_sub_projects_are_told_but_no_alarm(assay: Assay, tmp_path: Path) -> None:
    """Two services may each have a database; nothing says so."""
    table = Names(38).new()
    golang(tmp_path / "orders", table)
    write(tmp_path, "orders/go.mod", "module orders\n")
    prisma(tmp_path / "web", table)
    write(tmp_path, "web/package.json", "{}\n")
    report = assay(tmp_path)
    assert found(report) == [("HIS001", "orders/migrations + web/prisma/migrations")]
    assert report.findings[0].severity == "info"
    assert report.verdict == "clear"
    (tmp_path / "web" / "package.json").unlink()
    assert [f.severity for f in assay(tmp_path).findings] == ["blocker"]


def test_what_lies_among_documentation_and_tests(assay: Assay, tmp_path: Path) -> None:
    table = Names(39).new()
    alembic(tmp_path, table)
    for folder in ("docs", "tests", "examples"):
        supabase(tmp_path / folder, table)
        golang(tmp_path / folder, table)
    report = assay(tmp_path)
    assert_nothing(report)
    assert report.facts["systems"] == []
    assert len(report.facts["scripts"]["left_out"]) == 21
