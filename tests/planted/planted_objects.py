"""Objects that Alembic's autogenerate does not see, on live or in the history alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from tests.planted import planted_names as names_of
from tests.planted.planted_defect import DEFECTS, Defect, Expected, caused
from tests.planted.planted_schema import Side, Table, quoted
from tests.planted.project_maker import Project

COMPANY = "objects"


def new_name(random: Random) -> str:
    return f"{names_of.word(random)}_{names_of.word(random)}"


def partitioned(project: Project, random: Random) -> str:
    """A table by year with one partition, on all sides; its name. It has no rows."""
    name = names_of.table(random)
    place = project.place(name)
    for statement in (
        f'CREATE TABLE {place} ("id" integer NOT NULL, "day" date NOT NULL) '
        'PARTITION BY RANGE ("day")',
        partition_sql(project, name, 2024),
    ):
        project.also(statement, "history", "live")
    project.in_models.append(
        f"{name} = sa.Table({name!r}, metadata, sa.Column('id', sa.Integer, nullable=False), "
        f"sa.Column('day', sa.Date, nullable=False), postgresql_partition_by='RANGE (day)'"
        f"{project.in_schema})"
    )
    return name


def partition_sql(project: Project, name: str, year: int) -> str:
    return (
        f"CREATE TABLE {project.place(f'{name}_{year}')} PARTITION OF {project.place(name)} "
        f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
    )


Maker = Callable[[Project, Random, Side], str]
"""Makes an object on one side alone; gives its subject."""


def _view(project: Project, random: Random, side: Side) -> str:
    return _query(project, random, side, "VIEW")


def _materialized_view(project: Project, random: Random, side: Side) -> str:
    return _query(project, random, side, "MATERIALIZED VIEW")


def _query(project: Project, random: Random, side: Side, kind: str) -> str:
    name, table = new_name(random), project.some_table(random)
    query = f"SELECT {quoted(table.key.name)} FROM {project.place(table.name)}"
    project.also(f"CREATE {kind} {project.place(name)} AS {query}", side)
    return project.subject(name)


def _function(project: Project, random: Random, side: Side) -> str:
    name = new_name(random)
    project.also(function_sql(project, name, random.randrange(10)), side)
    return project.subject(f"{name}(integer)")


def function_sql(project: Project, name: str, number: int) -> str:
    head = f"CREATE FUNCTION {project.place(name)}(integer) RETURNS integer LANGUAGE sql"
    return f"{head} IMMUTABLE AS 'SELECT $1 + {number}'"


def _trigger(project: Project, random: Random, side: Side) -> str:
    table, name = project.some_table(random), new_name(random)
    make_trigger(project, random, table, name, side)
    return project.subject(table.name, name)


def make_trigger(project: Project, random: Random, table: Table, name: str, *sides: Side) -> None:
    """Its function is on both sides."""
    function = project.place(new_name(random))
    head = f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql"
    project.also(f"{head} AS 'BEGIN RETURN NEW; END'", "history", "live")
    when = f"BEFORE UPDATE ON {project.place(table.name)} FOR EACH ROW"
    project.also(f"CREATE TRIGGER {quoted(name)} {when} EXECUTE FUNCTION {function}()", *sides)


def _policy(project: Project, random: Random, side: Side) -> str:
    table, name = project.some_table(random), new_name(random)
    project.also(policy_sql(project, table, name, "IS NOT NULL"), side)
    return project.subject(table.name, name)


def policy_sql(project: Project, table: Table, name: str, how: str) -> str:
    on_table = f"{quoted(name)} ON {project.place(table.name)}"
    return f"CREATE POLICY {on_table} FOR SELECT USING ({quoted(table.key.name)} {how})"


def _rule(project: Project, random: Random, side: Side) -> str:
    table, name = project.some_table(random), new_name(random)
    place = project.place(table.name)
    project.also(f"CREATE RULE {quoted(name)} AS ON DELETE TO {place} DO ALSO NOTHING", side)
    return project.subject(table.name, name)


def _statistics(project: Project, random: Random, side: Side) -> str:
    table, name = project.some_table(random), new_name(random)
    kinds = ", ".join(quoted(c.name) for c in (table.key, table.columns[1]))
    head = f"CREATE STATISTICS {project.place(name)} ON {kinds}"
    project.also(f"{head} FROM {project.place(table.name)}", side)
    return project.subject(name)


def _sequence(project: Project, random: Random, side: Side) -> str:
    name = new_name(random)
    project.also(f"CREATE SEQUENCE {project.place(name)}", side)
    return project.subject(name)


def _enum(project: Project, random: Random, side: Side) -> str:
    name = new_name(random)
    project.also(f"CREATE TYPE {project.place(name)} AS ENUM ('new', 'old')", side)
    return project.subject(name)


def _domain(project: Project, random: Random, side: Side) -> str:
    name = new_name(random)
    project.also(f"CREATE DOMAIN {project.place(name)} AS integer", side)
    return project.subject(name)


def _composite(project: Project, random: Random, side: Side) -> str:
    name = new_name(random)
    project.also(f"CREATE TYPE {project.place(name)} AS (lat numeric, lon numeric)", side)
    return project.subject(name)


MAKERS: dict[str, Maker] = {
    "view": _view,
    "materialized-view": _materialized_view,
    "function": _function,
    "trigger": _trigger,
    "policy": _policy,
    "rule": _rule,
    "statistics": _statistics,
    "sequence": _sequence,
    "enum": _enum,
    "domain": _domain,
    "composite-type": _composite,
}


def _alone(make: Maker, side: Side, code: str, project: Project, random: Random) -> Expected:
    return caused((code, make(project, random, side)))


for _kind, _make in MAKERS.items():
    DEFECTS.append(Defect(f"hotfix-{_kind}", COMPANY, partial(_alone, _make, "live", "DRF002")))
    DEFECTS.append(
        Defect(f"live-lacks-{_kind}", COMPANY, partial(_alone, _make, "history", "DRF001"))
    )
