"""The worked example is played as it should end, and checked by hand's own words."""

from __future__ import annotations

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
