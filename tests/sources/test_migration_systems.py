"""What is found in a project's files."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pgassay.facts.migration_system import MigrationSystem
from pgassay.sources.histories import read_histories
from pgassay.sources.migration_systems import SIZE_LIMIT, FoundSystems, read_migration_systems
from pgassay.sources.project_files import read_project_files
from tests.systems.system_projects import alembic, write


def found(root: Path) -> FoundSystems:
    files = read_project_files(root).paths
    return read_migration_systems(root, files, read_histories(root, files).histories)


def only(root: Path) -> MigrationSystem:
    (system,) = found(root).systems
    return system


def test_django_apps_are_one_system_and_name_their_tables(tmp_path: Path) -> None:
    write(tmp_path, "site/manage.py", "")
    header = "from django.db import migrations\n\nclass Migration(migrations.Migration):\n"
    write(
        tmp_path,
        "site/shop/migrations/0001_initial.py",
        header + "    operations = [migrations.CreateModel(name='OrderLine', fields=[])]\n",
    )
    write(
        tmp_path,
        "site/users/migrations/0001_initial.py",
        header
        + "    operations = [migrations.CreateModel(name='User', options={'db_table': 'u'}),\n"
        "        migrations.AddField(model_name='group', name='x', field=None),\n"
        "        migrations.RunSQL('CREATE TABLE extra (a int)')]\n",
    )
    system = only(tmp_path)
    assert (system.kind, system.name) == ("django", "site")
    assert [f.version for f in system.files] == ["shop.0001_initial", "users.0001_initial"]
    assert system.makes == {("", "shop_orderline"), ("", "u"), ("", "users_group"), ("", "extra")}
    assert system.reads_whole
    assert system.not_run == "Django runs it, which needs the project's settings"


def test_django_on_sqlite_says_so(tmp_path: Path) -> None:
    write(tmp_path, "manage.py", "")
    write(tmp_path, "site/settings.py", "DATABASES = {'a': 'django.db.backends.sqlite3'}")
    header = (
        "from django.db import migrations\n\nclass Migration(migrations.Migration):\n    pass\n"
    )
    write(tmp_path, "shop/migrations/0001_initial.py", header)
    assert only(tmp_path).dialect == "sqlite"


def test_code_of_its_own_hides_what_it_does(tmp_path: Path) -> None:
    write(
        tmp_path,
        "shop/migrations/0001_initial.py",
        "from django.db import migrations\n\nclass Migration(migrations.Migration):\n"
        "    operations = [migrations.RunPython(print)]\n",
    )
    assert not only(tmp_path).reads_whole


def test_yoyos_sql_and_python_in_one_folder_are_one_system(tmp_path: Path) -> None:
    write(
        tmp_path, "m/0001_a.py", "from yoyo import step\nsteps = [step('CREATE TABLE a (x int)')]"
    )
    write(tmp_path, "m/0002_b.sql", "-- depends: 0001_a\nCREATE TABLE b (x int);")
    system = only(tmp_path)
    assert [f.version for f in system.files] == ["0001_a", "0002_b"]
    assert system.makes == {("", "a"), ("", "b")}
    assert system.not_run == "it is Python, which needs yoyo"


def test_flyways_configuration(tmp_path: Path) -> None:
    write(tmp_path, "db/V1__a.sql", "CREATE TABLE ${p}a (x int);")
    write(tmp_path, "db/V1__a.sql.conf", "executeInTransaction=false")
    write(
        tmp_path,
        "flyway.toml",
        '[flyway]\nenvironment = "x"\n[flyway.placeholders]\np = "my_"\n'
        '[environments.x]\nurl = "jdbc:postgresql://u:secret@h/d"\n',
    )
    system = only(tmp_path)
    assert system.placeholders == (("p", "my_"),)
    assert "secret" not in system.database
    assert system.database.endswith("@h/d")
    assert not system.files[0].transaction


def test_flyway_with_java_is_not_run(tmp_path: Path) -> None:
    write(tmp_path, "db/V1__a.sql", "CREATE TABLE a (x int);")
    write(tmp_path, "db/V2__b.java", "class V2__b {}")
    assert only(tmp_path).not_run == "some of it is Java"


def test_what_revisions_name_is_theirs(tmp_path: Path) -> None:
    alembic(tmp_path, "a")
    write(tmp_path, "alembic/sql/1.sql", "CREATE TABLE b (x int);")
    write(tmp_path, "scripts/fix.sql", "ALTER TABLE a ADD x int;")
    path = next((tmp_path / "alembic" / "versions").glob("*.py"))
    path.write_text(path.read_text() + "\nFILE = f'{revision}.sql'\n")
    seen = found(tmp_path)
    assert [(s.path, s.reason) for s in seen.left_out] == [
        ("alembic/sql/1.sql", "revisions of alembic/ run it")
    ]
    assert [str(s.location) for s in seen.loose] == ["scripts/fix.sql:1"]


def test_a_folder_is_of_one_tool(tmp_path: Path) -> None:
    write(tmp_path, "supabase/migrations/20240101000000_a.sql", "CREATE TABLE a (x int);")
    write(tmp_path, "migrations/1_a.up.sql", "CREATE TABLE b (x int);")
    write(tmp_path, "migrations/2_b.sql", "-- +goose Up\nCREATE TABLE c (x int);")
    write(tmp_path, "migrations/3_c.sql", "CREATE TABLE d (x int);")
    write(tmp_path, "migrations/4_d.sql", "-- +goose Up\nCREATE TABLE e (x int);")
    seen = found(tmp_path)
    assert [(s.kind, s.name, len(s.files)) for s in seen.systems] == [
        ("goose", "migrations", 2),
        ("supabase", "supabase/migrations", 1),
    ]
    assert {(s.path, s.reason) for s in seen.left_out} == {
        (f"migrations/{name}", "it lies among migrations of goose, which does not take it")
        for name in ("1_a.up.sql", "3_c.sql")
    }


def test_what_alembic_wrote_or_lies_among_its_revisions(tmp_path: Path) -> None:
    alembic(tmp_path, "a")
    write(tmp_path, "alembic/versions/0001_a.sql", "CREATE TABLE a (x int);")
    offline = "BEGIN;\n\n-- Running upgrade  -> alembic_0001\n\nCREATE TABLE a (x int);\n\nCOMMIT;"
    write(tmp_path, "migrations/001_release.sql", offline)
    seen = found(tmp_path)
    assert (seen.systems, seen.loose) == ((), ())
    assert [s.reason for s in seen.left_out] == [
        "it lies among the revisions of alembic/",
        "`alembic upgrade --sql` wrote it",
    ]


def refused(path: Path, *_: object) -> str:
    raise PermissionError(13, "Permission denied", str(path))


def test_what_is_too_large_or_not_readable_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "big.sql").write_text("SELECT 1;" + " " * SIZE_LIMIT)
    assert [s.reason for s in found(tmp_path).left_out] == ["it is larger than 4 MB"]
    write(tmp_path, "closed.sql", "SELECT 1;")
    monkeypatch.setattr(Path, "read_text", refused)
    assert [u.needs for u in found(tmp_path).unavailable] == ["file closed.sql"]


def test_sub_projects(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "")
    write(tmp_path, "web/package.json", "{}")
    write(tmp_path, "web/node_modules/x/package.json", "{}")
    assert found(tmp_path).sub_projects == ("web",)


def test_a_thousand_files_are_read_quickly(tmp_path: Path) -> None:
    for number in range(1000):
        sql = f"CREATE TABLE t{number} (id int PRIMARY KEY, a text DEFAULT ';');\n" * 3
        write(tmp_path, f"migrations/{number:04}_t.sql", sql)
    began = time.monotonic()
    assert len(only(tmp_path).files) == 1000
    assert time.monotonic() - began < 3
