"""What runs the retired history is changed where that is seen to work, and listed where not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from pgassay.analysis.consolidation.env_url import env_with_url
from pgassay.analysis.consolidation.retired_lines import lines_naming, moved_path
from pgassay.analysis.line_ends import kept_ends, plain
from pgassay.facts.consolidation import Consolidation, FilePatch
from pgassay.flows.consolidate import ConsolidateRequest, consolidate
from pgassay.flows.opened_project import open_project
from pgassay.flows.schema_sides import World
from pgassay.render.unified_diff import unified_diff
from tests.flows.two_histories import write_project

_MINE = [[("CREATE TABLE a (id int)", "DROP TABLE a")]]
_THEIRS = [[("CREATE TABLE b (id int)", "DROP TABLE b")]]
_INI = "[alembic]\nscript_location = {}\n"
_CALLED = """from alembic import command
from alembic.config import Config

config = Config("alembic.ini")
config.set_main_option("script_location", "{}")
command.upgrade(config, "head")
"""


def two(root: Path) -> Path:
    return write_project(root, alembic=_MINE, migrations=_THEIRS)


def write(root: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def written(root: Path, into: str) -> Consolidation:
    other = "alembic" if into == "migrations" else "migrations"
    world = World(root, None, None, sys.executable)
    done = consolidate(ConsolidateRequest(world, into, other, None, write=True), lambda _: None)
    assert done.written, done
    assert done.consolidation is not None
    return done.consolidation


def runs(root: Path) -> dict[str, str]:
    points = open_project(root, None).project.entry_points
    return {str(p.location): p.history or p.missing for p in points}


def test_a_script_location_in_code(tmp_path: Path) -> None:
    root = two(tmp_path)
    write(root, **{"migrate.py": _CALLED.format("migrations")})
    assert runs(root) == {"migrate.py:6": "migrations"}
    made = written(root, "alembic")
    assert [(p.path, p.why) for p in made.patches] == [("migrate.py", "runs alembic/")]
    assert made.running == ()
    assert (root / "migrate.py").read_text() == _CALLED.format("alembic")
    assert runs(root) == {"migrate.py:6": "alembic"}


def test_inis_and_sections(tmp_path: Path) -> None:
    """A second ini is moved aside with its history, and what names it names the other."""
    root = two(tmp_path)
    (root / "migrations.ini").write_text(_INI.format("migrations"))
    (root / "Makefile").write_text("up:\n\talembic -c migrations.ini upgrade head\n")
    (root / "deploy.sh").write_text(
        "#!/bin/sh\nexport ALEMBIC_CONFIG=migrations.ini\nalembic upgrade head\n"
    )
    ci = "jobs:\n  a:\n    steps:\n      - run: alembic -c ./migrations.ini upgrade head\n"
    write(root, **{".github__workflows__ci.yml": ci})
    before = runs(root)
    assert set(before.values()) == {"migrations"}
    assert len(before) == 3
    made = written(root, "alembic")
    assert made.moved == (
        ("migrations", "migrations.retired"),
        ("migrations.ini", "migrations.ini.retired"),
    )
    assert {p.path for p in made.patches} == {"Makefile", "deploy.sh", ".github/workflows/ci.yml"}
    assert made.running == ()
    assert runs(root) == dict.fromkeys(before, "alembic")
    assert "alembic -c ./alembic.ini upgrade" in (root / ".github/workflows/ci.yml").read_text()


def test_a_default_ini_that_is_retired(tmp_path: Path) -> None:
    """A plain `alembic upgrade head` is given the ini of the history that stays."""
    root = two(tmp_path)
    (root / "migrations.ini").write_text(_INI.format("migrations"))
    (root / "deploy.sh").write_text("#!/bin/sh\nalembic upgrade head\n")
    made = written(root, "migrations")
    assert made.moved[1] == ("alembic.ini", "alembic.ini.retired")
    assert [p.path for p in made.patches] == ["deploy.sh"]
    text = (root / "deploy.sh").read_text()
    assert text == "#!/bin/sh\nalembic -c migrations.ini upgrade head\n"


def test_a_section_of_one_ini(tmp_path: Path) -> None:
    root = two(tmp_path)
    ini = _INI.format("alembic") + "[second]\nscript_location = migrations\n"
    (root / "alembic.ini").write_text(ini)
    (root / "deploy.sh").write_text("#!/bin/sh\nalembic -n second upgrade head\n")
    assert runs(root) == {"deploy.sh:2": "migrations"}
    made = written(root, "alembic")
    assert [p.path for p in made.patches] == ["deploy.sh"]
    assert runs(root) == {"deploy.sh:2": "alembic"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("alembic", "migrations"),
        ("%(here)s/alembic", "%(here)s/migrations"),
        ("./alembic", "./migrations"),
    ],
)
def test_the_ini_of_the_retired_history_names_the_other(
    tmp_path: Path, before: str, after: str
) -> None:
    root = two(tmp_path)
    (root / "alembic.ini").write_text(_INI.format(before))
    (root / "deploy.sh").write_text("#!/bin/sh\nalembic upgrade head\n")
    made = written(root, "migrations")
    assert [p.path for p in made.patches] == ["alembic.ini"]
    assert (root / "alembic.ini").read_text() == _INI.format(after)
    assert runs(root) == {"deploy.sh:2": "migrations"}


def test_what_cannot_be_changed_is_listed(tmp_path: Path) -> None:
    """A tool whose default the retired folder is, and lines that are no commands."""
    root = two(tmp_path)
    (root / "deploy.sh").write_text("#!/bin/sh\nflask db upgrade\n")
    (root / "Dockerfile").write_text("FROM python\nCOPY migrations ./migrations\nCOPY app .\n")
    write(root, **{".github__CODEOWNERS": "migrations/ @dba\nother_migrations/ @me\n"})
    made = written(root, "alembic")
    assert made.patches == ()
    assert made.running[0].startswith(".github/CODEOWNERS:1: migrations/ @dba")
    assert "Dockerfile:2: COPY migrations ./migrations" in made.running
    assert "deploy.sh:2: flask db upgrade" in made.running
    document = (root / "alembic/CONSOLIDATION.md").read_text()
    assert "- Dockerfile:2: COPY migrations ./migrations" in document


_ENV = '''"""Alembic's."""
from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine

config = context.config

url = config.get_main_option("sqlalchemy.url")
with create_engine(url).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
'''


def test_an_env_that_passes_over_the_variable(tmp_path: Path) -> None:
    """It is tried: the variable alone is set, and env.py takes it."""
    root = two(tmp_path)
    (root / "alembic/env.py").write_text(_ENV)
    ini = _INI.format("alembic") + "sqlalchemy.url = postgresql://app@db.example/app\n"
    (root / "alembic.ini").write_text(ini)
    made = written(root, "alembic")
    (patch,) = made.patches
    assert patch.path == "alembic/env.py"
    assert patch.why == "takes its database from DATABASE_URL, and without it has none"
    text = (root / "alembic/env.py").read_text()
    assert "from __future__ import annotations\n\nimport os\nfrom alembic import context\n" in text
    assert '.set(drivername="postgresql")' in text
    assert "+make_url" not in text
    assert "+    make_url(os.environ" in (root / "alembic/CONSOLIDATION.md").read_text()


def test_an_env_whose_change_does_nothing_is_left(tmp_path: Path) -> None:
    root = two(tmp_path)
    fixed = _ENV.replace('config.get_main_option("sqlalchemy.url")', '"postgresql:///fixed"')
    (root / "alembic/env.py").write_text(fixed)
    made = written(root, "alembic")
    assert made.patches == ()
    assert (root / "alembic/env.py").read_text() == fixed


def test_env_with_url_keeps_what_it_cannot_change() -> None:
    no_config = "from alembic import context\ncontext.configure()\n"
    assert env_with_url(no_config, "URL", "postgresql") == no_config
    once = env_with_url(_ENV, "URL", "postgresql+psycopg")
    assert once.count("import os\n") == 1
    assert once.count("make_url\n") == 1


@pytest.mark.parametrize(
    ("given", "old", "new", "expected"),
    [
        ("migrations", "migrations", "alembic", "alembic"),
        ("./migrations", "migrations", "alembic", "./alembic"),
        ("migrations", "backend/migrations", "backend/alembic", "alembic"),
        ("migrations", "backend/migrations", "db/alembic", "../db/alembic"),
        ("/app/migrations", "migrations", "alembic", "/app/alembic"),
        ("app:migrations", "app/migrations", "app/alembic", "app/alembic"),
        ("other_migrations", "migrations", "alembic", ""),
        ("other", "migrations", "alembic", ""),
    ],
)
def test_moved_path(given: str, old: str, new: str, expected: str) -> None:
    assert moved_path(given, old, new) == expected


def test_lines_naming() -> None:
    text = (
        "paths: ['migrations/**']\nrun the migrations now\nx/migrations/y\nsome_migrations/\n"
        "COPY --chown=a migrations /srv\nADD ./migrations/ .\n"
    )
    assert [n for n, _ in lines_naming(text, "ci.yml", "migrations")] == [1, 5, 6]
    assert [n for n, _ in lines_naming("migrations/\n", "db/x.sh", "db/migrations")] == [1]
    assert list(lines_naming("migrations/\n", "x.sh", "db/migrations")) == []


def ends_changed(root: Path, names: Sequence[str], end: str, mark: bytes = b"") -> dict[str, bytes]:
    """The files as they then are, without a newline at their end."""
    for name in names:
        text = (root / name).read_text().rstrip("\n")
        (root / name).write_bytes(mark + text.replace("\n", end).encode())
    return {name: (root / name).read_bytes() for name in names}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
def test_what_is_changed_keeps_its_line_ends(tmp_path: Path, mark: bytes) -> None:
    """A revision that gets a new id, one that names it as its parent, and a script."""
    root = write_project(
        tmp_path, alembic=[*_MINE, [("CREATE TABLE c ()", "DROP TABLE c")]], migrations=_THEIRS
    )
    versions = [root / f"alembic/versions/alembic_{n}.py" for n in (1, 2)]
    long = "x" * 40
    for path in versions:
        path.write_text(path.read_text().replace('"alembic_1"', f'"{long}"'))
    (root / "migrate.py").write_text(_CALLED.format("migrations"))
    names = [*(str(path.relative_to(root)) for path in versions), "migrate.py"]
    before = ends_changed(root, names, "\r\n", mark)
    made = written(root, "alembic")
    (first, *_) = made.plan.renames
    assert (first.old, first.new) == (long, long[:32])
    for name, old in before.items():
        expected = old.replace(long.encode(), long[:32].encode())
        expected = expected.replace(b'"migrations")', b'"alembic")')
        assert expected != old
        assert (root / name).read_bytes() == expected


def test_an_env_keeps_its_line_ends_and_git_takes_the_diff(tmp_path: Path) -> None:
    root = two(tmp_path)
    (root / "alembic/env.py").write_text(_ENV)
    ini = _INI.format("alembic") + "sqlalchemy.url = postgresql://app@db.example/app\n"
    (root / "alembic.ini").write_text(ini)
    before = ends_changed(root, ["alembic/env.py"], "\r\n")["alembic/env.py"]
    (patch,) = written(root, "alembic").patches
    after = (root / "alembic/env.py").read_bytes()
    assert after.count(b"\n") == after.count(b"\r\n") > before.count(b"\r\n")
    assert not after.endswith(b"\n")
    (root / "alembic/env.py").write_bytes(before)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    diff = unified_diff(patch).encode()
    subprocess.run(["git", "apply", "--whitespace=nowarn"], cwd=root, input=diff, check=True)
    assert (root / "alembic/env.py").read_bytes() == after


@pytest.mark.parametrize(
    ("before", "edited", "expected"),
    [
        ("a\nb", "a\nc", "a\nc"),
        ("a\r\nb\r\n", "a\nx\nb\n", "a\r\nx\r\nb\r\n"),
        ("a\r\nb\nc\r\n", "a\nb\nx\nc\n", "a\r\nb\nx\r\nc\r\n"),
        ("a\nb\nc\nd\r\n", "x\na\nb\nc\nd\n", "x\na\nb\nc\nd\r\n"),
        ("\ufeffa\x0cb\r\n", "a\x0cc\n", "\ufeffa\x0cc\r\n"),
        ("a\r\nb", "a\nb\nc", "a\r\nb\r\nc"),
    ],
)
def test_kept_ends(before: str, edited: str, expected: str) -> None:
    assert kept_ends(before, edited) == expected
    assert kept_ends(before, plain(before)) == before


def test_a_revision_that_is_not_in_utf_8_is_not_rewritten(tmp_path: Path) -> None:
    root = write_project(tmp_path, alembic=_MINE, migrations=_THEIRS)
    path = root / "alembic/versions/alembic_1.py"
    text = path.read_text().replace("alembic_1", "x" * 40)
    path.write_bytes(b"# coding: latin-1\n# \xe9\n" + text.encode())
    world = World(root, None, None, sys.executable)
    request = ConsolidateRequest(world, "alembic", "migrations", None, write=True)
    done = consolidate(request, lambda _: None)
    assert done.consolidation is not None
    (refused,) = done.consolidation.plan.refused
    assert refused.startswith("alembic/versions/alembic_1.py is not in UTF-8, and revision 'xxx")


def test_git_takes_the_diff(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo")
    diff = unified_diff(FilePatch("a.txt", "one\ntwo", "one\n2\nthree", "counts"))
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply"], cwd=tmp_path, input=diff.encode(), check=True)
    assert (tmp_path / "a.txt").read_text() == "one\n2\nthree"
