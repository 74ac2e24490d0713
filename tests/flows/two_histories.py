"""A project with two histories on one version table, generated from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

ENV = """
import os
from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
UpDown = tuple[str, str]
History = Sequence[Sequence[UpDown]]
"""For each revision its statements, each with what takes it back."""

_TYPES = ("integer", "text", "numeric(12,2)", "timestamptz", "varchar(40)", "boolean", "uuid")


def write_project(root: Path, **histories: History) -> Path:
    """Each history in a folder of its name; its revisions are NAME_1 and so on."""
    (root / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    (root / "app.py").write_text('import os\nurl = os.environ["DATABASE_URL"]\n')
    for name, revisions in histories.items():
        versions = root / name / "versions"
        versions.mkdir(parents=True)
        (root / name / "env.py").write_text(ENV)
        for number, statements in enumerate(revisions, 1):
            ups = "".join(f"    op.execute({up!r})\n" for up, _ in statements)
            downs = "".join(f"    op.execute({down!r})\n" for _, down in reversed(statements))
            parent = f'"{name}_{number - 1}"' if number > 1 else None
            (versions / f"{name}_{number}.py").write_text(
                f'"""Step {number} of {name}."""\nfrom alembic import op\n\n'
                f'revision = "{name}_{number}"\ndown_revision = {parent}\n\n\n'
                f"def upgrade():\n{ups or '    pass'}\n\ndef downgrade():\n{downs or '    pass'}\n"
            )
    return root


class Pair:
    """Two histories of one seed. `contradiction` names the object on which no union is possible,
    "" where there is one."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.kind = ("disjoint", "overlapping", "contradictory")[seed % 3]
        self.contradiction = ""
        shared = self._table("shared")
        mine = [[shared, *self._extras("shared")], [self._table("mine")]]
        theirs = [[self._table("theirs"), *self._extras("theirs")], [self._enum()]]
        if self.kind == "overlapping":
            theirs = [[shared], [self._added("shared", "added"), *self._extras("theirs_2")]]
            theirs[1].insert(0, self._table("theirs_2"))
        if self.kind == "contradictory":
            mine[0].append(self._column("shared", "torn", "boolean"))
            theirs = [[shared, self._column("shared", "torn", "timestamptz")]]
            self.contradiction = "public.shared.torn"
        self.mine, self.theirs = mine, theirs

    def _table(self, name: str) -> UpDown:
        columns = [f"c{n} {self.random.choice(_TYPES)}" for n in range(self.random.randint(1, 4))]
        return (
            f"CREATE TABLE {name} (id serial PRIMARY KEY, {', '.join(columns)})",
            f"DROP TABLE {name}",
        )

    def _column(self, table: str, name: str, type_: str) -> UpDown:
        return f"ALTER TABLE {table} ADD {name} {type_}", f"ALTER TABLE {table} DROP {name}"

    def _added(self, table: str, name: str) -> UpDown:
        default = self.random.choice(("", " DEFAULT now() NOT NULL"))
        return self._column(table, name, f"timestamptz{default}")

    def _extras(self, table: str) -> list[UpDown]:
        found: list[UpDown] = [
            (f"CREATE INDEX ix_{table} ON {table} (c0)", f"DROP INDEX ix_{table}"),
            (
                f"ALTER TABLE {table} ADD CONSTRAINT ck_{table} CHECK (id > 0)",
                f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}",
            ),
            (f"CREATE VIEW v_{table} AS SELECT id FROM {table}", f"DROP VIEW v_{table}"),
            (
                f"CREATE TABLE {table}_parts (id int PRIMARY KEY REFERENCES {table} (id))",
                f"DROP TABLE {table}_parts",
            ),
        ]
        return self.random.sample(found, self.random.randint(0, len(found)))

    def _enum(self) -> UpDown:
        return "CREATE TYPE mood AS ENUM ('good', 'bad')", "DROP TYPE mood"
