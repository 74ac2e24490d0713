"""Defects of what runs the migrations, of start-up code, and comparisons that prove nothing."""

from __future__ import annotations

from pathlib import PurePosixPath
from random import Random

from tests.planted import planted_env
from tests.planted import planted_names as names_of
from tests.planted.defects import new_side
from tests.planted.planted_defect import Expected, caused, defect
from tests.planted.project_maker import Project


def _module(project: Project) -> str:
    return PurePosixPath(project.package).name


def _upgrade(project: Project) -> str:
    """The command that runs the main history."""
    own = project.style["ini"] == "own section"
    section = f" -n {_module(project)}_schema" if own else ""
    return f"alembic -c {project.ini}{section} upgrade heads"


@defect("running")
def scripts_that_run_two_histories(project: Project, random: Random) -> Expected:
    side = new_side(project, random, own_table=False)
    project.files["Makefile"] = f"up:\n\t{_upgrade(project)}\n"
    project.files[f"bin/{names_of.word(random)}"] = (
        "#!/bin/sh\npython - <<'CODE'\nfrom alembic import command\n"
        "from alembic.config import Config\n\n"
        f"c = Config('{project.ini}')\nc.set_main_option('script_location', '{side.folder}')\n"
        "command.upgrade(c, 'heads')\nCODE\n"
    )
    both = " + ".join(sorted((project.script, side.folder)))
    return caused(("HIS001", both), ("HIS017", both))


@defect("running")
def job_that_names_no_ini(project: Project, random: Random) -> Expected:
    path = f".github/workflows/{names_of.word(random)}.yml"
    step = f"alembic --config {names_of.word(random)}.ini upgrade head"
    project.files[path] = f"on: push\njobs:\n  {names_of.word(random)}:\n    steps:\n      - run: "
    project.files[path] += f"{step}\n"
    return caused(("HIS017", f"{path}:5"))


@defect("running")
def create_all_in_the_lifespan(project: Project, random: Random) -> Expected:
    word = names_of.word(random)
    project.files[f"{project.package}/{word}_app.py"] = (
        f"from fastapi import FastAPI\n\nfrom .{word}_tables import make\n\n\n"
        "async def lifespan(app):\n    await make()\n    yield\n\n\n"
        "app = FastAPI(lifespan=lifespan)\n"
    )
    path = f"{project.package}/{word}_tables.py"
    project.files[path] = (
        f"from {_module(project)}.models import metadata\n\n\nasync def make(engine=None):\n"
        "    async with engine.begin() as connection:\n"
        "        await connection.run_sync(metadata.create_all)\n"
    )
    return caused(("HIS019", f"{path}:6"))


@defect("running")
def migrations_at_start_up(project: Project, random: Random) -> Expected:
    path = f"{project.package}/{names_of.word(random)}_service.py"
    project.files[path] = (
        "import subprocess\n\nfrom flask import Flask\n\n\ndef create_app():\n"
        "    app = Flask(__name__)\n"
        f"    subprocess.run({_upgrade(project).split()}, check=True)\n    return app\n"
    )
    return caused(("HIS020", f"{path}:8"))


@defect("running")
def service_that_migrates_several_times(project: Project, random: Random) -> Expected:
    copies = random.randrange(2, 9)
    project.files["compose.yaml"] = (
        f"services:\n  {names_of.word(random)}:\n"
        f"    command: sh -c '{_upgrade(project)} && serve'\n"
        f"    deploy:\n      replicas: {copies}\n"
    )
    return caused(("HIS020", "compose.yaml:3"))


@defect("running")
def revision_that_creates_the_models(project: Project, random: Random) -> Expected:
    body = [
        f"from {_module(project)}.models import metadata",
        "metadata.create_all(bind=op.get_bind())",
    ]
    revision = project.new_revision(random, project.heads, body)
    return caused(("HIS021", f"{project.script}: {revision.id}"))


def _table(project: Project, random: Random, metadata: str) -> str:
    return (
        f"import sqlalchemy as sa\n\n{metadata}\n\n"
        f'one = sa.Table(\n    "{names_of.table(random)}",\n    metadata,\n'
        f"    sa.Column('id', sa.Integer, primary_key=True){project.in_schema},\n)\n"
    )


@defect("running")
def models_that_nobody_imports(project: Project, random: Random) -> Expected:
    imported = f"from {_module(project)}.models import metadata"
    path = f"{project.package}/{names_of.word(random)}_models.py"
    project.files[path] = _table(project, random, imported)
    return caused(("HIS022", project.env))


@defect("running")
def a_base_of_its_own(project: Project, random: Random) -> Expected:
    path = f"{project.package}/{names_of.word(random)}_log.py"
    project.files[path] = _table(project, random, "metadata = sa.MetaData()")
    return caused(("HIS023", f"{path}:metadata"))


@defect("running")
def job_that_sets_another_variable(project: Project, random: Random) -> Expected:
    side = new_side(project, random)
    word = names_of.word(random)
    place = f"{names_of.word(random)}@{names_of.host(random)}/{names_of.word(random)}"
    project.files[f"{word}.ini"] = (
        f"[alembic]\nscript_location = {side.folder}\nsqlalchemy.url = postgresql://{place}\n"
        "[loggers]\nkeys = root\n[handlers]\nkeys =\n[formatters]\nkeys =\n"
        "[logger_root]\nhandlers =\n"
    )
    project.files[f"{side.folder}/env.py"] = planted_env.env_text(
        "get_main_option",
        variable=f"{word.upper()}_MIGRATIONS_DB_URL",
        settings="",
        metadata="",
        version_table=side.version_table,
        schema="",
    )
    path = f".github/workflows/{names_of.word(random)}-{word}.yml"
    project.files[path] = (
        f"on: push\njobs:\n  {word}:\n    env:\n"
        f"      {project.variable}: postgresql://localhost/{names_of.word(random)}\n"
        f"    steps:\n      - run: |\n          alembic -c {word}.ini upgrade heads\n"
    )
    return caused(("HIS018", f"{path}:8"))
