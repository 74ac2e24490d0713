"""A revision file that cannot be read is said to be one, and hides no other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pgassay.facts.history import Revision, UnreadableRevision
from pgassay.sources.histories import read_histories
from pgassay.sources.project_files import read_project_files
from pgassay.sources.revision_file import read_revision, revision_in

GOOD = b'revision = "a1"\ndown_revision = "a0"\n\n\ndef upgrade():\n    pass\n'
NOBODY = 65534


@contextmanager
def without_rights(path: Path) -> Iterator[None]:
    """Nobody may read the file, not even root, who becomes nobody meanwhile."""
    was = os.geteuid()
    path.chmod(0)
    try:
        if was == 0:
            os.seteuid(NOBODY)
        yield
    finally:
        os.seteuid(was)
        path.chmod(0o600)


@pytest.mark.parametrize(
    ("content", "reason", "id_"),
    [
        (GOOD + b"name = 'caf\xe9'\n", "syntax error: ", "a1"),
        (GOOD + b"\x00", "syntax error: source code string cannot contain null bytes", "a1"),
        (b"\x00" * 40, "syntax error: source code string cannot contain null bytes", ""),
        (b"\xff\xfe" + GOOD.decode().encode("utf-16-le"), "syntax error: ", ""),
        (GOOD + b"<<<<<<< HEAD\n", "syntax error: ", "a1"),
        (b"", 'no `revision = "..."` at module level', ""),
        (b"# -*- coding: no-such -*-\n" + GOOD, "syntax error: ", "a1"),
        (GOOD + b"x = " + b"(" * 5000, "syntax error: ", "a1"),
        (GOOD + b"x = " + b"-" * 100_000 + b"1", "is nested too deeply to be read", "a1"),
        (GOOD + b"x = " + b"+".join([b"1"] * 100_000), "is nested too deeply to be read", "a1"),
    ],
)
def test_what_is_no_python(content: bytes, reason: str, id_: str) -> None:
    found = revision_in(content, "versions/a1.py")
    assert isinstance(found, UnreadableRevision), found
    assert found.reason.startswith(reason)
    assert found.id == id_
    assert found.location.path == "versions/a1.py"


def test_what_alembic_reads_all_the_same() -> None:
    """Python imports a comment in any bytes."""
    assert isinstance(revision_in(b"# caf\xe9\n" + GOOD, "a1.py"), Revision)


def test_another_encoding_that_is_declared_is_read() -> None:
    found = revision_in(b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + GOOD, "a1.py")
    assert isinstance(found, Revision)
    assert found.id == "a1"


def test_a_file_that_may_not_be_read() -> None:
    # Not in pytest's folder, which is closed to others.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        _closed_file(Path(folder))


def _closed_file(root: Path) -> None:
    versions = root / "alembic" / "versions"
    versions.mkdir(parents=True)
    (root / "alembic" / "env.py").write_text("")
    (root / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    for name in ("a1", "a2"):
        (versions / f"{name}.py").write_bytes(GOOD.replace(b"a1", name.encode()))
    closed = versions / "a2.py"
    with without_rights(closed):
        found = read_revision(closed, "a2.py")
        (history,) = read_histories(root, read_project_files(root).paths).histories
    assert isinstance(found, UnreadableRevision)
    assert found.reason == "cannot be read: Permission denied"
    assert [r.id for r in history.revisions] == ["a1"]
    assert [u.location.path for u in history.unreadable] == ["alembic/versions/a2.py"]
