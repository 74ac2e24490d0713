"""Which files are looked through for money in floats, and what of them is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.facts.money_code import MoneyInCode
from pgassay.facts.settings import MoneySettings
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.money_code import read_money_in_code
from pgassay.sources.project_files import read_project_files

BAD = "x = float(price)\n"


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def read(
    root: Path, exclude: tuple[str, ...] = ()
) -> tuple[list[tuple[str, str]], list[Unavailable]]:
    facts = read_money_in_code(root, read_project_files(root, exclude).paths, MoneySettings())
    found = [(str(f.location), f.name) for f in facts if isinstance(f, MoneyInCode)]
    return found, [f for f in facts if isinstance(f, Unavailable)]


def test_tests_revisions_and_environments_are_not_the_project(tmp_path: Path) -> None:
    revision = "revision = '1'\ndown_revision = None\ndef upgrade(): pass\n"
    for path in ("app/a.py", "main.py", "app/b/__init__.py", "scripts/export.py"):
        write(tmp_path, path, BAD)
    for path in ("tests/a.py", "app/test_a.py", "conftest.py", "v/lib/a.py", "old/a.py", "a.txt"):
        write(tmp_path, path, BAD)
    write(tmp_path, "v/pyvenv.cfg", "")
    write(tmp_path, "alembic/versions/1.py", revision + BAD)
    assert read(tmp_path, ("old",)) == (
        [
            ("app/a.py:1", "app.a.price"),
            ("app/b/__init__.py:1", "app.b.price"),
            ("main.py:1", "main.price"),
            ("scripts/export.py:1", "scripts.export.price"),
        ],
        [],
    )


def test_a_column_of_another_file_tells_what_a_name_means(tmp_path: Path) -> None:
    write(tmp_path, "app/use.py", "def f(row):\n    return float(row.amount)\n")
    assert read(tmp_path) == ([], [])
    model = "class Entry(Base):\n    amount = Column(Numeric(12, 2))\n"
    write(tmp_path, "app/zz_model.py", model)
    assert read(tmp_path) == ([("app/use.py:2", "app.use.f.amount")], [])


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("price = float(\n", ["file app/a.py"]),
        ("print 'x'\n", []),  # nothing in it to look at
        ("price = float(\0)\n", ["file app/a.py"]),
    ],
)
def test_what_cannot_be_parsed_is_not_known(tmp_path: Path, text: str, lost: list[str]) -> None:
    write(tmp_path, "app/a.py", text)
    write(tmp_path, "app/b.py", BAD)
    found, unread = read(tmp_path)
    assert found == [("app/b.py:1", "app.b.price")]
    assert [u.needs for u in unread] == lost
    for one in unread:
        assert one.reason.startswith("app/a.py is no Python that can be read (")
        assert '[project] exclude = ["app/a.py"]' in one.next_step


def test_long_expressions_do_not_stop_it(tmp_path: Path) -> None:
    terms = " + ".join(f"a{n}" for n in range(900))
    write(tmp_path, "a.py", f"x = float(price) / ({terms})\ny = {terms}\nz = float(price)\n")
    assert read(tmp_path) == ([("a.py:1", "a.price"), ("a.py:3", "a.price")], [])


def test_odd_bytes_and_marks_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xef\xbb\xbf# caf\xe9\r\n\r\nx = float(price)\r\n")
    assert read(tmp_path) == ([("a.py:3", "a.price")], [])
