"""Nothing has changed: nothing runs. Anything has changed: everything runs."""

from __future__ import annotations

import os
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from pgassay.flows import history_builds, memory, scratch_work
from pgassay.flows.check import CheckRequest, check
from pgassay.flows.history_list import HistoryListRequest, history_list
from pgassay.flows.schema_sides import World
from pgassay.postgres.binaries import all_binaries, find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.render.json_report import document
from pgassay.verdict import Report
from tests.flows.remembered_project import READS_DATA, REVISION, RememberedProject, RunCount

NOTHING = (0, 0)
_THEN = "def upgrade():\n    _up()\n    op.execute({sql!r})\n"


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: initdb takes longer than the rest. Each test's project has a path of its own."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture
def count(caches: Path, monkeypatch: pytest.MonkeyPatch) -> RunCount:
    monkeypatch.setenv("XDG_CACHE_HOME", str(caches))
    for name in [n for n in os.environ if n.startswith(("PG", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    return RunCount.watch(monkeypatch)


@pytest.fixture
def project(count: RunCount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RememberedProject:
    assert count.taken() == NOTHING
    made = RememberedProject(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(made.library))
    monkeypatch.setenv("APP_SET", "yes")
    return made


@pytest.fixture(scope="module")
def live_server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as server:
        yield server


@pytest.fixture
def live(live_server: ScratchServer) -> Iterator[Database]:
    made = live_server.create_database("live")
    with made.connect(autocommit=True) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES ('a1')")
        connection.execute(
            "CREATE TABLE accounts (id integer PRIMARY KEY, at timestamptz DEFAULT now())"
        )
    yield made
    live_server.drop_database(made)


def run(project: RememberedProject, **values: object) -> Report:
    """One check; of builds alone, unless a test says otherwise."""
    time.sleep(0.15)  # what was written just now may have been written meanwhile
    request = CheckRequest(project.root, remember=True, select=("HIS010",))
    return check(replace(request, **values), lambda _: None)  # type: ignore[arg-type]


def body(report: Report) -> dict[str, object]:
    """What does not differ from one moment to the next."""
    changing = ("started_at", "duration_s", "unchanged_since")
    shown = {key: value for key, value in document(report).items() if key not in changing}
    sizes = shown["facts"]["sizes"] or {}
    sizes.pop("at", None)  # Asked for anew where something is pending.
    return shown


def test_unchanged_starts_nothing_and_says_the_same(
    project: RememberedProject, count: RunCount
) -> None:
    first = run(project, select=())
    assert count.taken() == (1, 3)  # up, down, up again
    assert first.unchanged_since == ""
    second = run(project, select=())
    assert count.taken() == NOTHING
    assert second.unchanged_since[:10] == first.started_at[:10]
    assert body(second) == body(first)
    assert second.facts["scratch"]["version"]
    assert second.facts["isolation"] == first.facts["isolation"] != ""


def test_unchanged_with_a_database(
    project: RememberedProject, count: RunCount, live: Database
) -> None:
    """Revisions are pending, and a text differs: the build up to the stamp and the comparison of
    texts are remembered too."""
    project.add("b2", "a1", "others")
    column = "ALTER TABLE accounts ADD at timestamptz DEFAULT CURRENT_TIMESTAMP"
    project.append("alembic/versions/a1.py", f"\n\n_up = upgrade\n{_THEN.format(sql=column)}")
    url = live.url()
    first = run(project, select=(), database_url=url)
    assert count.taken() == (1, 6)  # up to the stamp, and what is pending on that
    assert first.facts["comparison"]["settled_texts"]
    with live.connect(autocommit=True) as connection:
        connection.execute("INSERT INTO accounts SELECT generate_series(1, 100)")
    second = run(project, select=(), database_url=url)
    assert count.taken() == NOTHING
    assert second.findings == first.findings
    assert second.facts["comparison"] == first.facts["comparison"]
    assert second.unchanged_since


def test_unchanged_without_a_database_that_was_asked_for_or_not(
    project: RememberedProject, count: RunCount, live: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What scratch shows is the same with and without; what is made of it is not."""
    monkeypatch.setenv("DATABASE_URL", live.url())
    first = run(project, select=(), no_database=True)
    assert count.taken() == (1, 3)
    second = run(project, select=(), no_database=True)
    assert count.taken() == NOTHING
    assert body(second) == body(first)
    assert second.unchanged_since
    with_one = run(project, select=())
    assert count.taken()[1] == 0  # but texts are compared, of schemas that nobody had seen
    assert with_one.facts["server"]["database"] == "live"
    assert {f.code for f in with_one.findings} - {f.code for f in first.findings}
    assert body(run(project, select=(), no_database=True)) == body(first)
    assert body(run(project, select=(), no_database=True, remember=False)) == body(first)


def test_unchanged_list(project: RememberedProject, count: RunCount) -> None:
    time.sleep(0.15)
    request = HistoryListRequest(World(project.root), remember=True)
    first = history_list(request, lambda _: None)
    assert count.taken() == (1, 1)
    second = history_list(request, lambda _: None)
    assert count.taken() == NOTHING
    assert first.unchanged_since == ""
    assert replace(second, unchanged_since="") == first


def test_systems_and_scripts_are_remembered_with_what_they_include(
    tmp_path: Path, count: RunCount
) -> None:
    root = tmp_path / "sql"
    (root / "parts").mkdir(parents=True)
    (root / "pgassay.toml").write_text("")
    migrations = root / "flyway"
    migrations.mkdir()
    (migrations / "V1__users.sql").write_text("CREATE TABLE users (id integer PRIMARY KEY);\n")
    script = root / "scripts" / "fix.sql"
    script.parent.mkdir()
    script.write_text("\\ir part.sql\nALTER TABLE users ADD COLUMN age integer;\n")
    part = script.parent / "part.sql"
    part.write_text("SELECT count(*) FROM users;\n")
    time.sleep(0.15)
    request = CheckRequest(root, remember=True)
    first = check(request, lambda _: None)
    assert first.facts["systems"], first.facts
    assert count.taken()[0] == 1
    assert body(check(request, lambda _: None)) == body(first)
    assert count.taken() == NOTHING
    part.write_text("SELECT count(*) FROM nobody;\n")
    check(request, lambda _: None)
    assert count.taken()[0] == 1


Change = Callable[[RememberedProject, pytest.MonkeyPatch], object]
CHANGES: dict[str, Change] = {
    "a revision's text": lambda p, _: p.append("alembic/versions/a1.py", "# more\n"),
    "a model": lambda p, _: p.append("app/models.py", "# more\n"),
    "a model's bytecode": lambda p, _: p.write(cache_from_source("app/models.py"), ""),
    "env.py": lambda p, _: p.append("alembic/env.py", "# more\n"),
    "alembic.ini": lambda p, _: p.append("alembic.ini", "# more\n"),
    "a new revision": lambda p, _: p.add("b2", "a1", "others"),
    "a revision that goes": lambda p, _: (p.root / "alembic/versions/a1.py").unlink(),
    "a module in a listed folder": lambda p, _: p.write("plugins/two.py", ""),
    "a data file": lambda p, _: p.append("data/seed.csv", "3,4\n"),
    "a file's time, seen in its folder": lambda p, _: os.utime(p.root / "queue/one.sql", (1, 1)),
    "a data file that goes": lambda p, _: (p.root / "data/seed.csv").unlink(),
    "a .env that comes": lambda p, _: p.write(".env", "A=1\n"),
    "a .env outside that comes": lambda p, _: p.write("../outside.env", "A=1\n"),
    "a file that nobody asked for": lambda p, _: p.write("assets/new.bin", ""),
    "pgassay.toml": lambda p, _: p.write("pgassay.toml", "[probe]\ntime_limit_s = 31\n"),
    "a variable that is set": lambda _, m: m.setenv("APP_MODE", "new"),
    "an empty variable": lambda _, m: m.setenv("APP_MODE", ""),
    "a variable asked for by `in`": lambda _, m: m.setenv("APP_FLAG", "1"),
    "a database variable's kind": lambda _, m: m.setenv("DATABASE_URL", "postgresql+psycopg://h/d"),
    "a language": lambda _, m: m.setenv("LC_ALL", "C"),
    "a package": lambda p, _: (p.library / "thing-2.0.dist-info").mkdir(),
    "a module that hides another": lambda p, _: (p.library / "alembic.py").write_text("x = 1"),
    "another folder of packages": lambda p, m: m.setenv("PYTHONPATH", str(p.root / "data")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_makes_it_run_again(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    run(project)
    run(project)
    assert count.taken() == (1, 1)
    change(project, monkeypatch)
    changed = run(project)
    servers, children = count.taken()
    assert servers == 1
    assert children > 0
    assert changed.unchanged_since == ""


@pytest.mark.parametrize("before", ["one", None])
@pytest.mark.parametrize("after", ["two", None])
def test_a_variable_that_is_set_changed_or_taken_away(
    project: RememberedProject,
    count: RunCount,
    monkeypatch: pytest.MonkeyPatch,
    before: str | None,
    after: str | None,
) -> None:
    for value in (before, after):
        monkeypatch.delenv("APP_MODE", raising=False)
        if value is not None:
            monkeypatch.setenv("APP_MODE", value)
        run(project)
    assert count.taken() == ((1, 1) if before == after else (2, 2))


def test_what_the_configuration_gives_the_code_counts(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code gets it in place of the stand-in for a secret."""
    monkeypatch.setenv("SIGNING_KEY", "Tr0ub4dor")
    project.append("app/models.py", "\nimport os\nint(os.environ['SIGNING_KEY'])\n")
    lost = run(project)
    assert [u.needs for u in lost.unavailable] == ["history alembic", "models"]
    assert (
        "The code had read SIGNING_KEY, whose value pgassay withheld" in lost.unavailable[0].reason
    )
    count.taken()
    for value, runs in (("12", (1, 1)), ("12", NOTHING), ("0x", (1, 1))):
        project.write("pgassay.toml", f'[project.environment]\nSIGNING_KEY = "{value}"\n')
        found = run(project)
        assert count.taken() == runs
        assert [u.needs for u in found.unavailable] == (
            ["history alembic", "models"] if value == "0x" else []
        )


def test_what_does_not_matter_changes_nothing(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(project)
    count.taken()
    monkeypatch.setenv("UNRELATED", "yes")
    project.write("README.md", "was not there")
    project.write("plugins/__pycache__/one.cpython-311.pyc", "")
    (project.root / "README.md").unlink()
    os.utime(project.root / "data" / "seed.csv")
    run(project)
    assert count.taken() == NOTHING


@pytest.mark.parametrize(
    "reading",
    [
        "dict(os.environ)",
        "[n for n in os.environ]",
        "os.environ.copy()",
        "os.environ.items() and list(os.environ.items())",
        "str(os.environ)",
        "os.environb.get(b'APP_SET')",
        "os.getenv('APP_SET')",
        "os.environ.setdefault('APP_SET', '1')",
        "os.environ.pop('APP_SET', None)",
        "__import__('posix').environ.get(b'APP_SET')",
    ],
)
def test_every_way_to_read_a_variable_is_heard(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch, reading: str
) -> None:
    project.append("app/models.py", f"import os\n{reading}\n")
    run(project)
    run(project)
    assert count.taken() == (1, 1)
    monkeypatch.setenv("APP_SET", "no")
    run(project)
    assert count.taken() == (1, 1)


@pytest.mark.parametrize(
    "doing",
    [
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; (os.fork() or os._exit(0))",
        "import socket; socket.getaddrinfo('localhost', 1)",
        "open('written.txt', 'w').close()",
        "import os; os.makedirs('made', exist_ok=True)",
        "import sqlite3; sqlite3.connect('a.db')",
        "op.execute(\"SELECT pg_ls_dir('.')\")",
        'op.execute("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS '
        "'SELECT pg_read_file(''PG_VERSION'')'; SELECT f()\")",
        "op.execute(\"DO $$ BEGIN EXECUTE 'SELECT pg_re' || 'ad_file(''PG_VERSION'')'; END $$\")",
        "import threading, time; threading.Thread(target=time.sleep, args=(1,)).start()",
    ],
)
def test_what_cannot_be_foretold_is_run_each_time(
    project: RememberedProject, count: RunCount, doing: str
) -> None:
    text = REVISION.format(id="a1", down=None, table="accounts", body=doing)
    project.write("alembic/versions/a1.py", text)
    for _ in range(2):
        run(project)
        assert count.taken() == (1, 1)


def test_no_password_is_kept(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch, caches: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:hunter2@db.example/app")
    monkeypatch.setenv("APP_MODE", "hunter2")
    run(project)
    run(project)
    assert count.taken() == (1, 1)
    project.add("a1", None, "accounts", """op.execute("CREATE ROLE x PASSWORD 'hunter2'")""")
    for _ in range(2):
        run(project)
        assert count.taken() == (1, 1)
    kept = list((caches / "pgassay" / "results").iterdir())
    assert kept
    assert not any(b"hunter2" in path.read_bytes() for path in kept)


def test_code_that_nobody_can_watch_makes_all_count(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a C library opens or asks of the environment raises no audit event."""
    project.append("app/models.py", "import ctypes\nctypes.CDLL('libc.so.6')\n")
    run(project)
    run(project)
    assert count.taken() == (1, 1)
    project.append("plugins/one.py", "# more\n")
    run(project)
    assert count.taken() == (1, 1)
    monkeypatch.setenv("UNRELATED", "yes")
    run(project)
    assert count.taken() == (1, 1)


def test_the_projects_interpreter_counts_with_its_packages(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also what runs before any code of the project's: .pth files and sitecustomize."""
    packages = {}
    for name in ("one", "two"):
        venv.create(tmp_path / name, symlinks=True)
        packages[name] = next((tmp_path / name / "lib").glob("python*/site-packages"))
        (packages[name] / "ours.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    monkeypatch.delenv("PYTHONPATH")
    run(project, python=str(tmp_path / "one" / "bin" / "python"))
    assert count.taken() == (1, 1)
    python, site = str(tmp_path / "two" / "bin" / "python"), packages["two"]
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: (site / "thing-2.0.dist-info").mkdir(),
        lambda: (site / "ours.pth").write_text(f"{sysconfig.get_path('purelib')}\n\n"),
        lambda: (site / "sitecustomize.py").write_text("import os; os.getenv('AT_START')"),
        lambda: (site / "sitecustomize.py").write_text("import os; os.getenv('AT_START') "),
        lambda: monkeypatch.setenv("AT_START", "1"),
    ]
    for change in changes:
        change()
        run(project, python=python)
        assert count.taken() == (1, 1)
        run(project, python=python)
        assert count.taken() == NOTHING


def test_what_ran_out_of_time_is_run_again(project: RememberedProject, count: RunCount) -> None:
    project.write("pgassay.toml", "[probe]\ntime_limit_s = 2\n")
    slow = f"{READS_DATA}; import time; time.sleep(60)"
    project.add("a1", None, "accounts", slow)
    for _ in range(2):
        assert run(project).unavailable
        assert count.taken() == (1, 1)


def test_what_changes_while_it_runs_is_run_again(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = history_builds.build_histories

    def disturbed(*arguments: object) -> object:
        made = work(*arguments)  # type: ignore[arg-type]
        project.append("data/seed.csv", "5,6\n")
        return made

    with monkeypatch.context() as patch:
        patch.setattr(scratch_work, "build_histories", disturbed)
        run(project)
    run(project)
    assert count.taken() == (2, 2)


def test_without_the_cache_it_runs_and_keeps_nothing(
    project: RememberedProject, count: RunCount, caches: Path
) -> None:
    before = set((caches / "pgassay").rglob("results/*"))
    run(project, remember=False)
    assert set((caches / "pgassay").rglob("results/*")) == before
    run(project)
    run(project, remember=False)
    assert count.taken() == (3, 3)


def test_another_server_of_the_users_is_never_remembered(
    project: RememberedProject, count: RunCount, live_server: ScratchServer, live: Database
) -> None:
    del live_server
    run(project)
    assert count.taken() == (1, 1)
    for _ in range(2):
        assert run(project, scratch_url=live.url()).unchanged_since == ""
        assert count.taken() == (0, 1)


def test_nothing_is_remembered_for_long(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(project)
    monkeypatch.setattr(memory, "AGE_LIMIT", timedelta(microseconds=1))
    run(project)
    assert count.taken() == (2, 2)


@pytest.mark.skipif(len(all_binaries()) < 2, reason="needs two installations")
def test_other_server_programs(
    project: RememberedProject, count: RunCount, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pgassay.flows import scratch_once

    for binaries in all_binaries()[:2]:
        monkeypatch.setattr(scratch_once, "find_binaries", lambda *_, found=binaries: found)
        run(project)
    assert count.taken() == (2, 2)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alembic_version SET version_num = 'b2'",
        "DELETE FROM alembic_version",
        "ALTER TABLE accounts ALTER at SET DEFAULT now() + '1 day'",
    ],
)
def test_the_live_database_counts(
    project: RememberedProject, count: RunCount, live: Database, change: str
) -> None:
    """Its stamp and schema are read anew each time, and what they decide is made anew."""
    for id, down in (("b2", "a1"), ("c3", "b2")):
        project.add(
            id, down, f"t_{id}", 'op.execute("ALTER TABLE accounts ADD x text")' * (id > "b")
        )
    url = live.url()
    first = run(project, select=(), database_url=url)
    count.taken()
    with live.connect(autocommit=True) as connection:
        connection.execute(change)
    changed = run(project, select=(), database_url=url)
    fresh = run(project, select=(), database_url=url, remember=False)
    assert body(changed) == body(fresh)
    assert body(changed) != body(first)


def test_what_the_live_database_lends_counts(
    project: RememberedProject, count: RunCount, live: Database
) -> None:
    """A history that does not build is helped with what the live database has. The build up to the
    stamp needs no help, and is remembered."""
    project.add("b2", "a1", "others", 'op.execute("ALTER TABLE elsewhere ADD x text")')
    for table, taken in (("elsewhere", (1, 3)), ("another", (1, 2)), ("", NOTHING)):
        if table:
            with live.connect(autocommit=True) as connection:
                connection.execute(f"CREATE TABLE {table} (id integer)")
        run(project, select=("HIS", "DRF"), database_url=live.url())
        assert count.taken() == taken
