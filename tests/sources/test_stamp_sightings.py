"""Where a revision is that a database is stamped with and the checked-out files lack."""

from __future__ import annotations

import os
import py_compile
import subprocess
import time
from pathlib import Path

import pytest

from pgassay.facts.history import History, Stamp
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.sources.histories import read_histories
from pgassay.sources.project_files import read_project_files
from pgassay.sources.stamp_sightings import sightings

VERSIONS = "db/alembic/versions"


def revision(root: Path, id_: str, parent: str | None, name: str = "") -> Path:
    path = root / VERSIONS / (name or f"{id_}.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"revision = {id_!r}\ndown_revision = {parent!r}\n\ndef upgrade():\n    pass\n")
    return path


def git(root: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "gc.auto=0")
    done = subprocess.run(
        ["git", *settings, *arguments], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(root: Path, message: str) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)
    return git(root, "rev-parse", "--short", "HEAD")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project in a folder of a repository, with a1 and a2 on main."""
    project = tmp_path / "service"
    revision(project, "a1", None)
    revision(project, "a2", "a1")
    (project / "db/alembic/env.py").write_text("")
    git(tmp_path, "init", "-qb", "main")
    commit(project, "first")
    return project


def history_of(root: Path) -> History:
    (found,) = read_histories(root, read_project_files(root).paths).histories
    return found


def seen(root: Path, *rows: str) -> tuple[StampSighting, ...]:
    return sightings(root, history_of(root), [Stamp("public.alembic_version", rows)])


def only(root: Path, row: str) -> StampSighting:
    (found,) = seen(root, row)
    return found


def test_a_branch_that_goes_on_from_here(root: Path) -> None:
    git(root, "checkout", "-qb", "feature/limits")
    revision(root, "a3", "a2")
    commit(root, "a3")
    revision(root, "a4", "a3", "limits of a4.py")
    last = commit(root, "a4")
    git(root, "checkout", "-q", "main")
    found = only(root, "a4")
    path = f"{VERSIONS}/limits of a4.py"
    assert found == StampSighting(
        "a4",
        path,
        commit=last,
        ref="feature/limits",
        continues="a2",
        steps=("a3", "a4"),
        paths=(f"{VERSIONS}/a3.py", path),
    )
    assert found.is_ahead


def test_a_tag_and_a_merge(root: Path) -> None:
    git(root, "checkout", "-qb", "gone")
    revision(root, "b3", "a1")
    (root / VERSIONS / "m4.py").write_text(
        "revision = 'm4'\ndown_revision = ('a2', 'b3')\n\ndef upgrade():\n    pass\n"
    )
    commit(root, "merge")
    git(root, "tag", "v2")
    git(root, "checkout", "-q", "main")
    git(root, "branch", "-qD", "gone")
    found = only(root, "m4")
    assert (found.ref, found.steps) == ("v2", ("b3", "m4"))
    assert found.is_ahead


def test_a_stash_with_untracked_files(root: Path) -> None:
    revision(root, "a3", "a2")
    git(root, "stash", "push", "-qu")
    (root / "other.txt").write_text("later")
    git(root, "stash", "push", "-qu")
    found = only(root, "a3")
    assert (found.ref, found.is_ahead) == ("stash@{1}^3", True)
    assert git(root, "rev-parse", "--short", found.ref) == found.commit
    git(root, "checkout", "-q", found.ref, "--", found.path)
    assert (root / found.path).is_file()


def test_a_stash_with_files_that_were_added(root: Path) -> None:
    revision(root, "a3", "a2")
    git(root, "add", "-A")
    git(root, "stash", "push", "-q")
    found = only(root, "a3")
    assert (found.ref, found.is_ahead) == ("stash@{0}", True)
    git(root, "checkout", "-q", found.ref, "--", found.path)
    assert (root / found.path).is_file()


def test_what_the_newer_revisions_make(root: Path) -> None:
    git(root, "checkout", "-qb", "feature")
    for name, parent, made in (
        ("a3", "a2", "create_table('limits')"),
        ("a4", "a3", "add_column('u', sa.Column('x'))"),
    ):
        path = revision(root, name, parent)
        path.write_text(path.read_text().replace("pass", f"op.{made}"))
    commit(root, "a4")
    git(root, "checkout", "-q", "main")
    assert only(root, "a4").makes == (("limits", ""), ("u", "x"))


def test_a_branch_that_was_deleted_is_in_the_reflog(root: Path) -> None:
    git(root, "checkout", "-qb", "lost")
    revision(root, "a3", "a2")
    last = commit(root, "a3")
    git(root, "checkout", "-q", "main")
    git(root, "branch", "-qD", "lost")
    found = only(root, "a3")
    assert (found.commit, found.ref) == (last, "")
    assert found.is_ahead


def test_what_this_code_removed_is_not_ahead(root: Path) -> None:
    path = revision(root, "a3", "a2")
    commit(root, "a3")
    path.unlink()
    removed = commit(root, "squash")
    found = only(root, "a3")
    assert found.removed == removed
    assert not found.is_ahead
    assert found.path == f"{VERSIONS}/a3.py"


def test_one_of_another_history_is_not_ahead(root: Path) -> None:
    git(root, "checkout", "-qb", "other")
    revision(root, "z9", "z8")
    commit(root, "z9")
    git(root, "checkout", "-q", "main")
    assert not only(root, "z9").is_ahead


def test_an_id_that_stands_in_a_comment_is_no_sighting(root: Path) -> None:
    git(root, "checkout", "-qb", "talk")
    path = revision(root, "a3", "a2")
    path.write_text(f"# not yet: revision = 'a9'\n{path.read_text()}")
    commit(root, "a3")
    git(root, "checkout", "-q", "main")
    assert seen(root, "a9") == ()


@pytest.mark.parametrize("name", ["a3.py.off", "a3.bak", "../../old.retired/a3.py"])
def test_leftovers_that_alembic_passes_by(root: Path, name: str) -> None:
    path = revision(root, "a3", "a2", name.replace("../../", "../../../db/"))
    found = only(root, "a3")
    assert (root / found.path).resolve() == path.resolve()
    assert (found.continues, found.commit) == ("a2", "")


def test_a_compiled_file_whose_source_is_gone(root: Path) -> None:
    path = revision(root, "a3", "a2")
    py_compile.compile(str(path))
    path.unlink()
    found = only(root, "a3")
    assert found.path.endswith(".pyc")
    assert (found.continues, found.is_ahead) == ("a2", True)


def test_a_known_stamp_looks_at_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    assert seen(root, "a2") == ()


def test_without_git_there_is_nothing_to_say(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert seen(root, "a3") == ()


def test_what_the_repository_configures_is_not_run(root: Path) -> None:
    marker = root / "ran"
    script = root.parent / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {marker}\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager", "diff.x.textconv"):
        git(root, "config", key, str(script))
    (root / ".gitattributes").write_text("*.py diff=x\n")
    seen(root, "a3")
    assert not marker.exists()


def test_a_git_that_hangs_is_not_waited_for(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\nsleep 60\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    monkeypatch.setattr("pgassay.sources.git._TIME_LIMIT_S", 0.3)
    began = time.monotonic()
    assert seen(root, "a3") == ()
    assert time.monotonic() - began < 5
