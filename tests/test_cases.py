"""Each check's good and bad case, on a real server.

`cases/base` is a small project whose live database is in order. A case is a folder of files laid
over it, `cases/CODE/bad*` or `cases/CODE/good*`:

- `case.txt`: what it is, in a sentence
- `live.sql`: run on the live database after the base's
- `before.json`: an earlier report, whose compliance queries are to give the same
- `delete.txt`: the base's files that it does without
- `expected.txt`: all findings, one `CODE subject` a line; besides, `unavailable NEEDS` for what
  cannot be had, and `verdict WORD` where it is not unsafe for a bad case, clear for a good one
- `other`: files of another branch, beside the case's: then the base is what git's `main` has, the
  case the branch `work`, judged since `main` and against the branch `other`
- `expected_15.txt`: the same on PostgreSQL 15, where that differs
- `misfire.txt`: what the checks still get wrong about it; the test fails as soon as they do not

A good case looks like the defect and is none: its code must not be found.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from pgassay.checks import ALL
from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.verdict import Report, Verdict

CASES = Path(__file__).parent / "cases"
BASE = CASES / "base"
CODES = sorted(c.code for c in ALL)
OF_THE_CASE = (
    *(
        "before.json",
        "case.txt",
        "delete.txt",
        "expected.txt",
        "expected_15.txt",
        "live.sql",
        "misfire.txt",
    ),
    "other",
)

LiveDatabase = Callable[[Path], str]


@dataclass(frozen=True, slots=True)
class Expected:
    """`findings` and `unavailable` sorted, as `expected.txt` writes them."""

    verdict: str
    findings: list[str]
    unavailable: list[str]


def folders() -> list[Path]:
    return sorted(p for code in CASES.iterdir() if code != BASE for p in code.iterdir())


def name(folder: Path) -> str:
    return f"{folder.parent.name}-{folder.name}"


def read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def judged(folder: Path) -> ParameterSet:
    """The case as a test's parameter, with what is known to be judged wrongly."""
    misfire = read(folder / "misfire.txt").strip()
    marks = [pytest.mark.xfail(reason=misfire, strict=True)] if misfire else []
    return pytest.param(folder, id=name(folder), marks=marks)


def expected(folder: Path, said_in: str = "expected.txt") -> Expected:
    lines = [line for line in read(folder / said_in).splitlines() if line]
    said = {
        kind: [line.removeprefix(f"{kind} ") for line in lines if line.startswith(f"{kind} ")]
        for kind in ("verdict", "unavailable")
    }
    usual = "unsafe" if folder.name.startswith("bad") else "clear"
    findings = [line for line in lines if line.partition(" ")[0] not in said]
    return Expected((said["verdict"] or [usual])[0], sorted(findings), sorted(said["unavailable"]))


def project(folder: Path, into: Path) -> Path:
    """The base with the case laid over it."""
    copy = into / "ledger"
    ignore = shutil.ignore_patterns(*OF_THE_CASE, "__pycache__")
    shutil.copytree(BASE, copy, ignore=ignore)
    if (folder / "other").is_dir():
        git(copy, "init", "-q", "-b", "main")
        commit(copy)
        git(copy, "checkout", "-q", "-b", "other")
        shutil.copytree(folder / "other", copy, dirs_exist_ok=True)
        commit(copy)
        git(copy, "checkout", "-q", "-b", "work", "main")
    shutil.copytree(folder, copy, dirs_exist_ok=True, ignore=ignore)
    for left_out in read(folder / "delete.txt").split():
        (copy / left_out).unlink()
    return copy


def is_pending(folder: Path) -> bool:
    return folder.parent.name.startswith("MIG")


def git(root: Path, *arguments: str) -> None:
    as_somebody = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *as_somebody, *arguments], cwd=root, check=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "more")


@pytest.fixture(scope="session")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as running:
        yield running


@pytest.fixture
def live_database(server: ScratchServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveDatabase]:
    """Makes a case's live database and gives its URL; the environment names no other."""
    for variable in [v for v in os.environ if v.startswith("PG") or v == "DATABASE_URL"]:
        monkeypatch.delenv(variable)
    made = []
    makes_roles = False
    numbers = itertools.count()

    def make(folder: Path) -> str:
        nonlocal makes_roles
        makes_roles |= "CREATE ROLE" in read(folder / "live.sql")
        database = server.create_database(f"live_{next(numbers)}")
        made.append(database)
        layers = dict.fromkeys((BASE, folder))
        with database.connect() as connection:
            for layer in layers:
                connection.execute(read(layer / "live.sql").encode())
        return database.url()

    yield make
    for database in made:
        server.drop_database(database)
    if makes_roles:
        _drop_roles(server)


def _drop_roles(server: ScratchServer) -> None:
    """Roles are the server's: one case's must not be another's."""
    database = server.create_database("without_roles")
    with database.connect(autocommit=True) as connection:
        rows = connection.execute("SELECT quote_ident(rolname) FROM pg_roles WHERE oid >= 16384")
        for (role,) in rows.fetchall():
            connection.execute(f"DROP ROLE {role}".encode())
    server.drop_database(database)


def assay(
    root: Path,
    url: str | None,
    *,
    gate: bool = False,
    since: str = "",
    select: tuple[str, ...] = (),
    before: Path | None = None,
) -> Report:
    request = CheckRequest(
        root=root,
        database_url=url,
        python=sys.executable,
        gate=gate,
        since=since,
        select=select,
        against=("other",) if since == "main" else (),
        before=before,
    )
    return check(request, progress=lambda _: None)


def shown(report: Report) -> str:
    """All that a person needs to see why a case failed."""
    return "\n".join(
        [
            *(f"{f.code} {f.subject}: {f.message}" for f in report.findings),
            *(f"unavailable {u.needs}: {u.reason} {u.detail}" for u in report.unavailable),
        ]
    )


@pytest.mark.parametrize("folder", [judged(folder) for folder in folders()])
def test_a_case_gives_exactly_its_findings(
    folder: Path, live_database: LiveDatabase, tmp_path: Path
) -> None:
    since = "main" if (folder / "other").is_dir() else "stamp" if is_pending(folder) else ""
    before = folder / "before.json"
    report = assay(
        project(folder, tmp_path),
        live_database(folder),
        since=since,
        before=before if before.is_file() else None,
    )
    found = Expected(
        report.verdict,
        sorted(f"{f.code} {f.subject}" for f in report.findings),
        sorted(u.needs for u in report.unavailable),
    )
    assert found == expected(folder), shown(report)


@pytest.fixture(scope="session")
def older_server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries(15)) as running:
        assert running.major == 15
        yield running


@pytest.mark.parametrize("folder", [judged(f) for f in folders() if is_pending(f)])
@pytest.mark.usefixtures("live_database")
def test_a_pending_hazard_is_one_on_postgresql_15_too(
    folder: Path, older_server: ScratchServer, tmp_path: Path
) -> None:
    database = older_server.create_database("older")
    try:
        with database.connect() as connection:
            for layer in dict.fromkeys((BASE, folder)):
                connection.execute(read(layer / "live.sql").encode())
        since = "main" if (folder / "other").is_dir() else "stamp"
        report = assay(project(folder, tmp_path), database.url(), since=since, select=("MIG",))
        found = sorted(f"{f.code} {f.subject}" for f in report.findings)
        own = "expected_15.txt" if (folder / "expected_15.txt").is_file() else "expected.txt"
        ours = [line for line in expected(folder, own).findings if line.startswith("MIG")]
        assert found == ours, shown(report)
        assert report.facts["scratch"]["version"].startswith("15.")
    finally:
        older_server.drop_database(database)


def test_the_base_is_clear(live_database: LiveDatabase, tmp_path: Path) -> None:
    report = assay(project(BASE, tmp_path), live_database(BASE))
    assert not report.findings, shown(report)
    assert not report.unavailable, shown(report)
    others = {
        c.code[:3]: c.coverage for c in report.checks if c.status not in ("passed", "vacuous")
    }
    assert others == {"DAT": "No rules for rows are written down."}
    assert (report.verdict, report.exit_status) == (Verdict.CLEAR, 0)


def test_a_gate_demands_more_than_clear(live_database: LiveDatabase, tmp_path: Path) -> None:
    report = assay(project(BASE, tmp_path), live_database(BASE), gate=True)
    assert (report.verdict, report.exit_status) == (Verdict.CLEAR, 3)


@pytest.mark.usefixtures("live_database")
def test_without_a_database_nothing_is_clear(tmp_path: Path) -> None:
    report = assay(project(BASE, tmp_path), None)
    assert not report.findings, shown(report)
    assert [u.needs for u in report.unavailable] == ["database"]
    assert (report.verdict, report.exit_status) == (Verdict.UNKNOWN, 3)


@pytest.mark.parametrize("code", CODES)
def test_every_check_has_its_bad_and_its_good_case(code: str) -> None:
    bad, good = CASES / code / "bad", CASES / code / "good"
    assert read(bad / "case.txt").strip()
    assert read(good / "case.txt").strip()


def test_every_case_is_of_a_check() -> None:
    assert sorted(p.name for p in CASES.iterdir()) == sorted([*CODES, "base"])


@pytest.mark.parametrize("folder", folders(), ids=name)
def test_a_case_says_what_it_is(folder: Path) -> None:
    code, kind = folder.parent.name, folder.name.partition("_")[0]
    codes = {line.partition(" ")[0] for line in expected(folder).findings}
    assert kind in ("bad", "good")
    assert (code in codes) == (kind == "bad")
    assert len(read(folder / "case.txt").splitlines()) == 1
