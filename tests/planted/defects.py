"""Defects of money, of models, history and live database, of passwords, histories and stamps."""

from __future__ import annotations

from random import Random

from tests.planted import planted_names as names_of
from tests.planted.planted_defect import Expected, Found, caused, defect, on
from tests.planted.planted_history import Revision
from tests.planted.planted_schema import (
    LATER,
    Check,
    Column,
    ForeignKey,
    Index,
    Table,
    Unique,
)
from tests.planted.project_maker import Project, SideHistory

# --- money -------------------------------------------------------------------------------------


def _money(project: Project, random: Random, type_: str) -> tuple[Table, Column]:
    return project.new_column(random, type_, f"{names_of.word(random)}_{random.choice(_SAY_MONEY)}")


_SAY_MONEY = ("amount", "price", "fee", "balance", "total_cost", "salary")


@defect("schema")
def money_in_floating_point_in_the_model(project: Project, random: Random) -> Expected:
    table, column = _money(project, random, "numeric(12,2)")
    column.types["models"] = random.choice(("double precision", "real"))
    where = project.subject(table.name, column.name)
    return caused(("MON001", where), ("DRF005", where))


@defect("schema")
def money_in_floating_point_everywhere(project: Project, random: Random) -> Expected:
    table, column = _money(project, random, random.choice(("double precision", "real")))
    return caused(("MON001", project.subject(table.name, column.name)))


@defect("schema")
def money_in_floating_point_on_live(project: Project, random: Random) -> Expected:
    table, column = _money(project, random, "numeric(12,2)")
    column.types["live"] = "double precision"
    where = project.subject(table.name, column.name)
    return caused(("MON001", where), ("DRF005", where))


@defect("schema")
def money_without_precision(project: Project, random: Random) -> Expected:
    table, column = _money(project, random, "numeric")
    return caused(("MON003", project.subject(table.name, column.name)))


@defect("schema")
def money_type(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "money")
    return caused(("MON002", project.subject(table.name, column.name)))


@defect("schema")
def money_off_policy(project: Project, random: Random) -> Expected:
    table, column = _money(project, random, "numeric(14,4)")
    return caused(("MON004", project.subject(table.name, column.name)))


# --- the models against the history --------------------------------------------------------------


def new_reference(project: Project, random: Random) -> tuple[Table, ForeignKey]:
    """A new table with a foreign key to one of the first."""
    target = project.some_table(random)
    table = project.new_table(random, made_in=project.base_revisions - 1)
    type_ = {"serial": "integer", "uuid": "uuid"}.get(target.key.primary, "bigint")
    column = Column(project.name(f"{names_of.word(random)}_key"), type_)
    table.columns.append(column)
    key = ForeignKey(column.name, target.name, random.choice(("", "CASCADE")))
    table.foreign_keys.append(key)
    return table, key


@defect("schema")
def foreign_key_only_in_the_models(project: Project, random: Random) -> Expected:
    table, key = new_reference(project, random)
    key.on = on("models")
    return caused(("DRF003", project.subject(table.name, project.names.foreign_key(table, key))))


@defect("schema")
def table_only_in_the_models(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    table.on = on("models")
    return caused(("DRF003", project.subject(table.name)))


@defect("schema")
def column_only_in_the_models(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "text")
    column.on = on("models")
    return caused(("DRF003", project.subject(table.name, column.name)))


@defect("schema")
def index_only_in_the_models(project: Project, random: Random) -> Expected:
    table, index = new_index(project, random)
    index.on = on("models")
    return caused(("DRF003", project.subject(table.name, index.name)))


@defect("schema")
def unique_only_in_the_models(project: Project, random: Random) -> Expected:
    table, unique = _unique(project, random)
    unique.on = on("models")
    return caused(("DRF003", project.subject(table.name, project.names.unique(table, unique))))


@defect("schema")
def table_the_models_lack(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    table.on = on("history", "live")
    return caused(("DRF004", project.subject(table.name)))


@defect("schema")
def column_the_models_lack(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "text")
    column.on = on("history", "live")
    return caused(("DRF004", project.subject(table.name, column.name)))


@defect("schema")
def check_the_models_lack(project: Project, random: Random) -> Expected:
    table, check = new_check(project, random)
    check.on = on("history", "live")
    return caused(("DRF004", project.subject(table.name, project.names.check(table, check))))


@defect("schema")
def nullable_only_in_the_models(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "text")
    column.nullable, column.nulls = False, {"models": True}
    column.made_in = table.made_in
    return caused(("DRF005", project.subject(table.name, column.name)))


@defect("schema")
def other_type_in_the_models(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "varchar(60)")
    column.types["models"] = random.choice(("varchar(200)", "text", "varchar(20)"))
    return caused(("DRF005", project.subject(table.name, column.name)))


# --- the live database against the history -------------------------------------------------------


def new_index(project: Project, random: Random) -> tuple[Table, Index]:
    table, column = project.new_column(random, "timestamptz")
    index = Index(f"ix_{table.name}_{column.name}", (column.name,), made_in=column.made_in)
    table.indexes.append(index)
    return table, index


def _unique(project: Project, random: Random) -> tuple[Table, Unique]:
    table, column = project.new_column(random, "varchar(30)")
    unique = Unique((column.name,), made_in=column.made_in)
    table.uniques.append(unique)
    return table, unique


def new_check(project: Project, random: Random) -> tuple[Table, Check]:
    table, column = project.new_column(random, "bigint")
    label = f"{names_of.word(random)}_positive"
    check = Check(label, f'"{column.name}" >= 0', made_in=column.made_in)
    table.checks.append(check)
    return table, check


@defect("schema")
def hotfix_table(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    table.on = on("live")
    return caused(("DRF002", project.subject(table.name)))


@defect("schema", "unknown", "unstamped")
def hotfix_column(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "text")
    column.on = on("live")
    return caused(("DRF002", project.subject(table.name, column.name)))


@defect("schema")
def hotfix_column_that_the_models_have(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "date")
    column.on = on("live", "models")
    return caused(("DRF002", project.subject(table.name, column.name)))


@defect("schema")
def hotfix_index(project: Project, random: Random) -> Expected:
    table, index = new_index(project, random)
    index.on = on("live")
    return caused(("DRF002", project.subject(table.name, index.name)))


@defect("schema")
def hotfix_constraint(project: Project, random: Random) -> Expected:
    table, check = new_check(project, random)
    check.on = on("live")
    return caused(("DRF002", project.subject(table.name, project.names.check(table, check))))


@defect("schema")
def live_lacks_table(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    table.on = on("models", "history")
    return caused(("DRF001", project.subject(table.name)))


@defect("schema")
def live_lacks_column(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "boolean")
    column.on = on("models", "history")
    return caused(("DRF001", project.subject(table.name, column.name)))


@defect("schema")
def live_lacks_index(project: Project, random: Random) -> Expected:
    table, index = new_index(project, random)
    index.on = on("models", "history")
    return caused(("DRF001", project.subject(table.name, index.name)))


@defect("schema")
def live_lacks_unique(project: Project, random: Random) -> Expected:
    table, unique = _unique(project, random)
    unique.on = on("models", "history")
    return caused(("DRF001", project.subject(table.name, project.names.unique(table, unique))))


@defect("schema")
def live_lacks_foreign_key(project: Project, random: Random) -> Expected:
    table, key = new_reference(project, random)
    key.on = on("models", "history")
    return caused(("DRF001", project.subject(table.name, project.names.foreign_key(table, key))))


@defect("schema")
def nullable_only_on_live(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "text")
    column.nullable, column.nulls = False, {"live": True}
    column.made_in = table.made_in
    return caused(("DRF005", project.subject(table.name, column.name)))


@defect("schema")
def other_type_on_live(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "varchar(60)")
    column.types["live"] = random.choice(("varchar(30)", "text"))
    return caused(("DRF005", project.subject(table.name, column.name)))


@defect("schema")
def other_default_on_live(project: Project, random: Random) -> Expected:
    table, column = project.new_column(random, "boolean")
    column.default, column.defaults = "false", {"live": "true"}
    return caused(("DRF005", project.subject(table.name, column.name)))


@defect("schema")
def constraint_never_validated(project: Project, random: Random) -> Expected:
    table, check = new_check(project, random)
    check.not_valid = on("live")
    return caused(("DRF005", project.subject(table.name, project.names.check(table, check))))


@defect("schema")
def index_of_other_columns_on_live(project: Project, random: Random) -> Expected:
    table, index = new_index(project, random)
    index.columns_on["live"] = (table.key.name, *index.columns)
    return caused(("DRF005", project.subject(table.name, index.name)))


@defect("schema")
def index_of_another_name_on_live(project: Project, random: Random) -> Expected:
    table, index = new_index(project, random)
    index.names["live"] = f"hand_{names_of.word(random)}"
    return caused(("DRF005", project.subject(table.name, index.names["live"])))


@defect("schema")
def critical_table_missing(project: Project, random: Random) -> Expected:
    table = project.new_table(random)
    table.on = on("models", "history")
    project.critical.append(table.name)
    return caused(("DRF001", project.subject(table.name)), ("DRF007", table.name))


@defect("schema")
def critical_table_empty(project: Project, random: Random) -> Expected:
    table = project.new_table(random, rows=0)
    name = f"{project.schema}.{table.name}"
    project.critical.append(name)
    return caused(("DRF008", name))


# --- env.py and passwords ------------------------------------------------------------------------


@defect("schema")
def env_ignores_database_url(project: Project, random: Random) -> Expected:
    driver = project.scheme
    project.url = (
        f"{driver}://{names_of.word(random)}@{names_of.host(random)}/{names_of.word(random)}"
    )
    project.env_ignores_variable = True
    return caused(("HIS012", project.env))


@defect("unstamped")
def env_takes_another_dialect(project: Project, random: Random) -> Expected:
    project.url = random.choice(
        (
            f"sqlite:///{names_of.word(random)}.db",
            f"mysql+pymysql://{names_of.word(random)}@{names_of.host(random)}/app",
        )
    )
    project.env_ignores_variable = True
    return caused(("HIS012", project.env))


@defect("behind")
def password_in_ini(project: Project, random: Random) -> Expected:
    user, place = names_of.word(random), f"{names_of.host(random)}:5432/{names_of.word(random)}"
    project.url = f"{project.scheme}://{user}:{names_of.password(random)}@{place}"
    return caused(("SEC001", f"{project.ini}: sqlalchemy.url"))


def _password_file(project: Project, path: str, text: str, key: str) -> Expected:
    project.files[path] = text
    return caused(("SEC001", f"{path}: {key}"))


@defect("schema")
def password_in_env_file(project: Project, random: Random) -> Expected:
    folder = random.choice(("", f"{names_of.word(random)}/"))
    text = f"LOG=debug\n{project.variable}={_url(random)}\n"
    return _password_file(project, f"{folder}.env", text, project.variable)


@defect("schema")
def password_in_yaml(project: Project, random: Random) -> Expected:
    key = f"{names_of.word(random)}_password"
    text = (
        f"database:\n  host: {names_of.host(random)}\n  port: 5432\n"
        f"  {key}: {names_of.password(random)}\n"
    )
    path = f"{names_of.word(random)}/{names_of.word(random)}.yaml"
    return _password_file(project, path, text, key)


@defect("schema")
def password_in_json(project: Project, random: Random) -> Expected:
    text = f'{{\n  "timeout": 3,\n  "connection": "{_url(random)}"\n}}\n'
    path = f"{names_of.word(random)}.json"
    return _password_file(project, path, text, "connection")


@defect("schema")
def password_in_sql(project: Project, random: Random) -> Expected:
    role = names_of.word(random)
    text = f"CREATE ROLE {role} LOGIN PASSWORD '{names_of.password(random)}';\n"
    path = f"{names_of.word(random)}/{names_of.word(random)}.sql"
    return _password_file(project, path, text, f"PASSWORD of {role}")


@defect("schema")
def password_in_python(project: Project, random: Random) -> Expected:
    text = f'import psycopg2\n\nDSN = "{_url(random)}"\n'
    path = f"scripts/{names_of.word(random)}.py"
    return _password_file(project, path, text, "DSN")


def _url(random: Random) -> str:
    user, place = names_of.word(random), f"{names_of.host(random)}/{names_of.word(random)}"
    return f"postgresql://{user}:{names_of.password(random)}@{place}"


# --- the histories -------------------------------------------------------------------------------


def new_side(
    project: Project, random: Random, count: int = 2, *, own_table: bool = True
) -> SideHistory:
    """Another history, complete in itself; with a version table of its own it is no rival."""
    word = names_of.word(random)
    folder = random.choice((word, f"{word}/alembic", f"{project.package}/{word}"))
    revisions: list[Revision] = []
    last: tuple[str, ...] = ()
    for number in range(1, count + 1):
        id_ = names_of.revision_id(random, project.style["ids"], number)
        table = names_of.table(random)
        body = [f"op.create_table({table!r}, sa.Column('id', sa.Integer, primary_key=True))"]
        revisions.append(Revision(id_, last, f"{names_of.word(random)}_{number}", body))
        last = (id_,)
    side = SideHistory(folder, revisions, f"{word}_version" if own_table else "")
    project.sides.append(side)
    return side


@defect("histories")
def second_history_with_the_same_first_id(project: Project, random: Random) -> Expected:
    side = new_side(project, random, own_table=False)
    first = project.revisions[0].id
    side.revisions[0].id = first
    side.revisions[1].parents = (first,)
    if project.stamped == "public.alembic_version" and random.random() < 0.5:
        side.has_env = False
    name = side.folder if side.has_env else f"{side.folder}/versions"
    both = " + ".join(sorted((project.script, name)))
    return caused(("HIS001", both), ("HIS002", first))


@defect("histories")
def second_history_incomplete(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 3)
    column = f"sa.Column({names_of.plain(random)!r}, sa.Text())"
    side.revisions[1].body = [f"op.add_column({names_of.table(random)!r}, {column})"]
    return caused(("HIS010", f"{side.folder}: {side.revisions[1].id}"))


@defect("histories")
def downgrade_that_fails(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 3)
    broken = random.choice(side.revisions[1:])
    broken.down = random.choice(("raise NotImplementedError", "op.drop_table('nothing_here')"))
    return caused(("HIS026", f"{side.folder}: {broken.id}"))


@defect("histories")
def script_for_a_table_that_is_not_there(project: Project, random: Random) -> Expected:
    table, path = names_of.plain(random), f"scripts/{names_of.word(random)}.sql"
    project.files[path] = f"ALTER TABLE {table} ADD COLUMN {names_of.plain(random)} text;\n"
    return caused(("HIS025", f'{path}: relation "{table}"'))


@defect("histories")
def revision_that_asks_before_it_acts(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 3)
    asking = random.choice(side.revisions[1:])
    table, column = names_of.table(random), names_of.plain(random)
    key = "sa.Column('id', sa.Integer, primary_key=True)"
    made = f"op.create_table({table!r}, {key}, sa.Column({column!r}, sa.Text, nullable=False))"
    asking.body = random.choice(
        (
            [f"if not sa.inspect(op.get_bind()).has_table({table!r}):", f"    {made}"],
            [f"import os\n    if os.environ.get({column.upper()!r}) == 'x':", f"    {made}"],
            [f"op.execute('CREATE TABLE IF NOT EXISTS {table} (id int PRIMARY KEY, b text)')"],
        )
    )
    return caused(("HIS028", f"{side.folder}: {asking.id}"))


@defect("crossover")
def stamp_that_two_histories_have(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 3, own_table=False)
    (stamp,) = project.heads
    side.revisions[1].id = stamp
    side.revisions[2].parents = (stamp,)
    both = " + ".join(sorted((project.script, side.folder)))
    return caused(("HIS001", both), ("HIS002", stamp), ("HIS027", f"{project.stamped}: {stamp}"))


@defect("histories")
def revision_id_too_long(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 3)
    side.revisions[1].id = names_of.long_revision_id(random, 2)
    side.revisions[2].parents = (side.revisions[1].id,)
    return caused(("HIS003", f"{side.folder}: {side.revisions[1].id}"))


@defect("histories")
def several_heads(project: Project, random: Random) -> Expected:
    parent = random.choice(project.revisions[: project.base_revisions - 1])
    project.new_revision(random, [parent.id], ["op.execute('SELECT 1')"])
    return caused(("HIS004", project.script))


@defect("histories")
def several_bases(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 4)
    side.revisions[2].parents = ()
    side.revisions[3].parents = (side.revisions[1].id, side.revisions[2].id)
    return caused(("HIS005", side.folder))


@defect("histories broken")
def missing_parent(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 3)
    side.revisions[2].parents = (names_of.revision_id(random, project.style["ids"], 77),)
    finding = ("HIS006", f"{side.folder}: {side.revisions[2].id}")
    return caused(finding, unknown=f"history {side.folder}")


@defect("histories broken")
def cycle(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 4)
    second, last = side.revisions[1], side.revisions[3]
    second.parents = (last.id,)
    round_ = sorted(r.id for r in side.revisions[1:])
    finding = ("HIS007", f"{side.folder}: {round_[0]}")
    return caused(finding, unknown=f"history {side.folder}")


@defect("histories")
def revision_id_twice_in_one_history(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 3)
    side.revisions[2].id = side.revisions[1].id
    side.revisions[2].parents = side.revisions[1].parents
    return caused(("HIS002", side.revisions[1].id))


@defect("histories broken")
def syntax_error(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 3)
    number = random.randrange(3)
    broken = side.revisions[number]
    broken.body += random.choice((["<<<<<<< HEAD", "pass", "=======", ">>>>>>> other"], ["pass ("]))
    path = f"{side.folder}/versions/{project.revision_file(broken, number + 1)}"
    return caused(("HIS008", path), unknown=f"history {side.folder}")


@defect("histories broken")
def revision_with_its_own_connection(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 3)
    driver = random.choice(("psycopg2", "psycopg"))
    side.revisions[1].body = [
        f"import {driver}",
        f"with {driver}.connect(host={names_of.host(random)!r}, dbname='app') as other:",
        "    other.cursor().execute('SELECT 1')",
    ]
    return caused(("HIS011", f"{side.folder}: {side.revisions[1].id}"))


@defect("histories broken")
def revision_that_runs_psql(project: Project, random: Random) -> Expected:
    side = new_side(project, random, 2)
    side.revisions[1].body = [
        "import subprocess",
        f"subprocess.run(['psql', '-h', {names_of.host(random)!r}, '-c', 'SELECT 1'], check=True)",
    ]
    return caused(("HIS011", f"{side.folder}: {side.revisions[1].id}"))


@defect("main broken")
def missing_parent_in_the_main_history(project: Project, random: Random) -> Expected:
    gone = names_of.revision_id(random, project.style["ids"], 88)
    extra = project.new_revision(random, [gone], [])
    return caused(("HIS006", f"{project.script}: {extra.id}"), unknown=f"history {project.script}")


@defect("main broken")
def cycle_in_the_main_history(project: Project, random: Random) -> Expected:
    first = project.new_revision(random, [], [])
    second = project.new_revision(random, [first.id], [])
    first.parents = (second.id,)
    named = f"{project.script}: {min(first.id, second.id)}"
    return caused(("HIS007", named), unknown=f"history {project.script}")


@defect("main broken")
def syntax_error_in_the_main_history(project: Project, random: Random) -> Expected:
    number = len(project.revisions)
    broken = project.new_revision(random, [], [])
    broken.text = "revision = 'x'\ndown_revision = None\n\ndef upgrade(:\n    pass\n"
    path = f"{project.version_folders()[0]}/{project.revision_file(broken, number + 1)}"
    return caused(("HIS008", path), unknown=f"history {project.script}")


# --- the stamp -----------------------------------------------------------------------------------


@defect("schema")
def overlapping_stamp(project: Project, random: Random) -> Expected:
    covered = random.choice(project.revisions[: project.base_revisions - 1]).id
    project.stamp = [*project.heads, covered]
    return caused(("HIS015", f"{project.stamped}: {covered}"))


@defect("unknown")
def stamp_unknown(project: Project, random: Random) -> Expected:
    gone = names_of.revision_id(random, project.style["ids"], 66)
    project.stamp = [gone]
    finding = ("HIS013", f"{project.stamped}: {gone}")
    return caused(finding, unknown=f"schema of {project.script} at the stamp")


@defect("ahead")
def stamp_ahead(project: Project, random: Random) -> Expected:
    """A file that was put aside goes on from the head."""
    gone = names_of.revision_id(random, project.style["ids"], 67)
    text = f"revision = {gone!r}\ndown_revision = {project.heads[0]!r}\n"
    path = f"{project.version_folders()[0]}/{names_of.word(random)}.py.off"
    project.files[path] = f"{text}\n\ndef upgrade():\n    pass\n"
    project.stamp = [gone]
    finding = ("HIS029", f"{project.stamped}: {gone}")
    return caused(finding, unknown=f"schema of {project.script} at the stamp")


@defect("unstamped")
def stamp_missing(project: Project, _: Random) -> Expected:
    project.unstamped = True
    return caused(("HIS016", project.stamped), unknown="pending revisions")


def _pending(project: Project, *findings: Found) -> Expected:
    """What is caused where a revision is pending, whatever it does."""
    assert project.stamp is not None
    return caused(("HIS014", f"{project.stamped}: {', '.join(sorted(project.stamp))}"), *findings)


def _waits(project: Project) -> Found:
    """Of what alters a table that is there; no env.py of these sets lock_timeout."""
    return ("MIG011", project.env)


@defect("behind")
def stamp_behind(project: Project, random: Random) -> Expected:
    project.pending_revision()
    _, column = project.new_column(random, "text")
    column.made_in, column.on = LATER, on("models", "history")
    return _pending(project, _waits(project))


@defect("behind")
def pending_column_is_there_already(project: Project, random: Random) -> Expected:
    project.pending_revision()
    table, column = project.new_column(random, "text")
    column.made_in = LATER
    there = ("DRF006", project.subject(table.name, column.name))
    return _pending(project, there, _waits(project))


@defect("behind")
def pending_table_is_there_already(project: Project, random: Random) -> Expected:
    project.pending_revision()
    table = project.new_table(random, made_in=LATER)
    return _pending(project, ("DRF006", project.subject(table.name)))


@defect("behind")
def pending_drop_was_done_by_hand(project: Project, random: Random) -> Expected:
    pending = project.pending_revision()
    table, index = new_index(project, random)
    index.on = on("history")
    schema = "" if project.schema == "public" else f", schema={project.schema!r}"
    pending.body.append(f"op.drop_index({index.name!r}, {table.name!r}{schema})")
    gone = ("DRF006", project.subject(table.name, index.name))
    return _pending(project, gone, ("MIG005", project.subject(table.name)), _waits(project))


@defect("behind")
def pending_revision_id_too_long(project: Project, random: Random) -> Expected:
    pending = project.pending_revision()
    pending.id = names_of.long_revision_id(random, 60)
    return _pending(project, ("HIS003", f"{project.script}: {pending.id}"))


@defect("behind")
def live_lacks_what_is_applied(project: Project, random: Random) -> Expected:
    project.pending_revision()
    table, column = project.new_column(random, "boolean")
    column.on = on("models", "history")
    return _pending(project, ("DRF001", project.subject(table.name, column.name)))
