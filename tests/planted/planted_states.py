"""Defects of a live database that is just as the history made it: what is there does not work."""

from __future__ import annotations

from random import Random

from tests.planted.defects import new_check, new_reference
from tests.planted.planted_defect import Expected, caused, defect, on
from tests.planted.planted_objects import new_name, partitioned
from tests.planted.planted_schema import quoted
from tests.planted.project_maker import Project

_INT4 = 2**31 - 1


@defect("schema")
def sequence_behind_its_data(project: Project, random: Random) -> Expected:
    table = project.new_table(random, rows=random.randrange(3, 6))
    table.key.primary = random.choice(("serial", "identity"))
    table.last_number = random.randrange(1, table.rows)
    return caused(("DRF009", project.subject(table.name, table.key.name)))


@defect("schema")
def numbers_running_out(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    table.key.primary = "serial"
    table.last_number = int(_INT4 * random.uniform(0.82, 0.99))
    return caused(("DRF010", project.subject(f"{table.name}_{table.key.name}_seq")))


@defect("schema")
def constraint_never_validated_anywhere(project: Project, random: Random) -> Expected:
    table, check = new_check(project, random)
    check.not_valid = on("history", "live")
    return caused(("DRF011", project.subject(table.name, project.names.check(table, check))))


@defect("schema")
def index_that_a_partition_lacks(project: Project, random: Random) -> Expected:
    name = partitioned(project, random)
    index = new_name(random)
    place = project.place(name)
    project.also(
        f'CREATE UNIQUE INDEX {quoted(index)} ON ONLY {place} ("id", "day")', "history", "live"
    )
    project.in_models.append(f"sa.Index({index!r}, {name}.c.id, {name}.c.day, unique=True)")
    return caused(("DRF012", project.subject(name, index)))


@defect("schema")
def unique_index_that_failed(project: Project, random: Random) -> Expected:
    """Made by hand over rows that are equal, so that nothing of the history knows of it."""
    table, column = project.new_column(random, "boolean")
    index = new_name(random)
    place = project.place(table.name)
    project.failing.append(
        f"CREATE UNIQUE INDEX CONCURRENTLY {quoted(index)} ON {place} ({quoted(column.name)})"
    )
    return caused(("DRF012", project.subject(table.name, index)))


@defect("schema")
def leftover_of_reindexing(project: Project, random: Random) -> Expected:
    """The second of two: REINDEX of an invalid index fails as its making did."""
    table, column = project.new_column(random, "boolean")
    index = new_name(random)
    place = project.place(table.name)
    project.failing += [
        f"CREATE UNIQUE INDEX CONCURRENTLY {quoted(index)} ON {place} ({quoted(column.name)})",
        f"REINDEX INDEX CONCURRENTLY {project.place(index)}",
    ]
    both = [project.subject(table.name, name) for name in (index, f"{index}_ccnew")]
    return caused(*(("DRF012", where) for where in both))


@defect("schema")
def unique_index_of_the_history_that_failed(project: Project, random: Random) -> Expected:
    """What it differs in is said once: the history's is valid."""
    table, column = project.new_column(random, "boolean")
    index = new_name(random)
    place, shown = project.place(table.name), quoted(column.name)
    project.also(f"CREATE UNIQUE INDEX {quoted(index)} ON {place} ({shown})", "history")
    project.failing.append(f"CREATE UNIQUE INDEX CONCURRENTLY {quoted(index)} ON {place} ({shown})")
    where = project.subject(table.name, index)
    # The models lack it, which is a thing of its own.
    return caused(("DRF005", where), ("DRF004", where))


@defect("schema")
def collation_of_another_version(project: Project, random: Random) -> Expected:
    name = new_name(random)
    made = f"CREATE COLLATION {project.place(name)} (provider = builtin, locale = 'C.UTF-8')"
    project.also(made, "history", "live")
    project.also(f"UPDATE pg_collation SET collversion = '0.9' WHERE collname = '{name}'", "live")
    return caused(("DRF013", project.subject(name)))


@defect("schema")
def foreign_key_asleep(project: Project, random: Random) -> Expected:
    table, key = new_reference(project, random)
    project.also(f"ALTER TABLE {project.place(table.name)} DISABLE TRIGGER ALL", "history", "live")
    return caused(("DRF014", project.subject(table.name, project.names.foreign_key(table, key))))


@defect("schema")
def foreign_key_asleep_on_live(project: Project, random: Random) -> Expected:
    table, key = new_reference(project, random)
    project.also(f"ALTER TABLE {project.place(table.name)} DISABLE TRIGGER ALL", "live")
    return caused(("DRF005", project.subject(table.name, project.names.foreign_key(table, key))))


@defect("schema")
def materialized_view_without_data(project: Project, random: Random) -> Expected:
    name, table = new_name(random), project.some_table(random)
    query = f"SELECT {quoted(table.key.name)} FROM {project.place(table.name)}"
    made = f"CREATE MATERIALIZED VIEW {project.place(name)} AS {query}"
    project.also(f"{made} WITH NO DATA", "history", "live")
    return caused(("DRF015", project.subject(name)))
