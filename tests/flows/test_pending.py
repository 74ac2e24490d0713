"""Which revisions are new, by git, by a revision, or by the stamp."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pgassay.facts.assay import Assay
from pgassay.facts.branch import Branch
from pgassay.facts.history import History, Stamp
from pgassay.facts.location import Location
from pgassay.facts.migration_system import MigrationFile, MigrationSystem
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.pending import Beginning, beginning, beginning_beside, branch, unjudged
from pgassay.sources.histories import read_histories
from pgassay.sources.project_files import read_project_files

REVISION = 'revision = "{0}"\ndown_revision = {1!r}\ndef upgrade(): {2}\ndef downgrade(): pass\n'


def git(root: Path, *arguments: str) -> None:
    somebody = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *somebody, *arguments], cwd=root, check=True, capture_output=True)


def add(root: Path, name: str, parent: str | None, does: str = "pass") -> None:
    path = root / "alembic" / "versions" / f"{name}.py"
    path.write_text(REVISION.format(name, parent, does))
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", name)


def read(root: Path) -> History:
    return read_histories(root, read_project_files(root).paths).histories[0]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """main has a1 and a2; work adds a3, while main goes on to b3."""
    root = tmp_path / "project"
    (root / "alembic" / "versions").mkdir(parents=True)
    (root / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    (root / "alembic" / "env.py").write_text("")
    git(root, "init", "-q", "-b", "main")
    add(root, "a1", None)
    add(root, "a2", "a1")
    git(root, "checkout", "-q", "-b", "work")
    add(root, "a3", "a2")
    git(root, "checkout", "-q", "main")
    add(root, "b3", "a2")
    git(root, "checkout", "-q", "work")
    return root


def test_what_is_new_since_a_branch(root: Path) -> None:
    begins = beginning(root, read(root), "main", ())
    assert isinstance(begins, Beginning)
    assert (begins.since, begins.base) == ("git main", ("a2",))
    by_id = beginning(root, read(root), "a1", ())
    assert isinstance(by_id, Beginning)
    assert (by_id.since, by_id.base) == ("revision a1", ("a1",))
    stamped = beginning(root, read(root), "stamp", [Stamp("v", ("a2", "a1"))])
    assert isinstance(stamped, Beginning)
    assert stamped.base == ("a2",)
    for rows in (None, (), ("nope",)):
        # What was asked for and is not known is never nothing.
        lost = beginning(root, read(root), "stamp", [Stamp("v", rows)])
        assert isinstance(lost, Unavailable)
        assert "--since stamp: " in lost.reason
    for rows in (None, (), ("nope",)):
        # Nobody asked; other checks say what is wrong with the stamp.
        assert beginning(root, read(root), "", [Stamp("v", rows)]) is None
    assert beginning(root, read(root), "", [Stamp("v", ("a2", "a1"))]) == stamped


def test_what_git_does_not_know_is_unknown(root: Path, tmp_path: Path) -> None:
    lost = beginning(root, read(root), "nowhere", ())
    assert isinstance(lost, Unavailable)
    assert "--since nowhere: alembic/ has no such revision" in lost.reason
    assert isinstance(beginning(root, read(root), "--output=/tmp/x", ()), Unavailable)
    shallow = tmp_path / "shallow"
    url = f"file://{root}"
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", "-b", "work", url, str(shallow))
    lost = beginning(shallow, read(shallow), "origin/main", ())
    assert isinstance(lost, Unavailable)
    assert "which is shallow" in lost.reason
    assert "fetch-depth: 0" in lost.next_step
    assert isinstance(branch(root, read(root), None, ["nowhere"]), Unavailable)


def test_edited_revisions_and_two_heads(root: Path) -> None:
    (root / "alembic/versions/a1.py").write_text(REVISION.format("a1", None, "print(1)"))
    (root / "alembic/versions/a2.py").write_text("# more\n" + REVISION.format("a2", "a1", "pass"))
    main = read(root)
    begins = beginning(root, main, "main", ())
    assert isinstance(begins, Beginning)
    found = branch(root, main, begins, ["main"])
    assert isinstance(found, Branch)
    assert [(e.id, str(e.location)) for e in found.edited] == [("a1", "alembic/versions/a1.py:1")]
    (other,) = found.others
    assert (other.heads, other.ours, other.theirs) == (("a3", "b3"), ("a3",), ("b3",))
    assert other.clashes == ()
    assert branch(root, main, None, ()) is None


def test_one_id_for_two_revisions(root: Path) -> None:
    git(root, "checkout", "-q", "main")
    add(root, "a3", "a2", "print(2)")
    git(root, "checkout", "-q", "work")
    found = branch(root, read(root), None, ["main"])
    assert isinstance(found, Branch)
    assert found.others[0].clashes == ("a3",)


def test_another_history_begins_where_git_says_or_after_its_own_stamp(root: Path) -> None:
    (root / "tenant" / "versions").mkdir(parents=True)
    (root / "tenant" / "env.py").write_text("")
    (root / "tenant" / "versions" / "t1.py").write_text(REVISION.format("t1", None, "pass"))
    both = read_histories(root, read_project_files(root).paths).histories
    main = next(h for h in both if h.name == "alembic")
    tenant = next(h for h in both if h.name == "tenant")
    other = Assay(Settings(), Project(str(root), ()), main=tenant, stamps=(Stamp("t", ("t1",)),))
    by_git = beginning(root, main, "main", ())
    assert isinstance(by_git, Beginning)
    found = beginning_beside(root, other, "main", by_git)
    assert isinstance(found, Beginning)
    assert (found.since, found.base) == ("git main", ())
    by_id = beginning(root, main, "a1", ())
    assert isinstance(by_id, Beginning)
    lost = beginning_beside(root, other, "a1", by_id)
    assert isinstance(lost, Unavailable)
    assert lost.needs == "pending revisions of tenant"
    for since in ("", "stamp"):
        found = beginning_beside(root, other, since, None)
        assert isinstance(found, Beginning)
        assert (found.since, found.base) == ("the live database's stamp", ("t1",))
    strange = replace(other, stamps=(Stamp("t", ("t0",)),))
    assert beginning_beside(root, strange, "", None) is None
    assert isinstance(beginning_beside(root, strange, "stamp", None), Unavailable)


def test_what_other_tools_do_and_nobody_runs_is_unknown(root: Path) -> None:
    old, new = (Path("db") / f"V{number}__x.sql" for number in (1, 2))
    (root / "db").mkdir()
    (root / old).write_text("SELECT 1;")
    main = read(root)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "flyway")
    files = tuple(MigrationFile(path.name, Location(str(path), 1)) for path in (old, new))
    flyway = MigrationSystem("flyway", "db", files)
    assert unjudged(root, main, [flyway], "HEAD") == ()
    for word in ("stamp", "a1"):
        (lost,) = unjudged(root, main, [flyway], word)
        assert lost.reason == f"--since {word} is no git ref, and says nothing of db."
    (lost,) = unjudged(root, main, [flyway], "main")
    assert lost.needs == "pending migrations of db"
    assert lost.reason.startswith("db has files that are new or changed since main (db/V1__x.sql);")
    (root / new).write_text("SELECT 2;")
    (lost,) = unjudged(root, main, [flyway], "HEAD")
    assert "(db/V2__x.sql)" in lost.reason
    (root / old).write_text("SELECT 3;")
    (lost,) = unjudged(root, main, [flyway], "HEAD")
    assert "(db/V1__x.sql, db/V2__x.sql)" in lost.reason
    (lost,) = unjudged(root, None, [flyway], "main")
    assert lost.needs == "pending migrations of db"
    assert unjudged(root, None, (), "main") == ()
    (lost,) = unjudged(root, None, (), "nowhere")
    assert "has no Alembic history, and git knows no such name" in lost.reason


def test_a_name_that_means_two_things_is_unknown(root: Path) -> None:
    git(root, "branch", "a2_revision")
    add(root, "main_tables", "a3")
    found = beginning(root, read(root), "main", ())
    assert isinstance(found, Unavailable)
    assert found.reason == "--since main may be revision main_tables or git's main."
    found = beginning(root, read(root), "main_tables", ())
    assert isinstance(found, Beginning)
    assert found.base == ("main_tables",)
    found = beginning(root, read(root), "refs/heads/main", ())
    assert isinstance(found, Beginning)
    assert found.base == ("a2",)
    add(root, "stamp_cards", "main_tables")
    stamped = beginning(root, read(root), "stamp", [Stamp("v", ("a1",))])
    assert isinstance(stamped, Beginning)
    assert stamped.base == ("a1",)


def test_tables_without_a_stamp_leave_what_is_pending_unknown(root: Path) -> None:
    for rows in (None, ()):
        lost = beginning(root, read(root), "", [Stamp("v", rows)], is_empty=False)
        assert isinstance(lost, Unavailable)
        assert "no stamp, so which revisions are pending is not known" in lost.reason
