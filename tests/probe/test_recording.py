"""The child tells all that the project's code read."""

from __future__ import annotations

import importlib.util
import py_compile
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pgassay.facts.project import Project
from pgassay.facts.reads import Reads
from pgassay.flows.run_witness import RunWitness
from pgassay.flows.workshop import OpenWorkshop
from pgassay.sources.builds import build_history
from pgassay.sources.histories import read_histories
from pgassay.sources.history_runs import Workshop
from pgassay.sources.project_files import read_project_files
from tests.probe.conftest import NUMBERS, MakeProject


def read_by(opened: OpenWorkshop, root: Path) -> Reads:
    workshop = opened.workshop
    assert isinstance(workshop, Workshop)
    witness = RunWitness()
    witness.is_apart = opened.is_apart
    workshop = replace(workshop, heard=witness.child)
    [history] = read_histories(root, read_project_files(root).paths).histories
    project = Project(str(root), (history,))
    build_history(workshop, project, history, f"read_{next(NUMBERS)}")
    return witness.reads


def test_what_is_opened_listed_and_asked(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    root = make_project(
        env="import os, glob\nfrom pathlib import Path\n"
        "os.path.exists('absent.env'); Path('there').is_dir(); os.access('asked', os.R_OK)\n"
        "glob.glob('globbed/*.sql'); os.listdir('listed'); list(os.scandir('scanned'))\n"
        "open('opened.txt'); Path(os.path.abspath('read.txt')).read_bytes()\n"
        "import helper\n"
        "try:\n    open('gone.txt')\nexcept OSError:\n    pass\n"
    )
    for folder in ("globbed", "listed", "scanned"):
        (root / folder).mkdir()
    for file in ("opened.txt", "read.txt", "helper.py"):
        (root / file).write_text("")
    # Python takes the compiled one and opens the source no more.
    helper = str(root / "helper.py")
    py_compile.compile(helper, importlib.util.cache_from_source(helper))
    reads = read_by(shared_workshop, root)
    assert reads.doubts == frozenset()
    opened = {str(root / name) for name in ("opened.txt", "read.txt", "gone.txt", "helper.py")}
    opened |= {str(root / name) for name in ("alembic/env.py", "alembic/versions/a1.py")}
    assert opened <= reads.opened
    assert {str(root / name) for name in ("listed", "globbed", "alembic/versions")} <= reads.listed
    assert {str(root / name) for name in ("scanned",)} == reads.looked_through
    assert {str(root / name) for name in ("absent.env", "there", "asked")} <= reads.asked
    # Of the project Python may take one that was made of another text; of packages it is not asked.
    cached = {path for path in reads.opened if path.endswith(".pyc")}
    assert cached
    assert all(path.startswith(str(root)) for path in cached)
    # The packages that are there, and the folders that any module may come from.
    assert {path for path in sys.path if path.endswith("site-packages")} <= reads.listed
    assert "DATABASE_URL" in reads.variables
    assert not reads.every_variable
    assert not reads.foreign


@pytest.mark.parametrize(
    ("env", "doubt"),
    [
        ("import os; os.listdir(os.open('.', os.O_RDONLY))", "lists a folder by its number"),
        (
            "import os; os.stat('a1', dir_fd=os.open('.', 0)) if os.path.exists('a1') else "
            "os.access('a1', 0, dir_fd=os.open('.', 0))",
            "asks for a file by its folder's number",
        ),
        (
            "import multiprocessing as m\nm.set_start_method('spawn')\n"
            "import multiprocessing.resource_tracker as t; t.ensure_running()",
            "starts a program",
        ),
    ],
)
def test_what_has_no_name_is_in_doubt(
    make_project: MakeProject, shared_workshop: OpenWorkshop, env: str, doubt: str
) -> None:
    assert doubt in read_by(shared_workshop, make_project(env=f"{env}\n")).doubts


def test_what_does_not_end_is_in_doubt(
    make_project: MakeProject, shared_workshop: OpenWorkshop
) -> None:
    root = make_project(env="import os; os._exit(3)\n")
    assert read_by(shared_workshop, root).doubts == {"it did not come to its end"}
