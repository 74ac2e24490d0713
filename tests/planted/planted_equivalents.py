"""No defects: two ways to write the same, one in the history and another on the live database."""

from __future__ import annotations

from random import Random

from tests.planted import planted_names as names_of
from tests.planted.planted_defect import Expected, caused, defect
from tests.planted.planted_objects import COMPANY, new_name
from tests.planted.planted_schema import quoted
from tests.planted.project_maker import Project


def _table(project: Project, random: Random, *columns: str) -> tuple[str, str]:
    """The name of a table that the models have, with an id and those columns; and its SQL name."""
    name = names_of.table(random)
    # Named as the server does, whatever the project's naming convention.
    key = f"sa.PrimaryKeyConstraint('id', name=sa.schema.conv('{name}_pkey'))"
    inside = ", ".join(("sa.Column('id', sa.Integer)", *columns, key))
    project.in_models.append(f"sa.Table({name!r}, metadata, {inside}{project.in_schema})")
    return name, project.place(name)


def _made(place: str, *columns: str) -> str:
    return f"CREATE TABLE {place} ({', '.join(('id serial PRIMARY KEY', *columns))})"


@defect(COMPANY)
def check_as_a_dump_writes_it(project: Project, random: Random) -> Expected:
    """PostgreSQL deparses what it deparsed not always as it was."""
    rule, range_ = names_of.word(random), names_of.word(random)
    said = (("code IN ('a', 'b')", rule), ("n BETWEEN 1 AND 9", range_))
    _, place = _table(
        project,
        random,
        "sa.Column('code', sa.String(9))",
        "sa.Column('n', sa.Integer)",
        *(f'sa.CheckConstraint("{text}", name=sa.schema.conv({label!r}))' for text, label in said),
    )
    columns = ("code varchar(9)", "n integer")
    checks = [f"CONSTRAINT {label} CHECK ({text})" for text, label in said]
    project.also(_made(place, *columns, *checks), "history")
    dumped = (
        f"CONSTRAINT {rule} CHECK (((code)::text = ANY ((ARRAY['a'::character varying, "
        "'b'::character varying])::text[])))",
        f"CONSTRAINT {range_} CHECK (((n >= 1) AND (n <= 9)))",
    )
    project.also(_made(place, *columns, *dumped), "live")
    return caused()


@defect(COMPANY)
def default_in_other_words(project: Project, random: Random) -> Expected:
    _, place = _table(
        project, random, "sa.Column('at', sa.DateTime(timezone=True))", "sa.Column('n', sa.Integer)"
    )
    ways = (
        ("at timestamptz DEFAULT now()", "n integer DEFAULT 0"),
        ("at timestamptz DEFAULT CURRENT_TIMESTAMP", "n integer DEFAULT '0'::integer"),
    )
    history, live = random.sample(ways, 2)
    project.also(_made(place, *history), "history")
    project.also(_made(place, *live), "live")
    return caused()


@defect(COMPANY)
def serial_written_out(project: Project, random: Random) -> Expected:
    name, place = _table(project, random)
    sequence = project.place(f"{name}_id_seq")
    project.also(_made(place), "history")
    for statement in (
        f"CREATE SEQUENCE {sequence} AS integer",
        f"CREATE TABLE {place} (id integer NOT NULL DEFAULT nextval('{sequence}'))",
        f"ALTER TABLE {place} ADD PRIMARY KEY (id)",
        f"ALTER SEQUENCE {sequence} OWNED BY {place}.id",
    ):
        project.also(statement, "live")
    return caused()


@defect(COMPANY)
def enum_grown_label_by_label(project: Project, random: Random) -> Expected:
    name = new_name(random)
    project.in_models.append(
        f"postgresql.ENUM('a', 'b', 'c', name={name!r}, metadata=metadata{project.in_schema})"
    )
    place = project.place(name)
    project.also(f"CREATE TYPE {place} AS ENUM ('a', 'c')", "history")
    project.also(f"ALTER TYPE {place} ADD VALUE 'b' BEFORE 'c'", "history")
    project.also(f"CREATE TYPE {place} AS ENUM ('a', 'b', 'c')", "live")
    return caused()


@defect(COMPANY)
def column_dropped_on_live(project: Project, random: Random) -> Expected:
    """It leaves a hole in the numbers of the columns, as everybody's oldest tables have."""
    _, place = _table(project, random, "sa.Column('note', sa.Text)")
    project.also(_made(place, "note text"), "history")
    project.also(_made(place, "gone text", "note text"), "live")
    project.also(f"ALTER TABLE {place} DROP COLUMN gone", "live")
    return caused()


@defect(COMPANY)
def right_given_and_taken_back(project: Project, random: Random) -> Expected:
    """What was the server's default is written out from then on."""
    place = project.place(project.new_table(random).name)
    project.also(f"GRANT SELECT ON {place} TO PUBLIC", "live")
    project.also(f"REVOKE SELECT ON {place} FROM PUBLIC", "live")
    return caused()


@defect(COMPANY)
def storage_parameters_in_another_order(project: Project, random: Random) -> Expected:
    place = project.place(project.new_table(random).name)
    options = ["fillfactor = 70", "autovacuum_enabled = false", "parallel_workers = 2"]
    for side in ("history", "live"):
        random.shuffle(options)
        project.also(f"ALTER TABLE {place} SET ({', '.join(options)})", side)
    return caused()


@defect(COMPANY)
def partition_attached(project: Project, random: Random) -> Expected:
    name = names_of.table(random)
    place, part = project.place(name), project.place(f"{name}_old")
    project.in_models.append(
        f"sa.Table({name!r}, metadata, sa.Column('n', sa.Integer, nullable=False), "
        f"postgresql_partition_by='RANGE (n)'{project.in_schema})"
    )
    project.also(
        f"CREATE TABLE {place} (n integer NOT NULL) PARTITION BY RANGE (n)", "history", "live"
    )
    bounds = "FOR VALUES FROM (1) TO (9)"
    project.also(f"CREATE TABLE {part} PARTITION OF {place} {bounds}", "history")
    project.also(f"CREATE TABLE {part} (n integer NOT NULL)", "live")
    project.also(f"ALTER TABLE {place} ATTACH PARTITION {part} {bounds}", "live")
    return caused()


@defect(COMPANY)
def constraint_validated_later(project: Project, random: Random) -> Expected:
    """As it is done on large tables; and a unique constraint made of an index."""
    rule, once = names_of.word(random), names_of.word(random)
    _, place = _table(
        project,
        random,
        "sa.Column('n', sa.Integer)",
        f"sa.CheckConstraint('n > 0', name=sa.schema.conv({rule!r}))",
        f"sa.UniqueConstraint('n', name=sa.schema.conv({once!r}))",
    )
    checks = (f"CONSTRAINT {rule} CHECK (n > 0)", f"CONSTRAINT {once} UNIQUE (n)")
    project.also(_made(place, "n integer", *checks), "history")
    for statement in (
        _made(place, "n integer"),
        f"ALTER TABLE {place} ADD {checks[0]} NOT VALID",
        f"ALTER TABLE {place} VALIDATE CONSTRAINT {rule}",
        f"CREATE UNIQUE INDEX {once} ON {place} (n)",
        f"ALTER TABLE {place} ADD CONSTRAINT {once} UNIQUE USING INDEX {once}",
    ):
        project.also(statement, "live")
    return caused()


@defect(COMPANY)
def view_in_other_words(project: Project, random: Random) -> Expected:
    view, table = project.place(new_name(random)), project.some_table(random)
    place, key = project.place(table.name), quoted(table.key.name)
    project.also(f"CREATE VIEW {view} AS SELECT {key} AS one FROM {place}", "history")
    project.also(f"CREATE VIEW {view} (one) AS (SELECT {place}.{key} FROM {place})", "live")
    return caused()
