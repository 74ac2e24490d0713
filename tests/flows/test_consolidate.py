"""Two histories are made one, with proof; without proof nothing is written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pgassay.analysis.consolidation.convergence import not_of_the_union
from pgassay.analysis.consolidation.plan import plan_consolidation
from pgassay.facts.catalog import Catalog, Column, Table
from pgassay.flows.check import CheckRequest, check
from pgassay.flows.consolidate import ConsolidateOutcome, ConsolidateRequest, consolidate
from pgassay.flows.schema_sides import World
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.configuration import ConfigurationError
from tests.flows.two_histories import Pair, write_project

EXAMPLE = Path(__file__).parents[2] / "examples" / "mita_finance"


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries(None)) as started:
        yield started


def run(
    root: Path, into: str, *, url: str = "", other: str = "", write: bool = False
) -> ConsolidateOutcome:
    world = World(root, None, url or None, sys.executable)
    return consolidate(ConsolidateRequest(world, into, other, None, write), lambda _: None)


def failed(done: ConsolidateOutcome) -> list[str]:
    assert done.consolidation is not None
    return [f"{p.state}: {p.failed}" for p in done.consolidation.proofs if p.failed]


def files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("into", "retired"), [("alembic", "migrations"), ("migrations", "alembic")]
)
def test_the_example_both_ways(
    tmp_path: Path, server: ScratchServer, into: str, retired: str
) -> None:
    """Proven, written, and then run on production's likeness: live and history agree."""
    root = tmp_path / "mita"
    shutil.copytree(EXAMPLE, root)
    live = server.create_database(f"mita_{into}")
    script_path = str(root / "production" / "build_production.py")
    builder = [sys.executable, script_path, "--url", live.url()]
    subprocess.run(builder, check=True, capture_output=True)
    before = files(root)
    planned = run(root, into, url=live.url())
    assert failed(planned) == []
    assert planned.consolidation is not None
    assert planned.consolidation.is_proven
    assert len(planned.consolidation.proofs) >= 25
    assert files(root) == before

    done = run(root, into, url=live.url(), write=True)
    assert done.written
    assert done.moved == (retired, f"{retired}.retired")
    after = files(root)
    kept = {path: text for path, text in before.items() if path.startswith(f"{retired}/")}
    assert {path.replace(f"{retired}/", f"{retired}.retired/", 1) for path in kept} <= set(after)
    assert f"{into}/CONSOLIDATION.md" in after

    script = (root / into / "converge.sql").read_text()
    with live.connect() as connection:
        connection.execute(script.encode())
    env = root / into / "env.py"
    # What HIS012 asks for; the deployment's own step.
    env.write_text(
        env.read_text().replace(
            "target_metadata =",
            "import os\nconfig.set_main_option('sqlalchemy.url', os.environ['DATABASE_URL']"
            ".replace('%', '%%').replace('+asyncpg', ''))\ntarget_metadata =",
            1,
        )
    )
    commands = [["upgrade", "head"]] if into == "alembic" else [["stamp", "--purge", "head"]]
    for command in commands:
        code = (
            "from alembic import command; from alembic.config import Config;"
            f"c = Config('alembic.ini'); c.set_main_option('script_location', {into!r});"
            f"command.{command[0]}(c, 'head'{', purge=True' if '--purge' in command else ''})"
        )
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={"DATABASE_URL": live.url("psycopg"), "PATH": "/usr/bin:/bin"},
            check=True,
            capture_output=True,
        )
    report = check(
        CheckRequest(root, database_url=live.url(), python=sys.executable), lambda _: None
    )
    assert [f.code for f in report.findings if f.code in ("HIS001", "HIS002", "HIS003")] == []
    assert [f.code for f in report.findings if f.code in ("HIS010", "HIS013", "HIS014")] == []
    between = ("DRF001", "DRF002", "DRF006")
    assert [f"{f.code} {f.subject}" for f in report.findings if f.code in between] == []


@pytest.mark.timeout(300)
def test_deleting_any_operation_makes_the_proof_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pgassay.flows import consolidate as flow

    pair = Pair(4)
    root = write_project(tmp_path, alembic=pair.mine, migrations=pair.theirs)
    whole = run(root, "alembic").consolidation
    assert whole is not None
    assert whole.is_proven, [p for p in whole.proofs if p.failed]
    places = [
        (r, o) for r, one in enumerate(whole.plan.revisions) for o in range(len(one.operations))
    ]
    assert len(places) >= 3
    for revision, operation in places:

        def lacking(*arguments: object, at: tuple[int, int] = (revision, operation)) -> object:
            plan = plan_consolidation(*arguments)  # type: ignore[arg-type]
            kept = list(plan.revisions)
            operations = kept[at[0]].operations
            kept[at[0]] = replace(
                kept[at[0]], operations=operations[: at[1]] + operations[at[1] + 1 :]
            )
            return replace(plan, revisions=tuple(kept))

        with monkeypatch.context() as patch:
            patch.setattr(flow, "plan_consolidation", lacking)
            done = run(root, "alembic", write=True)
        assert done.consolidation is not None
        assert not done.consolidation.is_proven
        assert not done.written
        gone = whole.plan.revisions[revision].operations[operation].subject
        assert failed(done), gone


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(50))
def test_seeded_pairs_are_proven_or_refused(tmp_path: Path, seed: int) -> None:
    pair = Pair(seed)
    root = write_project(tmp_path, alembic=pair.mine, migrations=pair.theirs)
    before = files(root)
    done = run(root, "alembic", other="migrations", write=True)
    assert done.consolidation is not None
    if pair.contradiction:
        assert pair.contradiction in " ".join(done.consolidation.plan.refused)
        assert files(root) == before
    else:
        assert failed(done) == []
        assert done.written
        # What was there is there, in its place or aside.
        assert {p.replace("migrations/", "migrations.retired/") for p in before} <= set(files(root))


def test_a_name_that_is_no_history(tmp_path: Path) -> None:
    pair = Pair(0)
    root = write_project(tmp_path, alembic=pair.mine, migrations=pair.theirs)
    with pytest.raises(ConfigurationError, match=r"'nowhere' names 0 of the histories found"):
        run(root, "nowhere")
    with pytest.raises(ConfigurationError, match="are one history"):
        run(root, "alembic", other="alembic")


def test_a_live_database_that_cannot_be_read_stops_it(tmp_path: Path) -> None:
    pair = Pair(0)
    root = write_project(tmp_path, alembic=pair.mine, migrations=pair.theirs)
    before = files(root)
    url = "postgresql://nobody@127.0.0.1:1/none"
    done = run(root, "alembic", other="migrations", url=url, write=True)
    assert done.unavailable is not None
    assert done.unavailable.needs == "database"
    assert files(root) == before


def test_without_a_live_database_it_says_so(tmp_path: Path) -> None:
    pair = Pair(0)
    root = write_project(tmp_path, alembic=pair.mine, migrations=pair.theirs)
    done = run(root, "alembic", other="migrations", write=True)
    assert done.written
    written = (root / "alembic" / "CONSOLIDATION.md").read_text()
    assert "- not proven: the live database, since none was named" in written


def test_histories_one_in_the_other_are_refused(tmp_path: Path) -> None:
    pair = Pair(0)
    root = write_project(tmp_path, alembic=pair.mine, migrations=pair.theirs)
    (root / "migrations").rename(root / "alembic" / "old")
    done = run(root, "alembic", other="old", write=True)
    assert done.consolidation is not None
    assert "alembic/ and alembic/old/ lie one in the other" in done.consolidation.plan.refused[0]


def test_a_history_outside_the_project_is_refused(tmp_path: Path) -> None:
    """As one in an installed package: its files are other people's."""
    pair = Pair(0)
    (tmp_path / "project").mkdir()
    root = write_project(tmp_path / "project", alembic=pair.mine, migrations=pair.theirs)
    outside = (root / "migrations").rename(tmp_path / "installed")
    (root / "other.ini").write_text(f"[alembic]\nscript_location = {outside}\n")
    before = files(tmp_path)
    with pytest.raises(ConfigurationError, match="outside the project"):
        run(root, "installed", other="alembic", write=True)
    assert files(tmp_path) == before


def test_what_the_head_lacks_of_an_assumed_table_counts() -> None:
    """How the table is, is the other history's; a column that this one adds is its own."""
    table = Table("public", "t")
    id_ = Column("public", "t", "id", 1, "integer")
    head = Catalog(180000, tables=(table,), columns=(replace(id_, not_null=True),))
    part = Catalog(180000, (table,), (id_, Column("public", "t", "added", 2, "text")))
    assumed = frozenset({("public", "t")})
    lost = not_of_the_union(head, part, frozenset(), assumed)
    assert lost == ["column public.t.added is missing"]
    assert len(not_of_the_union(head, part, frozenset(), frozenset())) == 2


def test_rows_that_a_revision_changes_are_carried_over_or_named(tmp_path: Path) -> None:
    table = ("CREATE TABLE rates (code text PRIMARY KEY, rate numeric(12,4))", "DROP TABLE rates")
    root = write_project(
        tmp_path,
        alembic=[[("CREATE TABLE a (id int)", "DROP TABLE a")]],
        migrations=[[table, ("INSERT INTO rates VALUES ('EUR', 1)", "SELECT 1")]],
    )
    done = run(root, "alembic", other="migrations")
    assert failed(done) == []
    assert done.consolidation is not None
    (revision,) = done.consolidation.plan.revisions
    assert [o.up for o in revision.operations if o.data] == [
        ("INSERT INTO rates VALUES ('EUR', 1)",)
    ]
    (named,) = done.consolidation.plan.by_hand
    assert "migrations_1 of migrations/ changes rows" in named


def test_what_stops_writing_changes_nothing(tmp_path: Path) -> None:
    from pgassay.actions.write_files import FileChange, NotWritten, write_files

    (tmp_path / "old").mkdir()
    (tmp_path / "a.txt").write_text("before")
    (tmp_path / "taken").mkdir()
    before = files(tmp_path)
    changes = [
        FileChange("a.txt", "after"),
        FileChange("b.txt", "new"),
        FileChange("old", None, moved_to="taken"),
    ]
    with pytest.raises(NotWritten, match="taken exists"):
        write_files(tmp_path, changes)
    assert files(tmp_path) == before
    assert (tmp_path / "old").is_dir()
