"""One command that runs migrations, as a text says it; nothing is looked up yet."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Given:
    """An environment variable set in a text; `value` is as written, "" where it is computed.
    `alone`: it is set for that one command and nothing else."""

    name: str
    value: str
    line: int
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for a command because of where it stands. `folder` is where it runs, relative to
    the project's root, "" for the root or where the text says nothing, None where it cannot be
    told."""

    unit: str = ""
    variables: tuple[Given, ...] = ()
    folder: str | None = ""
    open: bool = False
    copies: int = 1


@dataclass(frozen=True, slots=True)
class MigrationCall:
    """`ini`, `section`, `script_directory`: as written, "" where the tool's default holds and None
    where they are computed. `exact`: `ini` is the whole path, not only the end of one."""

    line: int
    command: str
    tool: str
    action: str
    target: str = ""
    ini: str | None = ""
    exact: bool = True
    section: str | None = ""
    script_directory: str | None = ""
    sets_url: bool = False
    locked: bool = False
    function: str = ""
    around: Surroundings = field(default_factory=Surroundings)
