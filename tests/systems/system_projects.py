"""Makes projects with one migration system or several, of each kind, under seeded random names."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent


class Names:
    """Different random names, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._given: set[str] = set()

    def _word(self) -> str:
        syllables = self._random.choice("bdfgklmnprtvz") + self._random.choice("aeiou")
        return syllables + self._random.choice("bdklmnprtvz") + self._random.choice(("um", "ox"))

    def new(self) -> str:
        while True:
            name = f"{self._word()}_{self._word()}"
            if name not in self._given:
                self._given.add(name)
                return name


def write(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dedent(text).lstrip("\n"))
    return file


def alembic(
    root: Path,
    *tables: str,
    folder: str = "alembic",
    ini: bool = True,
    version_table: str = "alembic_version",
    prepare: str = "",
) -> str:
    """An Alembic history with a revision for each table; `prepare` is SQL that env.py sends."""
    if ini:
        write(root, "alembic.ini", f"[alembic]\nscript_location = {folder}\n")
    write(root, "pgassay.toml", "[models]\nnone = true\n")
    sent = f"connection.exec_driver_sql({prepare!r})" if prepare else "pass"
    write(
        root,
        f"{folder}/env.py",
        f"""
        import os
        from alembic import context
        from sqlalchemy import create_engine

        engine = create_engine(os.environ["DATABASE_URL"])
        with engine.connect() as connection:
            {sent}
            context.configure(connection=connection, version_table={version_table!r})
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
        """,
    )
    before = None
    for number, table in enumerate(tables, 1):
        revision(
            root,
            f"{folder}/versions/{number:04}_{folder.replace('/', '_')}.py",
            f"{folder.replace('/', '_')}_{number:04}",
            before,
            f'op.execute("CREATE TABLE {table} (id int PRIMARY KEY)")',
        )
        before = f"{folder.replace('/', '_')}_{number:04}"
    return folder


def revision(
    root: Path, path: str, name: str, before: str | None, body: str, extra: str = ""
) -> None:
    write(
        root,
        path,
        f"""
        from alembic import op

        revision = {name!r}
        down_revision = {before!r}
        {extra}

        def upgrade():
            {body}


        def downgrade():
            pass
        """,
    )


def up(table: str) -> tuple[str, str]:
    """Two migrations of one table: it is made, and altered."""
    return (
        f"CREATE TABLE {table} (id int PRIMARY KEY);\nCREATE INDEX ON {table} (id);\n",
        f"ALTER TABLE {table} ADD COLUMN note text DEFAULT ';';\n",
    )


def plain(root: Path, table: str) -> str:
    for number, sql in enumerate(up(table), 1):
        write(root, f"db/migrations/{number:03}_{table}.sql", sql)
    write(root, f"db/migrations/002_{table}.down.sql", f"DROP TABLE {table};")
    return "db/migrations"


def flyway(root: Path, table: str) -> str:
    folder = "src/main/resources/db/migration"
    first, second = up(table)
    write(root, f"{folder}/V1_10__alter.sql", second)
    write(root, f"{folder}/V1_9__make.sql", first)
    write(root, f"{folder}/U1_9__make.sql", f"DROP TABLE {table};")
    view = f"CREATE OR REPLACE VIEW {table}_notes AS SELECT note FROM {table};"
    write(root, f"{folder}/R__notes.sql", view)
    write(root, f"{folder}/afterMigrate.sql", f"ANALYZE {table};")
    return folder


def golang(root: Path, table: str) -> str:
    first, second = up(table)
    write(root, "migrations/9_make.up.sql", first)
    write(root, "migrations/9_make.down.sql", f"DROP TABLE {table};")
    write(root, "migrations/10_alter.up.sql", second)
    write(root, "migrations/10_alter.down.sql", f"ALTER TABLE {table} DROP COLUMN note;")
    return "migrations"


def goose(root: Path, table: str) -> str:
    first, second = up(table)
    write(
        root,
        "migrations/00001_make.sql",
        f"-- +goose Up\n{first}\n-- +goose StatementBegin\n"
        f"CREATE FUNCTION {table}_f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n"
        "  PERFORM 1;\n  RETURN 1;\nEND;\n$$;\n-- +goose StatementEnd\n"
        f"-- +goose Down\nDROP TABLE {table};\n",
    )
    write(
        root,
        "migrations/00002_alter.sql",
        f"-- +goose NO TRANSACTION\n-- +goose Up\n{second}"
        f"CREATE INDEX CONCURRENTLY {table}_note ON {table} (note);\n"
        f"-- +goose Down\nALTER TABLE {table} DROP COLUMN note;\n",
    )
    return "migrations"


def dbmate(root: Path, table: str) -> str:
    first, second = up(table)
    write(
        root,
        "db/migrations/20240101000000_make.sql",
        f"-- migrate:up\n{first}\n-- migrate:down\nDROP TABLE {table};\n",
    )
    write(
        root,
        "db/migrations/20240102000000_alter.sql",
        f"-- migrate:up transaction:false\n{second}"
        f"CREATE INDEX CONCURRENTLY {table}_note ON {table} (note);\n"
        f"-- migrate:down\nALTER TABLE {table} DROP COLUMN note;\n",
    )
    dump = f"-- PostgreSQL database dump\nCREATE TABLE public.{table} (id int);"
    write(root, "db/schema.sql", f"--\n{dump}")
    return "db/migrations"


def supabase(root: Path, table: str) -> str:
    first, second = up(table)
    write(
        root,
        "supabase/migrations/20240101000000_make.sql",
        f"SELECT pg_catalog.set_config('search_path', '', false);\n"
        f"{first.replace(table, 'public.' + table)}"
        f"ALTER TABLE public.{table} ADD owner uuid REFERENCES auth.users (id);\n"
        f"CREATE POLICY own ON public.{table} TO authenticated USING (owner = auth.uid());\n",
    )
    write(root, "supabase/migrations/20240102000000_alter.sql", second)
    write(root, "supabase/seed.sql", f"INSERT INTO {table} VALUES (1);")
    write(root, "supabase/config.toml", "[db]\nport = 54322\n")
    return "supabase/migrations"


def prisma(root: Path, table: str, provider: str = "postgresql") -> str:
    first, second = up(table)
    write(root, "prisma/migrations/20240101000000_make/migration.sql", first)
    write(root, "prisma/migrations/20240102000000_alter/migration.sql", second)
    lock = f'# Please do not edit this file manually\nprovider = "{provider}"\n'
    write(root, "prisma/migrations/migration_lock.toml", lock)
    return "prisma/migrations"


def yoyo(root: Path, table: str) -> str:
    first, second = up(table)
    write(root, "migrations/b-make.sql", f"-- depends:\n{first}")
    write(root, "migrations/b-make.rollback.sql", f"DROP TABLE {table};")
    write(root, "migrations/a-alter.sql", f"-- depends: b-make\n{second}")
    write(root, "yoyo.ini", "[DEFAULT]\nsources = ./migrations\n")
    return "migrations"


def yoyo_python(root: Path, table: str) -> str:
    make = f'CREATE TABLE {table} (id int)", "DROP TABLE {table}'
    write(root, "migrations/0001.make.py", f'from yoyo import step\n\nsteps = [step("{make}")]\n')
    return "migrations"


def django(root: Path, table: str) -> str:
    write(root, "manage.py", "")
    app, _, model = table.partition("_")
    write(
        root,
        f"{app}/migrations/0001_initial.py",
        f"""
        from django.db import migrations, models


        class Migration(migrations.Migration):
            initial = True
            operations = [
                migrations.CreateModel(name="{model.title()}", fields=[("id", models.AutoField())]),
            ]
        """,
    )
    write(root, f"{app}/migrations/__init__.py", "")
    return "."


def peewee(root: Path, table: str) -> str:
    write(
        root,
        "migrations/001_make.py",
        f"""
        import peewee as pw


        def migrate(migrator, database, *, fake=False):
            @migrator.create_model
            class Thing(pw.Model):
                id = pw.AutoField()

                class Meta:
                    table_name = "{table}"


        def rollback(migrator, database, *, fake=False):
            migrator.remove_model("thing")
        """,
    )
    return "migrations"


Maker = Callable[[Path, str], str]

SQL: dict[str, Maker] = {
    "plain": plain,
    "flyway": flyway,
    "golang-migrate": golang,
    "goose": goose,
    "dbmate": dbmate,
    "supabase": supabase,
    "prisma": prisma,
    "yoyo": yoyo,
}
PYTHON: dict[str, Maker] = {"yoyo": yoyo_python, "django": django, "peewee": peewee}
