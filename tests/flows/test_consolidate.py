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
from pgassay.verdict import Report
from tests.flows.two_histories import History, Pair, write_project

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
    assert done.consolidation is not None
    assert done.consolidation.moved == ((retired, f"{retired}.retired"),)
    after = files(root)
    kept = {path: text for path, text in before.items() if path.startswith(f"{retired}/")}
    assert {path.replace(f"{retired}/", f"{retired}.retired/", 1) for path in kept} <= set(after)
    assert f"{into}/CONSOLIDATION.md" in after

    script = (root / into / "converge.sql").read_text()
    with live.connect() as connection:
        connection.execute(script.encode())
    commands = [["upgrade", "head"]] if into == "alembic" else [["stamp", "--purge", "head"]]
    for command in commands:
        code = (
            "from alembic import command; from alembic.config import Config;"
            "c = Config('alembic.ini');"
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
    assert [f"{f.code} {f.subject}" for f in report.findings if f.code.startswith("HIS")] == []
    between = ("DRF001", "DRF002", "DRF006")
    assert [f"{f.code} {f.subject}" for f in report.findings if f.code in between] == []

    # With the models' diff nothing of the history is missing in them; the float for money stays.
    assert "public.transactions.refund_reference" in differing(report)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "apply", f"{into}/models.patch"], cwd=root, check=True)
    report = check(
        CheckRequest(root, database_url=live.url(), python=sys.executable), lambda _: None
    )
    assert differing(report) == ["public.expenses.amount"]


def differing(report: Report) -> list[str]:
    """What models or live have otherwise than the history, but for the order of columns."""
    found = [f for f in report.findings if f.code in ("DRF004", "DRF005")]
    return [f.subject for f in found if "Column order" not in f.message]


_RATES = ("CREATE TABLE rates (code text PRIMARY KEY, rate numeric(12,4))", "DROP TABLE rates")
_WITH_ROWS = (
    [[("CREATE TABLE a (id int)", "DROP TABLE a")]],
    [
        [_RATES, ("INSERT INTO rates VALUES ('EUR', 1), ('USD', 2)", "SELECT 1")],
        [("UPDATE rates SET rate = 3 WHERE code = 'USD'", "SELECT 1")],
        [("INSERT INTO rates VALUES ('CHF', 4)", "SELECT 1")],
    ],
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("mine", "theirs"),
    [(Pair(4).mine, Pair(4).theirs), (Pair(13).mine, Pair(13).theirs), _WITH_ROWS],
    ids=["4", "13", "rows"],
)
def test_deleting_any_operation_makes_the_proof_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mine: History, theirs: History
) -> None:
    from pgassay.flows import consolidate as flow

    root = write_project(tmp_path, alembic=mine, migrations=theirs)
    whole = run(root, "alembic").consolidation
    assert whole is not None
    assert whole.is_proven, [p for p in whole.proofs if p.failed]
    places = [
        (r, o) for r, one in enumerate(whole.plan.revisions) for o in range(len(one.operations))
    ]
    assert len(places) >= 2
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


def test_a_history_is_named_as_paths_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = Pair(0)
    (tmp_path / "it").mkdir()
    root = write_project(tmp_path / "it", alembic=pair.mine, migrations=pair.theirs)
    (tmp_path / "linked").symlink_to(root, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    other = str(root / "migrations")
    named = ("./alembic", "alembic/", "migrations/../alembic", "it/alembic/", str(root / "alembic"))
    for into in (*named, str(tmp_path / "linked/alembic")):
        # Both are found to be the same, before anything is planned.
        with pytest.raises(ConfigurationError, match="are one history"):
            run(root, into, other="alembic")
    done = run(root, "./alembic", other=other)
    assert done.consolidation is not None
    assert (done.consolidation.plan.into, done.consolidation.plan.retired) == (
        "alembic",
        "migrations",
    )


def test_a_whole_path_comes_before_the_last_part_of_another(tmp_path: Path) -> None:
    pair = Pair(0)
    root = write_project(tmp_path, alembic=pair.mine, migrations=pair.theirs)
    (root / "app").mkdir()
    shutil.copytree(root / "migrations", root / "app/migrations")
    with pytest.raises(ConfigurationError, match=r"'migrations' and '\./migrations/' are one"):
        run(root, "migrations", other="./migrations/")


def test_a_system_that_is_no_alembic_history(tmp_path: Path) -> None:
    root = write_project(tmp_path, alembic=Pair(0).mine, migrations=Pair(0).theirs)
    (root / "sql").mkdir()
    for version in ("V1__a.sql", "V2__b.sql"):
        (root / "sql" / version).write_text(f"CREATE TABLE {version[:2]} (id int);")
    with pytest.raises(ConfigurationError, match="sql/ is a flyway system; only Alembic histories"):
        run(root, "alembic", other="sql/")


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
        ("INSERT INTO rates VALUES ('EUR', 1) ON CONFLICT DO NOTHING",)
    ]
    assert done.consolidation.plan.rows == (
        "migrations/ migrations_1: `INSERT INTO rates VALUES ('EUR', 1)`",
    )
    claims = [p.state for p in done.consolidation.proofs if "rows" in p.state]
    assert claims == [
        "built from nothing, the new head has the rows that alembic/ writes",
        "built from nothing, the new head has the rows that migrations/ writes",
    ]
    # What converge.sql does not do is said.
    assert done.consolidation.not_proven[0].startswith("the rows of databases that converge.sql")


def test_rows_that_code_writes_are_said_to_be_not_proven(tmp_path: Path) -> None:
    table = ("CREATE TABLE rates (code text PRIMARY KEY)", "DROP TABLE rates")
    block = "DO $$ BEGIN INSERT INTO rates VALUES ('EUR'); END $$"
    root = write_project(
        tmp_path,
        alembic=[[("CREATE TABLE a (id int)", "DROP TABLE a")]],
        migrations=[[table, (block, "SELECT 1")]],
    )
    before = files(root)
    done = run(root, "alembic", other="migrations", write=True)
    assert failed(done) == []
    assert done.consolidation is not None
    assert done.consolidation.not_proven[0] == (
        "1 changes of rows of migrations/ are not carried over"
    )
    assert [p.state for p in done.consolidation.proofs if "rows that m" in p.state] == []
    # Nothing is written until somebody says that they have looked.
    assert not done.written
    assert files(root) == before
    world = World(root, None, None, sys.executable)
    request = ConsolidateRequest(world, "alembic", "migrations", write=True, rows_by_hand=True)
    assert consolidate(request, lambda _: None).written


def test_both_histories_may_write_the_same_rows(tmp_path: Path) -> None:
    insert = ("INSERT INTO rates VALUES ('EUR', 1)", "SELECT 1")
    root = write_project(tmp_path, alembic=[[_RATES, insert]], migrations=[[_RATES, insert]])
    assert failed(run(root, "alembic", other="migrations")) == []


def test_of_a_long_history_some_states_are_proven_and_the_rest_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pgassay.flows import consolidation_states

    monkeypatch.setattr(consolidation_states, "_MOST_STATES", 4)
    long = [[(f"CREATE TABLE t{n} (id int)", f"DROP TABLE t{n}")] for n in range(7)]
    root = write_project(tmp_path, alembic=long, migrations=[[("CREATE TABLE b ()", "SELECT 1")]])

    def states(done: ConsolidateOutcome) -> list[str]:
        assert failed(done) == []
        assert done.consolidation is not None
        proofs = done.consolidation.proofs
        return [p.state.rpartition("_")[2] for p in proofs if p.state.startswith("alembic/ at al")]

    some = run(root, "alembic", other="migrations")
    assert states(some) == ["1", "5", "6", "7"]
    assert some.consolidation is not None
    assert some.consolidation.not_proven[-1] == (
        "a database at one of 3 other revisions of alembic/ (--every-state proves them too)"
    )
    world = World(root, None, None, sys.executable)
    request = ConsolidateRequest(world, "alembic", "migrations", every_state=True)
    every = consolidate(request, lambda _: None)
    assert states(every) == [str(n) for n in range(1, 8)]
    assert every.consolidation is not None
    assert len(every.consolidation.not_proven) == 1


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
