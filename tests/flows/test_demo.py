"""The worked example is played as it should end, and checked by hand's own words."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.pgassay_command import pgassay


def test_the_demo_ends_as_it_should_and_keeps_its_reports(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    done = pgassay("demo", "--keep", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("UNSAFE ")
    assert f"The report, section by section: {folder / 'report.md'}" in done.stdout
    assert "pgassay demo --hold" in done.stdout
    assert sorted(p.name for p in folder.iterdir()) == ["mita_finance", "report.json", "report.md"]
    assert not list(folder.rglob("__pycache__"))
    # Python to paste stays whole: broken in the middle it would be other code.
    wide = [line for line in done.stdout.splitlines() if len(line) > 80 and "/" not in line]
    assert all(line.strip().startswith("op.") for line in wide)
    again = pgassay("demo", "--keep", folder)
    assert again.returncode == 2
    assert "is not empty; name a new folder with --keep" in again.stderr


def test_the_demo_with_rows_ends_the_same_and_says_what_is_planted(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    rows = ("--users", "60", "--transactions", "900", "--seed", "3")
    done = pgassay("demo", *rows, "--defects", "nan=2,headers=1", "--keep", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("UNSAFE ")
    assert f"What is planted in its rows:    {folder / 'planted.json'}" in done.stdout
    planted = json.loads((folder / "planted.json").read_text("utf-8"))
    assert (planted["rows"]["users"], planted["rows"]["transactions"]) == (60, 900)
    counts = {kind: found["count"] for kind, found in planted["defects"].items()}
    assert {kind: n for kind, n in counts.items() if n} == {"nan": 2, "headers": 1}
    assert not list(folder.rglob("__pycache__"))


def test_wrong_arguments_for_the_rows_are_told_before_anything_is_made(tmp_path: Path) -> None:
    wrong = ("--users=-3", "--transactions=many", "--defects=typos")
    done = pgassay("demo", *wrong, "--keep", tmp_path / "demo")
    assert done.returncode == 2
    assert "--users: '-3' is no whole number from 0 on; write --users 1000" in done.stderr
    assert "--transactions: 'many' is no whole number" in done.stderr
    assert "--defects: typos is no kind; write none, all or KIND=N" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "demo").exists()
