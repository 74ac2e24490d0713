"""The README promises two commands and shows real output."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.pgassay_command import pgassay

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks() -> list[str]:
    return re.findall(r"^```\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_two_commands_are_named_and_exist() -> None:
    commands = [b.strip() for b in blocks() if b.startswith("make ")]
    assert commands == ["make demo", "make test"]
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in commands:
        assert re.search(rf"^{command.split()[1]}:", makefile, re.MULTILINE)


def test_the_output_shown_is_real(tmp_path: Path) -> None:
    """Every line shown, but for folders and seconds, is in what the demo prints now."""
    shown = next(b for b in blocks() if b.startswith("UNSAFE"))
    printed = pgassay("demo", "--keep", tmp_path / "demo").stdout.splitlines()
    for line in shown.splitlines():
        if line.strip() == "..." or "/tmp/" in line or line.startswith("checks: "):
            continue
        assert line in printed, line
