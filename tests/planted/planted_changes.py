"""Objects that the live database and the history both have, and not the same."""

from __future__ import annotations

from random import Random

from tests.planted import planted_names as names_of
from tests.planted.planted_defect import Expected, Found, caused, defect
from tests.planted.planted_objects import (
    COMPANY,
    function_sql,
    make_trigger,
    new_name,
    partition_sql,
    partitioned,
    policy_sql,
)
from tests.planted.planted_schema import Column, ForeignKey, Index, foreign_key_sql, quoted
from tests.planted.project_maker import Project


def _other(project: Project, subject: str, history: str, live: str) -> Expected:
    project.also(history, "history")
    project.also(live, "live")
    return caused(("DRF005", subject))


@defect(COMPANY)
def other_view_on_live(project: Project, random: Random) -> Expected:
    name, table = new_name(random), project.some_table(random)
    key = quoted(table.key.name)
    made = f"CREATE VIEW {project.place(name)} AS SELECT {key} FROM {project.place(table.name)}"
    return _other(project, project.subject(name), made, f"{made} WHERE {key} IS NOT NULL")


@defect(COMPANY)
def other_materialized_view_on_live(project: Project, random: Random) -> Expected:
    name, table = new_name(random), project.some_table(random)
    head = f"CREATE MATERIALIZED VIEW {project.place(name)} AS SELECT"
    tail = f"AS total FROM {project.place(table.name)}"
    made, other = f"{head} count(*) {tail}", f"{head} count(*) + 1 {tail}"
    return _other(project, project.subject(name), made, other)


@defect(COMPANY)
def other_function_body_on_live(project: Project, random: Random) -> Expected:
    name = new_name(random)
    made, other = (function_sql(project, name, number) for number in (1, 2))
    return _other(project, project.subject(f"{name}(integer)"), made, other)


@defect(COMPANY)
def function_that_runs_as_its_owner_on_live(project: Project, random: Random) -> Expected:
    name = new_name(random)
    made = function_sql(project, name, 3)
    other = made.replace("IMMUTABLE", "IMMUTABLE SECURITY DEFINER")
    subject = project.subject(f"{name}(integer)")
    drift = _other(project, subject, made, other)
    return caused(*drift.findings, ("SEC005", subject))


@defect(COMPANY)
def trigger_disabled_on_live(project: Project, random: Random) -> Expected:
    table, name = project.some_table(random), new_name(random)
    make_trigger(project, random, table, name, "history", "live")
    project.also(f"ALTER TABLE {project.place(table.name)} DISABLE TRIGGER {quoted(name)}", "live")
    return caused(("DRF005", project.subject(table.name, name)))


@defect(COMPANY)
def other_policy_on_live(project: Project, random: Random) -> Expected:
    table, name = project.some_table(random), new_name(random)
    made, other = (
        policy_sql(project, table, name, how) for how in ("IS NOT NULL", "IS NOT NULL OR true")
    )
    return _other(project, project.subject(table.name, name), made, other)


@defect(COMPANY)
def row_security_off_on_live(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    project.also(f"ALTER TABLE {project.place(table.name)} ENABLE ROW LEVEL SECURITY", "history")
    return caused(("DRF005", project.subject(table.name)))


@defect(COMPANY)
def row_security_on_live_only(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    project.also(f"ALTER TABLE {project.place(table.name)} ENABLE ROW LEVEL SECURITY", "live")
    return caused(("DRF005", project.subject(table.name)))


@defect(COMPANY)
def right_that_live_lacks(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    right = random.choice(("SELECT", "INSERT", "UPDATE"))
    project.also(f"GRANT {right} ON {project.place(table.name)} TO pg_monitor", "history")
    return caused(("DRF005", project.subject(table.name)))


@defect(COMPANY)
def table_of_another_role_on_live(project: Project, random: Random) -> Expected:
    """The history names no owners, and one role has all the rest."""
    for _ in range(12):
        project.also(f"CREATE SEQUENCE {project.place(new_name(random))}", "history", "live")
    table = project.new_table(random)
    project.also(f"ALTER TABLE {project.place(table.name)} OWNER TO pg_monitor", "live")
    return caused(("DRF005", project.subject(table.name)))


@defect(COMPANY)
def right_for_everybody_on_live(project: Project, random: Random) -> Expected:
    """The history sets rights, so that what it does not give is not meant."""
    table = project.new_table(random)
    place = project.place(table.name)
    project.also(f"GRANT SELECT ON {place} TO pg_monitor", "history", "live")
    project.also(f"GRANT DELETE ON {place} TO PUBLIC", "live")
    subject = project.subject(table.name)
    return caused(("DRF005", subject), *_open_to_everybody(project, subject))


@defect(COMPANY)
def right_on_a_system_function_on_live(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    role = "pg_signal_backend"
    project.also(f"GRANT SELECT ON {project.place(table.name)} TO {role}", "history", "live")
    project.also(f"GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO {role}", "live")
    return caused(("DRF002", "function pg_catalog.pg_read_file(pg_catalog.text)"))


def _everywhere_type(project: Project, random: Random, written: str) -> str:
    """The name of a type that the models make too."""
    name = new_name(random)
    arguments = f"name={name!r}, metadata=metadata{project.in_schema}"
    project.in_models.append(written.format(arguments=arguments))
    return name


@defect(COMPANY)
def enum_label_that_live_lacks(project: Project, random: Random) -> Expected:
    name = _everywhere_type(project, random, "postgresql.ENUM('new', 'old', {arguments})")
    head = f"CREATE TYPE {project.place(name)} AS ENUM"
    return _other(project, project.subject(name), f"{head} ('new', 'old')", f"{head} ('new')")


@defect(COMPANY)
def enum_label_on_live_only(project: Project, random: Random) -> Expected:
    name = _everywhere_type(project, random, "postgresql.ENUM('new', 'old', {arguments})")
    made = f"CREATE TYPE {project.place(name)} AS ENUM ('new', 'old')"
    project.also(made, "history", "live")
    project.also(f"ALTER TYPE {project.place(name)} ADD VALUE 'odd' BEFORE 'old'", "live")
    return caused(("DRF005", project.subject(name)))


def _checked_domain(project: Project, random: Random) -> tuple[str, str]:
    """Names of a domain that is everywhere, without its check but in the models; and of that."""
    label = names_of.word(random)
    name = new_name(random)
    project.in_models.append(
        f"postgresql.DOMAIN({name!r}, sa.Integer, check='VALUE > 0', "
        f"constraint_name={label!r}, metadata=metadata{project.in_schema})"
    )
    project.also(f"CREATE DOMAIN {project.place(name)} AS integer", "history", "live")
    return name, label


@defect(COMPANY)
def domain_check_that_live_lacks(project: Project, random: Random) -> Expected:
    name, label = _checked_domain(project, random)
    check = f"ALTER DOMAIN {project.place(name)} ADD CONSTRAINT {label} CHECK (VALUE > 0)"
    project.also(check, "history")
    return caused(("DRF001", project.subject(name, label)))


@defect(COMPANY)
def other_domain_check_on_live(project: Project, random: Random) -> Expected:
    name, label = _checked_domain(project, random)
    head = f"ALTER DOMAIN {project.place(name)} ADD CONSTRAINT {label} CHECK"
    where = project.subject(name, label)
    return _other(project, where, f"{head} (VALUE > 0)", f"{head} (VALUE > -5)")


@defect(COMPANY)
def other_sequence_step_on_live(project: Project, random: Random) -> Expected:
    name = new_name(random)
    made = f"CREATE SEQUENCE {project.place(name)}"
    return _other(project, project.subject(name), made, f"{made} INCREMENT BY 10")


@defect(COMPANY)
def comment_that_live_lacks(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    said = f"COMMENT ON TABLE {project.place(table.name)} IS '{names_of.word(random)}'"
    project.also(said, "history")
    return caused(("DRF005", project.subject(table.name)))


@defect(COMPANY)
def column_comment_on_live_only(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "text")
    where = project.place(table.name, column.name)
    project.also(f"COMMENT ON COLUMN {where} IS '{names_of.word(random)}'", "live")
    return caused(("DRF005", project.subject(table.name, column.name)))


@defect(COMPANY)
def storage_parameter_on_live_only(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    share = random.randrange(50, 95)
    project.also(f"ALTER TABLE {project.place(table.name)} SET (fillfactor = {share})", "live")
    return caused(("DRF005", project.subject(table.name)))


@defect(COMPANY)
def view_that_passes_over_row_security_on_live(project: Project, random: Random) -> Expected:
    name, table = new_name(random), project.some_table(random)
    query = f"AS SELECT {quoted(table.key.name)} FROM {project.place(table.name)}"
    head = f"CREATE VIEW {project.place(name)}"
    made = f"{head} WITH (security_invoker = true) {query}"
    return _other(project, project.subject(name), made, f"{head} {query}")


@defect(COMPANY)
def function_without_its_search_path_on_live(project: Project, random: Random) -> Expected:
    name = new_name(random)
    other = function_sql(project, name, 4)
    made = other.replace("IMMUTABLE", "IMMUTABLE SET search_path = pg_catalog")
    return _other(project, project.subject(f"{name}(integer)"), made, other)


@defect(COMPANY)
def right_on_a_column_that_live_lacks(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    column = table.columns[-1].name
    granted = f"GRANT UPDATE ({quoted(column)}) ON {project.place(table.name)} TO pg_monitor"
    project.also(granted, "history")
    return caused(("DRF005", project.subject(table.name, column)))


@defect(COMPANY)
def replica_identity_on_live_only(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    project.also(f"ALTER TABLE {project.place(table.name)} REPLICA IDENTITY FULL", "live")
    return caused(("DRF005", project.subject(table.name)))


@defect(COMPANY)
def unlogged_on_live_only(project: Project, random: Random) -> Expected:
    """Its rows are gone after a crash, and on no replica."""
    table = project.new_table(random)
    table.key.primary = "uuid"
    project.also(f"ALTER TABLE {project.place(table.name)} SET UNLOGGED", "live")
    return caused(("DRF005", project.subject(table.name)))


@defect(COMPANY)
def identity_step_on_live_only(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    table.key.primary = "identity"
    key = quoted(table.key.name)
    altered = f"ALTER COLUMN {key} SET INCREMENT BY {random.randrange(2, 9)}"
    project.also(f"ALTER TABLE {project.place(table.name)} {altered}", "live")
    return caused(("DRF005", project.subject(table.name, table.key.name)))


@defect(COMPANY)
def index_that_covers_fewer_rows_on_live(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "date")
    index = Index(new_name(random), (column.name,), on=frozenset(("models",)))
    table.indexes.append(index)
    head = f"CREATE INDEX {quoted(index.name)} ON {project.place(table.name)}"
    made = f"{head} ({quoted(column.name)})"
    other = f"{made} WHERE {quoted(column.name)} IS NOT NULL"
    return _other(project, project.subject(table.name, index.name), made, other)


@defect(COMPANY)
def foreign_key_that_deletes_on_live(project: Project, random: Random) -> Expected:
    target, table = project.some_table(random), project.new_table(random)
    type_ = {"serial": "integer", "uuid": "uuid"}.get(target.key.primary, "bigint")
    column = Column(project.name(f"{names_of.word(random)}_key"), type_, made_in=table.made_in)
    table.columns.append(column)
    key = ForeignKey(column.name, target.name, on=frozenset(("models",)))
    table.foreign_keys.append(key)
    name = project.names.foreign_key(table, key)
    made = (
        f"ALTER TABLE {project.place(table.name)} ADD CONSTRAINT {quoted(name)} "
        + foreign_key_sql(project.schema, key, target.key.name)
    )
    return _other(project, project.subject(table.name, name), made, f"{made} ON DELETE CASCADE")


@defect(COMPANY)
def index_of_one_partition_on_live_only(project: Project, random: Random) -> Expected:
    name = partitioned(project, random)
    index = new_name(random)
    place = project.place(f"{name}_2024")
    project.also(f'CREATE UNIQUE INDEX {quoted(index)} ON {place} ("id")', "live")
    return caused(("DRF002", project.subject(f"{name}_2024", index)))


@defect(COMPANY)
def right_on_one_partition_on_live_only(project: Project, random: Random) -> Expected:
    """Whoever may read the partition needs no right on its table. The history sets rights."""
    name = partitioned(project, random)
    project.also(f"GRANT SELECT ON {project.place(name)} TO pg_monitor", "history", "live")
    project.also(f"GRANT SELECT ON {project.place(f'{name}_2024')} TO PUBLIC", "live")
    subject = project.subject(f"{name}_2024")
    return caused(("DRF005", subject), *_open_to_everybody(project, subject))


def _open_to_everybody(project: Project, subject: str) -> tuple[Found, ...]:
    """Nobody was let into a schema of one's own."""
    return (("SEC004", subject),) if project.schema == "public" else ()


@defect(COMPANY)
def partition_made_at_run_time(project: Project, random: Random) -> Expected:
    """No defect: the application makes them as time goes on."""
    name = partitioned(project, random)
    for year in range(2025, random.randrange(2027, 2030)):
        project.also(partition_sql(project, name, year), "live")
    return caused()
