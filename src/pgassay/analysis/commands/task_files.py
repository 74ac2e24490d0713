"""Makefiles, Procfiles, tox.ini and the task tables of TOML and JSON files."""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pgassay.analysis.commands.migration_call import Given, MigrationCall, Surroundings
from pgassay.analysis.commands.shell import shell_calls

_TARGET = re.compile(r"^([\w./%-][^:=#]*?)\s*::?(?!=)")
_ASSIGNED = re.compile(r"^(?:export\s+)?([A-Za-z_]\w*)\s*[:?]?=\s*(.*?)\s*$")
# Where such files keep what people run, as the end of the table's name.
_TASK_TABLES = frozenset(
    ("aliases", "cmd", "commands", "deploy", "scripts", "shell", "taskipy", "tasks")
)


def makefile_calls(text: str) -> list[MigrationCall]:
    """Recipes of a Makefile or justfile. Each line runs in a shell of its own."""
    given: dict[str, Given] = {}
    exported: set[str] = set()
    target = ""
    found: list[MigrationCall] = []
    for line, logical in _joined(text):
        if not logical[:1].isspace():
            if assigned := _ASSIGNED.match(logical):
                value = "" if "$" in assigned[2] else assigned[2]
                given[assigned[1]] = Given(assigned[1], value, line)
                exported |= {assigned[1]} if logical.startswith("export") else set()
            elif logical.startswith("export "):
                exported |= set(logical.split()[1:])
            elif named := _TARGET.match(logical):
                target = named[1].split()[0]
            continue
        variables = tuple(v for v in given.values() if v.name in exported)
        around = Surroundings(unit=target, variables=variables, open=True)
        # Make's variables look like the shell's subshells.
        recipe = re.sub(r"\$\((\w+)\)", r"${\1}", re.sub(r"^\s*[@+-]+", "", logical))
        found += shell_calls(recipe.strip(), line, around)
    return found


def procfile_calls(text: str) -> list[MigrationCall]:
    """`release: alembic upgrade head`; its variables are the platform's."""
    found: list[MigrationCall] = []
    for line, logical in enumerate(text.splitlines(), 1):
        name, _, command = logical.partition(":")
        found += shell_calls(command, line, Surroundings(unit=name.strip(), open=True))
    return found


def tox_calls(text: str) -> list[MigrationCall]:
    """`commands` of each environment, with its `setenv`."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return []
    found: list[MigrationCall] = []
    for section in parser.sections():
        written = [
            parser.get(section, k, fallback="") for k in ("setenv", "set_env", "commands_pre")
        ]
        given = tuple(
            Given(name.strip(), value.strip(), _line_of(text, name.strip()))
            for name, equals, value in (n.partition("=") for n in "\n".join(written).splitlines())
            if equals
        )
        around = Surroundings(unit=section, variables=given, open=True)
        for key in ("commands_pre", "commands", "commands_post"):
            found += _placed(parser.get(section, key, fallback=""), text, around)
    return found


def toml_calls(text: str) -> list[MigrationCall]:
    """Tasks of poe, pdm, hatch, taskipy and pixi, and what fly.toml and its like run."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return []
    return [c for unit, task in _tasks(tables, ()) for c in _placed(task, text, _task(unit))]


def json_calls(text: str) -> list[MigrationCall]:
    """`scripts` of package.json, app.json and composer.json."""
    try:
        tables = json.loads(text)
    except ValueError:
        return []
    return [c for unit, task in _tasks(tables, ()) for c in _placed(task, text, _task(unit))]


def _task(unit: str) -> Surroundings:
    return Surroundings(unit=unit, open=True)


def _tasks(value: Any, trail: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if any(t in _TASK_TABLES for t in trail[:-1]) or trail[-1:] == ("release_command",):
            yield ".".join(trail), value
    elif isinstance(value, list):
        for item in value:
            yield from _tasks(item, (*trail, ""))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _tasks(item, (*trail, key))


def _placed(task: str, text: str, around: Surroundings) -> list[MigrationCall]:
    """A task's calls, with the line of the file where each is found."""
    found: list[MigrationCall] = []
    for part in task.splitlines():
        if part.strip():
            line = _line_of(text, part.strip())
            found += [replace(c, line=line) for c in shell_calls(part.strip(), line, around)]
    return found


def _line_of(text: str, part: str) -> int:
    before, found, _ = text.partition(part)
    return before.count("\n") + 1 if found else 1


def _joined(text: str) -> Iterator[tuple[int, str]]:
    lines = text.splitlines()
    place = 0
    while place < len(lines):
        start, logical = place, lines[place]
        while logical.endswith("\\") and place + 1 < len(lines):
            place += 1
            logical = logical[:-1] + " " + lines[place].strip()
        place += 1
        yield start + 1, logical
