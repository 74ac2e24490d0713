"""Real packages from the index, judged by what their own Alembic says and does.

optuna's ini names SQLite. dagster's env.py wants a connection handed over, and three inis, as well
as dagster-postgres's, name its one script directory as `dagster:_core/storage/alembic`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pgassay.facts.history import Build, BuildFailure
from pgassay.facts.settings import Settings
from pgassay.flows.opened_project import read_project
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.workshop import workshop_on
from pgassay.sources.builds import build_history
from pgassay.sources.history_runs import Workshop
from tests.cli.pgassay_command import pgassay
from tests.packages.conftest import Environments, Upgraded
from tests.packages.package_environment import PackageEnvironment, dumped

pytestmark = pytest.mark.timeout(600)  # Installing may take its time.

Upgrade = Callable[[str, Path, bool], Upgraded]


@dataclass(frozen=True)
class Package:
    """`ini` is the package's that Alembic is given, `scripts` the script directory below it."""

    name: str
    environment: str
    ini: str
    scripts: str
    handed: bool
    revisions: int


OPTUNA = Package(
    "optuna", "optuna", "storages/_rdb/alembic.ini", "storages/_rdb/alembic", False, 10
)
DAGSTER = Package(
    "dagster",
    "dagster",
    "_core/storage/runs/sqlite/alembic/alembic.ini",
    "_core/storage/alembic",
    True,
    88,
)

# As it is installed; in a folder above; as a folder of another name; and in a folder above that.
LAYOUTS = {"installed": "", "above": "{name}", "renamed": ".", "renamed below": "vendored"}


def laid_out(layout: str, package: Package, environment: PackageEnvironment, into: Path) -> Path:
    """The root that pgassay is pointed at."""
    original = environment.package(package.name)
    below = LAYOUTS[layout].format(name=package.name)
    if not below:
        return original
    root = into / "checkout"
    shutil.copytree(original, root / below, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def listed(root: Path, environment: PackageEnvironment, tmp_path: Path, *more: str) -> Any:
    path = tmp_path / "list.json"
    done = pgassay(
        "history", "list", root, "--python", environment.python, "--output", f"json={path}", *more
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(path.read_text())["histories"]


def checked(root: Path, environment: PackageEnvironment, tmp_path: Path, *more: str) -> Any:
    path = tmp_path / "check.json"
    pgassay("check", root, "--python", environment.python, "--output", f"json={path}", *more)
    return json.loads(path.read_text())


def found(report: Any) -> list[tuple[str, str, str]]:
    return sorted((f["code"], f["severity"], f["subject"]) for f in report["findings"])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("package", [OPTUNA, DAGSTER], ids=lambda p: p.name)
def test_the_history_is_alembics_wherever_the_package_lies(
    package: Package,
    layout: str,
    environments: Environments,
    upgraded: Upgrade,
    tmp_path: Path,
) -> None:
    environment = environments(package.environment)
    ini = environment.package(package.name) / package.ini
    said = upgraded(package.environment, ini, package.handed).said
    root = laid_out(layout, package, environment, tmp_path)
    (history,) = listed(root, environment, tmp_path)
    below = LAYOUTS[layout].format(name=package.name).strip(".")
    assert history["name"] == "/".join(p for p in (below, package.scripts) if p)
    assert len(history["revisions"]) == len(said["revisions"]) == package.revisions
    assert sorted(r["id"] for r in history["revisions"]) == said["revisions"]
    assert sorted(history["heads"]) == said["heads"]
    assert sorted(history["bases"]) == said["bases"]
    assert history["build"] == ("fails" if said["failed"] else "built")


def test_an_ini_that_names_a_folder_of_another_package(
    environments: Environments, upgraded: Upgrade, tmp_path: Path
) -> None:
    environment = environments("dagster")
    root = environment.package("dagster_postgres")
    said = upgraded("dagster", root / "alembic" / "alembic.ini", True).said
    (history,) = listed(root, environment, tmp_path)
    assert history["name"] == "dagster:_core/storage/alembic"
    assert history["ini"] == "alembic/alembic.ini"
    assert sorted(r["id"] for r in history["revisions"]) == said["revisions"]
    assert sorted(history["heads"]) == said["heads"]


def test_optuna_is_built_as_alembic_builds_it(
    environments: Environments, upgraded: Upgrade
) -> None:
    environment = environments("optuna")
    root = environment.package("optuna")
    theirs = upgraded("optuna", root / OPTUNA.ini, False)
    assert theirs.said["failed"] == ""
    build, dump = built(root, environment)
    assert build.failure is None
    assert dump == dumped(theirs.database)
    assert len(dump) > 200
    url = theirs.database.url()
    same = pgassay(
        "schema", "diff", "history", url, "--project", root, "--python", environment.python
    )
    assert same.returncode == 0, same.stdout + same.stderr
    # And a difference would be seen.
    with theirs.database.connect(autocommit=True) as connection:
        connection.execute("ALTER TABLE trials ADD COLUMN note text")
        try:
            other = pgassay(
                "schema", "diff", "history", url, "--project", root, "--python", environment.python
            )
            assert other.returncode == 1, other.stdout + other.stderr
            assert dump != dumped(theirs.database)
        finally:
            connection.execute("ALTER TABLE trials DROP COLUMN note")


def test_dagster_fails_where_alembic_fails(environments: Environments, upgraded: Upgrade) -> None:
    """Its first tables are made by the program, not by revisions, and some revisions ask the
    program's own state for an instance."""
    environment = environments("dagster")
    root = environment.package("dagster")
    theirs = upgraded("dagster", root / DAGSTER.ini, True)
    build, dump = built(root, environment)
    assert isinstance(build.failure, BuildFailure)
    assert build.failure.revision == theirs.said["failed"] == "5c18fd3c2957"
    assert build.failure.error == theirs.said["error"]
    assert build.handed_over is not None
    assert build.handed_over.names == ("connection",)
    # Both took back what came before.
    assert dump == dumped(theirs.database)


def built(root: Path, environment: PackageEnvironment) -> tuple[Build, list[str]]:
    """What pgassay's own execution comes to, and a dump of its scratch database."""
    project, _ = read_project(root, Settings(), environment.python)
    with ScratchOnce(None) as scratch:
        workshop = workshop_on(scratch, root, Settings(), environment.python, None).workshop
        assert isinstance(workshop, Workshop), workshop
        done = build_history(workshop, project, project.histories[0], "package")
        assert isinstance(done.build, Build), done.build
        assert done.database is not None
        return done.build, dumped(done.database)


# Found in optuna 5.0.0, upgraded by Alembic from nothing. Alembic's compare_metadata() says the
# same of the first, third, and last but one; the label, it is blind to.
IN_OPTUNA = [
    # models.py has TrialHeartbeatModel; optuna makes its table by create_all(), and no revision.
    ("DRF003", "blocker", "public.trial_heartbeats"),
    # TrialModel.trial_id: nullable=False; v2.4.0.a makes the column without.
    ("DRF005", "warning", "public.trial_values.trial_id"),
    # v1.2.0.a adds WAITING by alter_column(type_=Enum(...)), which on PostgreSQL does nothing.
    ("DRF005", "blocker", "public.trialstate"),
    # v2.4.0.a names it, the model leaves it to PostgreSQL.
    ("DRF005", "info", "public.trial_values.uq_trial_values_trial_id_objective"),
    # v3.2.0.a names it so, index=True in the model ix_trials_study_id.
    ("DRF005", "info", "public.trials.trials_study_id_key"),
    # Its downgrade uses IntermediateValueModel.FloatTypeEnum, which the class there has not.
    ("HIS026", "warning", "storages/_rdb/alembic: v3.0.0.c"),
    # `if "..." not in tables` and `not in column_names`: what is there in another shape stays so.
    # Four revisions do it: v2.4.0.a, v3.0.0.a, v3.0.0.c, v3.0.0.d.
    ("HIS028", "info", "storages/_rdb/alembic: conditional revisions"),
]
# Found in dagster 1.13.27. Its program makes the tables and stamps the head; the history is only
# for old databases, and cannot make one.
IN_DAGSTER = [
    # Both ask the program which instance it upgrades: "currently upgrading instance not set".
    "5c18fd3c2957",
    "b32a4f3036d2",
    # A foreign key to event_logs, which no revision makes, without asking whether it is there.
    "958a9495162d",
]


def test_what_is_found_in_optuna(
    environments: Environments, upgraded: Upgrade, tmp_path: Path
) -> None:
    environment = environments("optuna")
    root = environment.package("optuna")
    url = upgraded("optuna", root / OPTUNA.ini, False).database.url()
    report = checked(root, environment, tmp_path, "--database-url", url)
    assert report["unavailable"] == []
    assert found(report) == sorted(IN_OPTUNA)
    (history,) = report["facts"]["histories"]
    assert history["build"]["notes"] == [
        "on PostgreSQL in place of sqlite:///alembic.db (storages/_rdb/alembic.ini:39)"
    ]
    # What revisions write down of the models for their own use is no model.
    paths = {f["location"]["path"] for f in report["findings"] if f["code"] == "DRF003"}
    assert paths == {"storages/_rdb/models.py"}


@pytest.mark.parametrize(
    ("package", "name", "more"),
    [
        ("dagster", "_core/storage/alembic", []),
        (
            "dagster_postgres",
            "dagster:_core/storage/alembic",
            # A compose file for its tests, with its password.
            [("SEC001", "info", "test_fixtures/docker-compose.yml: POSTGRES_PASSWORD")],
        ),
    ],
)
def test_what_is_found_in_dagster(
    package: str,
    name: str,
    more: list[tuple[str, str, str]],
    environments: Environments,
    tmp_path: Path,
) -> None:
    environment = environments("dagster")
    report = checked(environment.package(package), environment, tmp_path)
    expected = [("HIS010", "blocker", f"{name}: {revision}") for revision in IN_DAGSTER]
    assert found(report) == sorted(expected + more)
    assert report["verdict"] == "unsafe"
    # No database was named; of the rest only what follows from the build, and this: env.py gives
    # its classes SqlRunStorage and SqlScheduleStorage where Alembic wants MetaData.
    lost = {u["needs"]: u["reason"] for u in report["unavailable"]}
    assert sorted(lost) == ["database", "models", "money columns", f"schema of {name}"]
    assert "target_metadata has SqlRunStorage, which is no MetaData" in lost["models"]


def test_a_copy_under_another_name_is_no_rival(environments: Environments, tmp_path: Path) -> None:
    environment = environments("dagster")
    root = laid_out("renamed", DAGSTER, environment, tmp_path)
    expected = [("HIS010", "blocker", f"{DAGSTER.scripts}: {revision}") for revision in IN_DAGSTER]
    assert found(checked(root, environment, tmp_path)) == sorted(expected)
